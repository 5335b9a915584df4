// Workplace: what this process needs to do the tasks of one rollout, whoever decides about them.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "native/interruption.h"
#include "native/shared_work.h"
#include "native/stored_rollout.h"

namespace lockstep::native {

/// Clients that were connected before there was a rollout, by the places that it has, and the loop
/// that they wait in.
struct Connections {
  std::unique_ptr<process::Loop> loop = std::make_unique<process::Loop>();
  std::vector<std::pair<std::size_t, KeptClient>> clients = {};
};

/// Where relative addresses of the rollout's inventory start.
std::string FolderOf(const StoredRollout& stored, const Execution& execution);

class Workplace {
 public:
  /// All must outlive it. `assumptions`: of AssumptionsOf.
  Workplace(ledger::Ledger& ledger, const StoredRollout& stored, const Execution& execution,
            Assumptions assumptions, RunListener& listener, Connections connections = {});
  /// Joins the runners of a shared ledger, and sees whether this process can do the tasks that are
  /// left; what keeps it from them, if anything does. From then on signals come here: until then
  /// they end the process, which has begun nothing.
  std::optional<Outcome> Open();

  const std::unique_ptr<process::Loop> owned_loop;
  process::Loop& loop;
  TaskTable tasks;
  std::optional<Interruption> interruption;  ///< outlives `processes`, which may wait for their end
  TaskProcesses processes;
  std::optional<SharedWork> shared;

 private:
  base::Status Join();

  std::vector<std::pair<std::size_t, KeptClient>> connected_;
  ledger::Ledger& ledger_;
  const StoredRollout& stored_;
  const Execution& execution_;
  RunListener& listener_;
};

/// Whether some database of the rollout has an address that means another one on another machine.
bool HasLocalAddresses(const api::Workspace& workspace, const rollout::Rollout& rollout);

/// The tasks that --assume speaks about.
base::Result<Assumptions> AssumptionsOf(const rollout::Rollout& rollout,
                                        const Execution& execution);

}  // namespace lockstep::native
