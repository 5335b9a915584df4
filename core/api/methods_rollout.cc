#include <optional>

#include "core/api/answers.h"
#include "core/api/methods.h"
#include "core/api/plan_diff_answers.h"
#include "core/api/replay.h"
#include "core/api/semantics_comparison.h"
#include "core/api/study.h"
#include "core/api/timeline_columns.h"

namespace lockstep::api {

using base::Error;
using base::JsonWriter;

std::optional<rollout::Rollout> ExpandRun(const Workspace& workspace, const rollout::Pace& pace) {
  if (workspace.checked() == nullptr) return std::nullopt;
  rollout::ExpandOptions options;
  options.pace = workspace.scenario().pace.Or(pace);
  rollout::Rollout rollout = rollout::Expand(*workspace.checked(), options);
  sim::ExpectDurations(rollout, workspace.scenario());
  return rollout;
}

std::optional<rollout::Rollout> ExpandIn(const Workspace& workspace, const rollout::Pace& pace) {
  auto rollout = ExpandRun(workspace, pace);
  if (rollout) sim::LimitConnections(*rollout, workspace.scenario());
  return rollout;
}

namespace {

constexpr sim::SimulateOptions kWithWaits{
    .keep_events = false, .keep_waits = true, .find_critical_path = true};
constexpr sim::SimulateOptions kTimesAlone{
    .keep_events = false, .keep_waits = false, .find_critical_path = false};

/// Without a start of its own, it starts now.
sim::Scenario StartedScenario(const Request& request, const Workspace& workspace) {
  sim::Scenario scenario = workspace.scenario();
  if (!scenario.start) scenario.start = request.options.now;
  return scenario;
}

sim::Timeline SimulateIn(const Request& request, const rollout::Rollout& rollout,
                         const Workspace& workspace, const sim::SimulateOptions& options) {
  return sim::Simulate(rollout, StartedScenario(request, workspace), options);
}

/// How the rollout would end without what the scenario breaks; null when it breaks nothing.
void WriteUndisturbed(JsonWriter& writer, const Request& request, const Workspace& workspace,
                      const rollout::Rollout& rollout) {
  if (!sim::IsDisturbed(workspace.scenario())) return void(writer.Key("undisturbed").Null());
  const sim::Timeline timeline =
      sim::Simulate(rollout, sim::Undisturbed(StartedScenario(request, workspace)), kTimesAlone);
  WriteEnd(writer, "undisturbed", timeline);
}

void WriteDiagnostics(JsonWriter& writer, std::string_view key, const Workspace& workspace,
                      std::span<const diagnostics::Diagnostic> found) {
  writer.Key(key);
  diagnostics::WriteJson(writer, workspace.sources(), found);
}

void WriteTexts(JsonWriter& writer, const StudyTexts& texts, Attachments& attachments) {
  const auto write = [&](std::string_view key, const std::string& text) {
    writer.Key(key);
    text.empty() ? void(writer.Null()) : WriteAttachment(writer, text, attachments);
  };
  writer.BeginObject();
  write("comparison", texts.comparison);
  write("analysis", texts.analysis);
  write("deadline", texts.deadline);
  write("forecast", texts.forecast);
  writer.EndObject();
}

}  // namespace

Message Expand(Request request) {
  return AnswerTo(std::move(request), [](JsonWriter& writer, const Request& asked,
                                         const Workspace& workspace, Attachments&) {
    const auto rollout = ExpandIn(workspace, asked.pace);
    writer.Key("rollout");
    rollout ? writer.Raw(RolloutAnswer(*rollout)) : writer.Null();
  });
}

Message Simulate(Request request) {
  return AnswerTo(std::move(request), [](JsonWriter& writer, const Request& asked,
                                         const Workspace& workspace, Attachments&) {
    const auto rollout = ExpandIn(workspace, asked.pace);
    if (!rollout) {
      writer.Key("simulation").Null().Key("events").BeginArray().EndArray();
      return;
    }
    const sim::Timeline timeline = SimulateIn(asked, *rollout, workspace, {});
    writer.Key("simulation").Raw(SimulationAnswer(*rollout, timeline));
    writer.Key("events").BeginArray();
    for (const rollout::Event& event : timeline.events)
      writer.Raw(rollout::ToJson(event, *rollout));
    writer.EndArray();
  });
}

Message MakeTimeline(Request request) {
  return AnswerTo(std::move(request), [](JsonWriter& writer, const Request& asked,
                                         const Workspace& workspace, Attachments& attachments) {
    const auto rollout = ExpandIn(workspace, asked.pace);
    writer.Key("timeline");
    if (!rollout) return void(writer.Null());
    const sim::Timeline timeline = SimulateIn(asked, *rollout, workspace, kWithWaits);
    WriteTimelineColumns(writer, *rollout, timeline, attachments);
    WriteUndisturbed(writer, asked, workspace, *rollout);
  });
}

Message AnswerStudy(Request request) {
  return AnswerTo(std::move(request), [](JsonWriter& writer, const Request& asked,
                                         const Workspace& workspace, Attachments& attachments) {
    const auto rollout = ExpandIn(workspace, asked.pace);
    sim::Scenario scenario = StartedScenario(asked, workspace);
    const base::Status placed =
        asked.window.empty() ? base::Status()
                             : sim::PlaceInWindow(scenario, asked.window, asked.options.time_zones);
    writer.Key("study");
    if (!rollout || !placed.ok()) {
      writer.Null().Key("texts").Null();
      if (!placed.ok()) WriteError(writer, placed.error());
      return;
    }
    const Study study =
        MakeStudy(*rollout, scenario, {.explain = asked.explain, .runs = asked.runs});
    writer.Raw(StudyAnswer(*rollout, scenario, study)).Key("texts");
    WriteTexts(writer, TextsOf(*rollout, scenario, study), attachments);
  });
}

Message AnswerSemantics(Request request) {
  return AnswerTo(std::move(request), [](JsonWriter& writer, const Request& asked,
                                         const Workspace& workspace, Attachments& attachments) {
    writer.Key("comparison");
    if (workspace.checked() == nullptr) return void(writer.Null().Key("text").Null());
    const SemanticsComparison comparison = CompareSemantics(
        *workspace.checked(), workspace.scenario().pace.Or(asked.pace),
        StartedScenario(asked, workspace), plan::OtherSemantics(asked.options.semantics));
    WriteSemanticsComparison(writer, comparison);
    writer.Key("text");
    WriteAttachment(writer, SemanticsText(comparison), attachments);
  });
}

Message Render(Request request) {
  return AnswerTo(std::move(request), [](JsonWriter& writer, const Request& asked,
                                         const Workspace& workspace, Attachments& attachments) {
    auto rollout = ExpandIn(workspace, asked.pace);
    std::optional<sim::Timeline> timeline;
    std::optional<Error> error;
    if (rollout && asked.events.empty()) {
      timeline = SimulateIn(asked, *rollout, workspace, kWithWaits);
    } else if (rollout) {
      const auto replayed = ReplayEvents(*rollout, asked.events);
      replayed.ok() ? void(timeline = TimelineOf(*replayed)) : void(error = replayed.error());
    }
    writer.Key("drawing");
    timeline ? writer.BeginObject().Member("attachment", std::int64_t{0}).EndObject()
             : writer.Null();
    if (error) WriteError(writer, *error);
    if (!timeline) return;
    attachments.push_back(view::DrawAs(*rollout, *timeline, asked.drawing));
  });
}

Message Diff(Request request) {
  if (!request.other)
    return {ErrorAnswer({base::ErrorCode::kInvalidArgument, "the request has no \"other\""}), {}};
  Options options = request.options;
  // Later it is told which selectors fit neither plan. A request that sets the rule is obeyed.
  options.severities.try_emplace(diagnostics::Rule::kScenarioSelector,
                                 diagnostics::Severity::kWarning);
  const auto a = Workspace::Read(std::move(request.inputs), options);
  const auto b = Workspace::Read(std::move(*request.other), options);
  const auto unknown = UnknownToBoth(*a, *b);
  JsonWriter writer;
  writer.BeginObject();
  WriteDiagnostics(writer, "diagnostics", *a, unknown.empty() ? a->diagnostics() : unknown);
  WriteDiagnostics(writer, "otherDiagnostics", *b, b->diagnostics());
  const auto rollout_a = ExpandIn(*a, request.pace);
  const auto rollout_b = ExpandIn(*b, request.pace);
  writer.Key("diff");
  if (!rollout_a || !rollout_b || !unknown.empty()) return {writer.Null().EndObject().Take(), {}};
  const auto timeline_a = SimulateIn(request, *rollout_a, *a, kWithWaits);
  const auto timeline_b = SimulateIn(request, *rollout_b, *b, kWithWaits);
  const PlanSide side_a{*a, *rollout_a, timeline_a}, side_b{*b, *rollout_b, timeline_b};
  WritePlanDiff(writer, DiffPlans(side_a, side_b), side_a, side_b);
  return {writer.EndObject().Take(), {}};
}

}  // namespace lockstep::api
