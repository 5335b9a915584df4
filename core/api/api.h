// Api: core as functions from JSON to JSON, for shells without C++ types (wasm/bindings.cc).
// Stateless.
//
// A request is an object; all but "plan" may be missing:
//   {"plan": TEXT, "planName": "plan.json", "inventory": TEXT, "inventoryName": …, "scenario":
//   TEXT,
//    "scenarioName": …, "sheets": {"projects/p/sheets/1": TEXT, …},
//    "options": {"lenient": false, "semantics": "documented", "now": TIMESTAMP, "parallel": 0,
//                "rules": {"unused-sheet": "off"}}}
// Documents are passed as text, so that places in them are the user's. A request that is not
// understood is answered {"error": {"message"}}.
#pragma once

#include <string>
#include <string_view>

namespace lockstep::api {

std::string Validate(std::string_view request);  ///< {"diagnostics": […]}
std::string Expand(std::string_view request);  ///< {"diagnostics": […], "rollout": {…} or null}
std::string Simulate(
    std::string_view request);  ///< {"diagnostics": […], "simulation": {…} or null, "events": […]}
/// Beside the documents: "events": NDJSON text. {"diagnostics": […], "status": {…} or null,
/// "error": …}
std::string Replay(std::string_view request);
std::string Version();  ///< {"version": "…"}

}  // namespace lockstep::api
