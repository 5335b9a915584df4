// The simulator by schedules that were worked out by hand.
#include "core/sim/simulator.h"

#include <gtest/gtest.h>

#include "tests/unit/rollout_builder.h"

namespace lockstep::sim {
namespace {

using rollout::DatabaseIndex;
using rollout::InstanceIndex;
using rollout::Rollout;
using rollout::RolloutStatus;
using rollout::TaskIndex;
using rollout::TaskStatus;
using rollout::WaitingCause;
using Strings = std::vector<std::string>;

// "2: 3-5" for a task that ran from second 3 to 5, "2: SKIPPED" for one that never did.
Strings ScheduleOf(const Timeline& timeline) {
  Strings lines;
  for (TaskIndex task : timeline.tasks.indices()) {
    const TaskTimeline& line = timeline.tasks[task];
    std::string text = std::to_string(task.value()) + ":";
    if (line.start.ms >= 0) {
      text += " " + std::to_string(line.start.ms / 1000) + "-" + std::to_string(line.end.ms / 1000);
    }
    if (line.status != TaskStatus::kDone) text += " " + std::string(ToString(line.status));
    if (line.attempts > 1) text += " x" + std::to_string(line.attempts);
    lines.push_back(text);
  }
  return lines;
}

// "2: database by 1 0-3"
Strings WaitsOf(const Timeline& timeline) {
  Strings lines;
  for (const auto& [task, wait] : timeline.waits) {
    std::string text = std::to_string(task.value()) + ": " + std::string(ToString(wait.cause));
    if (wait.by.valid()) text += " by " + std::to_string(wait.by.value());
    lines.push_back(text + " " + std::to_string(wait.from.ms / 1000) + "-" +
                    std::to_string(wait.to.ms / 1000));
  }
  return lines;
}

std::vector<std::uint32_t> PathOf(const Timeline& timeline) {
  std::vector<std::uint32_t> path;
  for (TaskIndex task : timeline.critical_path) path.push_back(task.value());
  return path;
}

using Path = std::vector<std::uint32_t>;

class Simulator : public testing::Test {
 protected:
  Simulator() {
    const InstanceIndex instance = builder_.AddInstance();
    a_ = builder_.AddDatabase(instance);
    b_ = builder_.AddDatabase(instance);
    builder_.AddStage();
  }

  /// Lasts so many seconds.
  TaskIndex Add(DatabaseIndex database, int seconds) {
    const TaskIndex task = builder_.AddTask(database);
    Lasts(task, seconds);
    return task;
  }
  /// The same, of a spec with several databases.
  TaskIndex AddTo(rollout::GroupIndex group, DatabaseIndex database, int seconds) {
    scenario_.durations.push_back({{"", NameOf(database)}, base::Seconds(seconds)});
    return builder_.AddTask(group, database);
  }
  std::string NameOf(DatabaseIndex database) const {
    return builder_.rollout().databases[database].name;
  }
  void Lasts(TaskIndex task, int seconds) {
    scenario_.durations.push_back({{SpecOf(task), ""}, base::Seconds(seconds)});
  }
  static std::string SpecOf(TaskIndex task) { return "spec-" + std::to_string(task.value()); }
  void Fails(TaskIndex task, std::uint32_t attempts = 1) {
    scenario_.failures.push_back({{SpecOf(task), ""}, attempts, "no such table", {-1}});
  }
  void At(int seconds, Scenario::Command::Kind kind, TaskIndex task) {
    scenario_.commands.push_back({base::Seconds(seconds), kind, {{SpecOf(task), ""}}, "because"});
  }

  const Timeline& Run() {
    rollout_ = builder_.Build();
    timeline_ = Simulate(rollout_, scenario_, {});
    return timeline_;
  }
  std::int64_t Makespan() const { return (timeline_.end - timeline_.start).ms / 1000; }

