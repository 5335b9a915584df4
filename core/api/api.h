// Api: core as functions from message to message, for shells without C++ types (wasm/bindings.cc).
// Stateless: equal requests get equal answers, byte for byte, natively and in WebAssembly.
//
// A request is an object; all but "plan" may be missing:
//   {"plan": TEXT, "planName": "plan.json", "inventory": TEXT, "inventoryName": …, "scenario":
//   TEXT,
//    "scenarioName": …, "sheets": {"projects/p/sheets/1": TEXT, …}, "events": TEXT,
//    "other": {"plan": TEXT, "planName": …, "inventory": TEXT, "inventoryName": …, "sheets": {…}},
//    "drawing": {"format": "svg", "html", "lanes", "mermaid" or "trace" (view/format.h),
//                "view": "lanes" or "graph", "width": 960, "rows": 40},
//    "options": {"lenient": false, "semantics": "documented", "now": TIMESTAMP, "parallel": 0,
//    "canary": 0, "maxFailures": "2%",
//                "rules": {"unused-sheet": "off"}}}
// A TEXT is a string or {"attachment": n}: documents are passed as they are, so that places in them
// are the user's. "sheets" are all that there are beside those whose text stands in the inventory;
// without it, rules about sheets are silent. A request that is not understood is answered {"error":
// {"message"}}.
#pragma once

#include <span>
#include <string_view>

#include "core/api/message.h"
#include "core/base/window.h"

namespace lockstep::api {

struct Request;

struct Method {
  std::string_view name;
  std::string_view required;  ///< the member that a request must have; "": it takes no request
  Message (*answer)(Request);
};

/// What an editor or a preview asks at each keystroke. In WebAssembly it is a module of its own,
/// so that nobody waits for the rest.
std::span<const Method> EditingMethods();
/// What people ask now and then: study, diff, convert, import, rules.
std::span<const Method> OccasionalMethods();

/// Methods, and what they answer:
///   validate   {"diagnostics": […]}
///   expand     {"diagnostics": […], "rollout": {…} or null}
///   study      {"diagnostics": […], "study": {…} (study.h) or null, "texts": {"comparison",
///               "analysis", "deadline", "forecast": TEXT or null} or null, "error": …}: simulated,
///               compared with the undisturbed rollout; with the options "explain", "runs" and
///               "window" also explained, forecast, placed into a window
///   simulate   {"diagnostics": […], "simulation": {…} or null, "events": […]}
///   timeline   {"diagnostics": […], "timeline": columns (timeline_columns.h) or null,
///               "undisturbed": {"status", "makespan"} or null}
///   replay     {"diagnostics": […], "status": {…} or null, "timeline": columns or null,
///               "error": …}
///   render     {"diagnostics": […], "drawing": TEXT (view/format.h) or null,
///               "error": …}: of the events, or simulated when there are none
///   diff       of {"plan", …, "other": {"plan", …}}: {"diagnostics": […], "otherDiagnostics": […],
///               "diff": {…} (plan_diff_answers.h) or null}; both with one scenario
///   outline    {"diagnostics": […], "outline": {…} (outline.h) or null}
///   statements of {"sheet": TEXT, "sheetName": …, "engine": "POSTGRES"}:
///               {"statements": […], "diagnostics": […]}
///   convert    to "to": "flat" or "steps" (missing: the other form than the plan has), with the
///   option
///               "merge": {"diagnostics": […], "plan": TEXT or null, "losses": [remarks],
///               "error": …} (convert/convert.h)
///   import     of {"tool": "flyway", "files": {path: TEXT, …}, "targets": […], "project",
///               "inventory", "engine"}: {"diagnostics": [of the inventory], "plan": TEXT or null,
///               "sheets": {file: TEXT}, "inventory": TEXT or null, "notices": [remarks],
///               "errors": [remarks]} (migrations/migrations.h)
///   rules      the catalogue (rules.h)
///   version    {"version": "…"}
/// REQUIRES: one of these.
/// `time_zones`: of windows in an inventory.
Message Answer(std::string_view method, Message request,
               const base::TimeZones& time_zones = &base::UtcAlone);
/// The same. REQUIRES: one of the offered ones.
Message Answer(std::span<const Method> offered, std::string_view method, Message request,
               const base::TimeZones& time_zones);

}  // namespace lockstep::api
