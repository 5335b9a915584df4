#include "core/view/html.h"

#include <span>

#include "core/base/text.h"
#include "core/view/labels.h"
#include "core/view/svg.h"
#include "core/view/task_look.h"

namespace lockstep::view {
namespace {

using rollout::Rollout;
using rollout::TaskIndex;

constexpr std::string_view kPageStyle = R"(
:root{color-scheme:light dark}
body{margin:1.5rem auto;padding:0 1rem;max-width:80rem;font:14px/1.5 system-ui,sans-serif;
background:light-dark(#fff,#0d1117);color:light-dark(#1f2328,#e6edf3)}
figure{margin:1rem 0;overflow-x:auto}
.table{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .75rem;border-bottom:1px solid light-dark(#d1d9e0,#3d444d)}
th,td{text-align:left;vertical-align:top}
td.number{text-align:right;white-space:nowrap}
code{font-size:12px;overflow-wrap:anywhere}
@media print{figure,tr{break-inside:avoid}}
)";

using Waits = std::span<const std::pair<TaskIndex, sim::Wait>>;

void WriteRow(const Rollout& rollout, const sim::Timeline& timeline, TaskIndex task, Waits waits,
              std::string& out) {
  const sim::TaskTimeline& line = timeline.tasks[task];
  const auto cell = [&out](std::string_view css_class, std::string_view text) {
    out.append("<td").append(css_class).append(">").append(Escape(text)).append("</td>");
  };
  const auto offset = [&](base::Instant time) {
    return time.ms < 0 ? "–" : base::FormatDuration(time - timeline.start);
  };
  out += "<tr>";
  cell(" class=\"number\"", TaskNumber(task));
  cell("", StageLabel(rollout, rollout.tasks[task].stage));
  cell("", rollout.spec_ids[rollout.tasks[task].spec]);
  cell("", DatabaseLabel(rollout, task));
  cell("", line.start.ms < 0 ? StatusText(rollout, timeline, task)
                             : std::string(rollout::ToString(line.status)));
  cell(" class=\"number\"", offset(line.start));
  cell(" class=\"number\"", offset(line.end));
  cell("", WaitsText(rollout, waits));
  out += "</tr>\n";
}

void WriteTable(const Rollout& rollout, const sim::Timeline& timeline, std::string& out) {
  out += "<table>\n<thead><tr>";
  for (const char* title :
       {"Task", "Stage", "Spec", "Database", "Status", "Start", "End", "Waits"}) {
    out.append("<th scope=\"col\">").append(title).append("</th>");
  }
  out += "</tr></thead>\n<tbody>\n";
  Waits waits = timeline.waits;
  for (TaskIndex task : rollout.tasks.indices()) {
    std::size_t count = 0;
    while (count < waits.size() && waits[count].first == task) ++count;
    WriteRow(rollout, timeline, task, waits.first(count), out);
    waits = waits.subspan(count);
  }
  out += "</tbody>\n</table>\n";
}

}  // namespace

std::string HtmlPage(const Rollout& rollout, const sim::Timeline& timeline,
                     const DrawingOptions& options) {
  const std::string title = rollout.title.empty() ? "Rollout" : Escape(rollout.title);
  std::string out = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + title +
         "</title>\n<style>";
  out.append(kPageStyle)
      .append(Style())
      .append("</style>\n</head>\n<body>\n<main>\n<h1>" + title + "</h1>\n<p>");
  out += Caption(rollout, timeline) + ", starting " + base::FormatInstant(timeline.start);
  out += "</p>\n";
  for (const View view :
       {options.view, options.view == View::kLanes ? View::kGraph : View::kLanes}) {
    out += view == View::kLanes ? "<h2>Lanes</h2>\n" : "<h2>Graph</h2>\n";
    out += "<figure tabindex=\"0\">\n" + Draw(rollout, timeline, {view, options.width, false}) +
           "</figure>\n";
  }
  out += "<h2>Tasks</h2>\n<div class=\"table\" tabindex=\"0\">\n";
  WriteTable(rollout, timeline, out);
  return out + "</div>\n<p>Digest <code>" + rollout.digest +
         "</code></p>\n</main>\n</body>\n</html>\n";
}

}  // namespace lockstep::view
