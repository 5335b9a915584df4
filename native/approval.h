// Approval: environments whose tasks do not run before somebody has approved the issue of their
// plan (inventory, rolloutPolicy). An approval holds for one digest.
#pragma once

#include "core/check/check.h"
#include "core/rollout/rollout.h"
#include "native/ledger/ledger.h"

namespace lockstep::native {

/// kFailedPrecondition, with the way out, when the rollout reaches such an environment and no issue
/// of the ledger is approved for its digest.
base::Status CheckApproved(ledger::Ledger& ledger, const check::CheckedPlan& checked,
                           const rollout::Rollout& rollout);

}  // namespace lockstep::native
