// Forecast: one rollout simulated many times, everything uncertain drawn by lot each time: how long
// it takes, how likely it is done in time, which tasks it depends on.
#pragma once

#include <cstdint>
#include <vector>

#include "core/sim/scenario.h"
#include "core/sim/simulator.h"

namespace lockstep::sim {

struct Forecast {
  std::uint32_t runs = 0;
  std::uint32_t done = 0;     ///< that ended DONE
  std::uint32_t in_time = 0;  ///< of these, not after the scenario's deadline; all without one
  std::vector<base::Duration> makespans;  ///< of those that ended DONE, the shortest first

  struct Odds {
    std::uint32_t critical = 0;  ///< in so many runs it lay on the critical path
    std::uint32_t undone = 0;    ///< in so many it was neither DONE nor SKIPPED in the end
  };
  base::IndexVector<rollout::TaskIndex, Odds> tasks;

  /// The makespan that `percent` of the runs that ended DONE do not exceed. REQUIRES one of them,
  /// and 0 to 100.
  base::Duration Percentile(int percent) const;
};

/// More tell nothing new, and take memory: eight bytes each.
inline constexpr std::uint32_t kMostRuns = 1'000'000;

/// REQUIRES 0 < runs <= kMostRuns. The same seed gives the same forecast.
Forecast MakeForecast(const rollout::Rollout& rollout, const Scenario& scenario,
                      std::uint32_t runs);

}  // namespace lockstep::sim
