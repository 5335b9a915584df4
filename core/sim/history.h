// History: what the events of a real rollout tell: whether they follow from its rules, and how long
// tasks took.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/rollout/event.h"
#include "core/rollout/rollout.h"
#include "core/sim/scenario.h"

namespace lockstep::sim {

/// Where events stop to be those that the scheduler decides on, given when runs ended and what
/// people asked for.
struct Divergence {
  std::uint64_t sequence;  ///< of the first event that does not follow
  std::string message;
};
/// Drives the scheduler through the recorded ends, commands and starts of runners again. Empty: it
/// decides on exactly these events. What follows the last one is not asked for. REQUIRES events of
/// this rollout that can be applied one after the other.
std::optional<Divergence> FindDivergence(const rollout::Rollout& rollout,
                                         std::span<const rollout::Event> events);

/// One run that went well.
struct Observation {
  std::string spec;             ///< id; "": not known, as each of the following
  std::string sheet;            ///< SHA-256
  std::string target;           ///< a database, or an instance
  std::string statement_class;  ///< "DDL"
  std::optional<SheetSize> size;
  base::Duration duration;
};
std::vector<Observation> ObservationsOf(const rollout::Rollout& rollout,
                                        std::span<const rollout::Event> events);

}  // namespace lockstep::sim
