// What a scenario says of one run: who it fits, how long it lasts, how it ends.
#include "core/sim/assumptions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/rollout_builder.h"

namespace lockstep::sim {
namespace {

using base::Duration;
using base::Milliseconds;
using base::Seconds;
using rollout::DatabaseIndex;
using rollout::InstanceIndex;
using rollout::Outcome;
using rollout::Rollout;
using rollout::TaskIndex;

const std::string kInstance = "instances/i0", kDatabase = "instances/i0/databases/d0";

/// Two specs, each on two databases of the first instance and one of the second:
/// tasks 0, 1, 2 of spec-0 and 3, 4, 5 of spec-1.
Rollout SixTasks() {
  RolloutBuilder builder;
  builder.AddInstance();
  builder.AddInstance();
  builder.AddDatabase(InstanceIndex(0));
  builder.AddDatabase(InstanceIndex(0));
  builder.AddDatabase(InstanceIndex(1));
  builder.AddStage();
  for (int spec = 0; spec < 2; ++spec) {
    const rollout::GroupIndex group = builder.AddGroup();
    for (std::size_t i = 0; i < 3; ++i) builder.AddTask(group, DatabaseIndex(i));
  }
  return builder.Build();
}

class Assuming : public testing::Test {
 protected:
  std::vector<std::int64_t> TypicalSeconds() const {
    const Assumptions assumptions(rollout_, scenario_);
    std::vector<std::int64_t> seconds;
    for (TaskIndex task : rollout_.tasks.indices())
      seconds.push_back(assumptions.Typical(task).ms / 1000);
    return seconds;
  }
  Assumptions::Run Run(std::uint32_t task, std::uint32_t attempt, Duration at = {0}) const {
    return Assumptions(rollout_, scenario_).RunOf(TaskIndex(task), attempt, at);
  }

