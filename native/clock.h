// The clocks of this machine. Core has none: it is told the time.
#pragma once

#include <cstdint>

#include "core/base/time.h"

namespace lockstep::native {

base::Instant RealNow();
/// Goes on evenly whatever is done to the time of day. From no special point.
std::int64_t SteadyMs();

}  // namespace lockstep::native
