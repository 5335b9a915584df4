// Where the time goes: by hand, against counting, and slack by trying it out.
#include "core/sim/analysis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/unit/sim/random_rollouts.h"

namespace lockstep::sim {
namespace {

using base::Duration;
using base::Instant;
using base::Milliseconds;
using base::Seconds;
using rollout::DatabaseIndex;
using rollout::InstanceIndex;
using rollout::Rollout;
using rollout::TaskIndex;

TEST(Analysis, SlackIsHowMuchLongerATaskMayTake) {
  std::uint64_t with_slack = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    RolloutMaker maker(seed);
    const Rollout rollout = maker.Free();
    const Scenario scenario = maker.Durations(rollout, 1000);
    const Timeline timeline = Simulate(rollout, scenario, {});
    const Analysis analysis = Analyse(rollout, timeline);
    const auto end_with = [&](TaskIndex task, Duration longer) {
      Scenario changed = scenario;
      changed.delays.push_back(
          {{"", rollout.databases[rollout.tasks[task].database].name}, longer});
      return Simulate(rollout, changed, {}).end;
    };
    for (TaskIndex task : rollout.tasks.indices()) {
      const Duration slack = analysis.slack[task];
      ASSERT_GE(slack.ms, 0);
      ASSERT_EQ(end_with(task, slack), timeline.end) << "seed " << seed << " task " << task.value();
      ASSERT_GT(end_with(task, slack + Milliseconds(1)), timeline.end)
          << "seed " << seed << " task " << task.value();
      with_slack += slack.ms > 0;
    }
    for (const TaskIndex task : timeline.critical_path)
      ASSERT_EQ(analysis.slack[task].ms, 0) << "seed " << seed << " task " << task.value();
  }
  EXPECT_GT(with_slack, 1000u);
}

TEST(Analysis, OnTheCriticalPathNothingHasSlackInACrowdEither) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    RolloutMaker maker(seed);
    const Rollout rollout = maker.Crowded();
    const Timeline timeline = Simulate(rollout, maker.Durations(rollout, 50), {});
    const Analysis analysis = Analyse(rollout, timeline);
    ASSERT_EQ(timeline.tasks[timeline.critical_path.back()].end, timeline.end);
    for (const TaskIndex task : timeline.critical_path)
      ASSERT_EQ(analysis.slack[task].ms, 0) << "seed " << seed << " task " << task.value();
  }
}

TEST(Analysis, WaitsAddUp) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    RolloutMaker maker(seed);
    const Rollout rollout = maker.Crowded();
    const Timeline timeline = Simulate(rollout, maker.Durations(rollout, 50), {});
    const Analysis analysis = Analyse(rollout, timeline);
    for (int cause = 0; cause < rollout::kWaitingCauseCount; ++cause) {
      Duration total{0}, on_path{0};
      std::set<TaskIndex> tasks;
      for (const auto& [task, wait] : timeline.waits) {
        if (static_cast<int>(wait.cause) != cause) continue;
        total = total + (wait.to - wait.from);
        tasks.insert(task);
        const auto& path = timeline.critical_path;
        if (std::find(path.begin(), path.end(), task) != path.end())
          on_path = on_path + (wait.to - wait.from);
      }
      const Analysis::CauseTotal& got = analysis.causes[static_cast<std::size_t>(cause)];
      ASSERT_EQ(got.total, total);
      ASSERT_EQ(got.on_path, on_path);
      ASSERT_EQ(got.tasks, tasks.size());
    }
  }
}

// Millisecond by millisecond.
Analysis::Use Count(const Rollout& rollout, const Timeline& timeline,
                    const std::function<bool(const rollout::Task&)>& counts) {
  Analysis::Use use;
  for (Instant at = timeline.start; at < timeline.end; at = at + Milliseconds(1)) {
    std::uint32_t running = 0;
    for (TaskIndex task : rollout.tasks.indices()) {
      const TaskTimeline& line = timeline.tasks[task];
      running += counts(rollout.tasks[task]) && line.start <= at && at < line.end;
    }
    use.busy = use.busy + Milliseconds(running > 0 ? 1 : 0);
    use.most = std::max(use.most, running);
  }
  return use;
}

void ExpectUse(const Analysis::Use& got, const Analysis::Use& wanted) {
  EXPECT_EQ(got.busy, wanted.busy);
  EXPECT_EQ(got.most, wanted.most);
}

TEST(Analysis, UseIsWhatCountingSays) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    RolloutMaker maker(seed);
    const Rollout rollout = maker.Crowded();
    const Timeline timeline = Simulate(rollout, maker.Durations(rollout, 20), {});
    const Analysis analysis = Analyse(rollout, timeline);
    ExpectUse(analysis.all, Count(rollout, timeline, [](const auto&) { return true; }));
    for (DatabaseIndex at : rollout.databases.indices()) {
      ExpectUse(analysis.databases[at], Count(rollout, timeline, [at](const rollout::Task& task) {
                  return task.database == at;
                }));
    }
    for (InstanceIndex at : rollout.instances.indices()) {
      ExpectUse(analysis.instances[at], Count(rollout, timeline, [at](const rollout::Task& task) {
                  return task.instance == at;
                }));
    }
  }
}

TEST(Analysis, WhatHasNotRunHasNoSlackAndNoUse) {
  RolloutBuilder builder;
  builder.AddInstance();
  builder.AddDatabase(InstanceIndex(0));
  builder.AddDatabase(InstanceIndex(0));
  builder.AddStage();
  const TaskIndex first = builder.AddTask(DatabaseIndex(0));
  builder.Depend(builder.AddTask(DatabaseIndex(1)), first);
  const Rollout rollout = builder.Build();
  Scenario scenario;
  scenario.failures.push_back({{"spec-0", ""}, 1, "", {-1}});
  const Analysis analysis = Analyse(rollout, Simulate(rollout, scenario, {}));
  EXPECT_EQ(analysis.slack[TaskIndex(0)], Duration{0});
  EXPECT_EQ(analysis.slack[TaskIndex(1)], Duration{-1});
  EXPECT_EQ(analysis.databases[DatabaseIndex(1)].busy, Duration{0});
  EXPECT_EQ(analysis.databases[DatabaseIndex(1)].most, 0u);
}

// Stages 1 and 3 run; who is in stage 1 holds up stage 3.
TEST(Analysis, AStageThatIsSkippedHandsOnToTheNext) {
  RolloutBuilder builder;
  builder.AddInstance();
  for (int i = 0; i < 4; ++i) builder.AddDatabase(InstanceIndex(0));
  builder.AddStage();
  builder.AddTask(DatabaseIndex(0));
  builder.AddTask(DatabaseIndex(1));
  builder.AddStage();
  builder.AddTask(DatabaseIndex(2));
  builder.AddStage();
  builder.AddTask(DatabaseIndex(3));
  const Rollout rollout = builder.Build();
  Scenario scenario;
  scenario.durations.push_back({{"spec-0", ""}, Seconds(4)});
  scenario.commands.push_back({Seconds(0), Scenario::Command::Kind::kSkip, {{"spec-2", ""}}, ""});
  const Timeline timeline = Simulate(rollout, scenario, {});
  EXPECT_EQ(timeline.end, Instant{5000});
  const Analysis analysis = Analyse(rollout, timeline);
  EXPECT_EQ(analysis.slack[TaskIndex(0)], Duration{0});
  EXPECT_EQ(analysis.slack[TaskIndex(1)], Seconds(3));
  EXPECT_EQ(analysis.slack[TaskIndex(2)], Duration{-1});
}

}  // namespace
}  // namespace lockstep::sim
