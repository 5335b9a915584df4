#include "core/rollout/scheduler.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/rollout/admission.h"
#include "core/rollout/stage_barrier.h"
#include "core/rollout/task_run.h"

namespace lockstep::rollout {

struct Scheduler::Impl {
  explicit Impl(const Rollout& r);

  // Facts: the only way to change anything.
  void Record(const Event& event);
  void Emit(Fact fact);

  // Inputs.
  void Handle(const Begin& input);
  void Handle(const Tick&) {}
  void Handle(const RunWaiting& input) {
    if (!Is(input.task, input.attempt, TaskStatus::kRunning)) return;
    Emit(TaskRunWaiting{input.task, input.attempt, input.detail});
  }
  void Handle(const RunEnded& input);
  void Handle(const RunResolved& input);
  void Handle(const RunUnresolved& input);
  void Handle(const RunTasks& input);
  void Handle(const Retry& input);
  void Handle(const Skip& input);
  void Handle(const Cancel& input);
  void Handle(const Pause& input);

  // Settling.
  bool TooManyFailed() const {
    const auto& most = rollout.policy.max_failures;
    return most && state.count(TaskStatus::kFailed) > *most;
  }
  void PauseAfterFailures();
  void Settle();
  void OpenStages();
  bool CloseStages();
  void CreateRun(TaskIndex task);
  void RequestRun(TaskIndex task);
  void CreateRunsOf(StageIndex stage);
  void CreateDueReruns();
  void StopRunning(TaskIndex task, const std::string& reason, bool pause);
  void AskAbout(TaskIndex task);
  void Answered(TaskIndex task, std::uint32_t attempt);
  bool AtRest() const;
  Waiting WaitingForRun(TaskIndex task) const;

  bool Known(TaskIndex task) const { return task.value() < rollout.tasks.size(); }
  bool Is(TaskIndex task, std::uint32_t attempt, TaskStatus status) const {
    return Known(task) && state.status(task) == status && state.attempt(task) == attempt;
  }

  const Rollout& rollout;
  State state;
  StageBarrier barrier;
  Admission admission;

  // Of this process, not of the rollout: lost with it, and made again by Begin.
  bool begun = false;
  StageIndex next_stage{0};                  // the first that was not opened or found open
  std::vector<TaskIndex> maybe_rerun;        // candidates of State::rerun_due
  base::IndexVector<TaskIndex, bool> asked;  // a ResolveRun is under way
  std::uint32_t asked_count = 0;

