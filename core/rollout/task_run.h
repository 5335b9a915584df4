// The life of a task run, as one table. What is not in it is a bug when it happens live, and a
// corrupt ledger when it is replayed.
#pragma once

#include <optional>
#include <string_view>

#include "core/rollout/event.h"
#include "core/rollout/state.h"

namespace lockstep::rollout {

/// What a fact does to a task, without its details.
enum class Transition : std::uint8_t {
  kCreated,
  kStarted,
  kSucceeded,
  kFailed,
  kCanceled,
  kLost,
  kCommitted,
  kNotApplied,
  kFoundFailed,  ///< a resolution, other than the end of a run
  kSkipped,
};
inline constexpr int kTransitionCount = 10;
std::string_view ToString(Transition transition);

Transition TransitionOf(Outcome outcome);
Transition TransitionOf(Resolution resolution);

/// The status after it; empty when the table has no such row.
std::optional<TaskStatus> Next(TaskStatus from, Transition transition);

}  // namespace lockstep::rollout
