#include "native/time_zones.h"

#include <date/tz.h>

#include <stdexcept>
#include <string>

namespace lockstep::native {

std::optional<base::Duration> SystemTimeZones(std::string_view zone, base::Instant at) {
  try {
    const auto* known = date::locate_zone(std::string(zone));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at.ms)));
    return base::Seconds(known->get_info(seconds).offset.count());
  } catch (const std::runtime_error&) {
    return std::nullopt;  // no such zone, or no zones at all
  }
}

}  // namespace lockstep::native
