#include "core/rollout/pace.h"

#include <charconv>

namespace lockstep::rollout {

std::uint32_t FailureLimit::Of(std::size_t tasks) const {
  return percent ? static_cast<std::uint32_t>(std::uint64_t{value} * tasks / 100) : value;
}

std::optional<FailureLimit> ParseFailureLimit(std::string_view text) {
  FailureLimit limit;
  limit.percent = text.ends_with('%');
  if (limit.percent) text.remove_suffix(1);
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), limit.value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (limit.percent && limit.value > 100) return std::nullopt;
  return limit;
}

std::string ToString(const FailureLimit& limit) {
  return std::to_string(limit.value) + (limit.percent ? "%" : "");
}

Pace Pace::Or(const Pace& other) const {
  Pace pace = *this;
  if (!pace.parallel) pace.parallel = other.parallel;
  if (!pace.canary) pace.canary = other.canary;
  if (!pace.max_failures) pace.max_failures = other.max_failures;
  return pace;
}

}  // namespace lockstep::rollout
