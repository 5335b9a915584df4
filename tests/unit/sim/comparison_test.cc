// Undisturbed and disturbed: what breaks, what that blocks, what moves; and what helps.
#include "core/sim/comparison.h"

#include <gtest/gtest.h>

#include "tests/unit/rollout_builder.h"

namespace lockstep::sim {
namespace {

using base::Duration;
using base::Seconds;
using rollout::DatabaseIndex;
using rollout::InstanceIndex;
using rollout::Rollout;
using rollout::RolloutStatus;
using rollout::TaskIndex;
using rollout::TaskStatus;
using rollout::WaitingCause;
using Strings = std::vector<std::string>;
using CommandKind = Scenario::Command::Kind;

class Comparing : public testing::Test {
 protected:
  Comparing() {
    builder_.AddInstance();
    builder_.AddInstance();
    for (std::size_t i = 0; i < 6; ++i) builder_.AddDatabase(InstanceIndex(i / 4));
    builder_.AddStage();
  }
  /// 1 s each, on the databases 0 to 3 of the first instance and 4 and 5 of the second.
  TaskIndex Add(std::size_t database) { return builder_.AddTask(DatabaseIndex(database)); }
  void Fails(TaskIndex task, std::uint32_t attempts = 1) {
    scenario_.failures.push_back({{SpecOf(task), ""}, attempts, "", {-1}});
  }
  void At(int seconds, CommandKind kind, TaskIndex task) {
    scenario_.commands.push_back({Seconds(seconds), kind, {{SpecOf(task), ""}}, ""});
  }
  static std::string SpecOf(TaskIndex task) { return "spec-" + std::to_string(task.value()); }

  void Compare() {
    rollout_ = builder_.Build();
    before_ = Simulate(rollout_, Undisturbed(scenario_), {});
    after_ = Simulate(rollout_, scenario_, {});
    comparison_ = sim::Compare(rollout_, before_, after_);
    // Each task is in one of them, but for those that end otherwise and at another time.
    EXPECT_GE(comparison_.broken.size() + comparison_.blocked.size() + comparison_.shifted.size() +
                  comparison_.stretched.size() + comparison_.unchanged,
              rollout_.tasks.size());
  }
  Strings Broken() const {
    Strings lines;
    for (const auto& [task, status] : comparison_.broken)
      lines.push_back(std::to_string(task.value()) + " " + std::string(ToString(status)));
    return lines;
  }
  Strings Blocked() const {
    Strings lines;
    for (const auto& [task, root, cause] : comparison_.blocked) {
      lines.push_back(std::to_string(task.value()) + " by " +
                      (root.valid() ? std::to_string(root.value()) : "nobody") + " " +
                      std::string(ToString(cause)));
    }
    return lines;
  }
  Strings Shifted() const {
    Strings lines;
    for (const auto& [task, by, cause, waited_for] : comparison_.shifted) {
      lines.push_back(std::to_string(task.value()) + " " + std::to_string(by.ms / 1000) +
                      (cause == WaitingCause::kNone ? "" : " " + std::string(ToString(cause))) +
                      (waited_for.valid() ? " " + std::to_string(waited_for.value()) : ""));
    }
    return lines;
  }

