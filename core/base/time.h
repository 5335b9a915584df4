// Points in time and lengths of time, in milliseconds. Core has no clock: time is always an
// argument.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::base {

struct Duration {
  std::int64_t ms = 0;
  constexpr auto operator<=>(const Duration&) const = default;
};

constexpr Duration Milliseconds(std::int64_t n) {
  return {n};
}
constexpr Duration Seconds(std::int64_t n) {
  return {n * 1000};
}
constexpr Duration operator+(Duration a, Duration b) {
  return {a.ms + b.ms};
}
constexpr Duration operator-(Duration a, Duration b) {
  return {a.ms - b.ms};
}

/// Milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t ms = 0;
  constexpr auto operator<=>(const Instant&) const = default;
};

constexpr Instant kNever{std::numeric_limits<std::int64_t>::max()};

constexpr Instant operator+(Instant t, Duration d) {
  return {t.ms + d.ms};
}
constexpr Duration operator-(Instant a, Instant b) {
  return {a.ms - b.ms};
}

/// A protobuf Timestamp: RFC 3339, any offset, at most 9 fraction digits, years 0001..9999
/// (protojson's rule; plan-level meaning such as "0 is unset" is the caller's).
struct Timestamp {
  std::int64_t seconds = 0;  ///< since the epoch, may be negative
  std::int32_t nanos = 0;    ///< 0..999,999,999, counts forward
  constexpr auto operator<=>(const Timestamp&) const = default;
};
std::optional<Timestamp> ParseTimestamp(std::string_view text);

/// Rounds up: a task must not start before its time.
Instant ToInstant(Timestamp timestamp);

/// "2026-11-22T03:37:00Z", or with ".123" when there are milliseconds.
std::string FormatInstant(Instant instant);

/// For people: "0 ms", "350 ms", "1.2 s", "4 min 05 s", "2 h 03 min".
std::string FormatDuration(Duration duration);

/// "90", "90s", "1.5s", "500ms", "5m", "2h": a bare number is seconds. Nothing else; never
/// negative.
std::optional<Duration> ParseDuration(std::string_view text);

}  // namespace lockstep::base
