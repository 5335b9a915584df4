// A real rollout beside the simulated one: when tasks ran and when they should have, and whether
// their order follows from the rules.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/base/json_writer.h"
#include "core/rollout/scheduler.h"
#include "core/sim/history.h"
#include "core/sim/simulator.h"

namespace lockstep::api {

struct RunComparison {
  sim::Timeline simulated;  ///< from the moment at which the real one started
  sim::Timeline actual;
  /// Where the real order is not the one that the rules give, durations as they were.
  std::optional<sim::Divergence> divergence;
};

/// REQUIRES at least one event.
RunComparison CompareRun(const rollout::Scheduler& scheduler,
                         std::span<const rollout::Event> events, sim::Scenario scenario);

std::string RunComparisonText(const rollout::Rollout& rollout, const RunComparison& comparison);

/// {"rollout","simulated":{"status","makespan"},"actual":{…},
///  "order":{"follows","sequence","message"},
///  "tasks":[{"name","spec","database","simulated":{"start","end"},"actual":{…}}]}; milliseconds
/// from the start, null: it has not run
void WriteRunComparison(base::JsonWriter& writer, const rollout::Rollout& rollout,
                        const RunComparison& comparison);

}  // namespace lockstep::api
