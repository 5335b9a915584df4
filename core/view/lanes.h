// Lanes: a lane for each database, in plan order. Databases that are made have none yet, so what
// makes them lies in one lane per instance.
#pragma once

#include <string>
#include <vector>

#include "core/base/index.h"
#include "core/sim/simulator.h"

namespace lockstep::view {

using LaneIndex = base::Index<struct LaneTag>;

struct Lane {
  std::string label;       ///< "prod/hr"
  std::uint32_t rows = 1;  ///< so many runs overlap at most
};

struct Lanes {
  base::IndexVector<LaneIndex, Lane> lanes;
  base::IndexVector<rollout::TaskIndex, LaneIndex> lane;
  base::IndexVector<rollout::TaskIndex, std::uint32_t> row;  ///< within its lane, from 0
};

/// Runs of one lane that overlap (a server's semantics allow it) lie in rows below each other.
Lanes AssignLanes(const rollout::Rollout& rollout, const sim::Timeline& timeline);

}  // namespace lockstep::view
