// What would shorten a rollout: each advice is carried out by hand and has to give what it says.
#include "core/sim/advice.h"

#include <gtest/gtest.h>

#include "tests/unit/sim/random_rollouts.h"

namespace lockstep::sim {
namespace {

using base::Duration;
using base::Seconds;
using rollout::DatabaseIndex;
using rollout::GroupIndex;
using rollout::InstanceIndex;
using rollout::Rollout;
using rollout::TaskIndex;
using ChangeKind = Change::Kind;

class Advising : public testing::Test {
 protected:
  /// So many databases on one instance, and a stage to begin with.
  void Databases(int count, std::uint32_t connections = 100) {
    builder_.AddInstance(connections);
    for (int i = 0; i < count; ++i) builder_.AddDatabase(InstanceIndex(0));
    builder_.AddStage();
  }
  TaskIndex Add(std::size_t database, int seconds) {
    const TaskIndex task = builder_.AddTask(DatabaseIndex(database));
    scenario_.durations.push_back(
        {{"spec-" + std::to_string(builder_.task(task).spec), ""}, Seconds(seconds)});
    return task;
  }

  const std::vector<Advice>& Find() {
    rollout_ = builder_.Build();
    const Timeline timeline = Simulate(rollout_, scenario_, {});
    before_ = timeline.end - timeline.start;
    advice_ = FindAdvice(rollout_, scenario_, timeline);
    return advice_;
  }
  /// With what has been changed in a copy of the rollout.
  template <class ChangeIt>
  Duration MakespanWith(ChangeIt change) const {
    Rollout changed = rollout_;
    change(changed);
    const Timeline timeline = Simulate(changed, scenario_, {});
    return timeline.end - timeline.start;
  }

