#include "core/rollout/stage_barrier.h"

#include <algorithm>
#include <utility>

namespace lockstep::rollout {

StageBarrier::StageBarrier(const Rollout& rollout, const State& state)
    : rollout_(rollout),
      state_(state),
      over_(rollout.tasks.size(), false),
      holding_(rollout.stages.size()) {
  for (StageIndex stage : rollout.stages.indices())
    holding_[stage] = static_cast<std::uint32_t>(rollout.stages[stage].tasks.size());
}

bool StageBarrier::IsOver(TaskStatus status) const {
  return Satisfies(status) || (rollout_.policy.terminal_end_state &&
                               (status == TaskStatus::kFailed || status == TaskStatus::kCanceled));
}

void StageBarrier::Observe(const Fact& fact) {
  if (const TaskIndex task = TaskOf(fact); task.valid()) {
    const bool over = IsOver(state_.status(task));
    if (over == over_[task]) return;
    over_[task] = over;
    const StageIndex stage = rollout_.tasks[task].stage;
    over ? --holding_[stage] : ++holding_[stage];
    OfferEnd(stage);
  } else if (const auto* started = std::get_if<StageStarted>(&fact)) {
    OfferEnd(started->stage);
  } else if (std::holds_alternative<StageEnded>(fact)) {
    while (!all_ended() && state_.stage_ended(next_end_)) ++next_end_;
  }
}

void StageBarrier::OfferEnd(StageIndex stage) {
  if (holding_[stage] == 0 && state_.stage_started(stage) && !state_.stage_ended(stage))
    maybe_ended_.push_back(stage);
}

std::vector<StageIndex> StageBarrier::TakeEnded() {
  std::vector<StageIndex> ended = std::exchange(maybe_ended_, {});
  std::sort(ended.begin(), ended.end());
  ended.erase(std::unique(ended.begin(), ended.end()), ended.end());
  std::erase_if(
      ended, [this](StageIndex stage) { return holding_[stage] > 0 || state_.stage_ended(stage); });
  return ended;
}

TaskIndex StageBarrier::Holder() const {
  if (holder_sequence_ == state_.last_sequence()) return holder_;
  holder_sequence_ = state_.last_sequence();
  holder_ = TaskIndex();
  if (all_ended()) return holder_;
  for (TaskIndex task : rollout_.stages[next_end_].tasks) {
    if (!over_[task]) return holder_ = task;
  }
  return holder_;
}

Waiting StageBarrier::WaitingFor(StageIndex stage) const {
  Waiting waiting;
  waiting.cause = WaitingCause::kStage;
  if (next_end_ < stage) waiting.by = Holder();
  if (waiting.by.valid()) {
    const TaskStatus by = state_.status(waiting.by);
    waiting.blocked = by == TaskStatus::kFailed || by == TaskStatus::kCanceled;
  }
  return waiting;
}

}  // namespace lockstep::rollout
