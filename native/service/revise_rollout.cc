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

base::Result<std::unique_ptr<ledger::Lease>> ReviseRollout(Context& context,
                                                           const ledger::RolloutRecord& record,
                                                           const ledger::Object& object,
                                                           const std::string& plan,
                                                           const std::set<std::string>& changed) {
  auto lease = ledger::Lease::Acquire(context.ledger, record.id, context.now);
  if (!lease.ok()) {
    return Error{lease.error().code, "tasks of " + record.name +
                                         " are running; change the plan when they have ended (" +
                                         lease.error().message + ")"};
  }
  const auto now = context.objects.Get(object.kind, object.number);
  if (!now.ok()) return now.error();
  if (!*now || (*now)->revision != object.revision) {
    return Error{ErrorCode::kUnavailable,
                 "somebody else changed the plan at the same moment; try again"};
  }
  // Tasks that were asked for and that nobody has begun with: what they do was decided already.
  const auto commands = context.ledger.PendingCommands(record.id);
  if (!commands.ok()) return commands.error();
  if (!commands->empty()) {
    return Error{ErrorCode::kUnavailable, "tasks of " + record.name +
                                              " were just asked for; change the plan when they "
                                              "have ended"};
  }
  const auto live = context.rollouts.Find(context.ledger, record.name);
  if (!live.ok()) return live.error();
  const native::StoredRollout& stored = *(*live)->stored;
  if (auto tasks = CheckTasks(stored, changed); !tasks.ok()) return tasks.error();

  const inventory::Inventory* known = stored.workspace().inventory();
  std::optional<diagnostics::Source> inventory;
  if (known != nullptr) inventory = stored.workspace().sources()[known->source];
  auto workspace = ReadPlan(context, "plan", plan, std::move(inventory));
  if (!workspace.ok()) return workspace.error();
  if (auto errors = ErrorsOf(**workspace); !errors.ok()) return errors.error();
  const auto options = native::ReadOptions::FromStored(record.options);
  const rollout::Rollout revised = options.Expand(*(*workspace)->checked(), record.name);
  if (!HaveSameTasks(stored.rollout(), revised)) {
    return Error{ErrorCode::kFailedPrecondition,
                 record.name +
                     " has its tasks: sheets, versions, dependencies and times of a plan may still "
                     "be changed, targets and types not; make another plan"};
  }
  const auto stored_anew =
      context.ledger.Revise(record.id, revised.digest, native::DocumentsOf(**workspace));
  if (!stored_anew.ok()) return stored_anew.error();
  return std::move(*lease);
}

}  // namespace lockstep::service