  using Kind = Scenario::Command::Kind;
  RolloutBuilder builder_;
  Scenario scenario_;
  DatabaseIndex a_, b_;
  Rollout rollout_;
  Timeline timeline_;
};

TEST_F(Simulator, TasksOfOneDatabaseTakeTurns) {
  Add(a_, 3);
  Add(a_, 2);
  Add(b_, 4);
  Add(a_, 1);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-3", "1: 3-5", "2: 0-4", "3: 5-6"}));
  EXPECT_EQ(WaitsOf(timeline_), (Strings{"1: database by 0 0-3", "3: database by 1 0-5"}));
  EXPECT_EQ(PathOf(timeline_), (Path{0, 1, 3}));
  EXPECT_EQ(Makespan(), 6);
  EXPECT_EQ(timeline_.status, RolloutStatus::kDone);
}

TEST_F(Simulator, AFailedTaskDoesNotHoldTheNextOnItsDatabase) {
  const TaskIndex first = Add(a_, 3);
  Add(a_, 2);
  Fails(first);
  scenario_.failures[0].after = base::Seconds(1);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-1 FAILED", "1: 1-3"}));
  EXPECT_EQ(timeline_.status, RolloutStatus::kFailed);
  EXPECT_EQ(PathOf(timeline_), (Path{0, 1}));
  bool told = false;
  for (const rollout::Event& event : timeline_.events) {
    const auto* ended = std::get_if<rollout::TaskRunEnded>(&event.fact);
    told |= ended != nullptr && ended->error->message == "no such table";
  }
  EXPECT_TRUE(told);
}

TEST_F(Simulator, AStageWaitsForAllOfTheOneBefore) {
  Add(a_, 2);
  Add(b_, 5);
  builder_.AddStage();
  Add(a_, 1);
  Add(b_, 1);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-2", "1: 0-5", "2: 5-6", "3: 5-6"}));
  EXPECT_EQ(WaitsOf(timeline_), (Strings{"2: stage by 1 0-5", "3: stage by 1 0-5"}));
  EXPECT_EQ(PathOf(timeline_), (Path{1, 2}));
}

TEST_F(Simulator, AFailureHoldsTheNextStageUnlessThePolicyIsTerminal) {
  Fails(Add(a_, 2));
  builder_.AddStage();
  Add(a_, 1);
  const RolloutBuilder documented = builder_;
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-2 FAILED", "1: NOT_STARTED"}));
  EXPECT_EQ(timeline_.tasks[TaskIndex(1)].waiting.cause, WaitingCause::kStage);
  EXPECT_EQ(timeline_.tasks[TaskIndex(1)].waiting.by, TaskIndex(0));
  EXPECT_TRUE(timeline_.tasks[TaskIndex(1)].waiting.blocked);
  builder_ = documented;
  builder_.policy().terminal_end_state = true;
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-2 FAILED", "1: 2-3"}));
  EXPECT_EQ(WaitsOf(timeline_), Strings{"1: stage by 0 0-2"});
  EXPECT_EQ(timeline_.status, RolloutStatus::kFailed);
}

TEST_F(Simulator, DependenciesAlsoPointForward) {
  const TaskIndex first = Add(a_, 1), middle = Add(a_, 3), last = Add(b_, 5);
  builder_.Depend(first, last);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 5-6", "1: 0-3", "2: 0-5"}));
  EXPECT_EQ(WaitsOf(timeline_), Strings{"0: dependency by 2 0-5"});
  EXPECT_EQ(PathOf(timeline_), (Path{2, 0}));
  EXPECT_EQ(timeline_.tasks[middle].attempts, 1u);
}

TEST_F(Simulator, ADependencyIsOnEveryTaskOfItsSpec) {
  const auto wide = builder_.AddGroup();
  builder_.AddTask(wide, a_);
  builder_.AddTask(wide, b_);
  const auto after = builder_.AddGroup();
  builder_.AddTask(after, a_);
  builder_.AddTask(after, b_);
  builder_.Depend(after, wide);
  scenario_.durations = {{{"spec-0", "instances/i0/databases/d0"}, base::Seconds(2)},
                         {{"spec-0", ""}, base::Seconds(7)},
                         {{"", "instances/i0/databases/d1"}, base::Seconds(9)},
                         {{"spec-1", ""}, base::Seconds(1)}};
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-2", "1: 0-7", "2: 7-8", "3: 7-8"}));
  EXPECT_EQ(WaitsOf(timeline_), (Strings{"2: dependency by 1 0-7", "3: dependency by 1 0-7"}));
}

TEST_F(Simulator, AFailedDependencyBlocksUntilItIsRetriedOrSkipped) {
  const TaskIndex needed = Add(a_, 2), needy = Add(b_, 1);
  builder_.Depend(needy, needed);
  Fails(needed);
  const RolloutBuilder built = builder_;
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-2 FAILED", "1: PENDING"}));
  EXPECT_EQ(timeline_.tasks[needy].waiting.cause, WaitingCause::kDependency);
  EXPECT_TRUE(timeline_.tasks[needy].waiting.blocked);

  builder_ = built;
  At(10, Kind::kRetry, needed);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 10-12 x2", "1: 12-13"}));
  EXPECT_EQ(WaitsOf(timeline_), Strings{"1: dependency by 0 0-12"});
  EXPECT_EQ(timeline_.status, RolloutStatus::kDone);
  EXPECT_EQ(PathOf(timeline_), (Path{0, 1}));
  EXPECT_EQ(Makespan(), 13);

  builder_ = built;
  scenario_.commands.clear();
  At(10, Kind::kSkip, needed);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-2 SKIPPED", "1: 10-11"}));
  EXPECT_EQ(PathOf(timeline_), Path{1}) << "a command let it start, no task's end";
  EXPECT_EQ(timeline_.status, RolloutStatus::kDone);
}

TEST_F(Simulator, AnInstanceTakesSoManyConnections) {
  const InstanceIndex small = builder_.AddInstance(2);
  for (int seconds : {4, 3, 2, 1}) Add(builder_.AddDatabase(small), seconds);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-4", "1: 0-3", "2: 3-5", "3: 4-5"}));
  EXPECT_EQ(WaitsOf(timeline_), (Strings{"2: instance by 1 0-3", "3: instance by 0 0-4"}));
}

TEST_F(Simulator, AtMostSoManyInParallel) {
  builder_.policy().parallel = 1;
  Add(a_, 2);
  Add(b_, 3);
  Add(a_, 1);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-2", "1: 2-5", "2: 5-6"}));
  EXPECT_EQ(WaitsOf(timeline_),
            (Strings{"1: parallel by 0 0-2", "2: database by 0 0-2", "2: parallel by 1 2-5"}));
  EXPECT_EQ(PathOf(timeline_), (Path{0, 1, 2}));
}

TEST_F(Simulator, CanariesGoFirst) {
  builder_.policy().canary = 2;
  const rollout::GroupIndex group = builder_.AddGroup();
  for (int seconds : {4, 3, 2, 1}) AddTo(group, builder_.AddDatabase(InstanceIndex(0)), seconds);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-4", "1: 0-3", "2: 4-6", "3: 4-5"}));
  EXPECT_EQ(WaitsOf(timeline_), (Strings{"2: canary by 0 0-4", "3: canary by 0 0-4"}));
  EXPECT_EQ(PathOf(timeline_), (Path{0, 2}));
}

TEST_F(Simulator, ACanaryThatFailsHoldsTheOthers) {
  builder_.policy().canary = 1;
  const rollout::GroupIndex group = builder_.AddGroup();
  AddTo(group, a_, 2);
  AddTo(group, b_, 1);
  scenario_.failures.push_back({{"", NameOf(a_)}, 1, "no such table", {-1}});
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-2 FAILED", "1: PENDING"}));
  EXPECT_EQ(timeline_.tasks[TaskIndex(1)].waiting.cause, WaitingCause::kCanary);
  EXPECT_TRUE(timeline_.tasks[TaskIndex(1)].waiting.blocked);
}

TEST_F(Simulator, NothingMoreStartsWhenMoreHaveFailedThanMay) {
  builder_.policy().parallel = 1;
  builder_.policy().max_failures = 1;
  for (int i = 0; i < 4; ++i) Fails(Add(builder_.AddDatabase(InstanceIndex(0)), 1));
  Run();
  EXPECT_EQ(ScheduleOf(timeline_),
            (Strings{"0: 0-1 FAILED", "1: 1-2 FAILED", "2: PENDING", "3: PENDING"}));
  EXPECT_EQ(timeline_.status, RolloutStatus::kPaused);
}

TEST_F(Simulator, NothingStartsBeforeItsTime) {
  scenario_.start = base::Instant{1'000'000};
  const TaskIndex early = Add(a_, 2), late = Add(b_, 1);
  builder_.task(early).earliest = base::Instant{999'000};
  builder_.task(late).earliest = base::Instant{1'030'000};
  Run();
  EXPECT_EQ(timeline_.tasks[early].start.ms, 1'000'000);
  EXPECT_EQ(timeline_.tasks[late].start.ms, 1'030'000);
  EXPECT_EQ(WaitsOf(timeline_), Strings{"1: earliestAllowedTime 1000-1030"});
  EXPECT_EQ(PathOf(timeline_), Path{1});
  EXPECT_EQ(Makespan(), 31);
}

TEST_F(Simulator, ATimeThatHasComeStillLeavesTheOtherGates) {
  Add(a_, 10);
  const TaskIndex timed = Add(a_, 1);
  builder_.task(timed).earliest = base::Instant{4000};
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-10", "1: 10-11"}));
  EXPECT_EQ(WaitsOf(timeline_), (Strings{"1: earliestAllowedTime 0-4", "1: database by 0 4-10"}));
}

TEST_F(Simulator, LowerVersionsGoFirst) {
  builder_.task(Add(a_, 1)).version_rank = 3;
  builder_.task(Add(a_, 2)).version_rank = 1;
  builder_.task(Add(b_, 1)).version_rank = 1;
  builder_.task(Add(a_, 4)).version_rank = 3;
  Add(a_, 1);
  Run();
  // What has no version goes as soon as the database is free.
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 2-3", "1: 0-2", "2: 0-1", "3: 3-7", "4: 7-8"}));
  EXPECT_EQ(WaitsOf(timeline_)[0], "0: version by 1 0-2");
  EXPECT_EQ(PathOf(timeline_), (Path{1, 0, 3, 4}));
}

TEST_F(Simulator, AFailedVersionHoldsTheHigherOnes) {
  const TaskIndex high = Add(a_, 1), low = Add(a_, 2);
  builder_.task(high).version_rank = 2;
  builder_.task(low).version_rank = 1;
  Fails(low);
  At(5, Kind::kSkip, low);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 5-6", "1: 0-2 SKIPPED"}));
  EXPECT_EQ(WaitsOf(timeline_), Strings{"0: version by 1 0-5"});
}

TEST_F(Simulator, AVersionInALaterStageBlocksForEver) {
  builder_.task(Add(a_, 1)).version_rank = 2;
  builder_.AddStage();
  builder_.task(Add(a_, 1)).version_rank = 1;
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: PENDING", "1: NOT_STARTED"}));
  EXPECT_EQ(timeline_.status, RolloutStatus::kBlocked);
  EXPECT_EQ(timeline_.tasks[TaskIndex(0)].waiting.cause, WaitingCause::kVersion);
  EXPECT_EQ(timeline_.tasks[TaskIndex(0)].waiting.by, TaskIndex(1));
  EXPECT_FALSE(timeline_.tasks[TaskIndex(0)].waiting.blocked) << "the other one has not failed";
  EXPECT_TRUE(timeline_.critical_path.empty());
  EXPECT_EQ(Makespan(), 0);
}

TEST_F(Simulator, ACanceledRunEndsAtOnce) {
  const TaskIndex canceled = Add(a_, 10), next = Add(a_, 2);
  At(3, Kind::kCancel, canceled);
  Add(b_, 20);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-3 CANCELED", "1: 3-5", "2: 0-20"}));
  EXPECT_EQ(WaitsOf(timeline_), Strings{"1: database by 0 0-3"});
  EXPECT_EQ(timeline_.tasks[next].status, TaskStatus::kDone);
  EXPECT_EQ(timeline_.status, RolloutStatus::kFailed);
}

TEST_F(Simulator, TheEndThatACanceledRunWouldHaveHadIsForgotten) {
  const TaskIndex canceled = Add(a_, 10);
  At(3, Kind::kCancel, canceled);
  At(4, Kind::kRetry, canceled);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), Strings{"0: 4-14 x2"});
  EXPECT_EQ(timeline_.end.ms, 14'000);
}

TEST_F(Simulator, CommandsComeAfterTheEndsOfTheirMomentAndInOrder) {
  const TaskIndex task = Add(a_, 3);
  At(9, Kind::kRetry, task);
  At(3, Kind::kCancel, task);  // too late: it has just succeeded
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), Strings{"0: 0-3"});
}

