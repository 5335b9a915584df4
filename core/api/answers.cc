#include "core/api/answers.h"

#include "core/base/json_writer.h"
#include "core/diagnostics/render.h"

namespace lockstep::api {
namespace {

using base::Instant;
using base::JsonWriter;
using rollout::Rollout;
using rollout::StageIndex;
using rollout::TaskIndex;

constexpr Instant kNoTime{-1};

// What every list of tasks starts with.
void WriteTask(JsonWriter& writer, const Rollout& rollout, TaskIndex index) {
  const rollout::Task& task = rollout.tasks[index];
  writer.Member("name", rollout.TaskName(index));
  writer.Member("stage", rollout.StageName(task.stage));
  writer.Member("spec", rollout.spec_ids[task.spec]);
  writer.Member("database", rollout.DatabaseName(task));
}

void WriteBy(JsonWriter& writer, const Rollout& rollout, TaskIndex by) {
  writer.Key("by");
  by.valid() ? writer.String(rollout.TaskName(by)) : writer.Null();
}

void WriteWaiting(JsonWriter& writer, const Rollout& rollout, const rollout::Waiting& waiting) {
  writer.Key("waiting");
  if (waiting.cause == rollout::WaitingCause::kNone) {
    writer.Null();
    return;
  }
  writer.BeginObject().Member("cause", rollout::ToString(waiting.cause));
  WriteBy(writer, rollout, waiting.by);
  writer.Key("until");
  waiting.until == base::kNever ? writer.Null() : writer.String(base::FormatInstant(waiting.until));
  writer.MemberBool("blocked", waiting.blocked).EndObject();
}

void WriteTaskError(JsonWriter& writer, const rollout::TaskError& error) {
  writer.Key("error");
  if (error.message.empty()) {
    writer.Null();
    return;
  }
  writer.BeginObject().Member("message", error.message).Member("code", error.code);
  writer.Member("statement", error.statement);
  writer.Member("line", error.line).Member("column", error.column);
  writer.Member("detail", error.detail).Member("hint", error.hint).EndObject();
}

// Milliseconds from the start, or null.
void WriteOffset(JsonWriter& writer, std::string_view key, Instant time, Instant start) {
  writer.Key(key);
  time == kNoTime ? writer.Null() : writer.Int((time - start).ms);
}

void WriteTime(JsonWriter& writer, std::string_view key, Instant time) {
  writer.Key(key);
  time == kNoTime ? writer.Null() : writer.String(base::FormatInstant(time));
}

void WriteStageHead(JsonWriter& writer, const Rollout& rollout, StageIndex index) {
  const rollout::Stage& stage = rollout.stages[index];
  writer.Member("name", rollout.StageName(index)).Member("title", stage.title);
  writer.Member("environment", stage.environment);
}

// A stage lasts from the first start to the last end of its tasks.
void WriteStageTimes(JsonWriter& writer, const rollout::Stage& stage,
                     const sim::Timeline& timeline) {
  Instant start = kNoTime;
  Instant end = kNoTime;
  for (TaskIndex task : stage.tasks) {
    const sim::TaskTimeline& line = timeline.tasks[task];
    if (line.start != kNoTime && (start == kNoTime || line.start < start)) start = line.start;
    if (line.end > end) end = line.end;
  }
  WriteOffset(writer, "start", start, timeline.start);
  WriteOffset(writer, "end", end, timeline.start);
  writer.Member("tasks", static_cast<std::int64_t>(stage.tasks.size()));
}

}  // namespace

void WriteEnd(JsonWriter& writer, std::string_view key, const sim::Timeline& timeline) {
  writer.Key(key).BeginObject().Member("status", rollout::ToString(timeline.status));
  writer.Member("makespan", timeline.makespan().ms).EndObject();
}

std::string SimulationAnswer(const Rollout& rollout, const sim::Timeline& timeline,
                             const std::function<void(JsonWriter&)>& more) {
  JsonWriter writer;
  writer.BeginObject().Member("digest", rollout.digest);
  writer.Member("status", rollout::ToString(timeline.status));
  writer.Member("start", base::FormatInstant(timeline.start));
  writer.Member("makespan", timeline.makespan().ms);

  writer.Key("stages").BeginArray();
  for (StageIndex stage : rollout.stages.indices()) {
    writer.BeginObject();
    WriteStageHead(writer, rollout, stage);
    WriteStageTimes(writer, rollout.stages[stage], timeline);
    writer.EndObject();
  }
  writer.EndArray();

  writer.Key("tasks").BeginArray();
  auto wait = timeline.waits.begin();
  for (TaskIndex task : rollout.tasks.indices()) {
    const sim::TaskTimeline& line = timeline.tasks[task];
    writer.BeginObject();
    WriteTask(writer, rollout, task);
    writer.Member("status", rollout::ToString(line.status));
    WriteOffset(writer, "start", line.start, timeline.start);
    WriteOffset(writer, "end", line.end, timeline.start);
    writer.Member("attempts", line.attempts);
    writer.Key("waits").BeginArray();
    for (; wait != timeline.waits.end() && wait->first == task; ++wait) {
      writer.BeginObject().Member("cause", rollout::ToString(wait->second.cause));
      WriteBy(writer, rollout, wait->second.by);
      writer.Member("from", (wait->second.from - timeline.start).ms);
      writer.Member("to", (wait->second.to - timeline.start).ms).EndObject();
    }
    writer.EndArray();
    WriteWaiting(writer, rollout, line.waiting);
    writer.EndObject();
  }
  writer.EndArray();

  writer.Key("criticalPath").BeginArray();
  for (TaskIndex task : timeline.critical_path) writer.String(rollout.TaskName(task));
  writer.EndArray();
  if (more) more(writer);
  return writer.EndObject().Take();
}

std::string RolloutAnswer(const Rollout& rollout) {
  JsonWriter writer;
  writer.BeginObject().Member("name", rollout.name).Member("title", rollout.title);
  writer.Member("digest", rollout.digest);
  writer.Key("stages").BeginArray();
  for (StageIndex stage : rollout.stages.indices()) {
    writer.BeginObject();
    WriteStageHead(writer, rollout, stage);
    writer.Key("tasks").BeginArray();
    for (TaskIndex index : rollout.stages[stage].tasks) {
      const rollout::Task& task = rollout.tasks[index];
      writer.BeginObject();
      WriteTask(writer, rollout, index);
      writer.Member("type", rollout::ToString(task.type));
      WriteTime(writer, "earliestAllowedTime", task.earliest.ms > 0 ? task.earliest : kNoTime);
      // By spec, not by task: a spec over 1,000 databases that depends on another such spec is one
      // edge.
      writer.Key("dependsOnSpecs").BeginArray();
      for (rollout::GroupIndex group :
           rollout.groups[task.group].depends_on.Of(rollout.dependencies)) {
        const TaskIndex first = rollout.groups[group].tasks.Of(rollout.group_tasks).front();
        writer.String(rollout.spec_ids[rollout.tasks[first].spec]);
      }
      writer.EndArray().EndObject();
    }
    writer.EndArray().EndObject();
  }
  return writer.EndArray().EndObject().Take();
}

std::vector<TaskReport> ReportTasks(const Rollout& rollout,
                                    std::span<const rollout::Event> events) {
  std::vector<TaskReport> reports(rollout.tasks.size());
  for (const rollout::Event& event : events) {
    if (const auto* created = std::get_if<rollout::TaskRunCreated>(&event.fact)) {
      reports[created->task.value()] = {};
    } else if (const auto* started = std::get_if<rollout::TaskRunStarted>(&event.fact)) {
      reports[started->task.value()].start = event.at;
    } else if (const auto* cancel = std::get_if<rollout::CancelRequested>(&event.fact)) {
      reports[cancel->task.value()].detail = cancel->reason;
    } else if (const auto* ended = std::get_if<rollout::TaskRunEnded>(&event.fact)) {
      TaskReport& report = reports[ended->task.value()];
      report.error = *ended->error;
      if (!ended->detail.empty()) report.detail = ended->detail;
      report.end = event.at;
    } else if (const auto* resolved = std::get_if<rollout::TaskRunResolved>(&event.fact)) {
      TaskReport& report = reports[resolved->task.value()];
      if (resolved->resolution == rollout::Resolution::kCommitted) report.error = {};
      report.detail = resolved->detail;
    } else if (const auto* skipped = std::get_if<rollout::TaskSkipped>(&event.fact)) {
      reports[skipped->task.value()].detail = skipped->reason;
    }
  }
  return reports;
}

std::string StatusAnswer(const rollout::Scheduler& scheduler,
                         std::span<const rollout::Event> events) {
  const Rollout& rollout = scheduler.rollout();
  const rollout::State& state = scheduler.state();
  const std::vector<TaskReport> reports = ReportTasks(rollout, events);
  JsonWriter writer;
  writer.BeginObject().Member("rollout", rollout.name).Member("digest", rollout.digest);
  writer.Member("status", rollout::ToString(state.rollout_status()));
  writer.Key("tasks").BeginArray();
  for (TaskIndex task : rollout.tasks.indices()) {
    const TaskReport& report = reports[task.value()];
    writer.BeginObject();
    WriteTask(writer, rollout, task);
    writer.Member("status", rollout::ToString(state.status(task)));
    writer.Member("attempt", state.attempt(task));
    WriteTime(writer, "start", report.start);
    WriteTime(writer, "end", report.end);
    WriteTaskError(writer, report.error);
    writer.Member("detail", report.detail);
    WriteWaiting(writer, rollout, scheduler.WaitingFor(task));
    writer.EndObject();
  }
  return writer.EndArray().EndObject().Take();
}

}  // namespace lockstep::api
