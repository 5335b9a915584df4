// Pace: how boldly a rollout goes, as whoever starts it asks for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::rollout {

/// How many tasks may fail before nothing more is started: so many, or so many of a hundred.
struct FailureLimit {
  std::uint32_t value = 0;
  bool percent = false;
  /// Of a rollout with so many tasks; a part of a task is none.
  std::uint32_t Of(std::size_t tasks) const;
  bool operator==(const FailureLimit&) const = default;
};
std::optional<FailureLimit> ParseFailureLimit(std::string_view text);  ///< "5", "2%"; at most 100%
std::string ToString(const FailureLimit& limit);

/// Unset: as somebody else says, and in the end without limit.
struct Pace {
  std::optional<std::uint32_t> parallel;  ///< runs at once in the whole rollout; 0: no limit
  /// Of every spec's tasks in a stage so many go first, and the others when those are DONE or
  /// SKIPPED; 0: none.
  std::optional<std::uint32_t> canary;
  std::optional<FailureLimit> max_failures;

  /// Where this says nothing, `other` does.
  Pace Or(const Pace& other) const;
};

}  // namespace lockstep::rollout
