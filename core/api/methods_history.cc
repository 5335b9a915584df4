// Methods about a real run, from its events.
#include <algorithm>
#include <initializer_list>
#include <iterator>

#include "core/api/answers.h"
#include "core/api/methods.h"
#include "core/api/replay.h"
#include "core/api/run_comparison.h"
#include "core/api/timeline_columns.h"
#include "core/sim/learn.h"

namespace lockstep::api {

using base::Error;
using base::JsonWriter;
using base::Result;

namespace {

/// As `lockstep run` makes it, which takes durations from a scenario and no caps. Its pace counts
/// only where the events do not tell one.
std::optional<rollout::Rollout> ExpandRun(const Workspace& workspace, const rollout::Pace& pace) {
  if (workspace.checked() == nullptr) return std::nullopt;
  rollout::ExpandOptions options;
  options.pace = workspace.scenario().pace.Or(pace);
  rollout::Rollout rollout = rollout::Expand(*workspace.checked(), options);
  sim::ExpectDurations(rollout, workspace.scenario());
  return rollout;
}

/// Without a rollout an error, which nobody needs to be told: the diagnostics say why there is
/// none.
Result<Replayed> ReplayIn(std::optional<rollout::Rollout>& rollout, const Request& request) {
  if (!rollout) return Error{};
  return ReplayEvents(*rollout, request.events);
}

using Write = void (*)(JsonWriter&, const Workspace&, const Replayed&, Attachments&);

/// What `write` makes of a run; without one null for each of `members`, and the error.
Message AnswerFromRun(Request request, std::initializer_list<std::string_view> members,
                      Write write) {
  return AnswerTo(std::move(request), [&](JsonWriter& writer, const Request& asked,
                                          const Workspace& workspace, Attachments& attachments) {
    auto rollout = ExpandRun(workspace, asked.pace);
    const Result<Replayed> replayed = ReplayIn(rollout, asked);
    if (replayed.ok()) return write(writer, workspace, *replayed, attachments);
    for (const std::string_view member : members) writer.Key(member).Null();
    if (rollout) WriteError(writer, replayed.error());
  });
}

void WriteReplay(JsonWriter& writer, const Workspace&, const Replayed& run,
                 Attachments& attachments) {
  writer.Key("status").Raw(StatusAnswer(run.scheduler, run.events));
  writer.Key("timeline");
  WriteTimelineColumns(writer, run.scheduler.rollout(), TimelineOf(run), attachments);
}

void WriteComparison(JsonWriter& writer, const Workspace& workspace, const Replayed& run,
                     Attachments& attachments) {
  writer.Key("comparison");
  if (run.events.empty()) return void(writer.Null().Key("text").Null());
  const RunComparison comparison = CompareRun(run.scheduler, run.events, workspace.scenario());
  const rollout::Rollout& rollout = run.scheduler.rollout();
  WriteRunComparison(writer, rollout, comparison);
  writer.Key("text");
  WriteAttachment(writer, RunComparisonText(rollout, comparison), attachments);
}

/// Of the run and of the table, as far as they are there.
Result<std::vector<sim::Observation>> Observe(rollout::Rollout& rollout, const Request& request) {
  const Result<Replayed> run = ReplayEvents(rollout, request.events);
  if (!run.ok()) return run.error();
  std::vector<sim::Observation> observations = sim::ObservationsOf(rollout, run->events);
  if (!request.table) return observations;
  auto seen = sim::ObservationsOfTable(*request.table);
  if (!seen.ok()) return seen.error();
  std::move(seen->begin(), seen->end(), std::back_inserter(observations));
  return observations;
}

void WriteLearnt(JsonWriter& writer, const rollout::Rollout& rollout,
                 const std::vector<sim::Observation>& observations, Attachments& attachments) {
  writer.Key("scenario");
  if (observations.empty()) {
    writer.Null();
  } else {
    JsonWriter scenario(2);
    sim::WriteDurations(scenario, sim::LearnDurations(rollout, observations));
    WriteAttachment(writer, scenario.Take() + "\n", attachments);
  }
  writer.Member("runs", static_cast<std::int64_t>(observations.size()));
}

}  // namespace

Message Replay(Request request) {
  return AnswerFromRun(std::move(request), {"status", "timeline"}, &WriteReplay);
}

Message AnswerComparison(Request request) {
  return AnswerFromRun(std::move(request), {"comparison", "text"}, &WriteComparison);
}

Message Learn(Request request) {
  return AnswerTo(std::move(request), [](JsonWriter& writer, const Request& asked,
                                         const Workspace& workspace, Attachments& attachments) {
    auto rollout = ExpandRun(workspace, asked.pace);
    const auto observations = rollout ? Observe(*rollout, asked) : Error{};
    if (observations.ok()) return WriteLearnt(writer, *rollout, *observations, attachments);
    writer.Key("scenario").Null().Key("runs").Null();
    if (rollout) WriteError(writer, observations.error());
  });
}

}  // namespace lockstep::api
