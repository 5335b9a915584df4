// Layers: where the groups of a rollout (what one spec became in one stage) stand in its graph:
// stages from left to right; in a stage, columns by the longest chain of dependencies before a
// group; in a column, near what they depend on, else in plan order. O((V + E) log V): stages are in
// order already, so no general graph layout is needed.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/index.h"
#include "core/rollout/rollout.h"

namespace lockstep::view {

/// A column longer than this goes on in the next one.
constexpr std::uint32_t kMostRows = 24;

struct Layers {
  struct Place {
    std::uint32_t column = 0;  ///< over all stages, from 0
    std::uint32_t row = 0;
  };
  base::IndexVector<rollout::GroupIndex, Place> places;
  /// Columns of each stage: [begin, end).
  base::IndexVector<rollout::StageIndex, base::Slice> columns;
  std::uint32_t column_count = 0;
  std::uint32_t row_count = 0;
};

Layers AssignLayers(const rollout::Rollout& rollout);

/// REQUIRES a group with tasks; Expand makes no other.
rollout::TaskIndex FirstTask(const rollout::Rollout& rollout, rollout::GroupIndex group);

}  // namespace lockstep::view
