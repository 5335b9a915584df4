#include "core/service/rollout.h"

#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "core/service/message.h"

namespace lockstep::service {
namespace {

using base::JsonWriter;
using rollout::TaskIndex;
using rollout::TaskType;

const plan::Spec& SpecOf(const RolloutView& view, const rollout::Task& task) {
  return view.checked.plan().specs[plan::SpecIndex(task.spec)];
}

std::string_view DatabaseOf(std::string_view target) {
  const auto name = names::ParseDatabaseName(target);
  return name ? name->database : target;
}

/// As Bytebase 3.4.0 calls them (rollout_service_task.go).
std::string TitleOf(const RolloutView& view, const rollout::Task& task) {
  const std::string database = base::Quote(DatabaseOf(view.rollout.TargetName(task)));
  switch (task.type) {
    case TaskType::kDatabaseCreate:
      return "Create database " +
             std::string(view.checked.plan().CreateOf(SpecOf(view, task)).database.value);
    case TaskType::kSchemaBaseline:
      return "Establish baseline for database " + database;
    case TaskType::kSchemaUpdate:
      return "DDL(schema) for database " + database;
    case TaskType::kSchemaUpdateSdl:
      return "SDL for database " + database;
    case TaskType::kSchemaUpdateGhostSync:
      return "Update schema gh-ost sync for database " + database;
    case TaskType::kSchemaUpdateGhostCutover:
      return "Update schema gh-ost cutover for database " + database;
    case TaskType::kSchemaUpdateGhost:
      return "Update schema gh-ost for database " + database;
    case TaskType::kDataUpdate:
      return "DML(data) for database " + database;
    case TaskType::kDataExport:
      return "Export data from database " + database;
  }
  base::CheckFailed(__FILE__, __LINE__, "type", "not a task type");
}

void WriteCreate(JsonWriter& writer, const RolloutView& view, const plan::Spec& spec) {
  const plan::CreateOptions& create = view.checked.plan().CreateOf(spec);
  writer.Key("databaseCreate").BeginObject().Member("project", "");
  writer.Member("database", create.database.value).Member("table", create.table.value);
  writer.Member("sheet", "").Member("characterSet", create.character_set.value);
  writer.Member("collation", create.collation.value);
  writer.Member("environment", create.environment.value).Key("labels").BeginObject();
  for (const plan::Flag& label : view.checked.plan().LabelsOf(spec))
    writer.Member(label.key.value, label.value.value);
  writer.EndObject().EndObject();
}

void WriteExport(JsonWriter& writer, const RolloutView& view, const rollout::Task& task) {
  const plan::Config& config = SpecOf(view, task).config;
  writer.Key("databaseDataExport").BeginObject();
  writer.Member("target", view.rollout.TargetName(task)).Member("sheet", config.sheet.value);
  writer.Member("format", plan::ToString(config.format.value)).EndObject();
}

void WriteUpdate(JsonWriter& writer, std::string_view key, const plan::Config& config) {
  writer.Key(key).BeginObject().Member("sheet", config.sheet.value);
  writer.Member("schemaVersion", config.schema_version.value).EndObject();
}

void WritePayload(JsonWriter& writer, const RolloutView& view, const rollout::Task& task) {
  const plan::Spec& spec = SpecOf(view, task);
  switch (task.type) {
    case TaskType::kDatabaseCreate:
      return WriteCreate(writer, view, spec);
    case TaskType::kDataExport:
      return WriteExport(writer, view, task);
    case TaskType::kSchemaUpdateGhostCutover:
      return;  // it has none
    case TaskType::kSchemaBaseline:
      writer.Key("databaseSchemaBaseline").BeginObject();
      writer.Member("schemaVersion", spec.config.schema_version.value).EndObject();
      return;
    case TaskType::kDataUpdate:
      return WriteUpdate(writer, "databaseDataUpdate", spec.config);
    default:
      return WriteUpdate(writer, "databaseSchemaUpdate", spec.config);
  }
}

/// One spec over 1,000 databases that depends on another such would be a million names.
constexpr std::size_t kMostDependencies = 100;

/// All of them, or no such member (as from 3.5 on) where there are too many: specs then tell by
/// dependsOnSpecs.
void WriteDependencies(JsonWriter& writer, const rollout::Rollout& rollout,
                       const rollout::Task& task) {
  const auto groups = rollout.groups[task.group].depends_on.Of(rollout.dependencies);
  std::size_t count = 0;
  for (const rollout::GroupIndex group : groups) count += rollout.groups[group].tasks.size();
  if (count > kMostDependencies) return;
  writer.Key("dependsOnTasks").BeginArray();
  for (const rollout::GroupIndex group : groups) {
    for (const TaskIndex other : rollout.groups[group].tasks.Of(rollout.group_tasks))
      writer.String(rollout.TaskName(other));
  }
  writer.EndArray();
}

void WriteTask(JsonWriter& writer, const RolloutView& view, TaskIndex index) {
  const rollout::Rollout& rollout = view.rollout;
  const rollout::Task& task = rollout.tasks[index];
  writer.BeginObject().Member("name", rollout.TaskName(index)).Member("title", TitleOf(view, task));
  writer.Member("specId", rollout.spec_ids[task.spec]);
  writer.Member("status", StatusName(view.scheduler.state().status(index)));
  writer.Member("skippedReason", view.skip_reasons[index.value()]);
  writer.Member("type", rollout::ToString(task.type));
  WriteDependencies(writer, rollout, task);
  writer.Member("target", rollout.TargetName(task));
  WritePayload(writer, view, task);
  writer.EndObject();
}

void WriteStage(JsonWriter& writer, const RolloutView& view, rollout::StageIndex index) {
  const rollout::Stage& stage = view.rollout.stages[index];
  writer.BeginObject().Member("name", view.rollout.StageName(index));
  writer.Member("id", EnvironmentId(stage)).Member("title", stage.title);
  writer.Member("environment", stage.environment).Key("tasks").BeginArray();
  for (const TaskIndex task : stage.tasks) WriteTask(writer, view, task);
  writer.EndArray().EndObject();
}

/// Why a PENDING run does not run, as far as Bytebase has words for it.
void WriteScheduler(JsonWriter& writer, const RolloutView& view, const TaskRun& run,
                    const RolloutFacts& facts) {
  writer.Key("schedulerInfo");
  if (run.status != rollout::TaskStatus::kPending) {
    writer.Null();
    return;
  }
  const rollout::Waiting waiting = view.scheduler.WaitingFor(run.task);
  writer.BeginObject().Member("reportTime", base::FormatInstant(run.updated));
  writer.Key("waitingCause");
  if (waiting.cause == rollout::WaitingCause::kInstance) {
    writer.BeginObject().MemberBool("connectionLimit", true).EndObject();
  } else if (waiting.by.valid()) {
    writer.BeginObject().Key("task").BeginObject();
    writer.Member("task", view.rollout.TaskName(waiting.by)).Member("issue", facts.issue);
    writer.EndObject().EndObject();
  } else {
    writer.Null();
  }
  writer.EndObject();
}

}  // namespace

std::string_view EnvironmentId(const rollout::Stage& stage) {
  return names::ParseEnvironmentName(stage.environment).value_or("");
}

namespace {

template <class WriteStages>
void WriteWith(JsonWriter& writer, const RolloutFacts& facts, std::string_view digest,
               std::string_view status, WriteStages write_stages) {
  writer.BeginObject().Member("name", facts.name).Member("plan", facts.plan);
  writer.Member("title", facts.title).Key("stages").BeginArray();
  write_stages();
  writer.EndArray().Member("creator", facts.creator);
  WriteTime(writer, "createTime", facts.created);
  // Beyond Bytebase: what `--expect` binds, and where it stands as a whole.
  writer.Member("issue", facts.issue).Member("digest", digest).Member("status", status);
  writer.EndObject();
}

}  // namespace

void WriteRollout(JsonWriter& writer, const RolloutView& view, const RolloutFacts& facts) {
  const auto status = rollout::ToString(view.scheduler.state().rollout_status());
  WriteWith(writer, facts, view.rollout.digest, status, [&] {
    for (const rollout::StageIndex stage : view.rollout.stages.indices()) {
      if (stage.value() < facts.stages) WriteStage(writer, view, stage);
    }
  });
}

void WriteRolloutHead(JsonWriter& writer, const RolloutFacts& facts, std::string_view digest,
                      std::string_view status) {
  WriteWith(writer, facts, digest, status, [] {});
}

void WriteTaskRun(JsonWriter& writer, const RolloutView& view, const TaskRun& run,
                  const RolloutFacts& facts) {
  const rollout::Task& task = view.rollout.tasks[run.task];
  const plan::Config& config = SpecOf(view, task).config;
  writer.BeginObject().Member("name", view.rollout.TaskRunName(run.task, run.attempt));
  writer.Member("creator", facts.creator);
  WriteTime(writer, "createTime", run.created);
  WriteTime(writer, "updateTime", run.updated);
  writer.Member("title", TitleOf(view, task) + " " + std::to_string(run.created.ms / 1000));
  writer.Member("status", StatusName(run.status)).Member("detail", run.detail);
  writer.Member("changelog", "").Member("schemaVersion", config.schema_version.value);
  WriteTime(writer, "startTime", run.started);
  writer.Member("exportArchiveStatus", "EXPORT_ARCHIVE_STATUS_UNSPECIFIED");
  writer.Key("priorBackupDetail").Null();
  WriteScheduler(writer, view, run, facts);
  writer.Member("sheet", config.sheet.value).EndObject();
}

namespace {

class LogWriter {
 public:
  LogWriter(JsonWriter& writer) : writer_(writer) {}

