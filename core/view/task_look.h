// TaskLook: what all drawings say of a task in the same way.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/index.h"
#include "core/sim/simulator.h"

namespace lockstep::view {

/// "DONE after 4 s"
std::string EndText(const sim::Timeline& timeline);

/// CSS classes: "done", "not_started blocked".
std::string StatusClasses(const sim::TaskTimeline& line);

/// One character for a task that did not simply go well, else empty. Of Latin-1, which every font
/// has.
std::string_view Mark(const sim::TaskTimeline& line);

/// What is shown first where not everything is: runs that did not end well, what else is not DONE,
/// then the critical path.
constexpr int kHighestMerit = 3, kMeritOfTrouble = 2;
int Merit(const sim::TaskTimeline& line, bool critical);

/// "DONE, 0 ms to 1 s, 2 attempts", "BLOCKED: blocked by task 2".
std::string StatusText(const rollout::Rollout& rollout, const sim::Timeline& timeline,
                       rollout::TaskIndex task);

/// "1 s for task 1 (dependency), 30 s until …": one entry per cause and blocker, in order of time.
/// `waits`: those of one task.
std::string WaitsText(const rollout::Rollout& rollout,
                      std::span<const std::pair<rollout::TaskIndex, sim::Wait>> waits);

/// As much of `text` as fits into `pixels` of a drawing's font; "" when not even three letters do.
std::string Fit(std::string_view text, std::int64_t pixels);

}  // namespace lockstep::view
