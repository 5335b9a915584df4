#include "core/rollout/task_run.h"

#include "core/base/check.h"

namespace lockstep::rollout {
namespace {

using S = TaskStatus;
using T = Transition;

struct Row {
  TaskStatus from;
  Transition transition;
  TaskStatus to;
};

constexpr Row kTable[] = {
    {S::kNotStarted, T::kCreated, S::kPending},
    {S::kFailed, T::kCreated, S::kPending},    // retry: the next attempt
    {S::kCanceled, T::kCreated, S::kPending},  // likewise
    {S::kPending, T::kStarted, S::kRunning},
    {S::kPending, T::kCanceled, S::kCanceled},
    {S::kRunning, T::kSucceeded, S::kDone},
    {S::kRunning, T::kFailed, S::kFailed},
    {S::kRunning, T::kCanceled, S::kCanceled},
    {S::kRunning, T::kLost, S::kInDoubt},
    {S::kInDoubt, T::kCommitted, S::kDone},
    {S::kInDoubt, T::kNotApplied, S::kFailed},
    {S::kInDoubt, T::kFoundFailed, S::kFailed},
    {S::kNotStarted, T::kSkipped, S::kSkipped},
    {S::kFailed, T::kSkipped, S::kSkipped},
    {S::kCanceled, T::kSkipped, S::kSkipped},
};

}  // namespace

std::string_view ToString(Transition transition) {
  switch (transition) {
    case T::kCreated:
      return "created";
    case T::kStarted:
      return "started";
    case T::kSucceeded:
      return "succeeded";
    case T::kFailed:
      return "failed";
    case T::kCanceled:
      return "canceled";
    case T::kLost:
      return "lost";
    case T::kCommitted:
      return "committed";
    case T::kNotApplied:
      return "not_applied";
    case T::kFoundFailed:
      return "found_failed";
    case T::kSkipped:
      return "skipped";
  }
  base::CheckFailed(__FILE__, __LINE__, "transition", "not a transition");
}

Transition TransitionOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSucceeded:
      return T::kSucceeded;
    case Outcome::kFailed:
      return T::kFailed;
    case Outcome::kCanceled:
      return T::kCanceled;
    case Outcome::kLost:
      return T::kLost;
  }
  base::CheckFailed(__FILE__, __LINE__, "outcome", "not an outcome");
}

Transition TransitionOf(Resolution resolution) {
  switch (resolution) {
    case Resolution::kCommitted:
      return T::kCommitted;
    case Resolution::kNotApplied:
      return T::kNotApplied;
    case Resolution::kFailed:
      return T::kFoundFailed;
  }
  base::CheckFailed(__FILE__, __LINE__, "resolution", "not a resolution");
}

std::optional<TaskStatus> Next(TaskStatus from, Transition transition) {
  for (const Row& row : kTable) {
    if (row.from == from && row.transition == transition) return row.to;
  }
  return std::nullopt;
}

}  // namespace lockstep::rollout
