#include "core/api/plan_diff_answers.h"
#include "core/diagnostics/render.h"

namespace lockstep::api {
namespace {

using base::JsonWriter;
using rollout::TaskIndex;

void WriteSide(JsonWriter& writer, std::string_view key, const std::optional<Side>& side,
               const PlanSide& of) {
  writer.Key(key);
  if (!side) return void(writer.Null());
  const diagnostics::Source& source = of.workspace.sources()[side->place.source];
  writer.BeginObject().Member("file", source.name());
  diagnostics::WriteRange(writer, source, side->place.span);
  writer.Member("of", side->of).Member("value", side->value).EndObject();
}

void WriteChange(JsonWriter& writer, const Change& change, const PlanSide& a, const PlanSide& b) {
  writer.BeginObject().Member("what", ToString(change.what)).Member("how", ToString(change.how()));
  writer.Member("field", change.field).Member("message", MessageOf(change));
  WriteSide(writer, "a", change.a, a);
  WriteSide(writer, "b", change.b, b);
  writer.Key("statements");
  if (change.statements) {
    writer.BeginObject().Member("added", change.statements->added);
    writer.Member("removed", change.statements->removed);
    writer.Member("changed", change.statements->changed);
    writer.MemberBool("sameText", change.statements->same_text).EndObject();
  } else {
    writer.Null();
  }
  writer.Member("uses", change.uses).EndObject();
}

void WriteSide(JsonWriter& writer, std::string_view key, const PlanSide& of) {
  const rollout::Rollout& rollout = of.rollout;
  writer.Key(key).BeginObject().Member("digest", rollout.digest);
  writer.Member("status", rollout::ToString(of.timeline.status));
  writer.Member("start", base::FormatInstant(of.timeline.start));
  writer.Member("makespan", of.timeline.makespan().ms);
  writer.Member("stages", static_cast<std::int64_t>(rollout.stages.size()));
  writer.Member("databases", static_cast<std::int64_t>(rollout.databases.size()));
  writer.Member("tasks", static_cast<std::int64_t>(rollout.tasks.size()));
  writer.Key("criticalPath").BeginArray();
  for (const TaskIndex task : of.timeline.critical_path) writer.String(rollout.TaskName(task));
  writer.EndArray().EndObject();
}

/// What a task does: "database" is "" when it creates one.
void WriteWork(JsonWriter& writer, const rollout::Rollout& rollout, TaskIndex index) {
  const rollout::Task& task = rollout.tasks[index];
  writer.Member("spec", rollout.spec_ids[task.spec]);
  writer.Member("database", rollout.DatabaseName(task));
}

void WriteTimes(JsonWriter& writer, std::string_view key, const PlanSide& of, TaskIndex task) {
  writer.Key(key);
  if (!task.valid()) return void(writer.Null());
  const auto offset = [&](std::string_view name, base::Instant time) {
    writer.Key(name);
    time.ms < 0 ? writer.Null() : writer.Int((time - of.timeline.start).ms);
  };
  writer.BeginObject().Member("name", of.rollout.TaskName(task));
  offset("start", of.timeline.tasks[task].start);
  offset("end", of.timeline.tasks[task].end);
  writer.EndObject();
}

void WriteTurn(JsonWriter& writer, std::string_view key, const rollout::Rollout& rollout,
               TaskIndex task, TaskIndex before) {
  writer.Key(key).BeginObject().Member("name", rollout.TaskName(task)).Key("after");
  before.valid() ? writer.String(rollout.TaskName(before)) : writer.Null();
  writer.EndObject();
}

void WriteSchedule(JsonWriter& writer, const ScheduleDiff& diff, const PlanSide& a,
                   const PlanSide& b) {
  writer.BeginObject();
  WriteSide(writer, "a", a);
  WriteSide(writer, "b", b);
  writer.Key("tasks").BeginArray();
  for (const TaskChange& change : diff.tasks) {
    writer.BeginObject().Member("shift", ToString(change.shift));
    change.b.valid() ? WriteWork(writer, b.rollout, change.b)
                     : WriteWork(writer, a.rollout, change.a);
    WriteTimes(writer, "a", a, change.a);
    WriteTimes(writer, "b", b, change.b);
    writer.EndObject();
  }
  writer.EndArray().Key("turns").BeginArray();
  for (const TurnChange& turn : diff.turns) {
    writer.BeginObject();
    WriteWork(writer, b.rollout, turn.b);
    WriteTurn(writer, "a", a.rollout, turn.a, turn.before_a);
    WriteTurn(writer, "b", b.rollout, turn.b, turn.before_b);
    writer.EndObject();
  }
  writer.EndArray().MemberBool("criticalPathDiffers", diff.critical_path_differs).EndObject();
}

}  // namespace

void WritePlanDiff(JsonWriter& writer, const PlanDiff& diff, const PlanSide& a, const PlanSide& b) {
  writer.BeginObject().Key("changes").BeginArray();
  for (const Change& change : diff.changes) WriteChange(writer, change, a, b);
  writer.EndArray().MemberBool("sheetsByNameAlone", diff.sheets_by_name_alone);
  writer.MemberBool("same", diff.empty()).Key("schedule");
  WriteSchedule(writer, diff.schedule, a, b);
  writer.EndObject();
}

}  // namespace lockstep::api
