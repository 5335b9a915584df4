// Analysis: where the time of a simulated rollout goes: waits by cause, slack, use of databases and
// instances.
#pragma once

#include <array>
#include <cstdint>

#include "core/sim/simulator.h"

namespace lockstep::sim {

struct Analysis {
  struct CauseTotal {
    base::Duration total{0};    ///< all intervals of all tasks, added up
    std::uint32_t tasks = 0;    ///< so many tasks waited for this
    base::Duration on_path{0};  ///< the same of tasks on the critical path alone
  };
  std::array<CauseTotal, rollout::kWaitingCauseCount> causes{};

  /// How much longer the last run of a task could have taken, everything else in the order that it
  /// had, without the rollout ending later; -1 for one that has not run.
  base::IndexVector<rollout::TaskIndex, base::Duration> slack;

  struct Use {
    base::Duration busy{0};  ///< something ran, counted once however much
    std::uint32_t most = 0;  ///< so many tasks ran at once
  };
  base::IndexVector<rollout::DatabaseIndex, Use> databases;
  base::IndexVector<rollout::InstanceIndex, Use> instances;
  Use all;
};

/// REQUIRES a timeline with waits and a critical path.
Analysis Analyse(const rollout::Rollout& rollout, const Timeline& timeline);

}  // namespace lockstep::sim
