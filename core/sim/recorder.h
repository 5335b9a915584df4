// Recorder: looks on while a rollout is simulated and writes its Timeline: when each task ran, what
// it waited for, and which chain of tasks ended last.
#pragma once

#include <vector>

#include "core/sim/simulator.h"
#include "core/sim/virtual_host.h"

namespace lockstep::sim {

class Recorder : public VirtualHost::Observer {
 public:
  Recorder(const rollout::Rollout& rollout, base::Instant start, const SimulateOptions& options);

  void OnTime(base::Instant now) override { now_ = now; }
  void OnRunEnded(rollout::TaskIndex task) override;
  void OnEvents(std::span<const rollout::Event> events) override;
  /// A rollout::Scheduler::WaitListener; `self` is the recorder.
  static void OnGate(void* self, rollout::TaskIndex task, const rollout::Waiting& waiting);

  /// Whether it needs to be told of gates.
  bool looks_at_gates() const { return options_.keep_waits || options_.find_critical_path; }

  Timeline Finish(const rollout::Scheduler& scheduler);

 private:
  void GateChanged(rollout::TaskIndex task, const rollout::Waiting& waiting);
  void AddWait(rollout::TaskIndex task, Wait wait);
  rollout::TaskIndex LastHolder(rollout::TaskIndex task, const Wait& wait) const;
  void SortWaits();
  void FindCriticalPath();

  const rollout::Rollout& rollout_;
  const SimulateOptions options_;
  Timeline timeline_;
  base::Instant now_;
  base::IndexVector<rollout::TaskIndex, Wait> open_;               // cause kNone: it does not wait
  base::IndexVector<rollout::TaskIndex, bool> seen_;               // it has had a run
  base::IndexVector<rollout::TaskIndex, base::Instant> ended_at_;  // its last run
  // Whose run ended last, among those that held the same thing.
  base::IndexVector<rollout::GroupIndex, rollout::TaskIndex> last_of_group_;
  base::IndexVector<rollout::DatabaseIndex, rollout::TaskIndex> last_of_database_;
  base::IndexVector<rollout::InstanceIndex, rollout::TaskIndex> last_of_instance_;
  rollout::TaskIndex last_;
};

}  // namespace lockstep::sim
