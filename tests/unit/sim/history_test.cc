#include "core/sim/history.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/sim/simulator.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::sim {
namespace {

using rollout::Event;
using rollout::Rollout;
using rollout::TaskIndex;

class History : public testing::Test {
 protected:
  History() {
    const auto instance = builder_.AddInstance();
    const auto a = builder_.AddDatabase(instance), b = builder_.AddDatabase(instance);
    builder_.AddStage();
    const TaskIndex first = builder_.AddTask(a);
    builder_.Depend(builder_.AddTask(b), first);
    builder_.AddTask(b);
    builder_.AddStage();
    builder_.AddTask(a);
    rollout_ = builder_.Build();
    rollout_.sheets.push_back({"5ca1ab1e", 12, "DML"});
    rollout_.spec_sheets = {rollout::SheetIndex(0), {}, {}, {}};
  }

  std::vector<Event> Events(const Scenario& scenario) {
    return Simulate(rollout_, scenario, {}).events;
  }

  RolloutBuilder builder_;
  Rollout rollout_;
};

TEST_F(History, WhatTheSimulatorDidFollows) {
  Scenario scenario;
  EXPECT_FALSE(FindDivergence(rollout_, Events(scenario)));
  scenario.failures.push_back({{"spec-1", ""}, 1, "no space", base::Milliseconds(200)});
  scenario.commands.push_back(
      {base::Seconds(9), Scenario::Command::Kind::kRetry, {{"spec-1", ""}}, ""});
  scenario.outages.push_back({"instances/i0", base::Milliseconds(2500), base::Seconds(5)});
  EXPECT_FALSE(FindDivergence(rollout_, Events(scenario)));
  EXPECT_FALSE(FindDivergence(rollout_, {}));
}

TEST_F(History, EachPartOfItFollowsToo) {
  const std::vector<Event> events = Events({});
  for (std::size_t kept = 1; kept < events.size(); ++kept)
    EXPECT_FALSE(FindDivergence(rollout_, std::span(events).first(kept))) << kept;
}

/// What a scheduler makes of these inputs, a second after each other. With Begin another process
/// goes on, and before the next one nobody is at work.
class Told {
 public:
  explicit Told(const Rollout& rollout) : rollout_(rollout), scheduler_(std::in_place, rollout) {}
  Told& Tell(const rollout::Input& input) {
    at_ = at_ + base::Seconds(1);
    const auto ready = scheduler_->Step(at_, input);
    events_.insert(events_.end(), ready.events.begin(), ready.events.end());
    return *this;
  }
  Told& Done(std::size_t task) {
    return Tell(rollout::RunEnded{TaskIndex(task), 1, rollout::Outcome::kSucceeded, {}, ""});
  }
  Told& RunnerLeaves() {
    auto resumed = rollout::Scheduler::Resume(rollout_, events_);
    scheduler_.emplace(std::move(resumed.value()));
    return *this;
  }
  const std::vector<Event>& events() const { return events_; }

 private:
  const Rollout& rollout_;
  std::optional<rollout::Scheduler> scheduler_;
  std::vector<Event> events_;
  base::Instant at_{0};
};

TEST_F(History, RunsThatWereAskedForFollow) {
  rollout_.policy.on_request = true;
  Told told(rollout_);
  told.Tell(rollout::Begin{"r"}).Tell(rollout::RunTasks{{TaskIndex(3), TaskIndex(0)}});
  told.Done(0).Tell(rollout::RunTasks{{TaskIndex(1), TaskIndex(2)}}).Done(1).Done(2).Done(3);
  EXPECT_FALSE(FindDivergence(rollout_, told.events()));
  rollout_.policy.on_request = false;
  EXPECT_TRUE(FindDivergence(rollout_, told.events())) << "all of a stage would have run";
}

TEST_F(History, CommandsWhileNobodyIsAtWorkFollow) {
  rollout_.policy.on_request = true;
  Told told(rollout_);
  told.Tell(rollout::Begin{"r"}).RunnerLeaves();
  // A runner would start each of them as soon as it is asked for.
  told.Tell(rollout::RunTasks{{TaskIndex(0)}}).Tell(rollout::RunTasks{{TaskIndex(2)}});
  EXPECT_FALSE(FindDivergence(rollout_, told.events()));
  told.Tell(rollout::Begin{"r"}).Done(0);
  EXPECT_FALSE(FindDivergence(rollout_, told.events()));

  // But what only a runner does needs one that began.
  std::vector<Event> wrong = told.events();
  const auto begin = std::find_if(wrong.begin() + 2, wrong.end(), [](const Event& event) {
    return std::holds_alternative<rollout::RolloutStarted>(event.fact);
  });
  ASSERT_NE(begin, wrong.end());
  wrong.erase(begin);
  for (std::size_t i = 0; i < wrong.size(); ++i) wrong[i].sequence = i + 1;
  const auto divergence = FindDivergence(rollout_, wrong);
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->sequence, 4u) << "the first task was not started";
}

TEST_F(History, AnotherOrderDoesNotFollow) {
  std::vector<Event> events = Events({});
  const auto is_start = [](const Event& event) {
    return std::holds_alternative<rollout::TaskRunStarted>(event.fact);
  };
  const auto first = std::find_if(events.begin(), events.end(), is_start);
  const auto second = std::find_if(first + 1, events.end(), is_start);
  ASSERT_NE(second, events.end());
  std::swap(first->fact, second->fact);
  const auto divergence = FindDivergence(rollout_, events);
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->sequence, first->sequence);
  EXPECT_NE(divergence->message.find("task_run_started"), std::string::npos) << divergence->message;
}

TEST_F(History, AStartThatTheRulesForbidDoesNotFollow) {
  std::vector<Event> events = Events({});
  // The end of the first task is told later than the start of the one that depends on it.
  const auto ended = std::find_if(events.begin(), events.end(), [](const Event& event) {
    const auto* end = std::get_if<rollout::TaskRunEnded>(&event.fact);
    return end != nullptr && end->task == TaskIndex(0);
  });
  ASSERT_NE(ended, events.end());
  Event early = *ended;
  early.fact = rollout::TaskRunStarted{TaskIndex(1), 1};
  std::vector<Event> wrong(events.begin(), ended);
  wrong.push_back(early);
  const auto divergence = FindDivergence(rollout_, wrong);
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->sequence, ended->sequence);
  EXPECT_EQ(divergence->message, "nothing led to it");
}

TEST_F(History, RunsThatWentWellAreObserved) {
  Scenario scenario;
  scenario.durations.push_back({{"spec-0", ""}, base::Seconds(7)});
  scenario.failures.push_back({{"spec-2", ""}, Scenario::kAlways, "", {-1}});
  const auto seen = ObservationsOf(rollout_, Events(scenario));
  ASSERT_EQ(seen.size(), 2u);  // a failure holds the second stage
  EXPECT_EQ(seen[0].spec, "spec-0");
  EXPECT_EQ(seen[0].sheet, "5ca1ab1e");
  EXPECT_EQ(seen[0].target, "instances/i0/databases/d0");
  EXPECT_EQ(seen[0].statement_class, "DML");
  EXPECT_EQ(seen[0].size, SheetSize::kSmall);
  EXPECT_EQ(seen[0].duration, base::Seconds(7));
  EXPECT_EQ(seen[1].spec, "spec-1");
  EXPECT_EQ(seen[1].sheet, "");
}

}  // namespace
}  // namespace lockstep::sim
