// Simulator: drives the one scheduler with a virtual clock. Deterministic: no clock, no threads.
#pragma once

#include <utility>
#include <vector>

#include "core/rollout/drive.h"
#include "core/sim/assumptions.h"
#include "core/sim/scenario.h"

namespace lockstep::sim {

/// An interval in which one gate held a task back. `by`: the task whose end let it through, or,
/// while that is not known, the one it waits for; invalid where there is none (a time, a command).
struct Wait {
  rollout::WaitingCause cause;
  rollout::TaskIndex by;
  base::Instant from, to;
};

struct TaskTimeline {
  rollout::TaskStatus status = rollout::TaskStatus::kNotStarted;
  base::Instant start{-1}, end{-1};  ///< of the last run; -1: none
  std::uint32_t attempts = 0;
  rollout::Waiting waiting;  ///< at the end, for tasks that never got to run

  bool has_run() const { return start.ms >= 0 && end.ms >= 0; }
};

struct Timeline {
  base::Instant start, end;  ///< `end`: of the last run, or when that was known
  base::IndexVector<rollout::TaskIndex, TaskTimeline> tasks;
  std::vector<std::pair<rollout::TaskIndex, Wait>> waits;  ///< by task, then time
  std::vector<rollout::Event> events;                      ///< when asked for
  /// When asked for: the chain of tasks that ends last, each released by the one before it, from
  /// first to last.
  std::vector<rollout::TaskIndex> critical_path;
  /// When waits or the path were asked for: whose end let a task start at last; invalid: no task's.
  base::IndexVector<rollout::TaskIndex, rollout::TaskIndex> released_by;
  rollout::RolloutStatus status = rollout::RolloutStatus::kNotStarted;
  std::uint64_t event_count = 0;

  base::Duration makespan() const { return end - start; }
  /// Whether each task is on the critical path.
  base::IndexVector<rollout::TaskIndex, bool> CriticalTasks() const;
};

struct SimulateOptions {
  bool keep_events = true;
  bool keep_waits = true;
  bool find_critical_path = true;
};

/// Where there are windows: how long each task typically takes.
void ExpectDurations(rollout::Rollout& rollout, const Scenario& scenario);

/// The caps that the scenario assumes in place of the inventory's.
void LimitConnections(rollout::Rollout& rollout, const Scenario& scenario);

/// Both.
void Constrain(rollout::Rollout& rollout, const Scenario& scenario);

/// Starts at the scenario's start, or at the epoch; commands of that time come before it begins,
/// others after all that ends at their time. A rollout that comes to rest before the scenario's
/// last command goes on with that command, also one that stopped because too many tasks failed.
Timeline Simulate(const rollout::Rollout& rollout, const Scenario& scenario,
                  const SimulateOptions& options);
/// The same with assumptions made before: of this rollout and this scenario.
Timeline Simulate(const rollout::Rollout& rollout, const Scenario& scenario,
                  const Assumptions& assumptions, const SimulateOptions& options);

}  // namespace lockstep::sim
