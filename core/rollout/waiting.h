// Waiting: why a task does not run now. The causes are the gates of admission, in their order.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/time.h"
#include "core/rollout/rollout.h"

namespace lockstep::rollout {

/// The first gate, in this order, that holds a task back, and who or what it waits for.
enum class WaitingCause : std::uint8_t {
  kNone,          ///< it does not wait: it runs, or has ended
  kStage,         ///< a task of an earlier stage has not ended                 by: that task
  kEarliestTime,  ///< earliestAllowedTime                                      until: that time
  kDependency,    ///< dependsOnSpecs not DONE or SKIPPED                       by: the first such
                  ///< task
  kCanary,        ///< its spec's first databases go before it                  by: the first of
                  ///< them that is not done
  kVersion,       ///< a lower schemaVersion on the database                    by: that task
  kWindow,        ///< outside the windows of its stage, or it would outlast one  until: the next
                  ///< start; kNever when none is long enough
  kDatabase,      ///< its database has a run, or an earlier task is next       by: that task
  kInstance,      ///< connections per instance
  kParallel,      ///< the rollout's cap
  kPaused,
  kNotRequested,  ///< of a rollout on request: nobody has asked for it yet
};
inline constexpr int kWaitingCauseCount = 12;
std::string_view ToString(WaitingCause cause);  ///< "stage", "earliestAllowedTime", "dependency", …

struct Waiting {
  WaitingCause cause = WaitingCause::kNone;
  TaskIndex by;                        ///< invalid where there is none
  base::Instant until = base::kNever;  ///< kEarliestTime and kWindow
  /// BLOCKED: `by` is FAILED or CANCELED, so nothing but a retry or a skip of it helps.
  bool blocked = false;
  bool operator==(const Waiting&) const = default;
};

}  // namespace lockstep::rollout
