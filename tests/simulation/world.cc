#include "tests/simulation/world.h"

#include <algorithm>

#include "tests/unit/rollout_builder.h"

namespace lockstep::simulation {

using namespace rollout;  // NOLINT: its vocabulary is this file's

namespace {

class RolloutMaker {
 public:
  explicit RolloutMaker(base::Prng& prng) : prng_(prng) {}

  Rollout Make() {
    Policy& policy = builder_.policy();
    if (prng_.Chance(1, 4)) policy.stage_gate = Policy::StageGate::kNone;
    policy.terminal_end_state = prng_.Chance(1, 3);
    if (prng_.Chance(1, 3)) policy.parallel = Number(1, 4);
    if (prng_.Chance(1, 3)) policy.canary = Number(1, 3);
    if (prng_.Chance(1, 4)) policy.max_failures = Number(0, 2);
    MakeDatabases();
    const std::uint32_t stages = Number(1, 3);
    std::uint32_t left = Number(1, 12);
    for (std::uint32_t i = 0; i < stages; ++i) {
      const std::uint32_t tasks = i + 1 == stages ? left : Number(0, left);
      left -= tasks;
      MakeStage(tasks);
    }
    Rollout rollout = builder_.Build();
    if (prng_.Chance(1, 3)) AddFreezes(rollout);
    return rollout;
  }

 private:
  std::uint32_t Number(std::uint32_t least, std::uint32_t most) {
    return least + static_cast<std::uint32_t>(prng_.Below(most - least + 1));
  }

  void MakeDatabases() {
    const std::uint32_t instances = Number(1, 2);
    for (std::uint32_t i = 0; i < instances; ++i) builder_.AddInstance(Number(1, 3));
    const std::uint32_t databases = Number(1, 4);
    for (std::uint32_t i = 0; i < databases; ++i)
      builder_.AddDatabase(InstanceIndex(Number(0, instances - 1)));
    versions_ = prng_.Chance(1, 2);
    times_ = prng_.Chance(1, 3);
    free_tasks_ = prng_.Chance(1, 4);
    dependencies_ = Number(0, 2);
  }

  // An empty one happens as well: it opens and ends at once.
  void MakeStage(std::uint32_t tasks) {
    builder_.AddStage();
    if (tasks == 0) return;
    // Tasks of a group lie apart, as they do where the databases come first.
    std::vector<GroupIndex> groups;
    for (std::uint32_t i = 0; i < tasks; ++i) {
      const bool fresh = groups.empty() || prng_.Chance(2, 3);
      if (fresh) groups.push_back(builder_.AddGroup());
      const GroupIndex group = fresh ? groups.back() : groups[prng_.Below(groups.size())];
      const std::size_t databases = builder_.rollout().databases.size();
      Task& task = builder_.task(builder_.AddTask(group, DatabaseIndex(prng_.Below(databases))));
      if (free_tasks_ && prng_.Chance(1, 2)) task.serial = false;
      if (free_tasks_ && prng_.Chance(1, 8)) task.database = DatabaseIndex();
      if (versions_ && prng_.Chance(1, 2)) task.version_rank = Number(1, 4);
      if (times_ && prng_.Chance(1, 3)) task.earliest = {Number(1, 60) * 1000};
    }
    // Along a random order: also towards later tasks, and never in a circle.
    std::vector<GroupIndex> order = groups;
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[prng_.Below(i)]);
    for (std::size_t i = 1; i < order.size(); ++i) {
      for (std::uint32_t n = 0; n < dependencies_; ++n) {
        if (prng_.Chance(1, 2)) builder_.Depend(order[i], order[prng_.Below(i)]);
      }
    }
  }

