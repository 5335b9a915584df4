// LiveRollouts: rollouts of the ledger as they are now, kept from request to request: what happened
// since is added, and only what was not seen before is read.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/service/task_runs.h"
#include "native/stored_rollout.h"

namespace lockstep::service {

/// As of one moment; never changes.
struct LiveRollout {
  std::shared_ptr<const native::StoredRollout> stored;
  std::vector<TaskRun> runs;
  std::vector<std::string> skip_reasons;  ///< by task
};

class LiveRollouts {
 public:
  /// kNotFound when there is no such rollout.
  base::Result<std::shared_ptr<const LiveRollout>> Find(const ledger::Ledger& ledger,
                                                        std::string_view name);

 private:
  std::mutex mutex_;
  std::map<ledger::RolloutId, std::shared_ptr<const LiveRollout>> known_;
};

}  // namespace lockstep::service