TEST_F(Simulator, FailuresAreForSomeAttempts) {
  const TaskIndex task = Add(a_, 2);
  Fails(task, 2);
  for (int second : {5, 10, 15}) At(second, Kind::kRetry, task);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), Strings{"0: 10-12 x3"});
}

TEST_F(Simulator, ADelayMakesRunsLonger) {
  Add(a_, 3);
  Add(b_, 1);
  scenario_.delays.push_back({{"", NameOf(a_)}, base::Seconds(4)});
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-7", "1: 0-1"}));
  EXPECT_TRUE(IsDisturbed(scenario_));
  EXPECT_FALSE(IsDisturbed(Undisturbed(scenario_)));
  EXPECT_EQ(Simulate(rollout_, Undisturbed(scenario_), {}).end.ms, 3000);
}

TEST_F(Simulator, WhatIsSkippedAtTheStartNeverRuns) {
  const TaskIndex first = Add(a_, 3);
  Add(a_, 2);
  At(0, Kind::kSkip, first);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: SKIPPED", "1: 0-2"}));
}

TEST_F(Simulator, TheMostSpecificDurationCounts) {
  Add(a_, 1);
  const std::string target = "instances/i0/databases/d0";
  scenario_.default_duration = base::Seconds(9);
  scenario_.durations = {{{"spec-0", target}, base::Seconds(4)},
                         {{"", target}, base::Seconds(8)},
                         {{"spec-0", ""}, base::Seconds(6)},
                         {{"spec-7", target}, base::Seconds(1)}};
  const RolloutBuilder built = builder_;
  std::vector<std::int64_t> makespans;
  for (std::size_t left = 4; left > 0; --left) {
    builder_ = built;
    Run();
    makespans.push_back(Makespan());
    // Drop the one that counted.
    for (std::size_t i = 0; i < scenario_.durations.size(); ++i) {
      if (scenario_.durations[i].duration == base::Seconds(makespans.back()))
        scenario_.durations.erase(scenario_.durations.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  EXPECT_EQ(makespans, (std::vector<std::int64_t>{4, 6, 8, 9}));
}

TEST_F(Simulator, RunsOfNoTimeAreARolloutToo) {
  scenario_.default_duration = base::Seconds(0);
  for (int i = 0; i < 3; ++i) builder_.AddTask(a_);
  Run();
  EXPECT_EQ(ScheduleOf(timeline_), (Strings{"0: 0-0", "1: 0-0", "2: 0-0"}));
  EXPECT_TRUE(timeline_.waits.empty());
  EXPECT_EQ(Makespan(), 0);
}

TEST_F(Simulator, AnEmptyRolloutIsDone) {
  Run();
  EXPECT_EQ(timeline_.status, RolloutStatus::kDone);
  EXPECT_TRUE(timeline_.tasks.empty());
}

TEST_F(Simulator, TellsNoMoreThanItIsAskedFor) {
  Add(a_, 1);
  Add(a_, 1);
  Run();
  const Timeline bare = Simulate(rollout_, scenario_, {.keep_events = false, .keep_waits = false, .find_critical_path = false});
  EXPECT_EQ(ScheduleOf(bare), ScheduleOf(timeline_));
  EXPECT_TRUE(bare.events.empty());
  EXPECT_TRUE(bare.waits.empty());
  EXPECT_EQ(bare.event_count, timeline_.events.size());
  EXPECT_EQ(bare.end, timeline_.end);
  EXPECT_EQ(bare.status, RolloutStatus::kDone);
}

TEST_F(Simulator, TheSameAgain) {
  for (int i = 0; i < 20; ++i) Add(i % 3 == 0 ? a_ : b_, 1 + i % 4);
  const Timeline first = Run();
  const Timeline again = Simulate(rollout_, scenario_, {});
  EXPECT_EQ(again.events, first.events);
  EXPECT_EQ(again.critical_path, first.critical_path);
}

}  // namespace
}  // namespace lockstep::sim
