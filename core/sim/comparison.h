// Comparison: one rollout simulated twice, undisturbed and disturbed: what goes wrong, what that
// blocks, what starts at another time and why, what only takes longer, and what an operator can do
// about it.
#pragma once

#include <vector>

#include "core/sim/scenario.h"
#include "core/sim/simulator.h"

namespace lockstep::sim {

struct Comparison {
  /// A task that ends otherwise: FAILED, CANCELED, SKIPPED or IN_DOUBT.
  struct Broken {
    rollout::TaskIndex task;
    rollout::TaskStatus status;
  };
  /// A task that never starts, and the broken one at the end of the chain that it waits for;
  /// invalid when there is none.
  struct Blocked {
    rollout::TaskIndex task, root;
    rollout::WaitingCause cause;  ///< of the task's own wait
  };
  /// A task that runs at another time.
  struct Shifted {
    rollout::TaskIndex task;
    base::Duration by;            ///< of its start; negative: earlier
    rollout::WaitingCause cause;  ///< what it waited for last; kNone: for nothing
    rollout::TaskIndex waited_for;
  };
  /// A task that starts when it did and ends as it did, at another time.
  struct Stretched {
    rollout::TaskIndex task;
    base::Duration by;  ///< of its end; negative: earlier
  };
  std::vector<Broken> broken;  ///< these four in plan order
  std::vector<Blocked> blocked;
  std::vector<Shifted> shifted;
  std::vector<Stretched> stretched;
  /// Tasks that start when they did, or never as before, and end as and when they did.
  std::uint32_t unchanged = 0;
};

/// REQUIRES timelines of one rollout; `after` with waits.
Comparison Compare(const rollout::Rollout& rollout, const Timeline& before, const Timeline& after);

/// What happens when an operator retries or skips some tasks once nothing runs any more.
struct Remedy {
  Scenario::Command::Kind kind;  ///< kRetry or kSkip
  std::vector<rollout::TaskIndex> tasks;
  base::Duration makespan;
  rollout::RolloutStatus status;
  std::uint32_t unfinished;  ///< tasks that are still neither DONE nor SKIPPED
};

/// For all tasks that could be retried or skipped together, and, when they are few, for each of
/// them; by simulation. `after` is of this scenario. Empty when nothing is broken.
std::vector<Remedy> FindRemedies(const rollout::Rollout& rollout, const Scenario& scenario,
                                 const Timeline& after, const Comparison& comparison);

}  // namespace lockstep::sim
