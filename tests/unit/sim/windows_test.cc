// Rollouts that have to fit into a window, and tasks that outlast theirs.
#include "core/sim/windows.h"

#include <gtest/gtest.h>

#include "tests/unit/rollout_builder.h"

namespace lockstep::sim {
namespace {

using base::Instant;
using base::Seconds;
using rollout::DatabaseIndex;
using rollout::InstanceIndex;
using rollout::Rollout;
using rollout::TaskIndex;

Instant At(std::string_view text) {
  return base::ToInstant(*base::ParseTimestamp(text));
}

/// "start, so many minutes", or what is wrong.
std::string Placed(Scenario scenario, std::string_view window) {
  const base::Status placed = PlaceInWindow(scenario, window, &base::UtcAlone);
  if (!placed.ok()) return placed.error().message;
  return base::FormatInstant(*scenario.start) + ", " +
         std::to_string(scenario.deadline->ms / 60'000);
}

TEST(PlaceInWindow, TheNextTimeThatItOpens) {
  Scenario scenario;
  scenario.start = At("2026-11-27T12:00:00Z");  // a Friday
  EXPECT_EQ(Placed(scenario, "Sat 01:00-05:00"), "2026-11-28T01:00:00Z, 240");
  EXPECT_EQ(Placed(scenario, "22:00-04:00 UTC"), "2026-11-27T22:00:00Z, 360");
  scenario.start = At("2026-11-28T03:30:00Z");
  EXPECT_EQ(Placed(scenario, "Sat 01:00-05:00"), "2026-11-28T03:30:00Z, 90") << "it is open";
  scenario.start = At("2026-11-28T05:00:00Z");
  EXPECT_EQ(Placed(scenario, "Sat 01:00-05:00"), "2026-12-05T01:00:00Z, 240") << "it has closed";
}

TEST(PlaceInWindow, AnEarlierDeadlineStays) {
  Scenario scenario;
  scenario.start = At("2026-11-27T12:00:00Z");
  scenario.deadline = Seconds(30 * 60);
  EXPECT_EQ(Placed(scenario, "Sat 01:00-05:00"), "2026-11-28T01:00:00Z, 30");
  scenario.deadline = Seconds(300 * 60);
  EXPECT_EQ(Placed(scenario, "Sat 01:00-05:00"), "2026-11-28T01:00:00Z, 240");
}

TEST(PlaceInWindow, WhatIsNoWindow) {
  EXPECT_EQ(Placed({}, "Sat 01:00-05:00 Mars/Olympus"), "there is no time zone \"Mars/Olympus\"");
  EXPECT_NE(Placed({}, "whenever").find("\"whenever\" is not a window"), std::string::npos);
}

TEST(Overruns, WhoStillRunsWhenItsWindowCloses) {
  RolloutBuilder builder;
  builder.AddInstance();
  for (int i = 0; i < 4; ++i) builder.AddDatabase(InstanceIndex(0));
  builder.AddStage();
  for (std::size_t i = 0; i < 3; ++i) builder.AddTask(DatabaseIndex(i));
  builder.AddStage();
  builder.AddTask(DatabaseIndex(3));
  Rollout rollout = builder.Build();
  // Closed from second 10 on; the second stage has no window.
  rollout.stages[rollout::StageIndex(0)].calendar =
      base::Calendar({}, {{Instant{10'000}, Instant{3'600'000}, "frozen"}}, &base::UtcAlone);
  Scenario scenario;
  const auto lasts = [&](std::size_t task, int seconds) {
    scenario.durations.push_back({{"spec-" + std::to_string(task), ""}, Seconds(seconds)});
  };
  lasts(0, 10);
  lasts(1, 13);
  lasts(2, 9);
  lasts(3, 50);
  // Without expected durations, or when they were wrong.
  const Timeline timeline = Simulate(rollout, scenario, {});
  const std::vector<Overrun> overruns = FindOverruns(rollout, timeline);
  ASSERT_EQ(overruns.size(), 1u) << "to end when it closes is in time";
  EXPECT_EQ(overruns[0].task, TaskIndex(1));
  EXPECT_EQ(overruns[0].by, Seconds(3));

  // What is expected to outlast its window does not start in it.
  ExpectDurations(rollout, scenario);
  const Timeline later = Simulate(rollout, scenario, {});
  EXPECT_EQ(later.tasks[TaskIndex(1)].start, Instant{3'600'000});
  EXPECT_TRUE(FindOverruns(rollout, later).empty());
  // But a delay that nobody expects makes it.
  scenario.delays.push_back({{"spec-0", ""}, Seconds(1)});
  ExpectDurations(rollout, scenario);
  const std::vector<Overrun> late = FindOverruns(rollout, Simulate(rollout, scenario, {}));
  ASSERT_EQ(late.size(), 1u);
  EXPECT_EQ(late[0].task, TaskIndex(0));
  EXPECT_EQ(late[0].by, Seconds(1));
}

TEST(Overruns, NobodyWithoutWindows) {
  RolloutBuilder builder;
  builder.AddInstance();
  builder.AddDatabase(InstanceIndex(0));
  builder.AddStage();
  builder.AddTask(DatabaseIndex(0));
  Rollout rollout = builder.Build();
  EXPECT_TRUE(FindOverruns(rollout, Simulate(rollout, {}, {})).empty());
  ExpectDurations(rollout, {});
  EXPECT_TRUE(rollout.expected.empty()) << "nobody needs to know";
}

}  // namespace
}  // namespace lockstep::sim
