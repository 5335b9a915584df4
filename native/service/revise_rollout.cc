#include "native/service/revise_rollout.h"

#include <algorithm>

#include "core/base/text.h"
#include "native/documents.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;
using rollout::TaskStatus;

bool MayChange(TaskStatus status) {
  return status == TaskStatus::kNotStarted || status == TaskStatus::kFailed ||
         status == TaskStatus::kCanceled;
}

base::Status CheckTasks(const native::StoredRollout& stored, const std::set<std::string>& changed) {
  const rollout::Rollout& rollout = stored.rollout();
  for (const rollout::TaskIndex task : rollout.tasks.indices()) {
    const TaskStatus status = stored.scheduler().state().status(task);
    if (MayChange(status) || !changed.count(rollout.spec_ids[rollout.tasks[task].spec])) continue;
    return Error{ErrorCode::kFailedPrecondition, "cannot update plan because task " +
                                                     base::Quote(rollout.TaskName(task)) + " is " +
                                                     std::string(rollout::ToString(status))};
  }
  return {};
}

/// As of now, when nobody can begin with a task.
base::Status MayRevise(Context& context, const std::string& rollout,
                       const std::set<std::string>& changed) {
  const auto live = context.rollouts.Find(context.ledger, rollout);
  if (!live.ok()) return live.error();
  if (auto tasks = CheckTasks(*(*live)->stored, changed); !tasks.ok()) return tasks;
  // Tasks that were asked for and that nobody has begun with: what they do was decided already.
  const auto commands = context.ledger.PendingCommands((*live)->stored->record().id);
  if (!commands.ok()) return commands.error();
  if (commands->empty()) return {};
  return Error{ErrorCode::kUnavailable,
               "something was asked of " + rollout + " just now; try again"};
}

/// Whether events of the one mean the same in the other.
bool HaveSameTasks(const rollout::Rollout& a, const rollout::Rollout& b) {
  if (a.stages.size() != b.stages.size() || a.tasks.size() != b.tasks.size()) return false;
  for (const rollout::TaskIndex index : a.tasks.indices()) {
    const rollout::Task& one = a.tasks[index];
    const rollout::Task& other = b.tasks[index];
    if (one.stage != other.stage || one.type != other.type ||
        a.spec_ids[one.spec] != b.spec_ids[other.spec] || a.TargetName(one) != b.TargetName(other))
      return false;
  }
  return true;
}

}  // namespace

base::Result<RevisedRollout> ReviseRollout(Context& context, const ledger::RolloutRecord& record,
                                           const std::string& plan,
                                           const std::set<std::string>& changed) {
  RevisedRollout revised;
  if (context.ledger.is_shared()) {
    auto lease = ledger::Lease::Acquire(context.ledger, record.id, context.now);
    if (!lease.ok()) {
      return Error{lease.error().code, "tasks of " + record.name +
                                           " are running; change the plan when they have ended (" +
                                           lease.error().message + ")"};
    }
    revised.lease = std::move(*lease);
  }
  const auto live = context.rollouts.Find(context.ledger, record.name);
  if (!live.ok()) return live.error();
  const native::StoredRollout& stored = *(*live)->stored;

  const inventory::Inventory* known = stored.workspace().inventory();
  std::optional<diagnostics::Source> inventory;
  if (known != nullptr) inventory = stored.workspace().sources()[known->source];
  auto workspace = ReadPlan(context, "plan", plan, std::move(inventory));
  if (!workspace.ok()) return workspace.error();
  if (auto errors = ErrorsOf(**workspace); !errors.ok()) return errors.error();
  const auto options = native::ReadOptions::FromStored(record.options);
  const rollout::Rollout rollout = options.Expand(*(*workspace)->checked(), record.name);
  if (!HaveSameTasks(stored.rollout(), rollout)) {
    return Error{ErrorCode::kFailedPrecondition,
                 record.name +
                     " has its tasks: sheets, versions, dependencies and times of a plan may still "
                     "be changed, targets and types not; make another plan"};
  }
  revised.revision = {
      .rollout = record.id,
      .digest = rollout.digest,
      .documents = native::DocumentsOf(**workspace),
      .check = [&context, name = record.name,
                changed] { return MayRevise(context, name, changed); },
  };
  return revised;
}

}  // namespace lockstep::service
