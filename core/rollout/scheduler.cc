#include "core/rollout/scheduler.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/rollout/admission.h"

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
  bool OpenStages();
  bool CloseStages();
  void CreateRun(TaskIndex task);
  void CreateDueReruns();
  void StopRunning(TaskIndex task, const std::string& reason, bool pause);
  void AskAbout(TaskIndex task);
  void Answered(TaskIndex task, std::uint32_t attempt);
  bool Ended(TaskStatus status) const;
  bool AtRest() const;
  TaskIndex StageHolder() const;

  bool Known(TaskIndex task) const { return task.value() < rollout.tasks.size(); }
  bool Is(TaskIndex task, std::uint32_t attempt, TaskStatus status) const {
    return Known(task) && state.status(task) == status && state.attempt(task) == attempt;
  }

  const Rollout& rollout;
  State state;
  Admission admission;
  base::IndexVector<StageIndex, std::uint32_t> unended;  // tasks of a stage that hold it
  StageIndex next_stage{0};                              // the first that has not started
  StageIndex next_end{0};                                // the first that has not ended
  std::vector<StageIndex> maybe_ended;                   // open ones that no task holds

  // Of this process, not of the rollout: lost with it, and made again by Begin.
  bool begun = false;
  std::vector<TaskIndex> maybe_rerun;        // candidates of State::rerun_due
  base::IndexVector<TaskIndex, bool> asked;  // a ResolveRun is under way
  std::uint32_t asked_count = 0;

  // StageHolder of an earlier question, good as long as no fact came since.
  mutable std::uint64_t holder_sequence = UINT64_MAX;  // of none yet
  mutable TaskIndex holder;

  // Of the Step at hand.
  base::Instant now{0};
  Ready* ready = nullptr;
};

Scheduler::Impl::Impl(const Rollout& r)
    : rollout(r),
      state(r),
      admission(r, state),
      unended(r.stages.size()),
      asked(r.tasks.size(), false) {
  for (StageIndex stage : rollout.stages.indices()) {
    unended[stage] = static_cast<std::uint32_t>(rollout.stages[stage].tasks.size());
  }
}

// ---- facts ----

// Whether a task in this status no longer holds its stage.
bool Scheduler::Impl::Ended(TaskStatus status) const {
  return Satisfies(status) || (rollout.policy.terminal_end_state &&
                               (status == TaskStatus::kFailed || status == TaskStatus::kCanceled));
}

void Scheduler::Impl::Record(const Event& event) {
  const TaskIndex task = TaskOf(event.fact);
  const bool ended_before = task.valid() && Ended(state.status(task));
  state.Apply(event);
  if (task.valid()) {
    const bool ended_now = Ended(state.status(task));
    const StageIndex stage = rollout.tasks[task].stage;
    if (ended_now && !ended_before && --unended[stage] == 0 && stage < next_stage)
      maybe_ended.push_back(stage);
    if (!ended_now && ended_before) ++unended[stage];
  }
  while (next_end.value() < rollout.stages.size() && state.stage_ended(next_end)) ++next_end;
  admission.Observe(event.fact);
}

void Scheduler::Impl::Emit(Fact fact) {
  ready->events.push_back({state.last_sequence() + 1, now, std::move(fact)});
  Record(ready->events.back());
}

// ---- inputs ----

void Scheduler::Impl::Handle(const Begin& input) {
  begun = true;
  Emit(RolloutStarted{input.runner});
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

void Scheduler::Impl::Handle(const Retry& input) {
  for (TaskIndex task : input.tasks) {
    if (!Known(task)) continue;
    const TaskStatus status = state.status(task);
    if (status == TaskStatus::kFailed || status == TaskStatus::kCanceled) CreateRun(task);
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

bool Scheduler::Impl::OpenStages() {
  bool opened = false;
  while (next_stage.value() < rollout.stages.size()) {
    const bool open = state.stage_started(next_stage);
    if (!open && rollout.policy.stage_gate == Policy::StageGate::kPreviousEnded &&
        next_end < next_stage)
      break;
    if (!open) {
      opened = true;
      Emit(StageStarted{next_stage});
    }
    const auto& tasks = rollout.stages[next_stage].tasks;
    if (const std::size_t size = ready->events.size() + tasks.size();
        size > 2 * ready->events.capacity())
      ready->events.reserve(size);  // and not for each of many small stages
    for (TaskIndex task : tasks) {
      if (state.status(task) == TaskStatus::kNotStarted) CreateRun(task);
    }
    if (unended[next_stage] == 0) maybe_ended.push_back(next_stage);
    ++next_stage;
  }
  return opened;
}

bool Scheduler::Impl::CloseStages() {
  bool closed = false;
  std::sort(maybe_ended.begin(), maybe_ended.end());
  for (StageIndex stage : std::exchange(maybe_ended, {})) {
    if (!state.stage_ended(stage) && unended[stage] == 0) {
      closed = true;
      Emit(StageEnded{stage});
    }
  }
  return closed;
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
  const bool all_ended = next_end.value() == rollout.stages.size();
  const std::uint32_t open = state.count(TaskStatus::kPending) + state.count(TaskStatus::kRunning) +
                             state.count(TaskStatus::kInDoubt);
  if (all_ended && open == 0 && !state.ended()) Emit(RolloutEnded{});
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

// The first task that keeps the first open stage from ending.
TaskIndex Scheduler::Impl::StageHolder() const {
  if (holder_sequence == state.last_sequence()) return holder;
  holder_sequence = state.last_sequence();
  holder = TaskIndex();
  if (next_end.value() >= rollout.stages.size()) return holder;
  for (TaskIndex task : rollout.stages[next_end].tasks) {
    if (!Ended(state.status(task))) return holder = task;
  }
  return holder;
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
    waiting.cause = WaitingCause::kStage;
    if (impl_->next_end < impl_->rollout.tasks[task].stage) waiting.by = impl_->StageHolder();
    if (waiting.by.valid()) {
      const TaskStatus by = state.status(waiting.by);
      waiting.blocked = by == TaskStatus::kFailed || by == TaskStatus::kCanceled;
    }
  }
  return waiting;
}

void Scheduler::set_wait_listener(WaitListener listener, void* context) {
  impl_->admission.set_listener(listener, context);
}

}  // namespace lockstep::rollout