  RolloutBuilder builder_;
  Scenario scenario_;
  Rollout rollout_;
  Duration before_{0};
  std::vector<Advice> advice_;
};

TEST_F(Advising, TheCapOfTheRollout) {
  Databases(4);
  builder_.policy().parallel = 2;
  for (std::size_t i = 0; i < 4; ++i) Add(i, 5);
  ASSERT_EQ(Find().size(), 1u);
  EXPECT_EQ(before_, Seconds(10));
  const Advice& advice = advice_[0];
  ASSERT_EQ(advice.changes, (std::vector<Change>{{ChangeKind::kNoParallelLimit, {}, {}, {}}}));
  EXPECT_EQ(advice.makespan, Seconds(5));
  EXPECT_EQ(advice.most_parallel, 4u);
  // So many, and not one less.
  EXPECT_EQ(MakespanWith([&](Rollout& r) { r.policy.parallel = advice.most_parallel; }),
            advice.makespan);
  EXPECT_GT(MakespanWith([&](Rollout& r) { r.policy.parallel = advice.most_parallel - 1; }),
            advice.makespan);
}

TEST_F(Advising, TheConnectionsOfAnInstance) {
  Databases(3, 1);
  for (std::size_t i = 0; i < 3; ++i) Add(i, 2);
  ASSERT_EQ(Find().size(), 1u);
  const Advice& advice = advice_[0];
  ASSERT_EQ(advice.changes,
            (std::vector<Change>{{ChangeKind::kNoConnectionLimit, InstanceIndex(0), {}, {}}}));
  EXPECT_EQ(advice.most_on_instance, std::vector<std::uint32_t>{3});
  const auto with = [this](std::uint32_t most) {
    return MakespanWith(
        [most](Rollout& r) { r.instances[InstanceIndex(0)].maximum_connections = most; });
  };
  EXPECT_EQ(advice.makespan, Seconds(2));
  EXPECT_EQ(with(3), advice.makespan);
  EXPECT_GT(with(2), advice.makespan);
}

TEST_F(Advising, ADependency) {
  Databases(3);
  const TaskIndex a = Add(0, 5), b = Add(1, 7), c = Add(2, 3);
  builder_.Depend(b, a);
  builder_.Depend(c, a);
  ASSERT_EQ(Find().size(), 1u) << "the other one does not matter";
  EXPECT_EQ(before_, Seconds(12));
  EXPECT_EQ(advice_[0].changes,
            (std::vector<Change>{{ChangeKind::kNoDependency, {}, GroupIndex(1), GroupIndex(0)}}));
  EXPECT_EQ(advice_[0].makespan, Seconds(8));
  EXPECT_EQ(MakespanWith([](Rollout& r) {
              r.groups[GroupIndex(1)].depends_on = {0, 0};
            }),
            advice_[0].makespan);
}

// The last to end holds it back; without that one, the other does.
TEST_F(Advising, OneOfTwoDependencies) {
  Databases(3);
  const TaskIndex a = Add(0, 5), b = Add(1, 9), c = Add(2, 3);
  builder_.Depend(c, a);
  builder_.Depend(c, b);
  ASSERT_EQ(Find().size(), 1u);
  EXPECT_EQ(advice_[0].changes,
            (std::vector<Change>{{ChangeKind::kNoDependency, {}, GroupIndex(2), GroupIndex(1)}}));
  EXPECT_EQ(advice_[0].makespan, Seconds(9));
}

TEST_F(Advising, AnEarliestTime) {
  Databases(2);
  Add(0, 4);
  builder_.task(Add(1, 4)).earliest = base::Instant{20'000};
  ASSERT_EQ(Find().size(), 1u);
  EXPECT_EQ(before_, Seconds(24));
  EXPECT_EQ(advice_[0].changes,
            (std::vector<Change>{{ChangeKind::kNoEarliestTime, {}, GroupIndex(1), {}}}));
  EXPECT_EQ(advice_[0].makespan, Seconds(4));
  EXPECT_EQ(MakespanWith([](Rollout& r) { r.tasks[TaskIndex(1)].earliest = {0}; }),
            advice_[0].makespan);
}

TEST_F(Advising, Canaries) {
  Databases(3);
  builder_.policy().canary = 1;
  const GroupIndex group = builder_.AddGroup();
  for (std::size_t i = 0; i < 3; ++i) builder_.AddTask(group, DatabaseIndex(i));
  ASSERT_EQ(Find().size(), 1u);
  EXPECT_EQ(advice_[0].changes, (std::vector<Change>{{ChangeKind::kNoCanary, {}, {}, {}}}));
  EXPECT_EQ(advice_[0].makespan, Seconds(1));
  EXPECT_EQ(MakespanWith([](Rollout& r) { r.policy.canary = 0; }), Seconds(1));
}

TEST_F(Advising, TheOrderOfStages) {
  Databases(2);
  Add(0, 4);
  builder_.AddStage();
  Add(1, 3);
  ASSERT_EQ(Find().size(), 1u);
  EXPECT_EQ(advice_[0].changes, (std::vector<Change>{{ChangeKind::kNoStageOrder, {}, {}, {}}}));
  EXPECT_EQ(advice_[0].makespan, Seconds(4));
}

TEST_F(Advising, TwoThatHelpOnlyTogether) {
  Databases(3, 1);
  builder_.policy().parallel = 1;
  for (std::size_t i = 0; i < 3; ++i) Add(i, 2);
  ASSERT_EQ(Find().size(), 1u);
  const Advice& advice = advice_[0];
  EXPECT_EQ(advice.changes,
            (std::vector<Change>{{ChangeKind::kNoConnectionLimit, InstanceIndex(0), {}, {}},
                                 {ChangeKind::kNoParallelLimit, {}, {}, {}}}));
  EXPECT_EQ(advice.makespan, Seconds(2));
  EXPECT_EQ(advice.most_parallel, 3u);
  EXPECT_EQ(advice.most_on_instance, (std::vector<std::uint32_t>{3, 0}));
  const auto connections = [](Rollout& r) {
    r.instances[InstanceIndex(0)].maximum_connections = 3;
  };
  EXPECT_EQ(MakespanWith(connections), before_);
  EXPECT_EQ(MakespanWith([](Rollout& r) { r.policy.parallel = 3; }), before_);
  EXPECT_EQ(MakespanWith([&](Rollout& r) {
              connections(r);
              r.policy.parallel = 3;
            }),
            advice.makespan);
}

TEST_F(Advising, TheBestComesFirst) {
  Databases(2);
  const TaskIndex a = Add(0, 10), b = Add(1, 5);
  builder_.Depend(b, a);
  builder_.AddStage();
  builder_.task(Add(0, 1)).earliest = base::Instant{18'000};
  Find();
  EXPECT_EQ(before_, Seconds(19));
  ASSERT_EQ(advice_.size(), 1u);
  EXPECT_EQ(advice_[0].makespan, Seconds(16));
  for (std::size_t i = 1; i < advice_.size(); ++i)
    EXPECT_LE(advice_[i - 1].makespan, advice_[i].makespan);
}

TEST_F(Advising, NothingHelpsWhereOneDatabaseIsTheReason) {
  Databases(2);
  Add(0, 5);
  Add(0, 5);
  Add(1, 1);
  EXPECT_TRUE(Find().empty());
}

TEST_F(Advising, NothingIsShorterThanItsLongestTask) {
  Databases(2);
  builder_.policy().parallel = 2;
  Add(0, 5);
  Add(1, 5);
  EXPECT_TRUE(Find().empty());
}

/// As its text says it, with the numbers that it names.
void CarryOut(const Advice& advice, Rollout& rollout) {
  for (std::size_t i = 0; i < advice.changes.size(); ++i) {
    const Change& change = advice.changes[i];
    switch (change.kind) {
      case ChangeKind::kNoParallelLimit:
        rollout.policy.parallel = advice.most_parallel;
        break;
      case ChangeKind::kNoConnectionLimit:
        rollout.instances[change.instance].maximum_connections = advice.most_on_instance[i];
        break;
      case ChangeKind::kNoDependency: {
        std::vector<GroupIndex> left;
        rollout::Group& group = rollout.groups[change.group];
        for (const GroupIndex on : group.depends_on.Of(rollout.dependencies)) {
          if (on != change.on) left.push_back(on);
        }
        group.depends_on.begin = static_cast<std::uint32_t>(rollout.dependencies.size());
        rollout.dependencies.insert(rollout.dependencies.end(), left.begin(), left.end());
        group.depends_on.end = static_cast<std::uint32_t>(rollout.dependencies.size());
        break;
      }
      case ChangeKind::kNoEarliestTime:
        for (TaskIndex task : rollout.tasks.indices()) {
          if (rollout.tasks[task].group == change.group) rollout.tasks[task].earliest = {0};
        }
        break;
      case ChangeKind::kNoCanary:
        rollout.policy.canary = 0;
        break;
      case ChangeKind::kNoStageOrder:
        rollout.policy.stage_gate = rollout::Policy::StageGate::kNone;
        break;
    }
  }
}

TEST(Advice, KeepsItsWord) {
  std::size_t given = 0, together = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    RolloutMaker maker(seed);
    const Rollout rollout = seed % 4 == 0 ? maker.Free() : maker.Crowded();
    // Short ones end at the same moment more often.
    const Scenario scenario = maker.Durations(rollout, seed % 2 == 0 ? 40 : 3);
    const Timeline timeline = Simulate(rollout, scenario, {});
    for (const Advice& advice : FindAdvice(rollout, scenario, timeline)) {
      Rollout changed = rollout;
      CarryOut(advice, changed);
      const Timeline shorter = Simulate(changed, scenario, {});
      ASSERT_EQ(shorter.end - shorter.start, advice.makespan) << "seed " << seed;
      ASSERT_LT(shorter.end, timeline.end) << "seed " << seed;
      ++given;
      together += advice.changes.size() > 1;
    }
  }
  EXPECT_GT(given, 1000u);
  EXPECT_GT(together, 5u);
}

}  // namespace
}  // namespace lockstep::sim
