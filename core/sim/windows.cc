#include "core/sim/windows.h"

#include "core/base/text.h"

namespace lockstep::sim {

base::Status PlaceInWindow(Scenario& scenario, std::string_view text,
                           const base::TimeZones& zones) {
  base::Result<base::Window> window = base::ParseWindow(text);
  if (!window.ok()) return window.error();
  const std::string zone = window->zone;
  const base::Instant start = scenario.start.value_or(base::Instant{0});
  const base::Calendar::Interval open =
      base::Calendar({std::move(*window)}, {}, zones).NextOpen(start);
  if (open.from == base::kNever) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       zones(zone, start) ? base::Quote(text) + " never opens"
                                          : "there is no time zone " + base::Quote(zone)};
  }
  scenario.start = std::max(start, open.from);
  const base::Duration closes = open.to - *scenario.start;
  scenario.deadline = std::min(scenario.deadline.value_or(closes), closes);
  return {};
}

std::vector<Overrun> FindOverruns(const rollout::Rollout& rollout, const Timeline& timeline) {
  std::vector<Overrun> overruns;
  for (const rollout::Stage& stage : rollout.stages) {
    if (stage.calendar.always()) continue;
    for (const rollout::TaskIndex task : stage.tasks) {
      const TaskTimeline& line = timeline.tasks[task];
      if (!line.has_run()) continue;
      const base::Calendar::Interval open = stage.calendar.NextOpen(line.start);
      if (open.holds(line.start) && line.end > open.to)
        overruns.push_back({task, line.end - open.to});
    }
  }
  return overruns;
}

}  // namespace lockstep::sim
