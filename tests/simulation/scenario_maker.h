// Random scenarios for random worlds: what a run may meet, and commands at times.
#pragma once

#include "core/base/prng.h"
#include "core/rollout/rollout.h"
#include "core/sim/scenario.h"

namespace lockstep::simulation {

/// Durations, failures (once and always), delays, connect costs, locks, outages, connection caps
/// and commands, some of each; all times are multiples of ReferenceSimulator::kStep.
sim::Scenario MakeScenario(base::Prng& prng, const rollout::Rollout& rollout);

}  // namespace lockstep::simulation
