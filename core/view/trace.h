// Trace: a rollout in Chrome's Trace Event Format, which ui.perfetto.dev and chrome://tracing open.
//   process 1               the rollout, a thread for each stage
//   a process per instance  a thread for each database, with a slice for each run
//   async events            intervals of waiting, a track for each cause
//   flows                   from the task that released another to that one
//   instants                what did not end well, at its end; what never ran, at the end of all
// Times are microseconds since the rollout's start, which `metadata` has (Perfetto shows that, and
// passes over `otherData`).
#pragma once

#include <string>

#include "core/sim/simulator.h"

namespace lockstep::view {

std::string Trace(const rollout::Rollout& rollout, const sim::Timeline& timeline);

}  // namespace lockstep::view
