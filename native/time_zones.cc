#include "native/time_zones.h"

#include <date/tz.h>

#include <stdexcept>
#include <string>

#include "core/base/text.h"

namespace lockstep::native {
namespace {

/// Whatever letters are large or small, as JavaScript has it. Throws when there is none.
const date::time_zone& Find(std::string_view name) {
  try {
    return *date::locate_zone(std::string(name));
  } catch (const std::runtime_error&) {
    const std::string lower = base::ToLowerAscii(name);
    for (const date::time_zone& zone : date::get_tzdb().zones) {
      if (base::ToLowerAscii(zone.name()) == lower) return zone;
    }
    throw;
  }
}

}  // namespace

std::optional<base::Duration> SystemTimeZones(std::string_view zone, base::Instant at) {
  try {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at.ms)));
    return base::Seconds(Find(zone).get_info(seconds).offset.count());
  } catch (const std::runtime_error&) {
    return std::nullopt;  // no such zone, or no zones at all
  }
}

}  // namespace lockstep::native
