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

struct Replayed {
  std::vector<rollout::Event> events;
  rollout::Scheduler scheduler;  ///< as of the last event; refers to the rollout
};
/// `text` is NDJSON, as `lockstep run --events` writes it; its last line may be cut off, as it is
/// while somebody still writes. The rollout takes the name and the policy that the events tell: so
/// it went, whatever is assumed now. The error names the line that is no event or contradicts those
/// before.
base::Result<Replayed> ReplayEvents(rollout::Rollout& rollout, std::string_view text);

/// When each task ran, from the first event on. Events do not tell what a task waited for: no
/// waits, no critical path.
sim::Timeline TimelineOf(const rollout::Scheduler& scheduler,
                         std::span<const rollout::Event> events);
sim::Timeline TimelineOf(const Replayed& replayed);

}  // namespace lockstep::api
