// State and the life of a task run: which facts may follow which, and what they make of it.
#include "core/rollout/state.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/rollout/task_run.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::rollout {
namespace {

using S = TaskStatus;
using T = Transition;

constexpr TaskIndex kTask{0}, kOther{1};

// A state that facts are told to.
struct Teller {
  Rollout rollout = TwoStages();
  State state{rollout};

  bool Can(Fact fact) const { return CanAt(state.last_sequence() + 1, std::move(fact)); }
  bool CanAt(std::uint64_t sequence, Fact fact) const {
    return state.CanApply({sequence, {}, std::move(fact)}).ok();
  }
  Teller& Tell(Fact fact) {
    state.Apply({state.last_sequence() + 1, {}, std::move(fact)});
    return *this;
  }
  Teller& Run(TaskIndex task, std::uint32_t attempt = 1) {
    return Tell(TaskRunCreated{task, attempt}).Tell(TaskRunStarted{task, attempt});
  }
  Teller& End(TaskIndex task, Outcome outcome, std::uint32_t attempt = 1, std::string code = "") {
    TaskError error;
    error.code = std::move(code);
    return Tell(TaskRunEnded{task, attempt, outcome, std::move(error), ""});
  }
};

// The facts that lead a new task to each status.
void Lead(Teller& teller, S to) {
  switch (to) {
    case S::kNotStarted:
      return;
    case S::kPending:
      teller.Tell(TaskRunCreated{kTask, 1});
      return;
    case S::kRunning:
      teller.Run(kTask);
      return;
    case S::kDone:
      teller.Run(kTask).End(kTask, Outcome::kSucceeded);
      return;
    case S::kFailed:
      teller.Run(kTask).End(kTask, Outcome::kFailed);
      return;
    case S::kCanceled:
      teller.Run(kTask).End(kTask, Outcome::kCanceled);
      return;
    case S::kSkipped:
      teller.Tell(TaskSkipped{kTask, ""});
      return;
    case S::kInDoubt:
      teller.Run(kTask).End(kTask, Outcome::kLost);
      return;
  }
}

Fact FactOf(T transition, std::uint32_t attempt) {
  switch (transition) {
    case T::kCreated:
      return TaskRunCreated{kTask, attempt + 1};
    case T::kStarted:
      return TaskRunStarted{kTask, attempt};
    case T::kSucceeded:
      return TaskRunEnded{kTask, attempt, Outcome::kSucceeded, {}, ""};
    case T::kFailed:
      return TaskRunEnded{kTask, attempt, Outcome::kFailed, {}, ""};
    case T::kCanceled:
      return TaskRunEnded{kTask, attempt, Outcome::kCanceled, {}, ""};
    case T::kLost:
      return TaskRunEnded{kTask, attempt, Outcome::kLost, {}, ""};
    case T::kCommitted:
      return TaskRunResolved{kTask, attempt, Resolution::kCommitted, ""};
    case T::kNotApplied:
      return TaskRunResolved{kTask, attempt, Resolution::kNotApplied, ""};
    case T::kFoundFailed:
      return TaskRunResolved{kTask, attempt, Resolution::kFailed, ""};
    case T::kSkipped:
      return TaskSkipped{kTask, ""};
  }
  return RolloutEnded{};
}

// The table of the scheduler contract, written down a second time.
const std::map<std::pair<S, T>, S> kLegal = {
    {{S::kNotStarted, T::kCreated}, S::kPending}, {{S::kNotStarted, T::kSkipped}, S::kSkipped},
    {{S::kPending, T::kStarted}, S::kRunning},    {{S::kPending, T::kCanceled}, S::kCanceled},
    {{S::kRunning, T::kSucceeded}, S::kDone},     {{S::kRunning, T::kFailed}, S::kFailed},
    {{S::kRunning, T::kCanceled}, S::kCanceled},  {{S::kRunning, T::kLost}, S::kInDoubt},
    {{S::kInDoubt, T::kCommitted}, S::kDone},     {{S::kInDoubt, T::kNotApplied}, S::kFailed},
    {{S::kInDoubt, T::kFoundFailed}, S::kFailed}, {{S::kFailed, T::kCreated}, S::kPending},
    {{S::kFailed, T::kSkipped}, S::kSkipped},     {{S::kCanceled, T::kCreated}, S::kPending},
    {{S::kCanceled, T::kSkipped}, S::kSkipped},
};

TEST(TaskRun, TheTableIsTheContract) {
  for (int from = 0; from < kTaskStatusCount; ++from) {
    for (int transition = 0; transition < kTransitionCount; ++transition) {
      const std::pair key(static_cast<S>(from), static_cast<T>(transition));
      const auto legal = kLegal.find(key);
      EXPECT_EQ(Next(key.first, key.second),
                legal == kLegal.end() ? std::nullopt : std::optional(legal->second))
          << ToString(key.first) << " " << ToString(key.second);
    }
  }
}

TEST(State, EveryFactIsTakenWhereTheTableHasItAndRefusedElsewhere) {
  std::set<std::pair<S, T>> seen;
  for (int from = 0; from < kTaskStatusCount; ++from) {
    for (int transition = 0; transition < kTransitionCount; ++transition) {
      const std::pair key(static_cast<S>(from), static_cast<T>(transition));
      Teller teller;
      Lead(teller, key.first);
      ASSERT_EQ(teller.state.status(kTask), key.first);
      const Fact fact = FactOf(key.second, teller.state.attempt(kTask));
      const auto legal = kLegal.find(key);
      ASSERT_EQ(teller.Can(fact), legal != kLegal.end())
          << ToString(key.first) << " " << ToString(key.second);
      if (legal == kLegal.end()) continue;
      teller.Tell(fact);
      EXPECT_EQ(teller.state.status(kTask), legal->second);
      seen.insert(key);
    }
  }
  EXPECT_EQ(seen.size(), kLegal.size()) << "every row was reached";
}

TEST(State, SequencesHaveNoGaps) {
  Teller teller;
  EXPECT_FALSE(teller.CanAt(0, RolloutStarted{"r"}));
  EXPECT_TRUE(teller.CanAt(1, RolloutStarted{"r"}));
  EXPECT_FALSE(teller.CanAt(2, RolloutStarted{"r"}));
  teller.Tell(RolloutStarted{"r"});
  EXPECT_FALSE(teller.CanAt(1, StageStarted{StageIndex(0)})) << "told before";
  EXPECT_TRUE(teller.CanAt(2, StageStarted{StageIndex(0)}));
}

TEST(State, AttemptsCountByOne) {
  Teller teller;
  EXPECT_FALSE(teller.Can(TaskRunCreated{kTask, 0}));
  EXPECT_FALSE(teller.Can(TaskRunCreated{kTask, 2}));
  teller.Tell(TaskRunCreated{kTask, 1});
  EXPECT_FALSE(teller.Can(TaskRunStarted{kTask, 0}));
  EXPECT_FALSE(teller.Can(TaskRunStarted{kTask, 2}));
  teller.Tell(TaskRunStarted{kTask, 1});
  EXPECT_FALSE(teller.Can(TaskRunEnded{kTask, 0, Outcome::kFailed, {}, ""}));
  EXPECT_FALSE(teller.Can(TaskRunEnded{kTask, 2, Outcome::kFailed, {}, ""}));
  teller.End(kTask, Outcome::kFailed);
  EXPECT_FALSE(teller.Can(TaskRunCreated{kTask, 1}));
  EXPECT_TRUE(teller.Can(TaskRunCreated{kTask, 2}));
}

TEST(State, WhatDoesNotExistIsRefused) {
  Teller teller;
  for (TaskIndex task : {TaskIndex(2), TaskIndex()}) {
    EXPECT_FALSE(teller.Can(TaskRunCreated{task, 1}));
    EXPECT_FALSE(teller.Can(TaskSkipped{task, ""}));
    EXPECT_FALSE(teller.Can(CancelRequested{task, "", false}));
  }
  for (StageIndex stage : {StageIndex(2), StageIndex()}) {
    EXPECT_FALSE(teller.Can(StageStarted{stage}));
    EXPECT_FALSE(teller.Can(StageEnded{stage}));
  }
}

TEST(State, StagesStartOnceAndThenEndOnce) {
  Teller teller;
  EXPECT_FALSE(teller.Can(StageEnded{StageIndex(0)}));
  teller.Tell(StageStarted{StageIndex(0)});
  EXPECT_FALSE(teller.Can(StageStarted{StageIndex(0)}));
  teller.Tell(StageEnded{StageIndex(0)});
  EXPECT_FALSE(teller.Can(StageEnded{StageIndex(0)}));
  EXPECT_FALSE(teller.Can(StageStarted{StageIndex(0)}));
  EXPECT_TRUE(teller.Can(StageStarted{StageIndex(1)}));
}

TEST(State, OnlyWhatRunsIsAskedToStopAndOnlyOnce) {
  Teller teller;
  teller.Tell(TaskRunCreated{kTask, 1});
  EXPECT_FALSE(teller.Can(CancelRequested{kTask, "", false}));
  teller.Tell(TaskRunStarted{kTask, 1}).Tell(CancelRequested{kTask, "", false});
  EXPECT_TRUE(teller.state.cancel_requested(kTask));
  EXPECT_FALSE(teller.Can(CancelRequested{kTask, "", false}));
  EXPECT_FALSE(teller.Can(CancelRequested{kTask, "", true}));
}

TEST(State, ARolloutEndsOnceAndWithoutOpenRuns) {
  Teller teller;
  teller.Tell(RolloutStarted{"r"}).Run(kTask);
  EXPECT_FALSE(teller.Can(RolloutEnded{}));
  teller.End(kTask, Outcome::kSucceeded).Tell(TaskSkipped{kOther, ""}).Tell(RolloutEnded{});
  EXPECT_TRUE(teller.state.ended());
  EXPECT_FALSE(teller.Can(RolloutEnded{}));
}

TEST(State, ErrorsSayWhichEventAndWhy) {
  Teller teller;
  const base::Status status = teller.state.CanApply({1, {}, TaskRunStarted{kTask, 1}});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::ErrorCode::kCorrupt);
  EXPECT_EQ(status.error().message,
            "event 1 (task_run_started) cannot follow: the task is NOT_STARTED");
}

