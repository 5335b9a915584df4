// Help: a runner that joins a rollout which another one decides about. It does what it can claim,
// until the rollout has ended; when the other one leaves or dies, it takes over.
#pragma once

#include "native/ledger/ledger.h"
#include "native/runner.h"

namespace lockstep::native {

/// REQUIRES a shared ledger.
Outcome Help(ledger::Ledger& ledger, const ledger::RolloutRecord& record,
             const Execution& execution, RunListener& listener);

}  // namespace lockstep::native
