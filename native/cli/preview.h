// Preview: the only file pair of native that asks the simulator. `simulate` prints what it says,
// and the live progress of `run` takes its estimate of the end from it: the same scheduler on a
// virtual clock.
#pragma once

#include "core/api/answers.h"
#include "native/cli/settings.h"
#include "native/report/progress.h"

namespace lockstep::cli {

/// The scenario of the documents. --start wins over its start; without either it is now.
sim::Scenario StartedScenario(const api::Workspace& workspace, const PlanSettings& settings);

/// That scenario simulated.
sim::Timeline Preview(const rollout::Rollout& rollout, const api::Workspace& workspace,
                      const PlanSettings& settings);

/// For the live progress of a run: simulates with the mean time that tasks took so far, and tells
/// how long the simulated rollout went on after as many tasks had ended.
report::Estimate MakeEstimate(const rollout::Rollout& rollout);

}  // namespace lockstep::cli
