// Task runs: the attempts of a rollout's tasks, as its events tell of them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/rollout/event.h"
#include "core/rollout/state.h"

namespace lockstep::service {

struct TaskRun {
  rollout::TaskIndex task;
  std::uint32_t attempt = 0;
  rollout::TaskStatus status = rollout::TaskStatus::kPending;
  base::Instant created, updated;
  base::Instant started{0};  ///< 0: not yet
  std::string detail;        ///< why it ended badly, or what it waits for
  rollout::TaskError error;  ///< of one that FAILED
};

/// In the order in which they were made.
std::vector<TaskRun> TaskRunsOf(std::span<const rollout::Event> events);

/// The reasons that people gave for skipping tasks, by task; "" for the others.
std::vector<std::string> SkipReasonsOf(const rollout::Rollout& rollout,
                                       std::span<const rollout::Event> events);

/// A status as Bytebase's enums have it. A run in doubt is FAILED there: nobody may take it for
/// done, and running it again asks the database first.
std::string_view StatusName(rollout::TaskStatus status);

}  // namespace lockstep::service
