// What simulations say, in words: about what goes wrong, about many runs, about where the time
// goes. Plain lines, for terminals and pages alike; long lists are cut, and say so.
#pragma once

#include <string>
#include <vector>

#include "core/sim/advice.h"
#include "core/sim/analysis.h"
#include "core/sim/comparison.h"
#include "core/sim/forecast.h"

namespace lockstep::view {

/// Which tasks end otherwise, are blocked, start later and why; and what an operator can do.
std::string ComparisonText(const rollout::Rollout& rollout, const sim::Timeline& before,
                           const sim::Timeline& after, const sim::Comparison& comparison,
                           const std::vector<sim::Remedy>& remedies);

/// How long it takes, how likely it is done in time, what it depends on.
std::string ForecastText(const rollout::Rollout& rollout, const sim::Scenario& scenario,
                         const sim::Forecast& forecast);

/// Waits by cause, slack, use of databases and instances, and what would shorten the rollout.
std::string AnalysisText(const rollout::Rollout& rollout, const sim::Timeline& timeline,
                         const sim::Analysis& analysis, const std::vector<sim::Advice>& advice);

/// "without the dependency of 8e1f6b27 on 5a90c3f4", "--parallel 4 or more".
std::string ChangeText(const rollout::Rollout& rollout, const sim::Advice& advice,
                       std::size_t change);

/// "done in time: ends 35 min before the deadline", or how much too late; empty without a deadline.
std::string DeadlineText(const sim::Scenario& scenario, const sim::Timeline& timeline);

}  // namespace lockstep::view
