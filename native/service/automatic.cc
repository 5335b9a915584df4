#include "native/service/automatic.h"

#include <algorithm>
#include <charconv>

#include "native/service/approval.h"

namespace lockstep::service {

std::size_t StagesAskedFor(const ledger::RolloutRecord& record, const rollout::Rollout& rollout) {
  const auto option = record.options.find(kStagesOption);
  if (option == record.options.end()) return rollout.stages.size();
  std::size_t stages = 0;
  const std::string& text = option->second;
  std::from_chars(text.data(), text.data() + text.size(), stages);
  return std::min(stages, rollout.stages.size());
}

base::Status Settle(Context& context, const native::Outcome& outcome, std::string_view rollout) {
  if (outcome.exit_code == native::kExitDone || outcome.forwarded) {
    context.wake(rollout);
    return {};
  }
  const auto code = outcome.exit_code == native::kExitUsage ? base::ErrorCode::kNotFound
                    : outcome.exit_code == native::kExitUnavailable
                        ? base::ErrorCode::kUnavailable
                        : base::ErrorCode::kFailedPrecondition;
  return base::Error{code, outcome.message};
}

base::Status AskForAutomaticTasks(Context& context, const std::string& name) {
  const auto live = context.rollouts.Find(context.ledger, name);
  if (!live.ok()) return live.error();
  const native::StoredRollout& stored = *(*live)->stored;
  const std::string plan = ledger::OptionOf(stored.record().options, ledger::kPlanOption);
  if (plan.empty()) return {};  // made by `lockstep run`
  const auto approval = Approval::Of(context, plan, *stored.workspace().checked());
  if (!approval.ok()) return approval.error();
  const rollout::Rollout& rollout = stored.rollout();
  const std::size_t stages = StagesAskedFor(stored.record(), rollout);
  native::TaskSelection selection{.rollout = name, .tasks = {}, .digest = stored.record().digest};
  for (const rollout::StageIndex index : rollout.stages.indices()) {
    const rollout::Stage& stage = rollout.stages[index];
    if (index.value() >= stages || !approval->IsAutomatic(stage) || !approval->Check(stage).ok())
      continue;
    for (const rollout::TaskIndex task : stage.tasks) {
      if (stored.scheduler().state().status(task) == rollout::TaskStatus::kNotStarted)
        selection.tasks.push_back(rollout.TaskName(task));
    }
  }
  if (selection.tasks.empty()) return {};
  native::RunListener silent;
  return Settle(context, native::RunTasks(selection, context.settings.execution, silent), name);
}

base::Status AskForAllAutomaticTasks(Context& context) {
  const auto records = context.ledger.List();
  if (!records.ok()) return records.error();
  base::Status status;
  for (const ledger::RolloutRecord& record : *records) {
    if (record.status == "DONE" || !record.options.count(ledger::kPlanOption)) continue;
    const base::Status asked = AskForAutomaticTasks(context, record.name);
    if (status.ok() && !asked.ok()) status = asked;
  }
  return status;
}

}  // namespace lockstep::service
