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

Result<Replayed> ReplayOf(rollout::Rollout& rollout, const Request& request) {
  return ReplayEvents(rollout, request.events);
}

/// What `write` makes of what `find` finds about the rollout as it ran; else null for each of
/// `members`, and the error. Without a rollout there is none to tell: the diagnostics say why.
template <class Found>
Message AnswerFromRun(Request request, std::initializer_list<std::string_view> members,
                      Result<Found> (*find)(rollout::Rollout&, const Request&),
                      void (*write)(JsonWriter&, const Workspace&, const rollout::Rollout&,
                                    const Found&, Attachments&)) {
  return AnswerTo(std::move(request), [&](JsonWriter& writer, const Request& asked,
                                          const Workspace& workspace, Attachments& attachments) {
    auto rollout = ExpandRun(workspace, asked.pace);
    const Result<Found> found = rollout ? find(*rollout, asked) : Error{};
    if (found.ok()) return write(writer, workspace, *rollout, *found, attachments);
    for (const std::string_view member : members) writer.Key(member).Null();
    if (rollout) WriteError(writer, found.error());
  });
}

void WriteReplay(JsonWriter& writer, const Workspace&, const rollout::Rollout& rollout,
                 const Replayed& run, Attachments& attachments) {
  writer.Key("status").Raw(StatusAnswer(run.scheduler, run.events));
  writer.Key("timeline");
  WriteTimelineColumns(writer, rollout, TimelineOf(run), attachments);
}

void WriteComparison(JsonWriter& writer, const Workspace& workspace,
                     const rollout::Rollout& rollout, const Replayed& run,
                     Attachments& attachments) {
  writer.Key("comparison");
  if (run.events.empty()) return void(writer.Null().Key("text").Null());
  const RunComparison comparison = CompareRun(run.scheduler, run.events, workspace.scenario());
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

void WriteLearnt(JsonWriter& writer, const Workspace&, const rollout::Rollout& rollout,
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
  return AnswerFromRun(std::move(request), {"status", "timeline"}, &ReplayOf, &WriteReplay);
}

Message AnswerComparison(Request request) {
  return AnswerFromRun(std::move(request), {"comparison", "text"}, &ReplayOf, &WriteComparison);
}

Message Learn(Request request) {
  return AnswerFromRun(std::move(request), {"scenario", "runs"}, &Observe, &WriteLearnt);
}

}  // namespace lockstep::api
