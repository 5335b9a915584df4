// StoredRollout: a rollout made again from what the ledger keeps of it: exactly the documents of
// its first run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/api/workspace.h"
#include "core/rollout/scheduler.h"
#include "native/ledger/ledger.h"

namespace lockstep::native {

class StoredRollout {
 public:
  /// kFailedPrecondition when the documents do not give the same digest any more (another version
  /// of Lockstep made it); kCorrupt when its events contradict each other. When it is revised while
  /// it is read: as it then is.
  static base::Result<std::unique_ptr<StoredRollout>> Load(const ledger::Ledger& ledger,
                                                           const ledger::RolloutRecord& record);
  /// The same as it is now, for less, where `before` is how it was. Null when nothing has changed.
  static base::Result<std::unique_ptr<StoredRollout>> Refresh(const StoredRollout& before,
                                                              const ledger::Ledger& ledger,
                                                              const ledger::RolloutRecord& record);

  const ledger::RolloutRecord& record() const { return record_; }
  const api::Workspace& workspace() const { return *workspace_; }
  const rollout::Rollout& rollout() const { return *rollout_; }
  const std::vector<rollout::Event>& events() const { return events_; }
  /// The fold of the events, for its state and its waiting causes. To go on from there, make
  /// another one.
  const rollout::Scheduler& scheduler() const { return *scheduler_; }

 private:
  StoredRollout() = default;
  base::Result<std::size_t> ReadEvents(const ledger::Ledger& ledger);
  base::Status Fold();

  ledger::RolloutRecord record_;
  std::shared_ptr<const api::Workspace> workspace_;
  std::shared_ptr<const rollout::Rollout> rollout_;
  std::vector<rollout::Event> events_;
  std::optional<rollout::Scheduler> scheduler_;
};

/// Whether it has another digest by now.
bool WasRevised(const ledger::Ledger& ledger, const ledger::RolloutRecord& record);

}  // namespace lockstep::native
