// Advice: the fewest changes that let a rollout end earlier, found by simulating them.
#pragma once

#include <vector>

#include "core/sim/scenario.h"
#include "core/sim/simulator.h"

namespace lockstep::sim {

/// One thing that could be otherwise.
struct Change {
  enum class Kind : std::uint8_t {
    kNoParallelLimit,    ///< --parallel
    kNoConnectionLimit,  ///< maximumConnections of `instance`
    kNoDependency,       ///< `group` no longer waits for `on`
    kNoEarliestTime,     ///< of the tasks of `group`
    kNoCanary,           ///< --canary
    kNoStageOrder,       ///< stages no longer wait for each other
  };
  Kind kind;
  rollout::InstanceIndex instance;
  rollout::GroupIndex group, on;
  bool operator==(const Change&) const = default;
};

struct Advice {
  std::vector<Change> changes;  ///< none of them alone is enough
  base::Duration makespan;      ///< with all of them
  /// Most tasks at once then: in the rollout, and on the instance of each change that has one.
  std::uint32_t most_parallel = 0;
  std::vector<std::uint32_t> most_on_instance;  ///< by change
};

/// All smallest sets of changes that shorten the makespan, the best first; empty when none of up to
/// three does. Looks only at what holds back tasks on the critical path: nothing else can help.
/// Gives up early where the rollout is large; REQUIRES a timeline with waits and a critical path.
std::vector<Advice> FindAdvice(const rollout::Rollout& rollout, const Scenario& scenario,
                               const Timeline& timeline);

}  // namespace lockstep::sim