  void Status(base::Instant at, std::string_view status) {
    Begin(at, "TASK_RUN_STATUS_UPDATE");
    writer_.Key("taskRunStatusUpdate").BeginObject().Member("status", status).EndObject();
    writer_.EndObject();
  }
  /// Statements by number from 0. Times are those of the run: clients tell none for a statement.
  void Execute(const TaskRun& run, std::uint32_t first, std::uint32_t count,
               std::string_view error) {
    if (count == 0) return;
    Begin(run.started, "COMMAND_EXECUTE");
    writer_.Key("commandExecute").BeginObject();
    WriteTime(writer_, "logTime", run.started);
    writer_.Key("commandIndexes").BeginArray();
    for (std::uint32_t i = 0; i < count; ++i) writer_.Int(first + i);
    writer_.EndArray().Key("response").BeginObject();
    WriteTime(writer_, "logTime", run.updated);
    writer_.Member("error", error).Key("affectedRows").Int(0).Key("allAffectedRows");
    writer_.BeginArray().EndArray().EndObject().EndObject().EndObject();
  }

 private:
  void Begin(base::Instant at, std::string_view type) {
    writer_.BeginObject().Member("type", type);
    WriteTime(writer_, "logTime", at);
    writer_.Member("deployId", "");
  }
  JsonWriter& writer_;
};

std::uint32_t StatementCount(const RolloutView& view, const rollout::Task& task) {
  const auto sheet = view.checked.spec(plan::SpecIndex(task.spec)).sheet;
  if (!sheet.valid() || view.checked.sheet(sheet).splits.empty()) return 0;
  const auto& split = view.checked.sheet(sheet).splits.front().second;
  return static_cast<std::uint32_t>(split.statements.size());
}

}  // namespace

void WriteTaskRunLog(JsonWriter& writer, const RolloutView& view, const TaskRun& run) {
  writer.BeginObject();
  writer.Member("name", view.rollout.TaskRunName(run.task, run.attempt) + "/log");
  writer.Key("entries").BeginArray();
  LogWriter log(writer);
  log.Status(run.created, "RUNNING_WAITING");
  if (run.started != base::Instant{0}) {
    log.Status(run.started, "RUNNING_RUNNING");
    const std::uint32_t count = StatementCount(view, view.rollout.tasks[run.task]);
    if (run.status == rollout::TaskStatus::kDone) log.Execute(run, 0, count, "");
    if (run.status == rollout::TaskStatus::kFailed && run.error.statement > 0) {
      log.Execute(run, 0, run.error.statement - 1, "");
      log.Execute(run, run.error.statement - 1, 1, run.error.message);
    }
  }
  writer.EndArray().EndObject();
}

}  // namespace lockstep::service
