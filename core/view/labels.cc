#include "core/view/labels.h"

#include "core/base/text.h"

namespace lockstep::view {
namespace {

using base::Printable;
using base::Shorten;
using rollout::Rollout;
using rollout::TaskIndex;
using rollout::WaitingCause;

bool IsUuid(std::string_view id) {
  if (id.size() != 36 || id.find_first_not_of("0123456789abcdefABCDEF-") != std::string_view::npos)
    return false;
  return id[8] == '-' && id[13] == '-' && id[18] == '-' && id[23] == '-';
}

std::string TimeText(base::Instant time) {
  return time == base::kNever ? "which never is long enough" : base::FormatInstant(time);
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

std::string SpecLabel(std::string_view id) {
  if (id.empty()) return "-";
  return IsUuid(id) ? std::string(id.substr(0, 8)) : Shorten(Printable(id), 32);
}

std::string SpecLabel(const Rollout& rollout, TaskIndex task) {
  return SpecLabel(rollout.spec_ids[rollout.tasks[task].spec]);
}

std::string DatabaseLabel(const Rollout& rollout, TaskIndex task) {
  const rollout::Task& at = rollout.tasks[task];
  const std::string instance = LastPart(rollout.instances[at.instance].name);
  if (!at.database.valid()) return Printable(instance) + "/(new)";
  return Printable(instance + "/" + LastPart(rollout.databases[at.database].name));
}

std::string FullTaskLabel(const Rollout& rollout, TaskIndex task) {
  return TaskLabel(task) + " (" + SpecLabel(rollout, task) + " on " + DatabaseLabel(rollout, task) +
         ")";
}

std::string SizeText(const Rollout& rollout) {
  return base::Plural(rollout.tasks.size(), "task") + " in " +
         base::Plural(rollout.stages.size(), "stage") + " on " +
         base::Plural(rollout.databases.size(), "database");
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

std::string_view WaitingText(WaitingCause cause, bool known) {
  switch (cause) {
    case WaitingCause::kNone:
      return "";
    case WaitingCause::kStage:
      return known ? "for {task} (stage {stage})" : "for an earlier stage";
    case WaitingCause::kEarliestTime:
      return "until {time}";
    case WaitingCause::kWindow:
      return "for its window, {time}";
    case WaitingCause::kDependency:
      return "for {task} (dependency)";
    case WaitingCause::kCanary:
      return "for {task} (canary)";
    case WaitingCause::kVersion:
      return "for {task} (lower version)";
    case WaitingCause::kDatabase:
      return known ? "for {task} (same database)" : "for its database";
    case WaitingCause::kInstance:
      return "for a connection of its instance";
    case WaitingCause::kParallel:
      return "for a free place (--parallel)";
    case WaitingCause::kPaused:
      return "paused";
    case WaitingCause::kNotRequested:
      return "until somebody asks for it";
  }
  return "";
}

std::string WaitingLabel(const Rollout& rollout, const rollout::Waiting& waiting) {
  const bool known = waiting.by.valid();
  std::string text(waiting.blocked ? kBlockedText : WaitingText(waiting.cause, known));
  const auto fill = [&text](std::string_view name, auto value) {
    const std::size_t at = text.find(name);
    if (at != std::string::npos) text.replace(at, name.size(), value());
  };
  fill("{task}", [&] { return known ? TaskLabel(waiting.by) : "a task"; });
  fill("{stage}", [&] { return std::to_string(rollout.tasks[waiting.by].stage.value() + 1); });
  fill("{time}", [&] { return TimeText(waiting.until); });
  return text;
}

}  // namespace lockstep::view