  // Of some stages, in order; and how long their tasks are expected to take.
  void AddFreezes(Rollout& rollout) {
    for (Stage& stage : rollout.stages) {
      std::vector<base::Freeze> freezes;
      base::Instant at{0};
      for (std::uint32_t left = Number(0, 3); left > 0; --left) {
        const base::Instant from{at.ms + Number(1, 20) * 1000};
        at = {from.ms + Number(1, 20) * 1000};
        freezes.push_back({from, at, ""});
      }
      stage.calendar = base::Calendar({}, std::move(freezes), nullptr);
    }
    if (prng_.Chance(1, 3)) return;
    for (std::size_t i = 0; i < rollout.tasks.size(); ++i)
      rollout.expected.push_back(base::Milliseconds(Number(0, 12) * 1000));
  }

  base::Prng& prng_;
  RolloutBuilder builder_;
  bool versions_ = false, times_ = false, free_tasks_ = false;
  std::uint32_t dependencies_ = 0;
};

bool IsCanary(const Rollout& rollout, TaskIndex task) {
  const auto tasks = rollout.groups[rollout.tasks[task].group].tasks.Of(rollout.group_tasks);
  return std::find(tasks.begin(), tasks.end(), task) - tasks.begin() <
         std::ptrdiff_t{rollout.policy.canary};
}

bool MustComeBefore(const Rollout& rollout, TaskIndex first_index, TaskIndex second_index) {
  const Task& first = rollout.tasks[first_index];
  const Task& second = rollout.tasks[second_index];
  if (first.group == second.group && IsCanary(rollout, first_index) &&
      !IsCanary(rollout, second_index))
    return true;
  if (rollout.policy.stage_gate == Policy::StageGate::kPreviousEnded && first.stage < second.stage)
    return true;
  for (GroupIndex group : rollout.groups[second.group].depends_on.Of(rollout.dependencies)) {
    if (group == first.group) return true;
  }
  return first.database.valid() && first.database == second.database && first.version_rank > 0 &&
         first.version_rank < second.version_rank;
}

}  // namespace

Rollout MakeRollout(base::Prng& prng) {
  return RolloutMaker(prng).Make();
}

bool HasDeadlock(const Rollout& rollout) {
  std::vector<bool> done(rollout.tasks.size(), false);
  std::size_t left = done.size();
  for (bool progress = true; progress;) {
    progress = false;
    for (TaskIndex task : rollout.tasks.indices()) {
      if (done[task.value()]) continue;
      bool free = true;
      for (TaskIndex other : rollout.tasks.indices()) {
        if (!done[other.value()] && MustComeBefore(rollout, other, task)) free = false;
      }
      if (free) done[task.value()] = progress = true, --left;
    }
  }
  return left > 0;
}

// ---- what happens ----

void Outside::Perform(const Action& action) {
  if (const auto* start = std::get_if<StartRun>(&action)) {
    runs_.push_back({start->task, start->attempt, false});
  } else if (const auto* ask = std::get_if<ResolveRun>(&action)) {
    asked_.push_back({ask->task, ask->attempt, false});
  } else if (const auto* stop = std::get_if<StopRun>(&action)) {
    for (Run& run : runs_) run.stopped |= run.task == stop->task;
  }
}

std::vector<RunAtWork> Outside::Crash(const State& state) {
  asked_.clear();
  const bool alone = prng_.Chance(1, 2);
  std::erase_if(runs_, [&](const Run& run) {
    return alone || prng_.Chance(1, 2) || state.status(run.task) != TaskStatus::kRunning ||
           state.attempt(run.task) != run.attempt;
  });
  std::vector<RunAtWork> left;
  for (const Run& run : runs_) left.push_back({run.task, run.attempt});
  std::sort(left.begin(), left.end(),
            [](const RunAtWork& a, const RunAtWork& b) { return a.task < b.task; });
  return left;
}

Outside::Run Outside::Take(std::vector<Run>& runs) {
  const std::size_t i = prng_.Below(runs.size());
  const Run run = runs[i];
  runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(i));
  past_.push_back(run);
  return run;
}

