// Approval: environments whose tasks do not run before somebody has approved the issue of their
// plan (inventory, rolloutPolicy). An approval holds for one digest.
#pragma once

#include <span>

#include "core/check/check.h"
#include "core/rollout/rollout.h"
#include "native/ledger/ledger.h"
#include "native/stored_rollout.h"

namespace lockstep::native {

/// kFailedPrecondition, with the way out, when the rollout reaches such an environment and no issue
/// of the ledger is approved for its digest.
base::Status CheckApproved(ledger::Ledger& ledger, const check::CheckedPlan& checked,
                           const rollout::Rollout& rollout);

/// The same for tasks of a rollout that is there, which are to run again: what was approved may
/// have been revised since. Policies are those of the inventory that the rollout was made with.
base::Status CheckApproved(ledger::Ledger& ledger, const StoredRollout& stored,
                           std::span<const rollout::TaskIndex> tasks);

}  // namespace lockstep::native
