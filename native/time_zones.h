// Time zones as this machine knows them (/usr/share/zoneinfo): for windows.
#pragma once

#include "core/base/window.h"

namespace lockstep::native {

/// A base::TimeZones.
std::optional<base::Duration> SystemTimeZones(std::string_view zone, base::Instant at);

}  // namespace lockstep::native