  Rollout rollout_ = SixTasks();
  Scenario scenario_;
};

using Lengths = std::vector<std::int64_t>;

TEST_F(Assuming, TheMostSpecificWins) {
  scenario_.default_duration = Seconds(1);
  EXPECT_EQ(TypicalSeconds(), (Lengths{1, 1, 1, 1, 1, 1}));
  scenario_.durations.push_back({{"spec-1", kDatabase}, Seconds(6)});
  scenario_.durations.push_back({{"spec-1", kInstance}, Seconds(5)});
  scenario_.durations.push_back({{"spec-1", ""}, Seconds(4)});
  scenario_.durations.push_back({{"", kDatabase}, Seconds(3)});
  scenario_.durations.push_back({{"", kInstance}, Seconds(2)});
  EXPECT_EQ(TypicalSeconds(), (Lengths{3, 2, 1, 6, 5, 4}));
  // In whatever order they stand.
  std::reverse(scenario_.durations.begin(), scenario_.durations.end());
  EXPECT_EQ(TypicalSeconds(), (Lengths{3, 2, 1, 6, 5, 4}));
  // And of equals the last.
  scenario_.durations.push_back({{"spec-1", kInstance}, Seconds(9)});
  EXPECT_EQ(TypicalSeconds(), (Lengths{3, 2, 1, 6, 9, 4}));
}

TEST_F(Assuming, ANameThatFitsNobodyChangesNothing) {
  scenario_.durations.push_back({{"spec-9", ""}, Seconds(9)});
  scenario_.durations.push_back({{"", "instances/i9"}, Seconds(9)});
  scenario_.durations.push_back({{"spec-0", "instances/i9"}, Seconds(9)});
  EXPECT_EQ(TypicalSeconds(), (Lengths{1, 1, 1, 1, 1, 1}));
}

TEST_F(Assuming, ADatabaseThatIsCreatedIsKnownByItsInstance) {
  rollout_.tasks[TaskIndex(0)].database = DatabaseIndex();
  scenario_.durations.push_back({{"", kDatabase}, Seconds(9)});
  scenario_.durations.push_back({{"", kInstance}, Seconds(2)});
  EXPECT_EQ(TypicalSeconds(), (Lengths{2, 2, 1, 9, 2, 1}));
}

TEST_F(Assuming, AClassOutweighsTheDefaultAndIsOutweighedByAName) {
  rollout_.sheets.push_back({"", 100, "DDL"});
  rollout_.sheets.push_back({"", 300 << 10, "DML"});
  rollout_.spec_sheets = {rollout::SheetIndex(0), rollout::SheetIndex(1)};
  scenario_.class_durations.push_back({"DDL", std::nullopt, Seconds(2)});
  scenario_.class_durations.push_back({"DML", SheetSize::kLarge, Seconds(8)});
  scenario_.class_durations.push_back({"DML", std::nullopt, Seconds(3)});
  scenario_.class_durations.push_back({"DDL", SheetSize::kLarge, Seconds(9)});
  EXPECT_EQ(TypicalSeconds(), (Lengths{2, 2, 2, 8, 8, 8})) << "a size outweighs a class alone";
  scenario_.durations.push_back({{"", kDatabase}, Seconds(4)});
  EXPECT_EQ(TypicalSeconds(), (Lengths{4, 2, 2, 4, 8, 8}));
  rollout_.spec_sheets[1] = rollout::SheetIndex();
  EXPECT_EQ(TypicalSeconds(), (Lengths{4, 2, 2, 4, 1, 1})) << "a spec without a sheet has no class";
}

TEST(SheetSizes, TheirLimits) {
  const auto size = [](std::uint64_t bytes) { return SizeOf({"", bytes, "DDL"}); };
  EXPECT_EQ(size(0), SheetSize::kSmall);
  EXPECT_EQ(size((4 << 10) - 1), SheetSize::kSmall);
  EXPECT_EQ(size(4 << 10), SheetSize::kMedium);
  EXPECT_EQ(size((256 << 10) - 1), SheetSize::kMedium);
  EXPECT_EQ(size(256 << 10), SheetSize::kLarge);
}

TEST_F(Assuming, DelaysAndConnectCostsComeOnTop) {
  scenario_.delays.push_back({{"", kInstance}, Seconds(10)});
  scenario_.delays.push_back({{"spec-1", ""}, Seconds(20)});
  scenario_.connects.push_back({{}, Seconds(100)});
  scenario_.connects.push_back({{"", "instances/i1"}, Seconds(300)});
  EXPECT_EQ(TypicalSeconds(), (Lengths{111, 111, 301, 121, 121, 321}));
  EXPECT_EQ(Run(0, 1).duration, Seconds(111));
  // On top of what is drawn by lot, too.
  scenario_.default_duration = Distribution::OfSamples({Seconds(1), Seconds(2)});
  Assumptions drawn(rollout_, scenario_);
  drawn.Draw(1);
  const std::int64_t seconds = drawn.RunOf(TaskIndex(0), 1, Seconds(0)).duration.ms / 1000;
  EXPECT_TRUE(seconds == 111 || seconds == 112) << seconds;
}

TEST_F(Assuming, FailuresOfTheFirstAttempts) {
  scenario_.failures.push_back({{"spec-0", ""}, 2, "no such table", Milliseconds(300)});
  const Assumptions::Run run = Run(0, 1);
  EXPECT_EQ(run.outcome, Outcome::kFailed);
  EXPECT_EQ(run.message, "no such table");
  EXPECT_EQ(run.code, "SCENARIO");
  EXPECT_EQ(run.duration, Milliseconds(300));
  EXPECT_EQ(Run(0, 2).outcome, Outcome::kFailed);
  EXPECT_EQ(Run(0, 3).outcome, Outcome::kSucceeded);
  EXPECT_EQ(Run(0, 3).duration, Seconds(1));
  EXPECT_EQ(Run(3, 1).outcome, Outcome::kSucceeded);
  scenario_.failures[0].attempts = Scenario::kAlways;
  EXPECT_EQ(Run(0, 1000).outcome, Outcome::kFailed);
  scenario_.failures[0].message = "";
  EXPECT_EQ(Run(0, 1).message, "the scenario lets it fail");
}

TEST_F(Assuming, WithoutALotAFailureIsWhatIsMoreLikely) {
  scenario_.failures.push_back({{"spec-0", ""}, 1, "", {-1}, 500'000});
  EXPECT_EQ(Run(0, 1).outcome, Outcome::kSucceeded);
  scenario_.failures[0].probability = 500'001;
  EXPECT_EQ(Run(0, 1).outcome, Outcome::kFailed);
}

TEST_F(Assuming, WhoStartsWhileALockIsHeldWaitsForItsEnd) {
  scenario_.locks.push_back({{"", kDatabase}, Seconds(10), Seconds(20)});
  const auto seconds = [this](std::uint32_t task, int at) {
    return Run(task, 1, Seconds(at)).duration.ms / 1000;
  };
  EXPECT_EQ(seconds(0, 9), 1);
  EXPECT_EQ(seconds(0, 10), 11);
  EXPECT_EQ(seconds(0, 19), 2);
  EXPECT_EQ(seconds(0, 20), 1) << "it is free again";
  EXPECT_EQ(seconds(1, 15), 1) << "another database";
  scenario_.locks.push_back({{"spec-0", ""}, Seconds(15), Seconds(30)});
  EXPECT_EQ(seconds(0, 16), 15) << "the one that lasts longer counts";
  EXPECT_EQ(seconds(3, 16), 5);
}

TEST_F(Assuming, AWaitThatIsLongerThanItsTimeoutFails) {
  scenario_.locks.push_back({{"", kDatabase}, Seconds(10), Seconds(20), Seconds(4)});
  EXPECT_EQ(Run(0, 1, Seconds(16)).outcome, Outcome::kSucceeded) << "it waits just as long";
  const Assumptions::Run run = Run(0, 1, Milliseconds(15'999));
  EXPECT_EQ(run.outcome, Outcome::kFailed);
  EXPECT_EQ(run.code, "LOCK_TIMEOUT");
  EXPECT_EQ(run.duration, Seconds(4));
  // Of two locks the one that it gives up first.
  scenario_.locks.push_back({{"spec-0", ""}, Seconds(0), Seconds(90), Seconds(2)});
  EXPECT_EQ(Run(0, 1, Seconds(11)).duration, Seconds(2));
  scenario_.locks[1].timeout = Seconds(40);
  EXPECT_EQ(Run(0, 1, Seconds(11)).duration, Seconds(4));
}

TEST_F(Assuming, AnOutageAndItsEdges) {
  scenario_.default_duration = Seconds(5);
  scenario_.outages.push_back({kInstance, Seconds(10), Seconds(20)});
  EXPECT_EQ(Run(0, 1, Seconds(4)).outcome, Outcome::kSucceeded);
  EXPECT_EQ(Run(0, 1, Seconds(5)).outcome, Outcome::kSucceeded) << "it ends when that begins";
  const Assumptions::Run lost = Run(0, 1, Milliseconds(5'001));
  EXPECT_EQ(lost.outcome, Outcome::kLost);
  EXPECT_EQ(lost.duration, Milliseconds(4'999));
  EXPECT_EQ(lost.resolved, Seconds(20));
  const Assumptions::Run refused = Run(0, 1, Seconds(10));
  EXPECT_EQ(refused.outcome, Outcome::kFailed);
  EXPECT_EQ(refused.code, "UNAVAILABLE");
  EXPECT_EQ(refused.duration, Seconds(0));
  EXPECT_EQ(Run(0, 1, Milliseconds(19'999)).outcome, Outcome::kFailed);
  EXPECT_EQ(Run(0, 1, Seconds(20)).outcome, Outcome::kSucceeded);
  EXPECT_EQ(Run(2, 1, Seconds(9)).outcome, Outcome::kSucceeded) << "another instance";
}

TEST_F(Assuming, OutagesThatFollowEachOtherAreOne) {
  scenario_.default_duration = Seconds(5);
  scenario_.outages.push_back({kInstance, Seconds(20), Seconds(30)});
  scenario_.outages.push_back({kInstance, Seconds(10), Seconds(20)});
  const Assumptions::Run lost = Run(0, 1, Seconds(8));
  EXPECT_EQ(lost.duration, Seconds(2)) << "the first that comes";
  EXPECT_EQ(lost.resolved, Seconds(30)) << "it is still down when the first has ended";
}

TEST_F(Assuming, WhoWaitsForALockIsMetByAnOutage) {
  scenario_.locks.push_back({{"", kInstance}, Seconds(0), Seconds(15)});
  scenario_.outages.push_back({kInstance, Seconds(10), Seconds(20)});
  EXPECT_EQ(Run(0, 1).outcome, Outcome::kLost);
  EXPECT_EQ(Run(0, 1).duration, Seconds(10));
}

TEST_F(Assuming, TasksOfSelectors) {
  const Assumptions assumptions(rollout_, scenario_);
  const auto tasks = [&assumptions](std::vector<Scenario::Selector> selectors) {
    std::vector<std::uint32_t> numbers;
    for (TaskIndex task : assumptions.TasksOf(selectors)) numbers.push_back(task.value());
    return numbers;
  };
  using Numbers = std::vector<std::uint32_t>;
  EXPECT_EQ(tasks({{"spec-1", ""}}), (Numbers{3, 4, 5}));
  EXPECT_EQ(tasks({{"spec-1", kInstance}}), (Numbers{3, 4}));
  EXPECT_EQ(tasks({{"", kDatabase}, {"spec-0", kDatabase}}), (Numbers{0, 3})) << "each once";
  EXPECT_EQ(tasks({{"", ""}}), Numbers{}) << "nothing said is nobody";
  EXPECT_EQ(tasks({}), Numbers{});
}

// ---- lots ----

class Drawing : public Assuming {
 protected:
  Drawing() {
    scenario_.default_duration =
        Distribution::OfPercentiles({{0, Seconds(0)}, {100, Seconds(1'000'000)}});
    scenario_.failures.push_back({{"spec-0", ""}, Scenario::kAlways, "", {-1}, 200'000});
  }
  std::vector<Assumptions::Run> Draw(std::uint64_t seed, std::uint64_t number,
                                     std::vector<std::uint32_t> tasks) {
    scenario_.seed = seed;
    Assumptions assumptions(rollout_, scenario_);
    assumptions.Draw(number);
    std::vector<Assumptions::Run> runs(6);
    for (const std::uint32_t task : tasks)
      runs[task] = assumptions.RunOf(TaskIndex(task), 1, Seconds(0));
    return runs;
  }
};

std::vector<std::int64_t> LengthsOf(const std::vector<Assumptions::Run>& runs) {
  std::vector<std::int64_t> lengths;
  for (const Assumptions::Run& run : runs) lengths.push_back(run.duration.ms);
  return lengths;
}

TEST_F(Drawing, TheSameSeedDrawsTheSameLots) {
  const auto first = LengthsOf(Draw(7, 3, {0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(LengthsOf(Draw(7, 3, {0, 1, 2, 3, 4, 5})), first);
  EXPECT_EQ(LengthsOf(Draw(7, 3, {5, 3, 1, 4, 2, 0, 0, 5})), first) << "in whatever order";
  EXPECT_NE(LengthsOf(Draw(8, 3, {0, 1, 2, 3, 4, 5})), first);
  EXPECT_NE(LengthsOf(Draw(7, 4, {0, 1, 2, 3, 4, 5})), first);
  for (std::size_t i = 1; i < first.size(); ++i) EXPECT_NE(first[i], first[0]);
}

TEST_F(Drawing, EveryAttemptDrawsItsOwn) {
  Assumptions assumptions(rollout_, scenario_);
  assumptions.Draw(0);
  EXPECT_NE(assumptions.RunOf(TaskIndex(3), 1, Seconds(0)).duration,
            assumptions.RunOf(TaskIndex(3), 2, Seconds(0)).duration);
}

// What else is assumed changes no lot: so two scenarios with one seed can be compared.
TEST_F(Drawing, OtherAssumptionsChangeNoLot) {
  const auto before = LengthsOf(Draw(7, 3, {3, 4, 5}));
  scenario_.failures.clear();
  scenario_.delays.push_back({{"spec-0", ""}, Seconds(5)});
  scenario_.outages.push_back({"instances/i9", Seconds(0), Seconds(9)});
  EXPECT_EQ(LengthsOf(Draw(7, 3, {3, 4, 5})), before);
}

TEST_F(Drawing, AProbabilityIsMet) {
  scenario_.seed = 11;
  constexpr int kLots = 100'000;
  // Six standard deviations: a fair lot misses them once in 500 million seeds.
  for (const std::uint32_t probability : {1'000u, 200'000u, 500'000u, 970'000u}) {
    scenario_.failures[0].probability = probability;
    Assumptions assumptions(rollout_, scenario_);
    int failed = 0;
    for (int i = 0; i < kLots; ++i) {
      assumptions.Draw(static_cast<std::uint64_t>(i));
      failed += assumptions.RunOf(TaskIndex(0), 1, Seconds(0)).outcome == Outcome::kFailed;
    }
    const double p = probability / 1e6;
    EXPECT_NEAR(failed, kLots * p, 6 * std::sqrt(kLots * p * (1 - p))) << probability;
  }
}

TEST_F(Drawing, NeverAndAlwaysAreThat) {
  for (const std::uint32_t probability : {0u, Scenario::kCertain}) {
    scenario_.failures[0].probability = probability;
    Assumptions assumptions(rollout_, scenario_);
    for (std::uint64_t i = 0; i < 1000; ++i) {
      assumptions.Draw(i);
      EXPECT_EQ(assumptions.RunOf(TaskIndex(0), 1, Seconds(0)).outcome,
                probability == 0 ? Outcome::kSucceeded : Outcome::kFailed);
    }
  }
}

TEST_F(Drawing, LengthsAreSpreadAsTheDistributionSays) {
  Assumptions assumptions(rollout_, scenario_);
  constexpr int kLots = 100'000;
  int tenths[10] = {};
  for (int i = 0; i < kLots; ++i) {
    assumptions.Draw(static_cast<std::uint64_t>(i));
    ++tenths[assumptions.RunOf(TaskIndex(3), 1, Seconds(0)).duration.ms / 100'000'000];
  }
  for (const int tenth : tenths) EXPECT_NEAR(tenth, kLots / 10, 6 * std::sqrt(kLots * 0.09));
}

}  // namespace
}  // namespace lockstep::sim
