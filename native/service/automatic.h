// Automatic: asks for the tasks of stages that need nobody's word: what Bytebase's auto-rollout
// does (plan-semantics §5.3).
#pragma once

#include "native/service/context.h"

namespace lockstep::service {

/// Tasks that never ran, of stages that are asked for, whose environment is automatic and approved
/// where it must be.
base::Status AskForAutomaticTasks(Context& context, const std::string& rollout);

/// The same for all rollouts: a server may have been killed before it asked. Goes on behind one
/// that fails, and answers the first such error.
base::Status AskForAllAutomaticTasks(Context& context);

/// How many of its stages are asked for, from the first (CreateRollout's target).
std::size_t StagesAskedFor(const ledger::RolloutRecord& record, const rollout::Rollout& rollout);
inline const std::string kStagesOption = "stages";

/// Tells whoever runs rollouts, and answers what became of a command.
base::Status Settle(Context& context, const native::Outcome& outcome, std::string_view rollout);

}  // namespace lockstep::service
