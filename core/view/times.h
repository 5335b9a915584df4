// Times: where moments lie in a drawing of lanes, in whatever it counts: tenths of a pixel or the
// columns of a terminal.
#pragma once

#include <cstdint>
#include <optional>

#include "core/sim/simulator.h"

namespace lockstep::view {

/// 1, 2, 5, 10, 15, 30 of milliseconds, seconds and minutes, then hours and days: the first that is
/// not shorter than `smallest`.
base::Duration StepOfAxis(base::Duration smallest);

/// From the first to the last moment of a rollout, over so many units.
class Times {
 public:
  /// REQUIRES: 0 < length < 2^24.
  Times(const sim::Timeline& timeline, std::int64_t length);

  std::int64_t makespan() const { return (timeline_.end - timeline_.start).ms; }
  /// Units from the left: 0 to the length. Moments outside are put at the border.
  std::int64_t At(base::Instant time) const;
  std::int64_t At(base::Duration since_start) const { return At(timeline_.start + since_start); }

  bool Ran(rollout::TaskIndex task) const { return timeline_.tasks[task].start.ms >= 0; }
  /// REQUIRES: it ran. What still runs goes on to the end.
  base::Instant EndOf(rollout::TaskIndex task) const;

 private:
  const sim::Timeline& timeline_;
  std::int64_t length_;
};

bool SomeNeverRan(const sim::Timeline& timeline);

struct StageSpan {
  base::Instant start, end;
};
/// From the first start of its tasks to their last end; nothing when none of them ran.
std::optional<StageSpan> SpanOf(const rollout::Stage& stage, const sim::Timeline& timeline);

/// Shown before a task, where it waits: not the stage and the database, for which most tasks wait.
bool IsTold(rollout::WaitingCause cause);

}  // namespace lockstep::view
