#include "core/view/drawing.h"

namespace lockstep::view {

// `:root` is the drawing in a file of its own; in a page the page decides what is light and dark.
// Colour is never the only sign: a task that did not go well has a mark and another border.
std::string_view Style() {
  return R"(:root{color-scheme:light dark}
.rollout{--paper:light-dark(#fff,#0d1117);--ink:light-dark(#1f2328,#e6edf3);
--faint:light-dark(#59636e,#9198a1);--line:light-dark(#d1d9e0,#3d444d);
--band:light-dark(#f6f8fa,#151b23);--accent:light-dark(#0969da,#58a6ff);
--done:light-dark(#b7e4c3,#1f5f33);--running:light-dark(#b6d9fb,#1b4b80);
--failed:light-dark(#ffc9c4,#7d1f1b);--waiting:light-dark(#e8ecf0,#2a313c);
--doubt:light-dark(#fbe3a6,#6b4e0e);--skipped:light-dark(#e3d8f8,#46346e);
--box-line:light-dark(#8b949e,#6e7681);
background:var(--paper);font-family:system-ui,sans-serif;font-size:12px}
.rollout text{fill:var(--ink)}
.rollout .faint{fill:var(--faint)}
.rollout .end{text-anchor:end}
.rollout .middle{text-anchor:middle}
.rollout .strong{font-weight:600}
.rollout .band{fill:var(--band)}
.rollout .line{stroke:var(--line);fill:none}
.rollout .edge path{stroke:var(--faint);fill:none;stroke-width:1.5}
.rollout .edge .arrow{fill:var(--faint);stroke:none}
.rollout .wait{fill:var(--faint);opacity:.55}
.rollout .box{fill:var(--waiting);stroke:var(--box-line)}
.rollout .done{--box-line:light-dark(#4a9e61,#3fa35b)}
.rollout .done .box{fill:var(--done)}
.rollout .running,.rollout .pending{--box-line:light-dark(#3b82c9,#58a6ff)}
.rollout .running .box,.rollout .pending .box{fill:var(--running)}
.rollout .failed{--box-line:light-dark(#c93c37,#ff7b72)}
.rollout .failed .box{fill:var(--failed);stroke-width:2;stroke-dasharray:6 2}
.rollout .canceled,.rollout .in_doubt{--box-line:light-dark(#9a6700,#d29922)}
.rollout .canceled .box,.rollout .in_doubt .box{fill:var(--doubt);stroke-dasharray:3 2}
.rollout .skipped{--box-line:light-dark(#8250df,#a371f7)}
.rollout .skipped .box{fill:var(--skipped);stroke-dasharray:2 2}
.rollout .not_started,.rollout .blocked{--box-line:light-dark(#8b949e,#6e7681)}
.rollout .not_started .box,.rollout .blocked .box{fill:var(--waiting);stroke-dasharray:4 3}
.rollout .critical .box{stroke:var(--accent);stroke-width:2.5;stroke-dasharray:none}
.rollout .critical.edge path{stroke:var(--accent);stroke-width:2.5}
.rollout .critical.edge .arrow{fill:var(--accent);stroke:none}
@media print{.rollout{color-scheme:light}}
)";
}

std::string_view ToString(View view) {
  return view == View::kLanes ? "lanes" : "graph";
}

}  // namespace lockstep::view
