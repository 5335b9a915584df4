#include "wasm/time_zones.h"

#include <emscripten.h>

#include <cmath>
#include <string>

// Milliseconds; NaN: there is no such zone. In the JavaScript that Emscripten 3.1.6 can read.
EM_JS(double, OffsetOf, (const char* zone, double at), {
  try {
    const formats = Module.lockstepZones || (Module.lockstepZones = new Map());
    const name = UTF8ToString(zone);
    if (!formats.has(name)) {
      const number = "numeric";
      formats.set(name, new Intl.DateTimeFormat("en-US", {
        timeZone: name, hourCycle: "h23", year: number, month: number, day: number,
        hour: number, minute: number, second: number}));
    }
    const shown = {};
    for (const part of formats.get(name).formatToParts(at)) shown[part.type] = Number(part.value);
    const local = Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second);
    return local - Math.floor(at / 1000) * 1000;
  } catch (unknown) {
    return NaN;
  }
});

namespace lockstep::wasm {

std::optional<base::Duration> JavaScriptTimeZones(std::string_view zone, base::Instant at) {
  if (zone.find('\0') != std::string_view::npos) return std::nullopt;
  const double offset = OffsetOf(std::string(zone).c_str(), static_cast<double>(at.ms));
  if (std::isnan(offset)) return std::nullopt;
  return base::Milliseconds(static_cast<std::int64_t>(offset));
}

}  // namespace lockstep::wasm