std::vector<TaskIndex> Outside::SomeTasks() {
  std::vector<TaskIndex> tasks;
  do {
    tasks.push_back(TaskIndex(prng_.Below(rollout_.tasks.size())));
  } while (prng_.Chance(1, 3));
  if (prng_.Chance(1, 20)) tasks.push_back(TaskIndex(rollout_.tasks.size()));
  if (prng_.Chance(1, 20)) tasks.push_back(TaskIndex());
  return tasks;
}

Input Outside::End(const Run& run) {
  RunEnded ended{run.task, run.attempt, Outcome::kSucceeded, {}, ""};
  const std::uint64_t dice = prng_.Below(100);
  if (run.stopped && dice < 60) {
    ended.outcome = Outcome::kCanceled;
  } else if (dice >= 90) {
    ended.outcome = Outcome::kLost;
    ended.error.code = "LOST";
  } else if (dice >= 70) {
    ended.outcome = Outcome::kFailed;
    ended.error = {"no such table", "42P01", 2, 7, 15, "", "look again"};
  }
  return ended;
}

Resolution Outside::AnyResolution() {
  constexpr Resolution kAll[] = {Resolution::kCommitted, Resolution::kNotApplied,
                                 Resolution::kFailed};
  return kAll[prng_.Below(3)];
}

Input Outside::Answer(const Run& run) {
  if (prng_.Chance(1, 5)) return RunUnresolved{run.task, run.attempt, "nobody answers"};
  return RunResolved{run.task, run.attempt, AnyResolution(), ""};
}

// Of a run that ended before, that has not begun, or that never was.
Input Outside::StaleNews() {
  Run run{TaskIndex(prng_.Below(rollout_.tasks.size() + 1)),
          static_cast<std::uint32_t>(prng_.Below(4)), false};
  if (!past_.empty() && prng_.Chance(2, 3)) run = past_[prng_.Below(past_.size())];
  // A lie about a run that is under way would be the truth.
  const auto is_same = [&](const Run& other) {
    return other.task == run.task && other.attempt == run.attempt;
  };
  if (std::any_of(runs_.begin(), runs_.end(), is_same) ||
      std::any_of(asked_.begin(), asked_.end(), is_same))
    return Tick{};
  switch (prng_.Below(3)) {
    case 0:
      return End(run);
    case 1:
      return RunResolved{run.task, run.attempt, AnyResolution(), ""};
    default:
      return RunUnresolved{run.task, run.attempt, ""};
  }
}

Input Outside::AnyCommand() {
  switch (prng_.Below(5)) {
    case 0:
      return RunTasks{SomeTasks()};
    case 1:
      return Retry{SomeTasks()};
    case 2:
      return Skip{SomeTasks(), "not needed"};
    case 3:
      return Cancel{SomeTasks(), "not now"};
    default:
      return Pause{"a break", prng_.Chance(1, 2)};
  }
}

Input Outside::AnyInput() {
  const std::uint64_t dice = prng_.Below(100);
  if (dice < 5 && !runs_.empty()) {
    const Run& run = runs_[prng_.Below(runs_.size())];
    return RunWaiting{run.task, run.attempt, "locked"};
  }
  if (dice < 55 && !runs_.empty()) return End(Take(runs_));
  if (dice < 70 && !asked_.empty()) return Answer(Take(asked_));
  if (dice < 88) return AnyCommand();
  if (dice < 93) return StaleNews();
  return Tick{};
}

Input Outside::GoodInput() {
  if (!runs_.empty()) {
    const Run run = Take(runs_);
    return RunEnded{run.task, run.attempt, Outcome::kSucceeded, {}, ""};
  }
  const Run run = Take(asked_);
  const bool committed = prng_.Chance(1, 2);
  return RunResolved{run.task, run.attempt,
                     committed ? Resolution::kCommitted : Resolution::kNotApplied, ""};
}

}  // namespace lockstep::simulation
