// What a comparison of semantics says, as text and as JSON.
#include <algorithm>

#include "core/api/answers.h"
#include "core/api/semantics_comparison.h"
#include "core/base/text.h"
#include "core/view/labels.h"
#include "core/view/lines.h"
#include "core/view/task_look.h"

namespace lockstep::api {

using base::FormatDuration;
using base::Instant;
using base::JsonWriter;
using rollout::Rollout;
using rollout::TaskIndex;

namespace {

using Difference = SemanticsComparison::Difference;

Instant StartOf(const sim::Timeline& timeline, TaskIndex task) {
  return task.valid() ? timeline.tasks[task].start : Instant{-1};
}

std::string End(const plan::Semantics& semantics, const sim::Timeline& timeline) {
  return std::string(semantics.name) + ": " + view::EndText(timeline);
}

std::string When(const sim::Timeline& timeline, TaskIndex task) {
  if (!task.valid()) return "is not there";
  const Instant start = StartOf(timeline, task);
  return start.ms < 0 ? "never starts" : "starts at " + FormatDuration(start - timeline.start);
}

std::string Reasons(const Difference& difference) {
  std::vector<std::string> names;
  for (const plan::SemanticsSwitch* one : difference.reasons) names.emplace_back(one->name);
  return names.empty() ? "several switches together" : base::Join(names, ", ");
}

std::string NumbersOf(const std::vector<TaskIndex>& tasks) {
  std::vector<std::string> numbers;
  for (const TaskIndex task : tasks) numbers.push_back(view::TaskNumber(task));
  return base::Join(numbers, ", ");
}

/// Those that are the reason of something, in the order of the table.
std::vector<const plan::SemanticsSwitch*> ReasonsOf(const SemanticsComparison& comparison) {
  std::vector<const plan::SemanticsSwitch*> all;
  for (const plan::SemanticsSwitch& one : plan::SemanticsSwitches()) {
    const bool counts = std::any_of(
        comparison.differences.begin(), comparison.differences.end(), [&](const Difference& d) {
          return std::find(d.reasons.begin(), d.reasons.end(), &one) != d.reasons.end();
        });
    if (counts) all.push_back(&one);
  }
  return all;
}

void WriteTask(JsonWriter& writer, const Rollout& rollout, const sim::Timeline& timeline,
               TaskIndex task, std::string_view name_key, std::string_view start_key) {
  writer.Key(name_key);
  task.valid() ? writer.String(rollout.TaskName(task)) : writer.Null();
  const Instant start = StartOf(timeline, task);
  writer.Key(start_key);
  start.ms < 0 ? writer.Null() : writer.Int((start - timeline.start).ms);
}

void WriteNames(JsonWriter& writer, std::string_view key, const Rollout& rollout,
                const std::vector<TaskIndex>& tasks) {
  writer.Key(key).BeginArray();
  for (const TaskIndex task : tasks) writer.String(rollout.TaskName(task));
  writer.EndArray();
}

}  // namespace

std::string SemanticsText(const SemanticsComparison& comparison) {
  const auto& [own, other, rollout, other_rollout, timeline, other_timeline, differences, orders] =
      comparison;
  std::string text = End(own, timeline) + "; " + End(other, other_timeline) + "\n";
  if (differences.empty() && orders.empty()) return text + "no task starts at another time\n";
  view::Lines lines("differs");
  for (const Difference& difference : differences) {
    const bool here = difference.task.valid();
    const Rollout& of = here ? rollout : other_rollout;
    const TaskIndex task = here ? difference.task : difference.other;
    lines.Add(view::FullTaskLabel(of, task) + " " + When(other_timeline, difference.other) +
              " under " + std::string(other.name) + ", " + When(timeline, difference.task) +
              " under " + std::string(own.name) + ": " + Reasons(difference));
  }
  view::Lines order("order");
  for (const SemanticsComparison::Order& one : orders) {
    order.Add("tasks " + NumbersOf(one.other) + " on " +
              base::Printable(rollout.databases[one.database].name) + ", not " +
              NumbersOf(one.tasks));
  }
  view::Lines why("why");
  for (const plan::SemanticsSwitch* one : ReasonsOf(comparison)) {
    why.Add(std::string(one->name) + ": documented, " + std::string(one->documented) +
            "; on the server, " + std::string(one->server) + " (Bytebase " +
            std::string(one->source) + ")");
  }
  return text + lines.Text() + order.Text() + why.Text();
}

void WriteSemanticsComparison(JsonWriter& writer, const SemanticsComparison& comparison) {
  const auto& [own, other, rollout, other_rollout, timeline, other_timeline, differences, orders] =
      comparison;
  writer.BeginObject().Member("semantics", own.name).Member("other", other.name);
  WriteEnd(writer, "before", timeline);
  WriteEnd(writer, "after", other_timeline);
  writer.Key("differences").BeginArray();
  for (const Difference& difference : differences) {
    const bool here = difference.task.valid();
    const Rollout& of = here ? rollout : other_rollout;
    const rollout::Task& task = of.tasks[here ? difference.task : difference.other];
    writer.BeginObject().Member("spec", of.spec_ids[task.spec]);
    writer.Member("database", of.DatabaseName(task));
    WriteTask(writer, rollout, timeline, difference.task, "task", "start");
    WriteTask(writer, other_rollout, other_timeline, difference.other, "otherTask", "otherStart");
    writer.Key("reasons").BeginArray();
    for (const plan::SemanticsSwitch* one : difference.reasons) writer.String(one->name);
    writer.EndArray().EndObject();
  }
  writer.EndArray().Key("orders").BeginArray();
  for (const SemanticsComparison::Order& one : orders) {
    writer.BeginObject().Member("database", rollout.databases[one.database].name);
    WriteNames(writer, "tasks", rollout, one.tasks);
    WriteNames(writer, "otherTasks", rollout, one.other);
    writer.EndObject();
  }
  writer.EndArray().Key("switches").BeginArray();
  for (const plan::SemanticsSwitch* one : ReasonsOf(comparison)) {
    writer.BeginObject().Member("name", one->name).Member("documented", one->documented);
    writer.Member("server", one->server).Member("source", one->source).EndObject();
  }
  writer.EndArray().EndObject();
}

}  // namespace lockstep::api
