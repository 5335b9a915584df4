// WorkQueue: how the runners of a shared ledger divide the work of one rollout. Whoever has the
// lease offers runs of tasks (Ledger::Append, together with the event that says that they started);
// any runner, that one too, claims some, does them and reports; the lease's holder makes events of
// the reports. What a runner that died had claimed comes back as lost.
//
//   offered -> claimed -> reported -> finished (gone)
//                     \-> lost, when its runner is no longer alive
//
// A claim that its runner lost is not reported any more: what became of that run is then the
// question of the lease's holder, and its target's marker has the answer.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "native/ledger/ledger.h"

namespace lockstep::ledger {

class WorkQueue {
 public:
  /// Registers this process among the rollout's runners. Both must outlive the queue. `digest`:
  /// of what this process knows of the rollout; when that is revised, it claims no more.
  static base::Result<WorkQueue> Join(Ledger& ledger, RolloutId rollout, std::string digest,
                                      base::Instant now);
  WorkQueue(WorkQueue&&) = default;

  // ---- every runner ----
  /// To be called every kHeartbeat or so. kUnavailable when this runner was away for so long that
  /// others take it for dead: it has to stop.
  static constexpr base::Duration kHeartbeat = base::Seconds(3);
  base::Status Heartbeat();
  base::Result<std::vector<WorkItem>> Claim(std::size_t most);
  /// False when the claim was lost; then nothing is stored.
  base::Result<bool> Report(WorkItem item, std::string_view result,
                            std::span<const Output> outputs);
  struct Claimed {
    WorkItem item;
    bool stop = false;  ///< the lease's holder wants it to end
  };
  /// What this runner has claimed and not reported.
  base::Result<std::vector<Claimed>> Claims() const;

  // ---- the lease's holder ----
  struct Reported {
    WorkItem item;
    std::string result;
  };
  base::Result<std::vector<Reported>> Reports() const;
  struct Lost {
    WorkItem item;
    std::string runner;  ///< "host:pid"
  };
  base::Result<std::vector<Lost>> LostItems() const;
  /// All that are not finished, lost ones too: a run that is not among them is in nobody's hands.
  base::Result<std::vector<WorkItem>> Items() const;
  /// True when nobody had claimed it: then it is gone.
  base::Result<bool> Stop(WorkItem item);
  /// How many live runners there are besides this one.
  base::Result<std::size_t> OtherRunners() const;

 private:
  WorkQueue(Ledger& ledger, RolloutId rollout, std::string digest, std::int64_t runner)
      : ledger_(&ledger), rollout_(rollout), digest_(std::move(digest)), runner_(runner) {}
  Database& db() const;

  Ledger* ledger_;
  RolloutId rollout_;
  std::string digest_;
  std::int64_t runner_;
};

}  // namespace lockstep::ledger
