// Forecasts by odds that were worked out by hand, and against the obvious way to count.
#include "core/sim/forecast.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/unit/rollout_builder.h"

namespace lockstep::sim {
namespace {

using base::Duration;
using base::Seconds;
using rollout::DatabaseIndex;
using rollout::InstanceIndex;
using rollout::Rollout;
using rollout::TaskIndex;

/// Tasks of a database each; or all on one, so that they follow each other.
Rollout Tasks(int count, bool in_line) {
  RolloutBuilder builder;
  builder.AddInstance(100);
  builder.AddStage();
  for (int i = 0; i < count; ++i) {
    if (i == 0 || !in_line) builder.AddDatabase(InstanceIndex(0));
    builder.AddTask(DatabaseIndex(in_line ? 0 : static_cast<std::size_t>(i)));
  }
  return builder.Build();
}

Scenario OneOrThreeSeconds() {
  Scenario scenario;
  scenario.default_duration = Distribution::OfSamples({Seconds(1), Seconds(3)});
  return scenario;
}

std::ptrdiff_t CountOf(const Forecast& forecast, Duration makespan) {
  return std::count(forecast.makespans.begin(), forecast.makespans.end(), makespan);
}

constexpr std::uint32_t kRuns = 10'000;

/// Within six standard deviations.
void ExpectOdds(std::ptrdiff_t count, double odds) {
  EXPECT_NEAR(static_cast<double>(count), kRuns * odds, 6 * std::sqrt(kRuns * odds * (1 - odds)));
}

TEST(Forecast, WhatIsCertainHasOneMakespan) {
  const Rollout rollout = Tasks(3, true);
  const Forecast forecast = MakeForecast(rollout, {}, 50);
  EXPECT_EQ(forecast.runs, 50u);
  EXPECT_EQ(forecast.done, 50u);
  EXPECT_EQ(forecast.in_time, 50u) << "without a deadline all are in time";
  EXPECT_EQ(forecast.makespans, std::vector<Duration>(50, Seconds(3)));
  for (TaskIndex task : rollout.tasks.indices()) {
    EXPECT_EQ(forecast.tasks[task].critical, 50u);
    EXPECT_EQ(forecast.tasks[task].undone, 0u);
  }
}

// The longer of two: 1 s only when both are short. On the critical path lies the one that ends
// last, and the first of equals.
TEST(Forecast, TwoTasksBesideEachOther) {
  const Forecast forecast = MakeForecast(Tasks(2, false), OneOrThreeSeconds(), kRuns);
  EXPECT_EQ(forecast.done, kRuns);
  ExpectOdds(CountOf(forecast, Seconds(1)), 1.0 / 4);
  ExpectOdds(CountOf(forecast, Seconds(3)), 3.0 / 4);
  EXPECT_EQ(CountOf(forecast, Seconds(1)) + CountOf(forecast, Seconds(3)), kRuns);
  EXPECT_EQ(forecast.tasks[TaskIndex(0)].critical + forecast.tasks[TaskIndex(1)].critical, kRuns);
  ExpectOdds(forecast.tasks[TaskIndex(1)].critical, 1.0 / 4);
}

TEST(Forecast, TwoTasksAfterEachOther) {
  Scenario scenario = OneOrThreeSeconds();
  scenario.deadline = Seconds(4);
  const Forecast forecast = MakeForecast(Tasks(2, true), scenario, kRuns);
  ExpectOdds(CountOf(forecast, Seconds(2)), 1.0 / 4);
  ExpectOdds(CountOf(forecast, Seconds(4)), 1.0 / 2);
  ExpectOdds(CountOf(forecast, Seconds(6)), 1.0 / 4);
  EXPECT_EQ(forecast.in_time, kRuns - CountOf(forecast, Seconds(6)))
      << "at the deadline is in time";
}

TEST(Forecast, PercentilesByNearestRank) {
  Scenario scenario;
  scenario.default_duration =
      Distribution::OfPercentiles({{0, Seconds(1)}, {50, Seconds(5)}, {100, Seconds(60)}});
  const Rollout rollout = Tasks(4, true);
  for (const std::uint32_t runs : {1u, 2u, 7u, 100u, 333u}) {
    const Forecast forecast = MakeForecast(rollout, scenario, runs);
    // One by one, and then sorted.
    Assumptions assumptions(rollout, scenario);
    std::vector<Duration> naive;
    for (std::uint32_t run = 0; run < runs; ++run) {
      assumptions.Draw(run);
      const Timeline timeline = Simulate(rollout, scenario, assumptions, {});
      naive.push_back(timeline.end - timeline.start);
    }
    std::sort(naive.begin(), naive.end());
    EXPECT_EQ(forecast.makespans, naive);
    for (int percent = 0; percent <= 100; ++percent) {
      // The shortest that so many do not exceed.
      std::size_t at = 0;
      while ((at + 1) * 100 < static_cast<std::size_t>(percent) * runs) ++at;
      EXPECT_EQ(forecast.Percentile(percent), naive[at]) << percent << " of " << runs;
    }
  }
}

TEST(Forecast, TheSameSeedIsTheSameForecast) {
  const Rollout rollout = Tasks(5, false);
  Scenario scenario;
  scenario.default_duration =
      Distribution::OfPercentiles({{0, Seconds(1)}, {100, Seconds(100'000)}});
  scenario.seed = 5;
  const Forecast first = MakeForecast(rollout, scenario, 200);
  EXPECT_EQ(MakeForecast(rollout, scenario, 200).makespans, first.makespans);
  scenario.seed = 6;
  EXPECT_NE(MakeForecast(rollout, scenario, 200).makespans, first.makespans);
}

TEST(Forecast, WhatIsNotDone) {
  RolloutBuilder builder;
  builder.AddInstance();
  builder.AddDatabase(InstanceIndex(0));
  builder.AddStage();
  builder.AddTask(DatabaseIndex(0));
  builder.AddStage();
  builder.AddTask(DatabaseIndex(0));
  const Rollout rollout = builder.Build();
  Scenario scenario;
  scenario.failures.push_back({{"spec-0", ""}, 1, "", {-1}, 300'000});
  const Forecast forecast = MakeForecast(rollout, scenario, kRuns);
  ExpectOdds(forecast.done, 0.7);
  EXPECT_EQ(forecast.makespans.size(), forecast.done);
  EXPECT_EQ(forecast.in_time, forecast.done) << "what is not done is never in time";
  for (TaskIndex task : rollout.tasks.indices())
    EXPECT_EQ(forecast.tasks[task].undone, kRuns - forecast.done) << "and what waits for it";
  // A retry at a time: only a second failure of the same run would matter, and there is none.
  scenario.commands.push_back({Seconds(60), Scenario::Command::Kind::kRetry, {{"spec-0", ""}}, ""});
  EXPECT_EQ(MakeForecast(rollout, scenario, 500).done, 500u);
  scenario.failures[0].attempts = Scenario::kAlways;
  ExpectOdds(MakeForecast(rollout, scenario, kRuns).done, 1 - 0.3 * 0.3);
}

}  // namespace
}  // namespace lockstep::sim
