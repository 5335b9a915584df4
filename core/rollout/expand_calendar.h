// The part of Expand that says when the tasks of a stage may start.
#pragma once

#include "core/base/calendar.h"
#include "core/check/check.h"

namespace lockstep::rollout {

/// Windows of the stage with this title, else of the environment (possibly invalid); freezes of
/// both.
base::Calendar CalendarOf(const check::CheckedPlan& plan, std::string_view title,
                          inventory::EnvironmentIndex environment);

}  // namespace lockstep::rollout
