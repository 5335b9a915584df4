// Any bytes as a plan, an inventory and a scenario (separated by 0x1e): reading, rules, expansion, simulation and
// every renderer must come to an end, and every place must lie in its document.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/api/answers.h"
#include "core/api/outline.h"
#include "core/api/workspace.h"
#include "core/diagnostics/render.h"
#include "core/sim/simulator.h"
#include "core/view/html.h"

namespace {

using namespace lockstep;

void Require(bool condition) {
  if (!condition) std::abort();
}

std::unique_ptr<inventory::SheetLibrary> SomeSheets(const inventory::Inventory*) {
  auto library = std::make_unique<inventory::InlineSheets>();
  library->Add("projects/sample/sheets/741", "CREATE TABLE t(a INT);\nINSERT INTO t VALUES (1);\n");
  library->Add("projects/sample/sheets/742", "BEGIN; .quit\n'never ended");
  return library;
}

void CheckPlaces(const api::Workspace& workspace) {
  const auto inside = [&](const diagnostics::Place& place) {
    const std::string_view text = workspace.sources()[place.source].text();
    return place.span.begin <= place.span.end && place.span.end <= text.size();
  };
  for (const diagnostics::Diagnostic& diagnostic : workspace.diagnostics()) {
    Require(inside(diagnostic.place));
    for (const diagnostics::Related& related : diagnostic.related) Require(inside(related.place));
    for (const diagnostics::Fix& fix : diagnostic.fixes) {
      for (const diagnostics::Edit& edit : fix.edits) Require(inside(edit.place));
    }
  }
}

void CheckRenderers(const api::Workspace& workspace) {
  const auto& sources = workspace.sources();
  const auto& diagnostics = workspace.diagnostics();
  Require(!diagnostics::RenderSarif(sources, diagnostics, "0").empty());
  (void)diagnostics::RenderText(sources, diagnostics, true);
  (void)diagnostics::RenderGithub(sources, diagnostics);
  (void)diagnostics::RenderGitlab(sources, diagnostics);
  const diagnostics::Source json("json", diagnostics::RenderJson(sources, diagnostics));
  diagnostics::Emitter emitter;
  Require(json::Document::Parse(diagnostics::SourceId(0), json, {}, emitter).has_value());
}

// Whatever a plan says, it is no markup of the drawing.
void CheckDrawings(const rollout::Rollout& rollout, const sim::Timeline& timeline, int width) {
  for (const view::View view : {view::View::kLanes, view::View::kGraph}) {
    const std::string page = view::HtmlPage(rollout, timeline, {view, width});
    Require(page.find("<script") == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto next = [&] {
    const std::size_t end = std::min(rest.find('\x1e'), rest.size());
    std::string part(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
  };
  api::Inputs inputs;
  inputs.plan = diagnostics::Source("plan.json", next());
  if (!rest.empty()) inputs.inventory = diagnostics::Source("inventory.json", next());
  if (!rest.empty()) inputs.scenario = diagnostics::Source("scenario.json", next());
  if (size % 2 == 0) inputs.sheets = SomeSheets;
  api::Options options;
  options.now = base::Instant{1795318620000};
  options.lenient = size % 3 == 0;
  if (size % 5 == 0) options.semantics = *plan::FindSemantics("bytebase-3.4");

  const auto workspace = api::Workspace::Read(std::move(inputs), options);
  CheckPlaces(*workspace);
  CheckRenderers(*workspace);
  base::JsonWriter outline;
  api::WriteOutline(outline, *workspace);
  Require((workspace->checked() == nullptr) == workspace->has_errors());
  if (workspace->checked() == nullptr) return 0;
  const rollout::Rollout rollout = rollout::Expand(*workspace->checked(), {});
  if (rollout.tasks.size() > 2000) return 0;
  sim::Scenario scenario = workspace->scenario();
  if (!scenario.start) scenario.start = options.now;
  const sim::Timeline timeline = sim::Simulate(rollout, scenario, {});
  (void)api::SimulationAnswer(rollout, timeline);
  (void)api::RolloutAnswer(rollout);
  constexpr int kWidths[] = {view::kSmallestWidth, 960, view::kLargestWidth};
  CheckDrawings(rollout, timeline, kWidths[size % 3]);
  return 0;
}
