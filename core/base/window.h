// Window: hours of a week in which something may happen, by the clock of some place.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/time.h"

namespace lockstep::base {

/// How far the clocks of a time zone (an IANA name) are ahead of UTC at a moment; empty: there is
/// no such zone. Core has no clocks: whoever uses it brings them.
using TimeZones = std::function<std::optional<Duration>(std::string_view zone, Instant at)>;

/// Knows "UTC" alone.
std::optional<Duration> UtcAlone(std::string_view zone, Instant at);

struct Window {
  std::uint8_t days = 0x7f;  ///< on which it opens: bit 0 is Monday
  int from = 0, to = 0;      ///< minutes of the day; `to` at or before `from`: of the day after
  std::string zone = "UTC";
  bool operator==(const Window&) const = default;
};

/// "Sat 01:00-05:00 Europe/Berlin", "Mon-Fri,Sun 22:00-04:00", "00:00-24:00 UTC": days, hours,
/// zone (UTC, or with an area: no abbreviations); without days every day, without a zone UTC.
/// Whether there is such a zone is not looked at.
Result<Window> ParseWindow(std::string_view text);

}  // namespace lockstep::base
