#include "core/sim/probability.h"

#include <algorithm>

namespace lockstep::sim {
namespace {

constexpr std::uint64_t kCertain = 1'000'000;

}  // namespace

std::optional<std::uint32_t> ParseProbability(std::string_view text) {
  const bool percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  std::uint64_t unit = percent ? 10'000 : 1'000'000, value = 0;
  std::size_t at = 0;
  const auto digit = [&] { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  if (!digit()) return std::nullopt;
  for (; digit(); ++at) value = std::min<std::uint64_t>(value * 10 + (text[at] - '0'), 1'000);
  value *= unit;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digit()) return std::nullopt;
    for (; digit(); ++at) value += (unit /= 10) * (text[at] - '0');
  }
  if (at != text.size() || value > kCertain) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

}  // namespace lockstep::sim
