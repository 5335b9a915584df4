// The gh-ost flags that Bytebase passes on: their types, and the range in which a value has an
// effect (component/ghost/config.go@3.4.0; limits from gh-ost's go/base/context.go).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace lockstep::check {

enum class GhostFlagType : std::uint8_t { kInteger, kBoolean, kNumber, kLoad };

struct GhostFlag {
  std::string_view name;
  GhostFlagType type;
  std::int64_t least = 0;  ///< of an integer; the number's bounds are whole too
  std::int64_t greatest = 0;
  bool fails_outside = false;  ///< otherwise the value is moved into the range
};

std::span<const GhostFlag> AllGhostFlags();
const GhostFlag* FindGhostFlag(std::string_view name);

/// What a value of this type looks like, for messages.
std::string_view Describe(GhostFlagType type);

/// True when Go's strconv, or gh-ost's ParseLoadMap, takes the text.
bool IsValid(GhostFlagType type, std::string_view value);
/// True when a valid value lies in the flag's range.
bool IsInRange(const GhostFlag& flag, std::string_view value);

}  // namespace lockstep::check
