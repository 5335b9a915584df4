#include "tests/simulation/reference_scheduler.h"

#include <algorithm>
#include <set>

namespace lockstep::simulation {

using namespace rollout;  // NOLINT: its vocabulary is this file's

ReferenceScheduler::ReferenceScheduler(const Rollout& rollout)
    : rollout_(rollout), tasks_(rollout.tasks.size()), stages_(rollout.stages.size()) {}

// ---- facts ----

void ReferenceScheduler::Learn(const Fact& fact) {
  if (std::holds_alternative<RolloutStarted>(fact)) paused_ = false;
  if (std::holds_alternative<RolloutPaused>(fact)) paused_ = true;
  if (std::holds_alternative<RolloutEnded>(fact)) rollout_ended_ = true;
  if (const auto* f = std::get_if<StageStarted>(&fact)) stages_[f->stage.value()].started = true;
  if (const auto* f = std::get_if<StageEnded>(&fact)) stages_[f->stage.value()].ended = true;
  if (const auto* f = std::get_if<TaskRunCreated>(&fact)) {
    const bool asking = Life(f->task).asking;
    Life(f->task) = TaskLife{TaskStatus::kPending, f->attempt};
    Life(f->task).asking = asking;
    rollout_ended_ = false;
  }
  if (const auto* f = std::get_if<TaskRunStarted>(&fact))
    Life(f->task).status = TaskStatus::kRunning;
  if (const auto* f = std::get_if<CancelRequested>(&fact)) {
    Life(f->task).stopping = true;
    Life(f->task).interrupted = f->pause;
  }
  if (const auto* f = std::get_if<TaskRunEnded>(&fact)) {
    TaskLife& life = Life(f->task);
    switch (f->outcome) {
      case Outcome::kSucceeded:
        life.status = TaskStatus::kDone;
        break;
      case Outcome::kFailed:
        life.status = TaskStatus::kFailed;
        break;
      case Outcome::kCanceled:
        life.status = TaskStatus::kCanceled;
        life.run_again = life.interrupted;
        break;
      case Outcome::kLost:
        life.status = TaskStatus::kInDoubt;
        life.runner_died = f->error->code == "RUNNER_LOST";
        break;
    }
  }
  if (const auto* f = std::get_if<TaskRunResolved>(&fact)) {
    TaskLife& life = Life(f->task);
    const bool committed = f->resolution == Resolution::kCommitted;
    life.status = committed ? TaskStatus::kDone : TaskStatus::kFailed;
    const bool unwanted = life.stopping && !life.interrupted;
    life.run_again = f->resolution == Resolution::kNotApplied &&
                     (life.runner_died || life.interrupted) && !unwanted;
  }
  if (const auto* f = std::get_if<TaskSkipped>(&fact)) {
    Life(f->task).status = TaskStatus::kSkipped;
    Life(f->task).run_again = false;
  }
}

void ReferenceScheduler::Note(Fact fact) {
  Learn(fact);
  decision_.facts.push_back(std::move(fact));
}

// ---- inputs ----

bool ReferenceScheduler::IsAt(TaskIndex task, std::uint32_t attempt, TaskStatus status) const {
  return task.value() < tasks_.size() && Life(task).attempt == attempt &&
         Life(task).status == status;
}

void ReferenceScheduler::Ask(TaskIndex task) {
  if (Life(task).asking) return;
  Life(task).asking = true;
  decision_.actions.push_back(ResolveRun{task, Life(task).attempt});
}

void ReferenceScheduler::Answered(TaskIndex task, std::uint32_t attempt) {
  if (task.value() < tasks_.size() && Life(task).attempt == attempt) Life(task).asking = false;
}

void ReferenceScheduler::Handle(const Begin& input) {
  begun_ = true;
  Note(RolloutStarted{input.runner, std::optional(rollout_.policy)});
  std::set<TaskIndex> elsewhere;
  for (const RunAtWork& run : input.at_work) {
    if (IsAt(run.task, run.attempt, TaskStatus::kRunning)) elsewhere.insert(run.task);
  }
  for (TaskIndex task : elsewhere) {
    if (Life(task).stopping) decision_.actions.push_back(StopRun{task, Life(task).attempt});
  }
  for (TaskIndex task : rollout_.tasks.indices()) {
    if (Life(task).status == TaskStatus::kRunning && !elsewhere.contains(task)) {
      TaskError error;
      error.code = "RUNNER_LOST";
      error.message = "the runner was lost while this task ran";
      Note(TaskRunEnded{task, Life(task).attempt, Outcome::kLost, error, ""});
    }
    if (Life(task).status == TaskStatus::kInDoubt) Ask(task);
  }
}

void ReferenceScheduler::Handle(const RunWaiting& input) {
  if (IsAt(input.task, input.attempt, TaskStatus::kRunning))
    Note(TaskRunWaiting{input.task, input.attempt, input.detail});
}

void ReferenceScheduler::Handle(const RunEnded& input) {
  if (!IsAt(input.task, input.attempt, TaskStatus::kRunning)) return;
  Note(TaskRunEnded{input.task, input.attempt, input.outcome, input.error, input.detail});
  if (input.outcome == Outcome::kLost) Ask(input.task);
}

void ReferenceScheduler::Handle(const RunResolved& input) {
  Answered(input.task, input.attempt);
  if (!IsAt(input.task, input.attempt, TaskStatus::kInDoubt)) return;
  Note(TaskRunResolved{input.task, input.attempt, input.resolution, input.detail});
}

void ReferenceScheduler::Handle(const RunUnresolved& input) {
  Answered(input.task, input.attempt);
}

void ReferenceScheduler::Handle(const RunTasks& input) {
  for (TaskIndex task : input.tasks) {
    if (task.value() >= tasks_.size()) continue;
    const TaskStatus status = Life(task).status;
    if (status == TaskStatus::kNotStarted || status == TaskStatus::kFailed ||
        status == TaskStatus::kCanceled)
      Note(TaskRunCreated{task, Life(task).attempt + 1});
  }
}

void ReferenceScheduler::Handle(const Retry& input) {
  for (TaskIndex task : input.tasks) {
    if (task.value() >= tasks_.size()) continue;
    const TaskStatus status = Life(task).status;
    if (status == TaskStatus::kFailed || status == TaskStatus::kCanceled)
      Note(TaskRunCreated{task, Life(task).attempt + 1});
  }
}

void ReferenceScheduler::Handle(const Skip& input) {
  for (TaskIndex task : input.tasks) {
    if (task.value() >= tasks_.size()) continue;
    if (Life(task).status == TaskStatus::kPending)
      Note(TaskRunEnded{task, Life(task).attempt, Outcome::kCanceled, {}, "skipped"});
    if (Life(task).status == TaskStatus::kInDoubt)
      Note(TaskRunResolved{task, Life(task).attempt, Resolution::kFailed, "skipped"});
    if (Life(task).status == TaskStatus::kRunning || Satisfied(task)) continue;
    Note(TaskSkipped{task, input.reason});
  }
}

void ReferenceScheduler::Handle(const Cancel& input) {
  for (TaskIndex task : input.tasks) {
    if (task.value() >= tasks_.size()) continue;
    if (Life(task).status == TaskStatus::kPending) {
      Note(TaskRunEnded{task, Life(task).attempt, Outcome::kCanceled, {}, input.reason});
    } else {
      Stop(task, input.reason, false);
    }
  }
}

void ReferenceScheduler::Handle(const Pause& input) {
  if (!paused_) Note(RolloutPaused{input.reason});
  if (!input.cancel_running) return;
  for (TaskIndex task : rollout_.tasks.indices()) Stop(task, input.reason, true);
}

void ReferenceScheduler::Stop(TaskIndex task, const std::string& reason, bool pause) {
  if (Life(task).status != TaskStatus::kRunning) return;
  const bool stopping = Life(task).stopping;
  if (stopping && (pause || !Life(task).interrupted)) return;  // a person counts more than a pause
  Note(CancelRequested{task, reason, pause});
  if (!stopping) decision_.actions.push_back(StopRun{task, Life(task).attempt});
}

ReferenceScheduler::Decision ReferenceScheduler::Step(base::Instant now, const Input& input) {
  // A clock that is set back closes no gate again.
  now_ = begun_ ? std::max(now_, now) : now;
  decision_ = {};
  std::visit([this](const auto& known) { Handle(known); }, input);
  if (begun_ && !paused_) Settle();
  bool waits_for_time = false;
  for (TaskIndex task : rollout_.tasks.indices()) {
    if (!begun_ || paused_ || Life(task).status != TaskStatus::kPending) continue;
    const Waiting waiting = WaitingFor(task);
    const bool inside = waiting.cause > WaitingCause::kWindow;
    const base::Instant look = inside ? WindowCloses(task) : waiting.until;
    if (look == base::kNever) continue;
    waits_for_time |= !inside;
    decision_.next_wakeup = std::min(decision_.next_wakeup, look);
  }
  decision_.ended = !AnyRunningOrAsked() && !waits_for_time;
  return std::move(decision_);
}

// ---- settling ----

bool ReferenceScheduler::Satisfied(TaskIndex task) const {
  return Life(task).status == TaskStatus::kDone || Life(task).status == TaskStatus::kSkipped;
}

bool ReferenceScheduler::HoldsStage(TaskIndex task) const {
  if (Satisfied(task)) return false;
  const TaskStatus status = Life(task).status;
  const bool terminal = status == TaskStatus::kFailed || status == TaskStatus::kCanceled;
  return !(terminal && rollout_.policy.terminal_end_state);
}

bool ReferenceScheduler::AnyRunningOrAsked() const {
  return std::any_of(tasks_.begin(), tasks_.end(), [](const TaskLife& life) {
    return life.status == TaskStatus::kRunning || life.asking;
  });
}

bool ReferenceScheduler::TooManyFailed() const {
  const auto count = [this](std::initializer_list<TaskStatus> wanted) {
    return std::count_if(tasks_.begin(), tasks_.end(), [&wanted](const TaskLife& life) {
      return std::find(wanted.begin(), wanted.end(), life.status) != wanted.end();
    });
  };
  return rollout_.policy.max_failures &&
         count({TaskStatus::kFailed}) > std::ptrdiff_t{*rollout_.policy.max_failures} &&
         count({TaskStatus::kPending, TaskStatus::kNotStarted}) > 0;
}

void ReferenceScheduler::Settle() {
  for (TaskIndex task : rollout_.tasks.indices()) {
    if (Life(task).run_again) Note(TaskRunCreated{task, Life(task).attempt + 1});
  }
  if (TooManyFailed()) {
    const auto failed = std::count_if(tasks_.begin(), tasks_.end(), [](const TaskLife& life) {
      return life.status == TaskStatus::kFailed;
    });
    Note(RolloutPaused{std::to_string(failed) + (failed == 1 ? " failed task" : " failed tasks") +
                       ", and at most " + std::to_string(*rollout_.policy.max_failures) +
                       " may fail"});
    return;
  }
  while (SettleOnce()) continue;
  const bool stages_ended = std::all_of(stages_.begin(), stages_.end(),
                                        [](const StageLife& stage) { return stage.ended; });
  const bool all_over = std::all_of(tasks_.begin(), tasks_.end(), [](const TaskLife& life) {
    return life.status != TaskStatus::kPending && life.status != TaskStatus::kRunning &&
           life.status != TaskStatus::kInDoubt;
  });
  if (stages_ended && all_over && !rollout_ended_) Note(RolloutEnded{});
}

// Whether it changed anything that may open or close another stage.
bool ReferenceScheduler::SettleOnce() {
  for (StageIndex stage : rollout_.stages.indices()) {
    if (!stages_[stage.value()].started) {
      if (!HasItsTurn(stage)) break;
      Note(StageStarted{stage});
    }
    if (rollout_.policy.on_request) continue;
    for (TaskIndex task : rollout_.stages[stage].tasks) {
      if (Life(task).status == TaskStatus::kNotStarted) Note(TaskRunCreated{task, 1});
    }
  }
  for (TaskIndex task : rollout_.tasks.indices()) {
    if (Life(task).status != TaskStatus::kPending || Gate(task).cause != WaitingCause::kNone)
      continue;
    Note(TaskRunStarted{task, Life(task).attempt});
    decision_.actions.push_back(StartRun{task, Life(task).attempt});
  }
  bool closed = false;
  for (StageIndex stage : rollout_.stages.indices()) {
    if (!stages_[stage.value()].started || stages_[stage.value()].ended) continue;
    bool held = false;
    for (TaskIndex task : rollout_.stages[stage].tasks) held |= HoldsStage(task);
    if (held) continue;
    Note(StageEnded{stage});
    closed = true;
  }
  return closed;
}

std::optional<StageIndex> ReferenceScheduler::FirstUnended() const {
  for (StageIndex stage : rollout_.stages.indices()) {
    if (!stages_[stage.value()].ended) return stage;
  }
  return std::nullopt;
}

// ---- the gates ----

Waiting ReferenceScheduler::By(WaitingCause cause, TaskIndex by) const {
  Waiting waiting;
  waiting.cause = cause;
  waiting.by = by;
  waiting.blocked = by.valid() && (Life(by).status == TaskStatus::kFailed ||
                                   Life(by).status == TaskStatus::kCanceled);
  return waiting;
}

std::size_t ReferenceScheduler::RunningOn(std::optional<InstanceIndex> instance) const {
  std::size_t running = 0;
  for (TaskIndex task : rollout_.tasks.indices()) {
    if (Life(task).status == TaskStatus::kRunning && (!instance || Of(task).instance == *instance))
      ++running;
  }
  return running;
}

bool ReferenceScheduler::HasItsTurn(StageIndex stage) const {
  const auto unended = FirstUnended();
  return rollout_.policy.stage_gate == Policy::StageGate::kNone || !unended || *unended >= stage;
}

Waiting ReferenceScheduler::WaitingForStage(TaskIndex index) const {
  const auto unended = FirstUnended();
  if (unended && *unended < Of(index).stage) {
    for (TaskIndex task : rollout_.stages[*unended].tasks) {
      if (HoldsStage(task)) return By(WaitingCause::kStage, task);
    }
  }
  return By(WaitingCause::kStage, TaskIndex());
}

// Stage, time, dependencies, canaries, version, window.
Waiting ReferenceScheduler::EarlyGate(TaskIndex index) const {
  const Task& task = Of(index);
  if (!HasItsTurn(task.stage)) return WaitingForStage(index);
  if (task.earliest > now_) {
    Waiting waiting;
    waiting.cause = WaitingCause::kEarliestTime;
    waiting.until = task.earliest;
    return waiting;
  }
  for (GroupIndex group : rollout_.groups[task.group].depends_on.Of(rollout_.dependencies)) {
    for (TaskIndex other : rollout_.groups[group].tasks.Of(rollout_.group_tasks)) {
      if (!Satisfied(other)) return By(WaitingCause::kDependency, other);
    }
  }
  std::uint32_t before = 0;  // of its group
  for (TaskIndex other : rollout_.groups[task.group].tasks.Of(rollout_.group_tasks)) {
    if (other < index) ++before;
  }
  if (before >= rollout_.policy.canary) {
    std::uint32_t canaries = 0;
    for (TaskIndex other : rollout_.groups[task.group].tasks.Of(rollout_.group_tasks)) {
      if (canaries++ == rollout_.policy.canary) break;
      if (!Satisfied(other)) return By(WaitingCause::kCanary, other);
    }
  }
  if (!task.database.valid() || task.version_rank == 0) return WindowGate(index);
  TaskIndex lowest;
  for (TaskIndex other : rollout_.tasks.indices()) {
    const std::uint32_t rank = Of(other).version_rank;
    if (Of(other).database != task.database || rank == 0 || rank >= task.version_rank) continue;
    if (Satisfied(other)) continue;
    if (!lowest.valid() || rank < Of(lowest).version_rank) lowest = other;
  }
  return lowest.valid() ? By(WaitingCause::kVersion, lowest) : WindowGate(index);
}

// Worlds have freezes in order, and no windows.
Waiting ReferenceScheduler::WindowGate(TaskIndex index) const {
  const base::Duration length =
      rollout_.expected.empty() ? base::Duration{0} : rollout_.expected[index];
  base::Instant start = now_;
  for (const base::Freeze& freeze : rollout_.stages[Of(index).stage].calendar.freezes()) {
    const bool before = start < freeze.from && start + length <= freeze.from;
    if (start < freeze.to && !before) start = freeze.to;
  }
  if (start == now_) return {};
  Waiting waiting;
  waiting.cause = WaitingCause::kWindow;
  waiting.until = start;
  return waiting;
}

// The first moment at which the task no longer fits before the next freeze.
base::Instant ReferenceScheduler::WindowCloses(TaskIndex index) const {
  const base::Duration length =
      rollout_.expected.empty() ? base::Duration{0} : rollout_.expected[index];
  for (const base::Freeze& freeze : rollout_.stages[Of(index).stage].calendar.freezes()) {
    if (freeze.from <= now_) continue;
    return length.ms == 0 ? freeze.from : base::Instant{freeze.from.ms - length.ms + 1};
  }
  return base::kNever;
}

Waiting ReferenceScheduler::Gate(TaskIndex index) const {
  const Task& task = Of(index);
  const Waiting early = EarlyGate(index);
  if (early.cause != WaitingCause::kNone) return early;
  if (task.database.valid() && task.serial) {
    for (TaskIndex other : rollout_.tasks.indices()) {
      const TaskStatus status = Life(other).status;
      if (Of(other).database == task.database &&
          (status == TaskStatus::kRunning || status == TaskStatus::kInDoubt))
        return By(WaitingCause::kDatabase, other);
    }
  }
  if (RunningOn(task.instance) >= rollout_.instances[task.instance].maximum_connections)
    return By(WaitingCause::kInstance, TaskIndex());
  if (rollout_.policy.parallel > 0 && RunningOn(std::nullopt) >= rollout_.policy.parallel)
    return By(WaitingCause::kParallel, TaskIndex());
  return {};
}

// The first task that could take the database now and goes before this one: they wait for the same
// connection or place, so which of them the database is kept for only matters for what is shown.
TaskIndex ReferenceScheduler::NextInLine(TaskIndex index) const {
  for (TaskIndex other{0}; other < index; ++other) {
    if (Of(other).database == Of(index).database && Of(other).serial &&
        Life(other).status == TaskStatus::kPending && EarlyGate(other).cause == WaitingCause::kNone)
      return other;
  }
  return TaskIndex();
}

Waiting ReferenceScheduler::WaitingFor(TaskIndex index) const {
  const TaskStatus status = Life(index).status;
  if (status != TaskStatus::kNotStarted && status != TaskStatus::kPending) return {};
  if (paused_) return By(WaitingCause::kPaused, TaskIndex());
  if (status == TaskStatus::kNotStarted && rollout_.policy.on_request &&
      HasItsTurn(Of(index).stage))
    return By(WaitingCause::kNotRequested, TaskIndex());
  if (status == TaskStatus::kNotStarted) return WaitingForStage(index);
  const Waiting waiting = Gate(index);
  const bool later_gate =
      waiting.cause == WaitingCause::kInstance || waiting.cause == WaitingCause::kParallel;
  if (later_gate && Of(index).serial && Of(index).database.valid()) {
    const TaskIndex next = NextInLine(index);
    if (next.valid()) return By(WaitingCause::kDatabase, next);
  }
  return waiting;
}

}  // namespace lockstep::simulation
