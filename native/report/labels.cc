#include "native/report/labels.h"

#include <algorithm>

#include "native/report/table.h"

namespace lockstep::report {
namespace {

using rollout::Rollout;
using rollout::TaskIndex;
using rollout::WaitingCause;

bool IsUuid(std::string_view id) {
  if (id.size() != 36 || id.find_first_not_of("0123456789abcdefABCDEF-") != std::string_view::npos)
    return false;
  return id[8] == '-' && id[13] == '-' && id[18] == '-' && id[23] == '-';
}

std::string LastPart(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

}  // namespace

std::string TaskNumber(TaskIndex task) {
  return std::to_string(task.value() + 1);
}
std::string TaskLabel(TaskIndex task) {
  return "task " + TaskNumber(task);
}

std::string SpecLabel(const Rollout& rollout, TaskIndex task) {
  const std::string& id = rollout.spec_ids[rollout.tasks[task].spec];
  if (id.empty()) return "-";
  return IsUuid(id) ? id.substr(0, 8) : Shorten(Printable(id), 32);
}

std::string DatabaseLabel(const Rollout& rollout, TaskIndex task) {
  const rollout::Task& at = rollout.tasks[task];
  const std::string instance = LastPart(rollout.instances[at.instance].name);
  if (!at.database.valid()) return Printable(instance) + "/(new)";
  return Printable(instance + "/" + LastPart(rollout.databases[at.database].name));
}

std::string StageLabel(const Rollout& rollout, rollout::StageIndex stage) {
  const rollout::Stage& at = rollout.stages[stage];
  std::string about = at.title;
  if (!at.environment.empty() && at.environment != at.title) {
    about += (about.empty() ? "" : ", ") + at.environment;
  }
  return "stage " + std::to_string(stage.value() + 1) +
         (about.empty() ? "" : " (" + Shorten(Printable(about), 60) + ")");
}

std::string WaitingLabel(const Rollout& rollout, const rollout::Waiting& waiting) {
  const std::string by = waiting.by.valid() ? TaskLabel(waiting.by) : "";
  if (waiting.blocked) return "blocked by " + by;
  switch (waiting.cause) {
    case WaitingCause::kNone:
      return "";
    case WaitingCause::kStage:
      if (!waiting.by.valid()) return "for an earlier stage";
      return "for " + by + " (stage " +
             std::to_string(rollout.tasks[waiting.by].stage.value() + 1) + ")";
    case WaitingCause::kEarliestTime:
      return "until " + base::FormatInstant(waiting.until);
    case WaitingCause::kDependency:
      return "for " + by + " (dependency)";
    case WaitingCause::kCanary:
      return "for " + by + " (canary)";
    case WaitingCause::kVersion:
      return "for " + by + " (lower version)";
    case WaitingCause::kDatabase:
      return "for " + (by.empty() ? "its database" : by + " (same database)");
    case WaitingCause::kInstance:
      return "for a connection of its instance";
    case WaitingCause::kParallel:
      return "for a free place (--parallel)";
    case WaitingCause::kPaused:
      return "paused";
  }
  return "";
}

}  // namespace lockstep::report
