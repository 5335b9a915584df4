// What simulations say, in words, on a rollout small enough to work it out.
#include "core/view/simulation_text.h"

#include <gtest/gtest.h>

#include "tests/unit/rollout_builder.h"

namespace lockstep::view {
namespace {

using base::Instant;
using base::Seconds;
using rollout::DatabaseIndex;
using rollout::InstanceIndex;
using rollout::Rollout;
using rollout::TaskIndex;
using sim::Scenario;

/// Chains of two tasks on databases d0, d1, …; task 2i + 2 needs task 2i + 1. The first spec has a
/// UUID.
Rollout Chains(std::size_t chains) {
  RolloutBuilder builder;
  builder.AddInstance();
  builder.AddStage();
  for (std::size_t i = 0; i < chains; ++i) {
    builder.AddDatabase(InstanceIndex(0));
    const TaskIndex first = builder.AddTask(DatabaseIndex(i));
    builder.Depend(builder.AddTask(DatabaseIndex(i)), first);
  }
  Rollout rollout = builder.Build();
  rollout.spec_ids[0] = "5a90c3f4-a0a6-485d-ae60-000000000001";
  return rollout;
}

std::string Compared(const Rollout& rollout, const Scenario& scenario) {
  const sim::Timeline before = sim::Simulate(rollout, sim::Undisturbed(scenario), {});
  const sim::Timeline after = sim::Simulate(rollout, scenario, {});
  const sim::Comparison comparison = sim::Compare(rollout, before, after);
  return ComparisonText(rollout, before, after, comparison,
                        sim::FindRemedies(rollout, scenario, after, comparison));
}

TEST(ComparisonText, OneThatFailsAndWhatHelps) {
  Scenario scenario;
  scenario.failures.push_back({{"", "instances/i0/databases/d0"}, 1, "", {-1}});
  scenario.delays.push_back({{"spec-2", ""}, Seconds(5)});
  EXPECT_EQ(Compared(Chains(3), scenario),
            "undisturbed DONE after 2 s, as assumed FAILED after 7 s\n"
            "ends       task 1 (5a90c3f4 on i0/d0) FAILED\n"
            "blocked    task 2 (spec-1 on i0/d0) by task 1\n"
            "moved      task 4 (spec-3 on i0/d1) starts 5 s later: waits for task 3 (dependency)\n"
            "stretched  task 3 (spec-2 on i0/d1) ends 5 s later\n"
            "unchanged  2 tasks\n"
            "then       lockstep retry --task 1: FAILED after 9 s, 1 task not done\n"
            "           lockstep skip --task 1: FAILED after 8 s, 1 task not done\n");
}

TEST(ComparisonText, NothingChanges) {
  Scenario scenario;
  scenario.locks.push_back({{"spec-1", ""}, Seconds(10), Seconds(20)});
  EXPECT_EQ(Compared(Chains(1), scenario),
            "undisturbed DONE after 2 s, as assumed DONE after 2 s\n"
            "unchanged  2 tasks\n");
}

TEST(ComparisonText, LongListsAreCut) {
  Scenario scenario;
  scenario.failures.push_back({{"", "instances/i0"}, 1, "", {-1}});
  Rollout rollout = Chains(12);
  rollout.instances[InstanceIndex(0)].maximum_connections = 100;
  const std::string text = Compared(rollout, scenario);
  EXPECT_NE(text.find("           task 19 (spec-18 on i0/d9) FAILED\n"
                      "           and 2 more\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("           task 20 (spec-19 on i0/d9) by task 19\n"
                      "           and 2 more\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("then       lockstep retry --failed: "), std::string::npos) << text;
}

TEST(ComparisonText, ManyThatOneBlocksAreOneLine) {
  RolloutBuilder builder;
  builder.AddInstance(100);
  builder.AddStage();
  for (std::size_t i = 0; i < 12; ++i) {
    builder.AddDatabase(InstanceIndex(0));
    const TaskIndex task = builder.AddTask(DatabaseIndex(i));
    if (i > 0) builder.Depend(task, TaskIndex(0));
  }
  Scenario scenario;
  scenario.failures.push_back({{"spec-0", ""}, 1, "", {-1}});
  const std::string text = Compared(builder.Build(), scenario);
  EXPECT_NE(text.find("blocked    tasks 2, 3, 4, 5, 6, 7, 8, 9 and 3 more by task 1\n"),
            std::string::npos)
      << text;
}

TEST(ForecastText, WhatIsCertain) {
  const Rollout rollout = Chains(1);
  const Scenario scenario;
  EXPECT_EQ(ForecastText(rollout, scenario, sim::MakeForecast(rollout, scenario, 100)),
            "100 simulations, seed 0: 100% end DONE\n"
            "takes      2 s in all of them\n"
            "critical   task 1 (5a90c3f4 on i0/d0) in 100%\n"
            "           task 2 (spec-1 on i0/d0) in 100%\n");
}

TEST(ForecastText, Odds) {
  const Rollout rollout = Chains(1);
  Scenario scenario;
  scenario.seed = 7;
  scenario.start = Instant{0};
  scenario.deadline = Seconds(60);
  sim::Forecast forecast;
  forecast.runs = 8;
  forecast.done = 4;
  forecast.in_time = 3;
  forecast.makespans = {Seconds(10), Seconds(20), Seconds(30), Seconds(90)};
  forecast.tasks.resize(2);
  forecast.tasks[TaskIndex(0)] = {2, 1};
  forecast.tasks[TaskIndex(1)] = {6, 4};
  EXPECT_EQ(ForecastText(rollout, scenario, forecast),
            "8 simulations, seed 7: 50% end DONE\n"
            "37.5% are DONE within 1 min 00 s, by 1970-01-01T00:01:00Z\n"
            "takes      at most 10 s in 5% of them\n"
            "           at most 10 s in 25% of them\n"
            "           at most 20 s in 50% of them\n"
            "           at most 30 s in 75% of them\n"
            "           at most 1 min 30 s in 90% of them\n"
            "           at most 1 min 30 s in 95% of them\n"
            "           at most 1 min 30 s in 99% of them\n"
            "           10 s to 1 min 30 s\n"
            "critical   task 2 (spec-1 on i0/d0) in 75%\n"
            "           task 1 (5a90c3f4 on i0/d0) in 25%\n"
            "not done   task 2 (spec-1 on i0/d0) in 50%\n"
            "           task 1 (5a90c3f4 on i0/d0) in 12.5%\n");
}

TEST(ForecastText, WhatIsNeverDone) {
  const Rollout rollout = Chains(1);
  Scenario scenario;
  scenario.failures.push_back({{"spec-1", ""}, 1, "", {-1}});
  EXPECT_EQ(ForecastText(rollout, scenario, sim::MakeForecast(rollout, scenario, 10)),
            "10 simulations, seed 0: 0% end DONE\n"
            "critical   task 1 (5a90c3f4 on i0/d0) in 100%\n"
            "           task 2 (spec-1 on i0/d0) in 100%\n"
            "not done   task 2 (spec-1 on i0/d0) in 100%\n");
}

std::string Analysed(const Rollout& rollout, const Scenario& scenario) {
  const sim::Timeline timeline = sim::Simulate(rollout, scenario, {});
  return AnalysisText(rollout, timeline, sim::Analyse(rollout, timeline),
                      sim::FindAdvice(rollout, scenario, timeline));
}

TEST(AnalysisText, WhereTheTimeGoes) {
  Scenario scenario;
  scenario.durations.push_back({{"", "instances/i0/databases/d0"}, Seconds(4)});
  Rollout rollout = Chains(2);
  rollout.policy.parallel = 1;
  EXPECT_EQ(
      Analysed(rollout, scenario),
      "waits      13 s of 2 tasks for dependencies, 13 s of it on the critical path\n"
      "           8 s of 1 task for a free place (--parallel), 8 s of it on the critical path\n"
      "slack      4 tasks with none: longer, and the rollout is longer\n"
      "use        at most 1 task at once\n"
      "           instances/i0 busy 10 s (100%), at most 1 of 10 connections\n"
      "idle       instances/i0/databases/d1 for 8 s of 10 s\n"
      "           instances/i0/databases/d0 for 2 s of 10 s\n"
      "shorter    by 2 s with --parallel 2\n");
}

TEST(AnalysisText, LongListsAreCut) {
  Rollout rollout = Chains(13);
  rollout.instances[InstanceIndex(0)].maximum_connections = 100;
  Scenario scenario;
  scenario.durations.push_back({{"", "instances/i0/databases/d0"}, Seconds(4)});
  const std::string text = Analysed(rollout, scenario);
  EXPECT_NE(text.find("           and 15 more\n"), std::string::npos) << text;  // of 24 with slack
  EXPECT_NE(text.find("           and 2 more\n"), std::string::npos) << text;   // of 12 idle ones
}

TEST(ChangeText, AllOfThem) {
  using Kind = sim::Change::Kind;
  const Rollout rollout = Chains(1);
  const rollout::GroupIndex first(0), second(1);
  const InstanceIndex instance(0);
  sim::Advice advice;
  advice.changes = {{Kind::kNoParallelLimit, {}, {}, {}},
                    {Kind::kNoConnectionLimit, instance, {}, {}},
                    {Kind::kNoDependency, {}, second, first},
                    {Kind::kNoEarliestTime, {}, second, {}},
                    {Kind::kNoCanary, {}, {}, {}},
                    {Kind::kNoStageOrder, {}, {}, {}}};
  advice.most_parallel = 4;
  advice.most_on_instance = {0, 7, 0, 0, 0, 0};
  const char* texts[] = {"--parallel 4",
                         "7 connections of instances/i0",
                         "no dependency of spec-1 on 5a90c3f4",
                         "no earliestAllowedTime of spec-1",
                         "no canaries",
                         "stages that do not wait for each other"};
  for (std::size_t i = 0; i < advice.changes.size(); ++i)
    EXPECT_EQ(ChangeText(rollout, advice, i), texts[i]);
}

TEST(DeadlineText, FitsOrNot) {
  const Rollout rollout = Chains(1);
  Scenario scenario;
  EXPECT_EQ(DeadlineText(scenario, sim::Simulate(rollout, scenario, {})), "");
  scenario.start = Instant{0};
  scenario.deadline = Seconds(3);
  EXPECT_EQ(DeadlineText(scenario, sim::Simulate(rollout, scenario, {})),
            "fits: ends 1 s before the deadline, 1970-01-01T00:00:03Z\n");
  scenario.deadline = Seconds(1);
  EXPECT_EQ(DeadlineText(scenario, sim::Simulate(rollout, scenario, {})),
            "does not fit: ends 1 s after the deadline, 1970-01-01T00:00:01Z\n");
  scenario.failures.push_back({{"spec-1", ""}, 1, "", {-1}});
  EXPECT_EQ(
      DeadlineText(scenario, sim::Simulate(rollout, scenario, {})),
      "does not fit: it is not done, neither at the deadline, 1970-01-01T00:00:01Z nor later\n");
}

TEST(OverrunText, WhoAndHowLong) {
  const Rollout rollout = Chains(6);
  EXPECT_EQ(OverrunText(rollout, {}), "");
  EXPECT_EQ(
      OverrunText(rollout, {{TaskIndex(1), Seconds(90)}}),
      "overruns   task 2 (spec-1 on i0/d0) still runs when its window closes, for 1 min 30 s\n");
  std::vector<sim::Overrun> many;
  for (TaskIndex task : rollout.tasks.indices()) many.push_back({task, Seconds(1)});
  EXPECT_NE(OverrunText(rollout, many).find("           and 2 more\n"), std::string::npos);
}

// Names come from documents that others wrote.
TEST(SimulationTexts, NothingInANameReachesTheTerminal) {
  const std::string evil = "x\x1b[2J\x07\r\ny\x7f";
  Rollout rollout = Chains(3);
  for (std::string& id : rollout.spec_ids) id = evil + id;
  for (rollout::Database& database : rollout.databases) database.name += evil;
  for (rollout::Instance& instance : rollout.instances) instance.name += evil;
  rollout.policy.parallel = 1;
  Scenario scenario;
  scenario.failures.push_back({{rollout.spec_ids[0], ""}, 1, evil, {-1}});
  scenario.delays.push_back({{rollout.spec_ids[2], ""}, Seconds(1)});
  scenario.deadline = Seconds(1);
  const sim::Timeline timeline = sim::Simulate(rollout, scenario, {});
  sim::Advice advice;
  advice.changes = {
      {sim::Change::Kind::kNoConnectionLimit, InstanceIndex(0), {}, {}},
      {sim::Change::Kind::kNoDependency, {}, rollout::GroupIndex(1), rollout::GroupIndex(0)}};
  advice.most_on_instance = {1, 0};
  const std::string all =
      Compared(rollout, scenario) +
      AnalysisText(rollout, timeline, sim::Analyse(rollout, timeline), {advice}) +
      ForecastText(rollout, scenario, sim::MakeForecast(rollout, scenario, 3)) +
      DeadlineText(scenario, timeline) + OverrunText(rollout, {{TaskIndex(0), Seconds(1)}});
  EXPECT_NE(all.find("x?[2J?  y?"), std::string::npos) << all;
  for (const char c : all) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= ' ') << static_cast<int>(c);
    EXPECT_NE(c, '\x7f');
  }
  EXPECT_EQ(all.find("\ny"), std::string::npos);
}

}  // namespace
}  // namespace lockstep::view
