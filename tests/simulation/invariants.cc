#include "tests/simulation/invariants.h"

#include <algorithm>

namespace lockstep::simulation {

using namespace rollout;  // NOLINT: its vocabulary is this file's

Invariants::Invariants(const Rollout& rollout) : rollout_(rollout), tasks_(rollout.tasks.size()) {}

void Invariants::Fail(const std::string& what) {
  if (violation_.empty()) violation_ = "event " + std::to_string(sequence_) + ": " + what;
}

void Invariants::Observe(const Event& event) {
  Expect(event.sequence == sequence_ + 1, "a gap in the sequence");
  sequence_ = event.sequence;
  // Of one process: the next one may have another clock.
  if (std::holds_alternative<RolloutStarted>(event.fact)) last_at_ = kBeforeAll;
  Expect(event.at >= last_at_, "time runs backwards");
  last_at_ = at_ = event.at;
  if (std::holds_alternative<RolloutStarted>(event.fact)) paused_ = false;
  if (std::holds_alternative<RolloutPaused>(event.fact)) paused_ = true;
  std::visit([this](const auto& fact) { See(fact); }, event.fact);
}

void Invariants::Move(TaskIndex task, std::initializer_list<TaskStatus> from, TaskStatus to) {
  TaskStatus& status = tasks_[task.value()].status;
  Expect(std::find(from.begin(), from.end(), status) != from.end(),
         "task " + std::to_string(task.value()) + " goes from " + std::string(ToString(status)) +
             " to " + std::string(ToString(to)));
  status = to;
}

bool Invariants::IsOver(TaskIndex task) const {
  const TaskStatus status = tasks_[task.value()].status;
  return status == TaskStatus::kDone || status == TaskStatus::kSkipped ||
         (rollout_.policy.terminal_end_state &&
          (status == TaskStatus::kFailed || status == TaskStatus::kCanceled));
}

void Invariants::See(const StageStarted& fact) {
  Expect(started_stages_.insert(fact.stage).second, "a stage starts twice");
  Expect(!paused_, "a stage starts while paused");
  if (rollout_.policy.stage_gate == Policy::StageGate::kNone) return;
  for (StageIndex stage{0}; stage < fact.stage; ++stage)
    Expect(ended_stages_.count(stage) == 1, "a stage starts before an earlier one has ended");
  // With the terminal policy a retry may be at work in a stage that has ended.
  if (rollout_.policy.terminal_end_state) return;
  for (TaskIndex task{0}; task < rollout_.stages[fact.stage].tasks.first; ++task)
    Expect(IsOver(task), "a stage starts before a task of an earlier one is over");
}

void Invariants::See(const StageEnded& fact) {
  Expect(started_stages_.count(fact.stage) == 1, "a stage ends that has not started");
  Expect(ended_stages_.insert(fact.stage).second, "a stage ends twice");
  for (TaskIndex task : rollout_.stages[fact.stage].tasks)
    Expect(IsOver(task), "a stage ends before one of its tasks is over");
}

void Invariants::See(const RolloutEnded&) {
  for (const Known& task : tasks_) {
    Expect(task.status != TaskStatus::kPending && task.status != TaskStatus::kRunning &&
               task.status != TaskStatus::kInDoubt && task.status != TaskStatus::kNotStarted,
           "the rollout ends with a run that has not ended");
  }
}

void Invariants::See(const TaskRunCreated& fact) {
  Known& task = tasks_[fact.task.value()];
  Expect(fact.attempt == task.attempt + 1, "attempts count 1, 2, 3");
  Expect(!task.ran_to_success, "a committed task gets another run");
  Move(fact.task, {TaskStatus::kNotStarted, TaskStatus::kFailed, TaskStatus::kCanceled},
       TaskStatus::kPending);
  task.attempt = fact.attempt;
}

void Invariants::See(const TaskRunStarted& fact) {
  Expect(fact.attempt == tasks_[fact.task.value()].attempt, "a run starts that is not the last");
  Expect(started_runs_.insert({fact.task, fact.attempt}).second, "a run starts twice");
  CheckStart(fact.task);
  Move(fact.task, {TaskStatus::kPending}, TaskStatus::kRunning);
}

bool Invariants::WithinCanary(TaskIndex task) const {
  const auto tasks = rollout_.groups[rollout_.tasks[task].group].tasks.Of(rollout_.group_tasks);
  return std::find(tasks.begin(), tasks.end(), task) - tasks.begin() <
         std::ptrdiff_t{rollout_.policy.canary};
}

void Invariants::CheckStart(TaskIndex index) {
  const Task& task = rollout_.tasks[index];
  Expect(!paused_, "a run starts while paused");
  Expect(started_stages_.count(task.stage) == 1, "a run starts before its stage");
  Expect(at_ >= task.earliest, "a run starts before its time");
  const base::Instant until =
      at_ + (rollout_.expected.empty() ? base::Milliseconds(0) : rollout_.expected[index]);
  for (const base::Freeze& freeze : rollout_.stages[task.stage].calendar.freezes()) {
    Expect(at_ >= freeze.to || (at_ < freeze.from && until <= freeze.from), "a run starts that meets a freeze");
  }
  for (GroupIndex group : rollout_.groups[task.group].depends_on.Of(rollout_.dependencies)) {
    for (TaskIndex other : rollout_.groups[group].tasks.Of(rollout_.group_tasks)) {
      const TaskStatus status = tasks_[other.value()].status;
      Expect(status == TaskStatus::kDone || status == TaskStatus::kSkipped,
             "a run starts before a dependency is done");
    }
  }
  std::uint32_t place = 0;  // in its group
  for (TaskIndex other : rollout_.groups[task.group].tasks.Of(rollout_.group_tasks)) {
    if (other == index) break;
    const TaskStatus status = tasks_[other.value()].status;
    Expect(place++ >= rollout_.policy.canary || status == TaskStatus::kDone ||
               status == TaskStatus::kSkipped || WithinCanary(index),
           "a run starts before a canary is done");
  }
  std::uint32_t on_instance = 0, in_all = 0, failed = 0;
  for (TaskIndex other : rollout_.tasks.indices()) {
    const TaskStatus status = tasks_[other.value()].status;
    const Task& o = rollout_.tasks[other];
    const bool satisfied = status == TaskStatus::kDone || status == TaskStatus::kSkipped;
    in_all += status == TaskStatus::kRunning;
    failed += status == TaskStatus::kFailed;
    on_instance += status == TaskStatus::kRunning && o.instance == task.instance;
    if (!task.database.valid() || o.database != task.database) continue;
    Expect(o.version_rank == 0 || o.version_rank >= task.version_rank || satisfied,
           "a run starts before a lower version");
    Expect(!task.serial || (status != TaskStatus::kRunning && status != TaskStatus::kInDoubt),
           "a run starts on a database that another one holds");
  }
  Expect(on_instance < rollout_.instances[task.instance].maximum_connections,
         "more runs on an instance than it takes");
  Expect(rollout_.policy.parallel == 0 || in_all < rollout_.policy.parallel,
         "more runs than may be parallel");
  Expect(!rollout_.policy.max_failures || failed <= *rollout_.policy.max_failures,
         "a run starts though more have failed than may");
}

void Invariants::See(const TaskRunEnded& fact) {
  Known& task = tasks_[fact.task.value()];
  Expect(fact.attempt == task.attempt, "a run ends that is not the last");
  switch (fact.outcome) {
    case Outcome::kSucceeded:
      task.ran_to_success = true;
      return Move(fact.task, {TaskStatus::kRunning}, TaskStatus::kDone);
    case Outcome::kFailed:
      return Move(fact.task, {TaskStatus::kRunning}, TaskStatus::kFailed);
    case Outcome::kCanceled:
      return Move(fact.task, {TaskStatus::kPending, TaskStatus::kRunning}, TaskStatus::kCanceled);
    case Outcome::kLost:
      return Move(fact.task, {TaskStatus::kRunning}, TaskStatus::kInDoubt);
  }
}

void Invariants::See(const TaskRunResolved& fact) {
  Known& task = tasks_[fact.task.value()];
  Expect(fact.attempt == task.attempt, "a run is resolved that is not the last");
  task.ran_to_success = fact.resolution == Resolution::kCommitted;
  Move(fact.task, {TaskStatus::kInDoubt},
       task.ran_to_success ? TaskStatus::kDone : TaskStatus::kFailed);
}

void Invariants::See(const TaskSkipped& fact) {
  Move(fact.task, {TaskStatus::kNotStarted, TaskStatus::kFailed, TaskStatus::kCanceled},
       TaskStatus::kSkipped);
}

void Invariants::See(const TaskRunWaiting& fact) {
  const Known& task = tasks_[fact.task.value()];
  Expect(task.status == TaskStatus::kRunning && task.attempt == fact.attempt,
         "a wait of a run that is not under way");
}

void Invariants::See(const CancelRequested& fact) {
  Expect(tasks_[fact.task.value()].status == TaskStatus::kRunning, "a cancel of what does not run");
}

void Invariants::ObserveActions(const Ready& ready) {
  const auto has = [&](const Fact& wanted) {
    return std::any_of(ready.events.begin(), ready.events.end(),
                       [&](const Event& event) { return event.fact == wanted; });
  };
  std::size_t starts = 0;
  for (const Action& action : ready.actions) {
    if (const auto* start = std::get_if<StartRun>(&action)) {
      ++starts;
      Expect(has(TaskRunStarted{start->task, start->attempt}), "a start without its fact");
    } else if (const auto* stop = std::get_if<StopRun>(&action)) {
      Expect(tasks_[stop->task.value()].status == TaskStatus::kRunning, "a stop of what is over");
    } else if (const auto* ask = std::get_if<ResolveRun>(&action)) {
      Expect(tasks_[ask->task.value()].status == TaskStatus::kInDoubt, "a question without doubt");
    }
  }
  for (const Event& event : ready.events)
    starts -= std::holds_alternative<TaskRunStarted>(event.fact);
  Expect(starts == 0, "a fact of a start without its action");
}

}  // namespace lockstep::simulation
