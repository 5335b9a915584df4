#include "core/service/described_parts.h"

namespace lockstep::service::described {
namespace {

// ---- rollouts, stages, tasks ----

constexpr Field kOfRollout[] = {
    {"name", Type::kText, kAnswered},
    {"plan", Type::kText},
    {"title", Type::kText},
    {"stages", Type::kMessage, kAnswered | kList, "Stage", "in lists none"},
    {"creator", Type::kText, kAnswered},
    {"createTime", Type::kTime, kAnswered | kNullable},
    {"issue", Type::kText, kAnswered},
    {"digest", Type::kText, kAnswered, "", "Lockstep's: what `run --expect` binds"},
    {"status", Type::kEnum, kAnswered, "Rollout.Status", "Lockstep's: where it stands as a whole"},
};
constexpr Field kOfStage[] = {
    {"name", Type::kText},
    {"id", Type::kText, 0, "", "of its environment"},
    {"title", Type::kText},
    {"environment", Type::kText},
    {"tasks", Type::kMessage, kList, "Task"},
};
constexpr Field kOfTask[] = {
    {"name", Type::kText},
    {"title", Type::kText},
    {"specId", Type::kText},
    {"status", Type::kEnum, 0, "Task.Status"},
    {"skippedReason", Type::kText},
    {"type", Type::kEnum, 0, "Task.Type"},
    {"dependsOnTasks", Type::kText, kList | kOptional, "", "not there when it is more than 100"},
    {"target", Type::kText},
    {"databaseCreate", Type::kMessage, kOptional, "Task.DatabaseCreate"},
    {"databaseSchemaBaseline", Type::kMessage, kOptional, "Task.DatabaseSchemaBaseline"},
    {"databaseSchemaUpdate", Type::kMessage, kOptional, "Task.DatabaseSchemaUpdate"},
    {"databaseDataUpdate", Type::kMessage, kOptional, "Task.DatabaseDataUpdate"},
    {"databaseDataExport", Type::kMessage, kOptional, "Task.DatabaseDataExport"},
};
constexpr Field kOfDatabaseCreate[] = {
    {"project", Type::kText},     {"database", Type::kText},     {"table", Type::kText},
    {"sheet", Type::kText},       {"characterSet", Type::kText}, {"collation", Type::kText},
    {"environment", Type::kText}, {"labels", Type::kText, kMap},
};
constexpr Field kOfDatabaseSchemaBaseline[] = {{"schemaVersion", Type::kText}};
constexpr Field kOfDatabaseUpdate[] = {{"sheet", Type::kText}, {"schemaVersion", Type::kText}};
constexpr Field kOfDatabaseDataExport[] = {
    {"target", Type::kText},
    {"sheet", Type::kText},
    {"format", Type::kEnum, 0, "ExportFormat"},
};
constexpr Field kOfListRolloutsResponse[] = {{"rollouts", Type::kMessage, kList, "Rollout"},
                                             kNextPageToken};
constexpr Field kOfPreviewRolloutRequest[] = {{"plan", Type::kMessage, kNeeded, "Plan"}};

// Lockstep's own.
constexpr Field kOfExportedRollout[] = {
    {"rollout", Type::kText},
    {"digest", Type::kText},
    {"documents", Type::kMessage, kList, "ExportedRollout.Document"},
    {"events", Type::kAny, kList, "", "as schemas/event.schema.json has them"},
    {"outputs", Type::kAny, kList, "", "what clients said, by task run"},
};
constexpr Field kOfExportedDocument[] = {
    {"role", Type::kText, 0, "", "plan, inventory, sheet, scenario"},
    {"name", Type::kText},
    {"path", Type::kText},
    {"text", Type::kText},
};

// ---- what is asked of tasks ----

constexpr Field kOfBatchTasksRequest[] = {
    {"tasks", Type::kText, kList | kNeeded, "", "of one stage, to run them"},
    {"reason", Type::kText},
};
constexpr Field kOfBatchCancelTaskRunsRequest[] = {
    {"taskRuns", Type::kText, kList | kNeeded},
    {"reason", Type::kText},
};

// ---- runs of tasks ----

constexpr Field kOfTaskRun[] = {
    {"name", Type::kText},
    {"creator", Type::kText},
    {"createTime", Type::kTime},
    {"updateTime", Type::kTime},
    {"title", Type::kText},
    {"status", Type::kEnum, 0, "TaskRun.Status"},
    {"detail", Type::kText, 0, "", "what it waits for, or why it failed; IN_DOUBT: nobody knows"},
    {"changelog", Type::kText},
    {"schemaVersion", Type::kText},
    {"startTime", Type::kTime, kNullable},
    {"exportArchiveStatus", Type::kEnum, 0, "TaskRun.ExportArchiveStatus"},
    {"priorBackupDetail", Type::kAny, kNullable},
    {"schedulerInfo", Type::kMessage, kNullable, "TaskRun.SchedulerInfo", "of a PENDING one"},
    {"sheet", Type::kText},
};
constexpr Field kOfSchedulerInfo[] = {
    {"reportTime", Type::kTime},
    {"waitingCause", Type::kMessage, kNullable, "TaskRun.SchedulerInfo.WaitingCause"},
};
constexpr Field kOfWaitingCause[] = {
    {"connectionLimit", Type::kBool, kOptional},
    {"task", Type::kMessage, kOptional, "TaskRun.SchedulerInfo.WaitingCause.Task"},
};
constexpr Field kOfWaitingTask[] = {{"task", Type::kText}, {"issue", Type::kText}};
constexpr Field kOfListTaskRunsResponse[] = {{"taskRuns", Type::kMessage, kList, "TaskRun"},
                                             kNextPageToken};
constexpr Field kOfTaskRunLog[] = {
    {"name", Type::kText},
    {"entries", Type::kMessage, kList, "TaskRunLogEntry"},
};
constexpr Field kOfTaskRunLogEntry[] = {
    {"type", Type::kEnum, 0, "TaskRunLogEntry.Type"},
    {"logTime", Type::kTime},
    {"deployId", Type::kText},
    {"taskRunStatusUpdate", Type::kMessage, kOptional, "TaskRunLogEntry.TaskRunStatusUpdate"},
    {"commandExecute", Type::kMessage, kOptional, "TaskRunLogEntry.CommandExecute"},
};
constexpr Field kOfTaskRunStatusUpdate[] = {
    {"status", Type::kEnum, 0, "TaskRunLogEntry.TaskRunStatusUpdate.Status"}};
constexpr Field kOfCommandExecute[] = {
    {"logTime", Type::kTime},
    {"commandIndexes", Type::kInt32, kList, "", "of the sheet's payload.commands, from 0"},
    {"response", Type::kMessage, 0, "TaskRunLogEntry.CommandExecute.CommandResponse"},
};
constexpr Field kOfCommandResponse[] = {
    {"logTime", Type::kTime},
    {"error", Type::kText},
    {"affectedRows", Type::kInt32},
    {"allAffectedRows", Type::kInt32, kList},
};

constexpr Field kOfTaskRunSession[] = {
    {"name", Type::kText},
    {"postgres", Type::kMessage, 0, "TaskRunSession.Postgres"},
};
constexpr Field kOfPostgresSessions[] = {
    {"session", Type::kMessage, kNullable, "TaskRunSession.Postgres.Session",
     "null: its client starts, or waits to try again"},
    {"blockingSessions", Type::kMessage, kList, "TaskRunSession.Postgres.Session",
     "that it waits for"},
    {"blockedSessions", Type::kMessage, kList, "TaskRunSession.Postgres.Session",
     "that wait for it"},
};
constexpr Field kOfPostgresSession[] = {
    {"pid", Type::kText},
    {"blockedByPids", Type::kText, kList},
    {"query", Type::kText},
    {"state", Type::kText, kOptional},
    {"waitEventType", Type::kText, kOptional},
    {"waitEvent", Type::kText, kOptional},
    {"datname", Type::kText, kOptional},
    {"usename", Type::kText, kOptional},
    {"applicationName", Type::kText},
    {"clientAddr", Type::kText, kOptional},
    {"clientPort", Type::kText, kOptional},
    {"backendStart", Type::kTime, kNullable, "", "of other roles' sessions null"},
    {"xactStart", Type::kTime, kNullable},
    {"queryStart", Type::kTime, kNullable},
};

constexpr Message kRolloutMessages[] = {
    {"Rollout", kOfRollout},
    {"Stage", kOfStage},
    {"Task", kOfTask},
    {"Task.DatabaseCreate", kOfDatabaseCreate},
    {"Task.DatabaseSchemaBaseline", kOfDatabaseSchemaBaseline},
    {"Task.DatabaseSchemaUpdate", kOfDatabaseUpdate},
    {"Task.DatabaseDataUpdate", kOfDatabaseUpdate},
    {"Task.DatabaseDataExport", kOfDatabaseDataExport},
    {"ListRolloutsResponse", kOfListRolloutsResponse},
    {"PreviewRolloutRequest", kOfPreviewRolloutRequest},
    {"ExportedRollout", kOfExportedRollout},
    {"ExportedRollout.Document", kOfExportedDocument},
    {"BatchRunTasksRequest", kOfBatchTasksRequest},
    {"BatchSkipTasksRequest", kOfBatchTasksRequest},
    {"BatchCancelTaskRunsRequest", kOfBatchCancelTaskRunsRequest},
    {"TaskRun", kOfTaskRun},
    {"TaskRun.SchedulerInfo", kOfSchedulerInfo},
    {"TaskRun.SchedulerInfo.WaitingCause", kOfWaitingCause},
    {"TaskRun.SchedulerInfo.WaitingCause.Task", kOfWaitingTask},
    {"ListTaskRunsResponse", kOfListTaskRunsResponse},
    {"TaskRunSession", kOfTaskRunSession},
    {"TaskRunSession.Postgres", kOfPostgresSessions},
    {"TaskRunSession.Postgres.Session", kOfPostgresSession},
    {"TaskRunLog", kOfTaskRunLog},
    {"TaskRunLogEntry", kOfTaskRunLogEntry},
    {"TaskRunLogEntry.TaskRunStatusUpdate", kOfTaskRunStatusUpdate},
    {"TaskRunLogEntry.CommandExecute", kOfCommandExecute},
    {"TaskRunLogEntry.CommandExecute.CommandResponse", kOfCommandResponse},
};

}  // namespace

std::span<const Message> RolloutMessages() {
  return kRolloutMessages;
}

std::vector<Enum> RolloutEnums() {
  return {
      {"Rollout.Status",
       {"NOT_STARTED", "RUNNING", "PAUSED", "DONE", "FAILED", "IN_DOUBT", "BLOCKED"}},
      {"Task.Status",
       {"NOT_STARTED", "PENDING", "RUNNING", "DONE", "FAILED", "CANCELED", "SKIPPED"}},
      {"Task.Type",
       {"DATABASE_CREATE", "DATABASE_SCHEMA_BASELINE", "DATABASE_SCHEMA_UPDATE",
        "DATABASE_SCHEMA_UPDATE_SDL", "DATABASE_SCHEMA_UPDATE_GHOST_SYNC",
        "DATABASE_SCHEMA_UPDATE_GHOST_CUTOVER", "DATABASE_SCHEMA_UPDATE_GHOST",
        "DATABASE_DATA_UPDATE", "DATABASE_DATA_EXPORT"}},
      {"TaskRun.Status", {"PENDING", "RUNNING", "DONE", "FAILED", "CANCELED"}},
      {"TaskRun.ExportArchiveStatus", {"EXPORT_ARCHIVE_STATUS_UNSPECIFIED"}},
      {"TaskRunLogEntry.Type", {"TASK_RUN_STATUS_UPDATE", "COMMAND_EXECUTE"}},
      {"TaskRunLogEntry.TaskRunStatusUpdate.Status", {"RUNNING_WAITING", "RUNNING_RUNNING"}},
  };
}

}  // namespace lockstep::service::described
