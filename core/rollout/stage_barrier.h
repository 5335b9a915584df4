// StageBarrier: which stages no task holds any more, and who holds up the others. Derived from the
// rollout and the facts so far, as admission is.
#pragma once

#include <vector>

#include "core/rollout/event.h"
#include "core/rollout/state.h"
#include "core/rollout/waiting.h"

namespace lockstep::rollout {

class StageBarrier {
 public:
  /// `state` is read, never written, and must be up to date before each Observe.
  StageBarrier(const Rollout& rollout, const State& state);

  void Observe(const Fact& fact);

  /// Whether the stage may not open yet, since one before it has not ended.
  bool Holds(StageIndex stage) const {
    return rollout_.policy.stage_gate == Policy::StageGate::kPreviousEnded && next_end_ < stage;
  }
  bool all_ended() const { return next_end_.value() == rollout_.stages.size(); }
  /// Open stages that no task holds, in order, to be ended now. Each is given once, and again when
  /// a task that held it anew lets it go.
  std::vector<StageIndex> TakeEnded();

  /// What a task of this stage waits for while it is not open: the first task that keeps the first
  /// unended stage from ending. Nobody when that is the stage itself.
  Waiting WaitingFor(StageIndex stage) const;

 private:
  bool IsOver(TaskStatus status) const;
  void OfferEnd(StageIndex stage);
  TaskIndex Holder() const;

  const Rollout& rollout_;
  const State& state_;
  base::IndexVector<TaskIndex, bool> over_;               // no longer hold their stage
  base::IndexVector<StageIndex, std::uint32_t> holding_;  // how many tasks of it do
  StageIndex next_end_{0};                                // the first that has not ended
  std::vector<StageIndex> maybe_ended_;                   // candidates of TakeEnded

  // Holder of an earlier question, good as long as no fact came since.
  mutable std::uint64_t holder_sequence_ = UINT64_MAX;  // of none yet
  mutable TaskIndex holder_;
};

}  // namespace lockstep::rollout
