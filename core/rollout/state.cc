#include "core/rollout/state.h"

#include "core/rollout/task_run.h"

namespace lockstep::rollout {
namespace {

using base::Error;
using base::ErrorCode;

Error Corrupt(const Event& event, std::string why) {
  return {ErrorCode::kCorrupt, "event " + std::to_string(event.sequence) + " (" +
                                   std::string(TypeName(event.fact)) +
                                   ") cannot follow: " + std::move(why)};
}

// A fact about a run: which task, which attempt (none: a skip is of no particular one), which
// transition.
struct RunFact {
  TaskIndex task;
  std::optional<std::uint32_t> attempt;
  Transition transition;
};

std::optional<RunFact> AsRunFact(const Fact& fact) {
  if (const auto* f = std::get_if<TaskRunCreated>(&fact))
    return RunFact{f->task, f->attempt, Transition::kCreated};
  if (const auto* f = std::get_if<TaskRunStarted>(&fact))
    return RunFact{f->task, f->attempt, Transition::kStarted};
  if (const auto* f = std::get_if<TaskRunEnded>(&fact))
    return RunFact{f->task, f->attempt, TransitionOf(f->outcome)};
  if (const auto* f = std::get_if<TaskRunResolved>(&fact)) {
    return RunFact{f->task, f->attempt, TransitionOf(f->resolution)};
  }
  if (const auto* f = std::get_if<TaskSkipped>(&fact))
    return RunFact{f->task, std::nullopt, Transition::kSkipped};
  return std::nullopt;
}

}  // namespace

std::string_view ToString(TaskStatus status) {
  switch (status) {
    case TaskStatus::kNotStarted:
      return "NOT_STARTED";
    case TaskStatus::kPending:
      return "PENDING";
    case TaskStatus::kRunning:
      return "RUNNING";
    case TaskStatus::kDone:
      return "DONE";
    case TaskStatus::kFailed:
      return "FAILED";
    case TaskStatus::kCanceled:
      return "CANCELED";
    case TaskStatus::kSkipped:
      return "SKIPPED";
    case TaskStatus::kInDoubt:
      return "IN_DOUBT";
  }
  base::CheckFailed(__FILE__, __LINE__, "status", "not a status");
}

std::string_view ToString(RolloutStatus status) {
  switch (status) {
    case RolloutStatus::kNotStarted:
      return "NOT_STARTED";
    case RolloutStatus::kRunning:
      return "RUNNING";
    case RolloutStatus::kPaused:
      return "PAUSED";
    case RolloutStatus::kDone:
      return "DONE";
    case RolloutStatus::kFailed:
      return "FAILED";
    case RolloutStatus::kInDoubt:
      return "IN_DOUBT";
    case RolloutStatus::kBlocked:
      return "BLOCKED";
  }
  base::CheckFailed(__FILE__, __LINE__, "status", "not a status");
}

State::State(const Rollout& rollout)
    : tasks_(rollout.tasks.size()),
      stages_(rollout.stages.size()),
      on_request_(rollout.policy.on_request) {
  counts_[static_cast<std::size_t>(TaskStatus::kNotStarted)] =
      static_cast<std::uint32_t>(rollout.tasks.size());
}

base::Status State::CanApply(const Event& event) const {
  if (event.sequence != last_sequence_ + 1) {
    return Corrupt(event, "the one before is number " + std::to_string(last_sequence_));
  }
  if (const auto* f = std::get_if<StageStarted>(&event.fact)) {
    if (f->stage.value() >= stages_.size()) return Corrupt(event, "there is no such stage");
    if (stages_[f->stage].started) return Corrupt(event, "the stage was started before");
  }
  if (const auto* f = std::get_if<StageEnded>(&event.fact)) {
    if (f->stage.value() >= stages_.size()) return Corrupt(event, "there is no such stage");
    if (!stages_[f->stage].started) return Corrupt(event, "the stage was not started");
    if (stages_[f->stage].ended) return Corrupt(event, "the stage was ended before");
  }
  if (const auto* f = std::get_if<CancelRequested>(&event.fact)) {
    if (f->task.value() >= tasks_.size()) return Corrupt(event, "there is no such task");
    if (tasks_[f->task].status != TaskStatus::kRunning)
      return Corrupt(event, "the task does not run");
    // A person's request may follow that of a pause.
    if (tasks_[f->task].cancel_requested && (f->pause || tasks_[f->task].CancelWanted()))
      return Corrupt(event, "that was requested before");
  }
  if (const auto* f = std::get_if<TaskRunWaiting>(&event.fact)) {
    if (f->task.value() >= tasks_.size()) return Corrupt(event, "there is no such task");
    const TaskState& task = tasks_[f->task];
    if (task.status != TaskStatus::kRunning || task.attempt != f->attempt)
      return Corrupt(event, "this run of the task is not under way");
  }
  if (std::holds_alternative<RolloutEnded>(event.fact)) {
    if (ended_) return Corrupt(event, "the rollout was ended before");
    if (count(TaskStatus::kPending) + count(TaskStatus::kRunning) + count(TaskStatus::kInDoubt) > 0)
      return Corrupt(event, "not every task run has ended");
  }
  const std::optional<RunFact> run = AsRunFact(event.fact);
  if (!run) return {};
  if (run->task.value() >= tasks_.size()) return Corrupt(event, "there is no such task");
  const TaskState& task = tasks_[run->task];
  if (!Next(task.status, run->transition)) {
    return Corrupt(event, "the task is " + std::string(ToString(task.status)));
  }
  const std::uint32_t expected = task.attempt + (run->transition == Transition::kCreated ? 1 : 0);
  if (run->attempt.value_or(expected) != expected) {
    return Corrupt(event, "the task is at attempt " + std::to_string(task.attempt));
  }
  return {};
}

void State::Apply(const Event& event) {
  const base::Status possible = CanApply(event);
  LOCKSTEP_CHECK(possible.ok(), possible.error().message);
  last_sequence_ = event.sequence;
  std::visit([this](const auto& fact) { ApplyFact(fact); }, event.fact);
}

void State::Set(TaskState& task, TaskStatus status) {
  --counts_[static_cast<std::size_t>(task.status)];
  ++counts_[static_cast<std::size_t>(status)];
  task.status = status;
}

void State::ApplyFact(const RolloutStarted&) {
  started_ = true;
  paused_ = false;
}

void State::ApplyFact(const StageStarted& fact) {
  stages_[fact.stage].started = true;
}

void State::ApplyFact(const TaskRunCreated& fact) {
  TaskState& task = tasks_[fact.task];
  Set(task, TaskStatus::kPending);
  task.attempt = fact.attempt;
  task.cancel_requested = task.interrupted = task.lost_with_runner = task.rerun_due = false;
  ended_ = false;  // a retry after the end opens the rollout again
}

void State::ApplyFact(const TaskRunStarted& fact) {
  Set(tasks_[fact.task], TaskStatus::kRunning);
}

void State::ApplyFact(const TaskRunEnded& fact) {
  TaskState& task = tasks_[fact.task];
  task.lost_with_runner = fact.outcome == Outcome::kLost && fact.error->code == kRunnerLost;
  task.rerun_due = fact.outcome == Outcome::kCanceled && task.interrupted;
  Set(task, *Next(task.status, TransitionOf(fact.outcome)));
}

void State::ApplyFact(const TaskRunResolved& fact) {
  TaskState& task = tasks_[fact.task];
  const bool not_its_fault = task.lost_with_runner || task.interrupted;
  task.rerun_due =
      fact.resolution == Resolution::kNotApplied && not_its_fault && !task.CancelWanted();
  Set(task, *Next(task.status, TransitionOf(fact.resolution)));
}

void State::ApplyFact(const TaskSkipped& fact) {
  tasks_[fact.task].rerun_due = false;
  Set(tasks_[fact.task], TaskStatus::kSkipped);
}

void State::ApplyFact(const CancelRequested& fact) {
  TaskState& task = tasks_[fact.task];
  task.cancel_requested = true;
  task.interrupted = fact.pause;
}

void State::ApplyFact(const StageEnded& fact) {
  stages_[fact.stage].ended = true;
}
void State::ApplyFact(const RolloutPaused&) {
  paused_ = true;
}
void State::ApplyFact(const RolloutEnded&) {
  ended_ = true;
}

RolloutStatus State::rollout_status() const {
  if (count(TaskStatus::kDone) + count(TaskStatus::kSkipped) == tasks_.size())
    return RolloutStatus::kDone;
  if (!started_) return RolloutStatus::kNotStarted;
  if (count(TaskStatus::kRunning) > 0) return RolloutStatus::kRunning;
  if (paused_) return RolloutStatus::kPaused;
  if (count(TaskStatus::kInDoubt) > 0) return RolloutStatus::kInDoubt;
  if (count(TaskStatus::kFailed) + count(TaskStatus::kCanceled) > 0) return RolloutStatus::kFailed;
  if (on_request_ && count(TaskStatus::kPending) == 0) return RolloutStatus::kNotStarted;
  return RolloutStatus::kRunning;
}

}  // namespace lockstep::rollout
