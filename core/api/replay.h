// Replay: the events of a run, folded again: its states and its timeline.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/rollout/event.h"
#include "core/rollout/scheduler.h"
#include "core/sim/simulator.h"

namespace lockstep::api {

/// The name of the rollout that events speak of; "" when they name no stage and no task.
std::string RolloutNameIn(std::string_view text);

struct Replayed {
  std::vector<rollout::Event> events;
  rollout::Scheduler scheduler;  ///< as of the last event; refers to the rollout
};
/// REQUIRES that the rollout has the name that the events have. `text` is NDJSON, as `lockstep run
/// --events` writes it; its last line may be cut off, as it is while somebody still writes. The
/// error names the line that is no event or contradicts those before.
base::Result<Replayed> ReplayEvents(const rollout::Rollout& rollout, std::string_view text);

/// When each task ran, from the first event on. Events do not tell what a task waited for: no
/// waits, no critical path.
sim::Timeline TimelineOf(const rollout::Scheduler& scheduler,
                         std::span<const rollout::Event> events);
sim::Timeline TimelineOf(const Replayed& replayed);

}  // namespace lockstep::api
