// Windows in simulations: when a rollout that has to fit into one starts, and which tasks outlast
// theirs.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/sim/scenario.h"
#include "core/sim/simulator.h"

namespace lockstep::sim {

/// The rollout starts when the window ("Sat 01:00-05:00 Europe/Berlin") is open, at or after the
/// scenario's start, and has to be done when it closes, or by the deadline that it has already when
/// that comes first. kInvalidArgument: it is no window, or never opens.
base::Status PlaceInWindow(Scenario& scenario, std::string_view window,
                           const base::TimeZones& zones);

/// A task that still runs when the window closes in which it started.
struct Overrun {
  rollout::TaskIndex task;
  base::Duration by;
};
/// In plan order.
std::vector<Overrun> FindOverruns(const rollout::Rollout& rollout, const Timeline& timeline);

}  // namespace lockstep::sim
