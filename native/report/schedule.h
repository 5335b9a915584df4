// Schedule: a simulated rollout as a table for people.
#pragma once

#include <string>

#include "core/api/answers.h"

namespace lockstep::report {

std::string ScheduleText(const rollout::Rollout& rollout, const sim::Timeline& timeline,
                         bool color);

}  // namespace lockstep::report