  // Of the Step at hand.
  base::Instant now{0};
  Ready* ready = nullptr;
};

Scheduler::Impl::Impl(const Rollout& r)
    : rollout(r),
      state(r),
      barrier(r, state),
      admission(r, state, barrier),
      asked(r.tasks.size(), false) {}

// ---- facts ----

void Scheduler::Impl::Record(const Event& event) {
  state.Apply(event);
  barrier.Observe(event.fact);
  admission.Observe(event.fact);
}

void Scheduler::Impl::Emit(Fact fact) {
  ready->events.push_back({state.last_sequence() + 1, now, std::move(fact)});
  Record(ready->events.back());
}

// ---- inputs ----

void Scheduler::Impl::Handle(const Begin& input) {
  begun = true;
  Emit(RolloutStarted{input.runner, std::optional(rollout.policy)});
  base::IndexVector<TaskIndex, bool> at_work(rollout.tasks.size(), false);
  for (const auto& [task, attempt] : input.at_work) {
    if (!Is(task, attempt, TaskStatus::kRunning) || at_work[task]) continue;
    at_work[task] = true;
    // Whoever wanted it to stop may have died before saying so.
    if (state.cancel_requested(task)) ready->actions.push_back(StopRun{task, attempt});
  }
  for (TaskIndex task : rollout.tasks.indices()) {
    if (state.status(task) == TaskStatus::kRunning && !at_work[task]) {
      TaskError error;
      error.message = "the runner was lost while this task ran";
      error.code = kRunnerLost;
      Emit(TaskRunEnded{task, state.attempt(task), Outcome::kLost, std::move(error), ""});
    }
    if (state.status(task) == TaskStatus::kInDoubt) AskAbout(task);
    if (state.rerun_due(task)) maybe_rerun.push_back(task);
  }
}

void Scheduler::Impl::AskAbout(TaskIndex task) {
  if (asked[task]) return;
  asked[task] = true;
  ++asked_count;
  ready->actions.push_back(ResolveRun{task, state.attempt(task)});
}

// Also of a task that was skipped meanwhile: the question is under way until it is answered.
void Scheduler::Impl::Answered(TaskIndex task, std::uint32_t attempt) {
  if (!Known(task) || state.attempt(task) != attempt || !asked[task]) return;
  asked[task] = false;
  --asked_count;
}

void Scheduler::Impl::Handle(const RunEnded& input) {
  if (!Is(input.task, input.attempt, TaskStatus::kRunning)) return;
  Emit(TaskRunEnded{input.task, input.attempt, input.outcome, input.error, input.detail});
  if (input.outcome == Outcome::kLost) AskAbout(input.task);
  if (state.rerun_due(input.task)) maybe_rerun.push_back(input.task);
}

void Scheduler::Impl::Handle(const RunResolved& input) {
  Answered(input.task, input.attempt);
  if (!Is(input.task, input.attempt, TaskStatus::kInDoubt)) return;
  Emit(TaskRunResolved{input.task, input.attempt, input.resolution, input.detail});
  if (state.rerun_due(input.task)) maybe_rerun.push_back(input.task);
}

void Scheduler::Impl::Handle(const RunUnresolved& input) {
  Answered(input.task, input.attempt);
}

// The next run of a task that can have one.
void Scheduler::Impl::RequestRun(TaskIndex task) {
  if (Next(state.status(task), Transition::kCreated)) CreateRun(task);
}

void Scheduler::Impl::Handle(const RunTasks& input) {
  for (TaskIndex task : input.tasks) {
    if (Known(task)) RequestRun(task);
  }
}

void Scheduler::Impl::Handle(const Retry& input) {
  for (TaskIndex task : input.tasks) {
    if (Known(task) && state.status(task) != TaskStatus::kNotStarted) RequestRun(task);
  }
}

void Scheduler::Impl::Handle(const Skip& input) {
  for (TaskIndex task : input.tasks) {
    if (!Known(task)) continue;
    const TaskStatus status = state.status(task);
    if (status == TaskStatus::kPending) {
      Emit(TaskRunEnded{
          task, state.attempt(task), Outcome::kCanceled, {}, std::string(kSkippedDetail)});
    } else if (status == TaskStatus::kInDoubt) {
      // The way out when the target can't be asked: who skips it has looked.
      Emit(TaskRunResolved{task, state.attempt(task), Resolution::kFailed,
                           std::string(kSkippedDetail)});
    }
    const TaskStatus left = state.status(task);
    if (left == TaskStatus::kNotStarted || left == TaskStatus::kFailed ||
        left == TaskStatus::kCanceled) {
      Emit(TaskSkipped{task, input.reason});
    }
  }
}

void Scheduler::Impl::Handle(const Cancel& input) {
  for (TaskIndex task : input.tasks) {
    if (!Known(task)) continue;
    if (state.status(task) == TaskStatus::kPending) {
      Emit(TaskRunEnded{task, state.attempt(task), Outcome::kCanceled, {}, input.reason});
    } else {
      StopRunning(task, input.reason, false);
    }
  }
}

void Scheduler::Impl::Handle(const Pause& input) {
  if (!state.paused()) Emit(RolloutPaused{input.reason});
  if (!input.cancel_running || state.count(TaskStatus::kRunning) == 0) return;
  for (TaskIndex task : rollout.tasks.indices()) StopRunning(task, input.reason, true);
}

void Scheduler::Impl::StopRunning(TaskIndex task, const std::string& reason, bool pause) {
  if (state.status(task) != TaskStatus::kRunning) return;
  const bool stopping = state.cancel_requested(task);
  // What the pause stops and a person cancels as well is not run again by itself.
  if (stopping && (pause || state.cancel_wanted(task))) return;
  Emit(CancelRequested{task, reason, pause});
  if (!stopping) ready->actions.push_back(StopRun{task, state.attempt(task)});
}

// ---- settling ----

void Scheduler::Impl::CreateRun(TaskIndex task) {
  Emit(TaskRunCreated{task, state.attempt(task) + 1});
}

void Scheduler::Impl::CreateDueReruns() {
  std::sort(maybe_rerun.begin(), maybe_rerun.end());
  for (TaskIndex task : maybe_rerun) {
    if (state.rerun_due(task)) CreateRun(task);
  }
  maybe_rerun.clear();
}

void Scheduler::Impl::CreateRunsOf(StageIndex stage) {
  const auto& tasks = rollout.stages[stage].tasks;
  if (const std::size_t size = ready->events.size() + tasks.size();
      size > 2 * ready->events.capacity())
    ready->events.reserve(size);  // and not for each of many small stages
  for (TaskIndex task : tasks) {
    if (state.status(task) == TaskStatus::kNotStarted) CreateRun(task);
  }
}

void Scheduler::Impl::OpenStages() {
  for (; next_stage.value() < rollout.stages.size(); ++next_stage) {
    if (!state.stage_started(next_stage)) {
      if (barrier.Holds(next_stage)) return;
      Emit(StageStarted{next_stage});
    }
    if (!rollout.policy.on_request) CreateRunsOf(next_stage);
  }
}

bool Scheduler::Impl::CloseStages() {
  const std::vector<StageIndex> ended = barrier.TakeEnded();
  for (StageIndex stage : ended) Emit(StageEnded{stage});
  return !ended.empty();
}

/// More have failed than may. What runs goes on; a retry or a skip of the failed lets the rest
/// start.
void Scheduler::Impl::PauseAfterFailures() {
  if (!TooManyFailed()) return;
  const bool any_left =
      state.count(TaskStatus::kPending) + state.count(TaskStatus::kNotStarted) > 0;
  if (any_left) {
    Emit(RolloutPaused{base::Plural(state.count(TaskStatus::kFailed), "failed task") +
                       ", and at most " + std::to_string(*rollout.policy.max_failures) +
                       " may fail"});
  }
}

void Scheduler::Impl::Settle() {
  if (!begun || state.paused()) return;
  CreateDueReruns();
  PauseAfterFailures();
  if (state.paused()) return;
  do {
    OpenStages();
    while (const std::optional<TaskIndex> task = admission.Admit(now)) {
      const std::uint32_t attempt = state.attempt(*task);
      Emit(TaskRunStarted{*task, attempt});
      ready->actions.push_back(StartRun{*task, attempt});
    }
  } while (CloseStages());
  const std::uint32_t open = state.count(TaskStatus::kPending) + state.count(TaskStatus::kRunning) +
                             state.count(TaskStatus::kInDoubt);
  if (barrier.all_ended() && open == 0 && !state.ended()) Emit(RolloutEnded{});
}

bool Scheduler::Impl::AtRest() const {
  if (state.count(TaskStatus::kRunning) > 0 || asked_count > 0) return false;
  return !begun || state.paused() || state.ended() || !admission.waits_for_time();
}

// ---- the public face ----

Scheduler::Scheduler(const Rollout& rollout) : impl_(std::make_unique<Impl>(rollout)) {}
Scheduler::Scheduler(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Scheduler::~Scheduler() = default;
Scheduler::Scheduler(Scheduler&&) noexcept = default;

base::Result<Scheduler> Scheduler::Resume(const Rollout& rollout, std::span<const Event> events) {
  auto impl = std::make_unique<Impl>(rollout);
  for (const Event& event : events) {
    const base::Status possible = impl->state.CanApply(event);
    if (!possible.ok()) return possible.error();
    impl->Record(event);
    impl->now = event.at;
  }
  return Scheduler(std::move(impl));
}

Ready Scheduler::Step(base::Instant now, const Input& input) {
  Ready ready;
  Step(now, input, ready);
  return ready;
}

void Scheduler::Step(base::Instant now, const Input& input, Ready& turn) {
  // A clock that is set back closes no gate again.
  impl_->now = impl_->begun ? std::max(impl_->now, now) : now;
  impl_->ready = &turn;
  std::visit([this](const auto& known) { impl_->Handle(known); }, input);
  impl_->Settle();
  const bool goes_on = impl_->begun && !impl_->state.paused();
  turn.next_wakeup = goes_on ? impl_->admission.next_time() : base::kNever;
  turn.ended = impl_->AtRest();
}

bool Scheduler::TooManyFailed() const {
  return impl_->TooManyFailed();
}

const Rollout& Scheduler::rollout() const {
  return impl_->rollout;
}
const State& Scheduler::state() const {
  return impl_->state;
}

// Why a task has no run yet.
Waiting Scheduler::Impl::WaitingForRun(TaskIndex task) const {
  const StageIndex stage = rollout.tasks[task].stage;
  if (!rollout.policy.on_request || barrier.Holds(stage)) return barrier.WaitingFor(stage);
  Waiting waiting;
  waiting.cause = WaitingCause::kNotRequested;
  return waiting;
}

Waiting Scheduler::WaitingFor(TaskIndex task) const {
  const State& state = impl_->state;
  const TaskStatus status = state.status(task);
  Waiting waiting;
  if (status != TaskStatus::kNotStarted && status != TaskStatus::kPending) return waiting;
  if (state.paused()) {
    waiting.cause = WaitingCause::kPaused;
  } else if (status == TaskStatus::kPending) {
    waiting = impl_->admission.FirstGate(task, impl_->now);
  } else {
    waiting = impl_->WaitingForRun(task);
  }
  return waiting;
}

void Scheduler::set_wait_listener(WaitListener listener, void* context) {
  impl_->admission.set_listener(listener, context);
}

}  // namespace lockstep::rollout
