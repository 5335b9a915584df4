#include "core/api/run_comparison.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "core/api/answers.h"
#include "core/api/replay.h"
#include "core/base/text.h"
#include "core/view/labels.h"
#include "core/view/lines.h"
#include "core/view/task_look.h"

namespace lockstep::api {

using base::Duration;
using base::FormatDuration;
using base::JsonWriter;
using rollout::Rollout;
using rollout::TaskIndex;

namespace {

std::string DifferenceText(Duration by, std::string_view more, std::string_view less) {
  return by.ms < 0 ? FormatDuration({-by.ms}) + " " + std::string(less)
                   : FormatDuration(by) + " " + std::string(more);
}

void WriteTimes(JsonWriter& writer, std::string_view key, const sim::Timeline& timeline,
                TaskIndex task) {
  const sim::TaskTimeline& line = timeline.tasks[task];
  const auto time = [&](std::string_view name, base::Instant at) {
    writer.Key(name);
    at.ms < 0 ? writer.Null() : writer.Int((at - timeline.start).ms);
  };
  writer.Key(key).BeginObject();
  time("start", line.start);
  time("end", line.end);
  writer.EndObject();
}

/// "task 3 (5a90c3f4 on prod/hr) took 4 s, 1 s longer; started 2 s later"
std::string TaskLine(const Rollout& rollout, const RunComparison& comparison, TaskIndex task) {
  const sim::TaskTimeline& simulated = comparison.simulated.tasks[task];
  const sim::TaskTimeline& actual = comparison.actual.tasks[task];
  std::string line = view::FullTaskLabel(rollout, task);
  if (!actual.has_run()) return line + " has not run";
  const Duration took = actual.end - actual.start;
  line += " took " + FormatDuration(took);
  if (!simulated.has_run()) return line + ", and was not to run";
  const Duration longer = took - (simulated.end - simulated.start);
  const Duration later =
      (actual.start - comparison.actual.start) - (simulated.start - comparison.simulated.start);
  if (longer.ms != 0) line += ", " + DifferenceText(longer, "longer", "shorter");
  if (later.ms != 0) line += "; started " + DifferenceText(later, "later", "earlier");
  return line;
}

}  // namespace

RunComparison CompareRun(const rollout::Scheduler& scheduler,
                         std::span<const rollout::Event> events, sim::Scenario scenario) {
  const Rollout& rollout = scheduler.rollout();
  RunComparison comparison;
  comparison.actual = TimelineOf(scheduler, events);
  scenario.start = comparison.actual.start;
  comparison.simulated = sim::Simulate(
      rollout, scenario, {.keep_events = false, .keep_waits = false, .find_critical_path = false});
  comparison.divergence = sim::FindDivergence(rollout, events);
  return comparison;
}

std::string RunComparisonText(const Rollout& rollout, const RunComparison& comparison) {
  std::string text = "simulated " + view::EndText(comparison.simulated) + ", really " +
                     view::EndText(comparison.actual) + "\n";
  // Those that differ most in duration: they are what the next simulation wants to know.
  std::vector<TaskIndex> tasks;
  for (const TaskIndex task : rollout.tasks.indices()) tasks.push_back(task);
  const auto off = [&](TaskIndex task) {
    const sim::TaskTimeline& simulated = comparison.simulated.tasks[task];
    const sim::TaskTimeline& actual = comparison.actual.tasks[task];
    if (!simulated.has_run() || !actual.has_run()) return std::numeric_limits<std::int64_t>::max();
    return std::abs(((actual.end - actual.start) - (simulated.end - simulated.start)).ms);
  };
  std::stable_sort(tasks.begin(), tasks.end(),
                   [&](TaskIndex a, TaskIndex b) { return off(a) > off(b); });
  view::Lines lines("tasks");
  for (const TaskIndex task : tasks) lines.Add(TaskLine(rollout, comparison, task));
  text += lines.Text();
  if (!comparison.divergence) {
    return text + "order      as the rules give it, durations as they were\n";
  }
  return text + "order      not as the rules give it, from event " +
         std::to_string(comparison.divergence->sequence) +
         " on: " + base::Printable(comparison.divergence->message) + "\n";
}

void WriteRunComparison(JsonWriter& writer, const Rollout& rollout,
                        const RunComparison& comparison) {
  writer.BeginObject().Member("rollout", rollout.name);
  WriteEnd(writer, "simulated", comparison.simulated);
  WriteEnd(writer, "actual", comparison.actual);
  const auto& divergence = comparison.divergence;
  writer.Key("order").BeginObject().MemberBool("follows", !divergence).Key("sequence");
  divergence ? writer.Int(static_cast<std::int64_t>(divergence->sequence)) : writer.Null();
  writer.Key("message");
  divergence ? writer.String(divergence->message) : writer.Null();
  writer.EndObject().Key("tasks").BeginArray();
  for (const TaskIndex task : rollout.tasks.indices()) {
    const rollout::Task& at = rollout.tasks[task];
    writer.BeginObject().Member("name", rollout.TaskName(task));
    writer.Member("spec", rollout.spec_ids[at.spec]);
    writer.Member("database", rollout.DatabaseName(at));
    WriteTimes(writer, "simulated", comparison.simulated, task);
    WriteTimes(writer, "actual", comparison.actual, task);
    writer.EndObject();
  }
  writer.EndArray().EndObject();
}

}  // namespace lockstep::api