  RolloutBuilder builder_;
  Scenario scenario_;
  Rollout rollout_;
  Timeline before_, after_;
  Comparison comparison_;
};

TEST_F(Comparing, WhatOnlyTakesLonger) {
  Add(0);
  Add(1);
  scenario_.delays.push_back({{"spec-1", ""}, Seconds(5)});
  Compare();
  EXPECT_EQ(Shifted(), Strings{});
  ASSERT_EQ(comparison_.stretched.size(), 1u);
  EXPECT_EQ(comparison_.stretched[0].task.value(), 1u);
  EXPECT_EQ(comparison_.stretched[0].by, Seconds(5));
  EXPECT_EQ(comparison_.unchanged, 1u);
}

TEST_F(Comparing, NothingIsOtherwise) {
  Add(0);
  Add(1);
  Compare();
  EXPECT_EQ(Broken(), Strings{});
  EXPECT_EQ(Blocked(), Strings{});
  EXPECT_EQ(Shifted(), Strings{});
  EXPECT_EQ(comparison_.unchanged, 2u);
}

TEST_F(Comparing, AChainHasOneRoot) {
  const TaskIndex a = Add(0), b = Add(1), c = Add(2);
  builder_.Depend(b, a);
  builder_.Depend(c, b);
  Add(3);
  builder_.AddStage();
  Add(4);
  Fails(a);
  Compare();
  EXPECT_EQ(Broken(), Strings{"0 FAILED"});
  EXPECT_EQ(Blocked(), (Strings{"1 by 0 dependency", "2 by 0 dependency", "4 by 0 stage"}));
  EXPECT_EQ(Shifted(), Strings{});
  EXPECT_EQ(comparison_.unchanged, 1u);
}

TEST_F(Comparing, TwoRoots) {
  const TaskIndex a = Add(0), b = Add(1), c = Add(2), d = Add(3);
  builder_.Depend(b, a);
  builder_.Depend(d, c);
  Fails(a);
  Fails(c);
  Compare();
  EXPECT_EQ(Blocked(), (Strings{"1 by 0 dependency", "3 by 2 dependency"}));
}

TEST_F(Comparing, WhatEndsOtherwise) {
  const TaskIndex a = Add(0), b = Add(1);
  Add(4);
  At(0, CommandKind::kSkip, a);
  At(0, CommandKind::kCancel, b);  // nothing runs at the start: ignored
  Compare();
  EXPECT_EQ(Broken(), Strings{"0 SKIPPED"});
  scenario_.commands[1].at = Duration{500};
  after_ = Simulate(rollout_, scenario_, {});
  comparison_ = sim::Compare(rollout_, before_, after_);
  EXPECT_EQ(Broken(), (Strings{"0 SKIPPED", "1 CANCELED"}));
  EXPECT_EQ(comparison_.unchanged, 1u);
}

TEST_F(Comparing, WhatMovesAndWhy) {
  const TaskIndex a = Add(0), b = Add(1);
  builder_.Depend(b, a);
  Add(0);
  Add(4);
  scenario_.delays.push_back({{"spec-0", ""}, Seconds(5)});
  Compare();
  EXPECT_EQ(Shifted(), (Strings{"1 5 dependency 0", "2 5 database 0"}));
  EXPECT_EQ(comparison_.stretched.size(), 1u);
  EXPECT_EQ(comparison_.unchanged, 1u);
}

TEST_F(Comparing, WhatStartsEarlier) {
  Add(0);
  Add(0);
  At(0, CommandKind::kSkip, TaskIndex(0));
  Compare();
  EXPECT_EQ(Shifted(), Strings{"1 -1"});
}

TEST_F(Comparing, ARunThatIsTriedAgainStartsLater) {
  const TaskIndex a = Add(0);
  Fails(a);
  At(10, CommandKind::kRetry, a);
  Compare();
  EXPECT_EQ(Broken(), Strings{});
  EXPECT_EQ(Shifted(), Strings{"0 10"});
}

// Task 0 needs task 1, and that one's version has to wait for task 0's.
TEST_F(Comparing, WhoWaitsInACircleHasNoRoot) {
  const TaskIndex low = Add(0), high = Add(0);
  builder_.task(low).version_rank = 1;
  builder_.task(high).version_rank = 2;
  builder_.Depend(low, high);
  const TaskIndex behind = Add(1);
  builder_.Depend(behind, low);
  rollout_ = builder_.Build();
  const Timeline circle = Simulate(rollout_, scenario_, {});
  EXPECT_EQ(circle.status, RolloutStatus::kBlocked);
  At(0, CommandKind::kSkip, high);
  const Timeline open = Simulate(rollout_, scenario_, {});
  EXPECT_EQ(open.status, RolloutStatus::kDone);
  comparison_ = sim::Compare(rollout_, open, circle);
  EXPECT_EQ(Blocked(),
            (Strings{"0 by nobody dependency", "1 by nobody version", "2 by nobody dependency"}));
  // The other way round tasks run that never did: that is no lack of change.
  comparison_ = sim::Compare(rollout_, circle, open);
  EXPECT_EQ(Broken(), Strings{"1 SKIPPED"});
  EXPECT_EQ(comparison_.unchanged, 0u);
  // And what never starts, as before, is unchanged.
  EXPECT_EQ(sim::Compare(rollout_, circle, circle).unchanged, 3u);
}

// ---- remedies ----

class Helping : public Comparing {
 protected:
  const std::vector<Remedy>& Find() {
    Compare();
    remedies_ = FindRemedies(rollout_, scenario_, after_, comparison_);
    // Each of them is a simulation with that command.
    for (const Remedy& remedy : remedies_) {
      Scenario with = scenario_;
      Scenario::Command command{after_.end - after_.start, remedy.kind, {}, ""};
      for (const auto& other : scenario_.commands) command.at = std::max(command.at, other.at);
      for (const TaskIndex task : remedy.tasks) command.tasks.push_back({SpecOf(task), ""});
      with.commands.push_back(command);
      const Timeline timeline = Simulate(rollout_, with, {});
      EXPECT_EQ(remedy.makespan, timeline.end - timeline.start);
      EXPECT_EQ(remedy.status, timeline.status);
      std::uint32_t unfinished = 0;
      for (TaskIndex task : rollout_.tasks.indices())
        unfinished += !rollout::Satisfies(timeline.tasks[task].status);
      EXPECT_EQ(remedy.unfinished, unfinished);
    }
    return remedies_;
  }
  std::vector<Remedy> remedies_;
};

TEST_F(Helping, RetryAndSkipOfTheOneThatFailed) {
  const TaskIndex a = Add(0), b = Add(1);
  builder_.Depend(b, a);
  Fails(a);
  ASSERT_EQ(Find().size(), 2u);
  EXPECT_EQ(remedies_[0].kind, CommandKind::kRetry);
  EXPECT_EQ(remedies_[0].tasks, std::vector<TaskIndex>{a});
  EXPECT_EQ(remedies_[0].status, RolloutStatus::kDone);
  EXPECT_EQ(remedies_[0].makespan, Seconds(3));
  EXPECT_EQ(remedies_[1].kind, CommandKind::kSkip);
  EXPECT_EQ(remedies_[1].makespan, Seconds(2));
  EXPECT_EQ(remedies_[1].unfinished, 0u);
}

TEST_F(Helping, WhatFailsAlwaysOnlySkippingHelps) {
  const TaskIndex a = Add(0), b = Add(1);
  builder_.Depend(b, a);
  Fails(a, Scenario::kAlways);
  Find();
  EXPECT_EQ(remedies_[0].status, RolloutStatus::kFailed);
  EXPECT_EQ(remedies_[0].unfinished, 2u);
  EXPECT_EQ(remedies_[1].status, RolloutStatus::kDone);
}

TEST_F(Helping, AllTogetherAndEachForItself) {
  const TaskIndex a = Add(0), b = Add(1), c = Add(2);
  builder_.Depend(c, a);
  Fails(a);
  Fails(b);
  ASSERT_EQ(Find().size(), 6u);
  EXPECT_EQ(remedies_[0].tasks, (std::vector<TaskIndex>{a, b}));
  EXPECT_EQ(remedies_[0].status, RolloutStatus::kDone);
  EXPECT_EQ(remedies_[2].tasks, std::vector<TaskIndex>{a});
  EXPECT_EQ(remedies_[2].status, RolloutStatus::kFailed) << "the other one is still FAILED";
  EXPECT_EQ(remedies_[4].tasks, std::vector<TaskIndex>{b});
}

TEST_F(Helping, ARolloutThatStoppedGoesOnWithTheCommand) {
  builder_.policy().parallel = 1;
  builder_.policy().max_failures = 0;
  const TaskIndex a = Add(0);
  Add(1);
  Fails(a);
  Find();
  EXPECT_EQ(after_.status, RolloutStatus::kPaused);
  EXPECT_EQ(Broken(), Strings{"0 FAILED"});
  ASSERT_EQ(remedies_.size(), 2u);
  EXPECT_EQ(remedies_[0].status, RolloutStatus::kDone);
  EXPECT_EQ(remedies_[0].makespan, Seconds(3));
  EXPECT_EQ(remedies_[1].status, RolloutStatus::kDone);
}

TEST_F(Helping, CommandsOfTheScenarioComeFirst) {
  const TaskIndex a = Add(0);
  Fails(a, 2);
  At(10, CommandKind::kRetry, a);
  Find();
  EXPECT_EQ(remedies_[0].status, RolloutStatus::kDone);
  EXPECT_EQ(remedies_[0].makespan, Seconds(12)) << "fails at 1 s and at 11 s";
}

TEST_F(Helping, NothingIsBroken) {
  Add(0);
  scenario_.delays.push_back({{"spec-0", ""}, Seconds(5)});
  EXPECT_TRUE(Find().empty());
}

}  // namespace
}  // namespace lockstep::sim
