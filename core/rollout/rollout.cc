#include "core/rollout/rollout.h"

#include <charconv>

namespace lockstep::rollout {

std::string_view ToString(TaskType type) {
  switch (type) {
    case TaskType::kDatabaseCreate:
      return "DATABASE_CREATE";
    case TaskType::kSchemaBaseline:
      return "DATABASE_SCHEMA_BASELINE";
    case TaskType::kSchemaUpdate:
      return "DATABASE_SCHEMA_UPDATE";
    case TaskType::kSchemaUpdateSdl:
      return "DATABASE_SCHEMA_UPDATE_SDL";
    case TaskType::kSchemaUpdateGhostSync:
      return "DATABASE_SCHEMA_UPDATE_GHOST_SYNC";
    case TaskType::kSchemaUpdateGhostCutover:
      return "DATABASE_SCHEMA_UPDATE_GHOST_CUTOVER";
    case TaskType::kSchemaUpdateGhost:
      return "DATABASE_SCHEMA_UPDATE_GHOST";
    case TaskType::kDataUpdate:
      return "DATABASE_DATA_UPDATE";
    case TaskType::kDataExport:
      return "DATABASE_DATA_EXPORT";
  }
  base::CheckFailed(__FILE__, __LINE__, "type", "not a task type");
}

std::string Rollout::StageName(StageIndex stage) const {
  return name + "/stages/" + std::to_string(stage.value() + 1);
}

std::string Rollout::TaskName(TaskIndex task) const {
  return StageName(tasks[task].stage) + "/tasks/" + std::to_string(task.value() + 1);
}

std::string Rollout::TaskRunName(TaskIndex task, std::uint32_t attempt) const {
  return TaskName(task) + "/taskRuns/" + std::to_string(attempt);
}

const std::string& Rollout::DatabaseName(const Task& task) const {
  static const std::string kNone;
  return task.database.valid() ? databases[task.database].name : kNone;
}

const std::string& Rollout::TargetName(const Task& task) const {
  return task.database.valid() ? databases[task.database].name : instances[task.instance].name;
}

bool Rollout::IsCanary(TaskIndex task) const {
  if (policy.canary == 0) return false;
  const auto of_group = groups[tasks[task].group].tasks.Of(group_tasks);
  return of_group.size() <= policy.canary || task < of_group[policy.canary];
}

namespace {

// The number behind the last "/" of `name`, counted from 0; empty when it is none.
std::optional<std::uint32_t> LastNumber(std::string_view name) {
  const std::string_view digits = name.substr(name.rfind('/') + 1);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number == 0)
    return std::nullopt;
  return number - 1;
}

}  // namespace

std::optional<StageIndex> Rollout::FindStage(std::string_view stage_name) const {
  const auto number = LastNumber(stage_name);
  if (!number || *number >= stages.size() || StageName(StageIndex(*number)) != stage_name)
    return std::nullopt;
  return StageIndex(*number);
}

std::optional<TaskIndex> Rollout::FindTask(std::string_view task_name) const {
  const auto number = LastNumber(task_name);
  if (!number || *number >= tasks.size() || TaskName(TaskIndex(*number)) != task_name)
    return std::nullopt;
  return TaskIndex(*number);
}

}  // namespace lockstep::rollout