TEST(State, WhoWasInterruptedRunsAgainByItself) {
  Teller paused;
  paused.Run(kTask).Tell(RolloutPaused{""}).Tell(CancelRequested{kTask, "", true});
  EXPECT_TRUE(Teller(paused).End(kTask, Outcome::kCanceled).state.rerun_due(kTask));
  EXPECT_FALSE(Teller(paused).End(kTask, Outcome::kFailed).state.rerun_due(kTask));
  EXPECT_FALSE(Teller(paused).End(kTask, Outcome::kSucceeded).state.rerun_due(kTask));
  // Not what a person canceled, paused or not.
  Teller canceled;
  canceled.Run(kTask).Tell(RolloutPaused{""}).Tell(CancelRequested{kTask, "", false});
  EXPECT_FALSE(canceled.End(kTask, Outcome::kCanceled).state.rerun_due(kTask));
}

TEST(State, WhoseRunnerWasLostRunsAgainWhenNothingWasApplied) {
  Teller lost;
  lost.Run(kTask).End(kTask, Outcome::kLost, 1, std::string(kRunnerLost));
  const auto resolved = [&](Resolution resolution) {
    return Teller(lost).Tell(TaskRunResolved{kTask, 1, resolution, ""}).state.rerun_due(kTask);
  };
  EXPECT_TRUE(resolved(Resolution::kNotApplied));
  EXPECT_FALSE(resolved(Resolution::kCommitted));
  EXPECT_FALSE(resolved(Resolution::kFailed));
  // A client that vanishes under a living runner is a failure like others.
  Teller client;
  client.Run(kTask).End(kTask, Outcome::kLost, 1, "LOST");
  client.Tell(TaskRunResolved{kTask, 1, Resolution::kNotApplied, ""});
  EXPECT_FALSE(client.state.rerun_due(kTask));
  EXPECT_TRUE(Teller(lost)
                  .Tell(TaskRunResolved{kTask, 1, Resolution::kNotApplied, ""})
                  .Tell(TaskRunCreated{kTask, 2})
                  .state.rerun_due(kTask) == false);
}

