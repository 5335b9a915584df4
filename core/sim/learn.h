// Learning: durations of a rollout's tasks from runs that were seen, as distributions.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json_writer.h"
#include "core/base/result.h"
#include "core/sim/history.h"
#include "core/sim/scenario.h"

namespace lockstep::sim {

/// What observations, the oldest first, say about the rollout's specs (runs of the same sheet, or
/// of the same spec where no sheet is known; on the same target alone where there are some),
/// targets, classes of sheets, and all the rest. Of more than kMostSamples of a kind the newest
/// count.
Scenario LearnDurations(const rollout::Rollout& rollout,
                        const std::vector<Observation>& observations);
inline constexpr std::size_t kMostSamples = 1000;

/// `said` with the durations that were learnt, wherever it says nothing about the same spec, target
/// or class itself.
Scenario WithLearnt(Scenario said, const Scenario& learnt);

/// {"durations": …}, as a scenario document has it.
void WriteDurations(base::JsonWriter& writer, const Scenario& scenario);

}  // namespace lockstep::sim
