// Workplace: what this process needs to do the tasks of one rollout, whoever decides about them.
#pragma once

#include <optional>

#include "native/interruption.h"
#include "native/shared_work.h"
#include "native/stored_rollout.h"

namespace lockstep::native {

struct Workplace {
  /// All must outlive it. `assumptions`: of AssumptionsOf.
  Workplace(const StoredRollout& stored, const Execution& execution, bool is_shared,
            Assumptions assumptions, RunListener& listener);
  /// What keeps this process from doing the tasks that `state` says are left.
  std::optional<Outcome> Check(const StoredRollout& stored);
  /// From now on among the runners of a shared ledger.
  base::Status Join(ledger::Ledger& ledger, const StoredRollout& stored, const Execution& execution,
                    RunListener& listener);

  process::Loop loop;
  TaskTable tasks;
  TaskProcesses processes;
  Interruption interruption;
  std::optional<SharedWork> shared;
};

/// Whether some database of the rollout has an address that means another one on another machine.
bool HasLocalAddresses(const api::Workspace& workspace, const rollout::Rollout& rollout);

/// The tasks that --assume speaks about.
base::Result<Assumptions> AssumptionsOf(const rollout::Rollout& rollout,
                                        const Execution& execution);

}  // namespace lockstep::native
