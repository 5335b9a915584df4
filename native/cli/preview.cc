#include "native/cli/preview.h"

#include <algorithm>

namespace lockstep::cli {

sim::Scenario StartedScenario(const api::Workspace& workspace, const PlanSettings& settings) {
  sim::Scenario scenario = workspace.scenario();
  if (settings.start) scenario.start = base::ToInstant(*base::ParseTimestamp(*settings.start));
  if (!scenario.start) scenario.start = Now();
  return scenario;
}

sim::Timeline Preview(const rollout::Rollout& rollout, const api::Workspace& workspace,
                      const PlanSettings& settings) {
  return sim::Simulate(rollout, StartedScenario(workspace, settings), {.keep_events = false});
}

report::Estimate MakeEstimate(const rollout::Rollout& rollout) {
  constexpr std::size_t kMostTasks =
      20'000;  // a simulation must not hold up the runner's only thread
  if (rollout.tasks.size() > kMostTasks) return nullptr;
  return [&rollout, start = Now()](std::size_t done, base::Duration mean) -> base::Duration {
    sim::Scenario scenario;
    scenario.start = start;
    scenario.default_duration = sim::Distribution(mean);
    const sim::Timeline timeline =
        sim::Simulate(rollout, scenario,
                      {.keep_events = false, .keep_waits = false, .find_critical_path = false});
    std::vector<base::Instant> ends;
    for (const sim::TaskTimeline& task : timeline.tasks) ends.push_back(task.end);
    std::sort(ends.begin(), ends.end());
    if (done == 0 || done > ends.size() || ends[done - 1].ms < 0) return {-1};
    return timeline.end - ends[done - 1];
  };
}

}  // namespace lockstep::cli
