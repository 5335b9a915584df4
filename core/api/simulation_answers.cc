#include "core/api/simulation_answers.h"

#include "core/api/answers.h"
#include "core/view/simulation_text.h"

namespace lockstep::api {
namespace {

using base::JsonWriter;
using rollout::Rollout;
using rollout::TaskIndex;

void WriteTaskName(JsonWriter& writer, const Rollout& rollout, std::string_view key,
                   TaskIndex task) {
  writer.Key(key);
  task.valid() ? writer.String(rollout.TaskName(task)) : writer.Null();
}

std::string_view CommandName(sim::Scenario::Command::Kind kind) {
  switch (kind) {
    case sim::Scenario::Command::Kind::kRetry:
      return "retry";
    case sim::Scenario::Command::Kind::kSkip:
      return "skip";
    case sim::Scenario::Command::Kind::kCancel:
      return "cancel";
  }
  return "";
}

void WriteRemedies(JsonWriter& writer, const Rollout& rollout,
                   const std::vector<sim::Remedy>& remedies) {
  writer.Key("remedies").BeginArray();
  for (const sim::Remedy& remedy : remedies) {
    writer.BeginObject().Member("command", CommandName(remedy.kind)).Key("tasks").BeginArray();
    for (const TaskIndex task : remedy.tasks) writer.String(rollout.TaskName(task));
    writer.EndArray().Member("status", rollout::ToString(remedy.status));
    writer.Member("makespan", remedy.makespan.ms)
        .Member("unfinished", std::int64_t{remedy.unfinished})
        .EndObject();
  }
  writer.EndArray();
}

}  // namespace

void WriteComparison(JsonWriter& writer, const Rollout& rollout, const sim::Timeline& before,
                     const sim::Timeline& after, const sim::Comparison& comparison,
                     const std::vector<sim::Remedy>& remedies) {
  writer.BeginObject();
  WriteEnd(writer, "before", before);
  WriteEnd(writer, "after", after);
  writer.Key("broken").BeginArray();
  for (const auto& [task, status] : comparison.broken) {
    writer.BeginObject().Member("task", rollout.TaskName(task));
    writer.Member("status", rollout::ToString(status)).EndObject();
  }
  writer.EndArray().Key("blocked").BeginArray();
  for (const auto& [task, root, cause] : comparison.blocked) {
    writer.BeginObject().Member("task", rollout.TaskName(task));
    WriteTaskName(writer, rollout, "by", root);
    writer.Member("cause", rollout::ToString(cause)).EndObject();
  }
  writer.EndArray().Key("shifted").BeginArray();
  for (const auto& [task, by, cause, waited_for] : comparison.shifted) {
    writer.BeginObject().Member("task", rollout.TaskName(task)).Member("later", by.ms);
    writer.Member("cause", rollout::ToString(cause));
    WriteTaskName(writer, rollout, "waitedFor", waited_for);
    writer.EndObject();
  }
  writer.EndArray().Key("stretched").BeginArray();
  for (const auto& [task, by] : comparison.stretched) {
    writer.BeginObject().Member("task", rollout.TaskName(task)).Member("later", by.ms);
    writer.EndObject();
  }
  writer.EndArray().Member("unchanged", std::int64_t{comparison.unchanged});
  WriteRemedies(writer, rollout, remedies);
  writer.EndObject();
}

void WriteForecast(JsonWriter& writer, const Rollout& rollout, const sim::Scenario& scenario,
                   const sim::Forecast& forecast) {
  writer.BeginObject().Member("runs", std::int64_t{forecast.runs});
  writer.Member("seed", static_cast<std::int64_t>(scenario.seed));
  writer.Member("done", std::int64_t{forecast.done}).Key("deadline");
  scenario.deadline ? writer.Int(scenario.deadline->ms) : writer.Null();
  writer.Member("inTime", std::int64_t{forecast.in_time}).Key("makespan");
  if (forecast.makespans.empty()) {
    writer.Null();
  } else {
    writer.BeginObject().Member("least", forecast.makespans.front().ms);
    for (const int percent : {5, 10, 25, 50, 75, 90, 95, 99})
      writer.Member("p" + std::to_string(percent), forecast.Percentile(percent).ms);
    writer.Member("most", forecast.makespans.back().ms).EndObject();
  }
  writer.Key("tasks").BeginArray();
  for (const TaskIndex task : rollout.tasks.indices()) {
    const sim::Forecast::Odds& odds = forecast.tasks[task];
    if (odds.critical == 0 && odds.undone == 0) continue;
    writer.BeginObject().Member("task", rollout.TaskName(task));
    writer.Member("critical", std::int64_t{odds.critical});
    writer.Member("undone", std::int64_t{odds.undone}).EndObject();
  }
  writer.EndArray().EndObject();
}

void WriteAnalysis(JsonWriter& writer, const Rollout& rollout, const sim::Analysis& analysis,
                   const std::vector<sim::Advice>& advice) {
  writer.BeginObject().Key("waits").BeginArray();
  for (std::size_t cause = 0; cause < analysis.causes.size(); ++cause) {
    const auto& total = analysis.causes[cause];
    if (total.tasks == 0) continue;
    writer.BeginObject().Member("cause",
                                rollout::ToString(static_cast<rollout::WaitingCause>(cause)));
    writer.Member("total", total.total.ms).Member("tasks", std::int64_t{total.tasks});
    writer.Member("onCriticalPath", total.on_path.ms).EndObject();
  }
  writer.EndArray().Key("slack").BeginArray();
  for (const base::Duration slack : analysis.slack)
    slack.ms < 0 ? writer.Null() : writer.Int(slack.ms);
  writer.EndArray().Key("databases").BeginArray();
  for (const rollout::DatabaseIndex database : rollout.databases.indices()) {
    writer.BeginObject().Member("name", rollout.databases[database].name);
    writer.Member("busy", analysis.databases[database].busy.ms).EndObject();
  }
  writer.EndArray().Key("instances").BeginArray();
  for (const rollout::InstanceIndex instance : rollout.instances.indices()) {
    const rollout::Instance& at = rollout.instances[instance];
    writer.BeginObject().Member("name", at.name);
    writer.Member("busy", analysis.instances[instance].busy.ms)
        .Member("most", std::int64_t{analysis.instances[instance].most})
        .Member("maximumConnections", std::int64_t{at.maximum_connections})
        .EndObject();
  }
  writer.EndArray().Member("mostTasks", std::int64_t{analysis.all.most});
  writer.Key("advice").BeginArray();
  for (const sim::Advice& item : advice) {
    writer.BeginObject().Member("makespan", item.makespan.ms).Key("changes").BeginArray();
    for (std::size_t i = 0; i < item.changes.size(); ++i)
      writer.String(view::ChangeText(rollout, item, i));
    writer.EndArray().EndObject();
  }
  writer.EndArray().EndObject();
}

}  // namespace lockstep::api
