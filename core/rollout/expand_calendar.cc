#include "core/rollout/expand_calendar.h"

namespace lockstep::rollout {

base::Calendar CalendarOf(const check::CheckedPlan& plan, std::string_view title,
                          inventory::EnvironmentIndex environment) {
  const inventory::Inventory& inventory = plan.inventory();
  std::vector<base::Window> windows;
  std::vector<base::Freeze> freezes;
  const auto add = [&](const inventory::Hours& hours, bool with_windows) {
    freezes.insert(freezes.end(), hours.freezes.begin(), hours.freezes.end());
    if (!with_windows) return;
    for (const auto& window : hours.windows) windows.push_back(window.value);
  };
  for (const inventory::StageHours& stage : inventory.stages) {
    if (stage.title.value == title) add(stage.hours, true);
  }
  if (environment.valid()) add(inventory.environments[environment].hours, windows.empty());
  return {std::move(windows), std::move(freezes), plan.time_zones()};
}

}  // namespace lockstep::rollout