TEST(State, TheStatusOfTheRollout) {
  Teller teller;
  EXPECT_EQ(teller.state.rollout_status(), RolloutStatus::kNotStarted);
  teller.Tell(RolloutStarted{"r"});
  EXPECT_EQ(teller.state.rollout_status(), RolloutStatus::kRunning);
  teller.Run(kTask).Tell(RolloutPaused{""});
  EXPECT_EQ(teller.state.rollout_status(), RolloutStatus::kRunning) << "something still runs";
  teller.End(kTask, Outcome::kFailed);
  EXPECT_EQ(teller.state.rollout_status(), RolloutStatus::kPaused);
  teller.Tell(RolloutStarted{"r"});
  EXPECT_EQ(teller.state.rollout_status(), RolloutStatus::kFailed);
  teller.Run(kTask, 2).End(kTask, Outcome::kLost, 2);
  EXPECT_EQ(teller.state.rollout_status(), RolloutStatus::kInDoubt);
  teller.Tell(TaskRunResolved{kTask, 2, Resolution::kCommitted, ""});
  EXPECT_EQ(teller.state.rollout_status(), RolloutStatus::kRunning);
  teller.Tell(TaskSkipped{kOther, ""});
  EXPECT_EQ(teller.state.rollout_status(), RolloutStatus::kDone);
}

TEST(State, TheStatusOfARolloutOnRequest) {
  Rollout rollout = TwoStages();
  rollout.policy.on_request = true;
  State state(rollout);
  const auto after = [&](Fact fact) {
    state.Apply({state.last_sequence() + 1, {}, std::move(fact)});
    return state.rollout_status();
  };
  EXPECT_EQ(after(TaskRunCreated{kTask, 1}), RolloutStatus::kNotStarted) << "and no runner yet";
  EXPECT_EQ(after(RolloutStarted{"r"}), RolloutStatus::kRunning);
  EXPECT_EQ(after(TaskRunStarted{kTask, 1}), RolloutStatus::kRunning);
  EXPECT_EQ(after(TaskRunEnded{kTask, 1, Outcome::kFailed, {}, ""}), RolloutStatus::kFailed);
  EXPECT_EQ(after(TaskSkipped{kTask, ""}), RolloutStatus::kNotStarted) << "the other one is left";
  EXPECT_EQ(after(TaskRunCreated{kOther, 1}), RolloutStatus::kRunning);
}

TEST(State, ARetryOpensAnEndedRolloutAgain) {
  Teller teller;
  teller.Run(kTask).End(kTask, Outcome::kFailed).Tell(TaskSkipped{kOther, ""}).Tell(RolloutEnded{});
  teller.Tell(TaskRunCreated{kTask, 2});
  EXPECT_FALSE(teller.state.ended());
}

}  // namespace
}  // namespace lockstep::rollout
