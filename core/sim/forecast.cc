#include "core/sim/forecast.h"

#include <algorithm>

namespace lockstep::sim {

using rollout::TaskIndex;

Forecast MakeForecast(const rollout::Rollout& rollout, const Scenario& scenario,
                      std::uint32_t runs) {
  LOCKSTEP_CHECK(runs > 0 && runs <= kMostRuns, "a forecast from no run, or too many");
  Forecast forecast;
  forecast.runs = runs;
  forecast.tasks.resize(rollout.tasks.size());
  Assumptions assumptions(rollout, scenario);
  for (std::uint32_t run = 0; run < runs; ++run) {
    assumptions.Draw(run);
    const Timeline timeline =
        Simulate(rollout, scenario, assumptions,
                 {.keep_events = false, .keep_waits = false, .find_critical_path = true});
    for (const TaskIndex task : timeline.critical_path) ++forecast.tasks[task].critical;
    for (const TaskIndex task : rollout.tasks.indices())
      forecast.tasks[task].undone += !rollout::Satisfies(timeline.tasks[task].status);
    if (timeline.status != rollout::RolloutStatus::kDone) continue;
    const base::Duration makespan = timeline.makespan();
    ++forecast.done;
    forecast.in_time += !scenario.deadline || makespan <= *scenario.deadline;
    forecast.makespans.push_back(makespan);
  }
  std::sort(forecast.makespans.begin(), forecast.makespans.end());
  return forecast;
}

base::Duration Forecast::Percentile(int percent) const {
  LOCKSTEP_CHECK(!makespans.empty() && percent >= 0 && percent <= 100, "no such percentile");
  // Nearest rank.
  const std::size_t rank = (makespans.size() * static_cast<std::size_t>(percent) + 99) / 100;
  return makespans[rank == 0 ? 0 : rank - 1];
}

}  // namespace lockstep::sim
