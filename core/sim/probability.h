// Probabilities as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lockstep::sim {

/// Millionths of "5%", "0.5%" or "0.05", 0 to 1,000,000; decimals beyond are cut off. Empty: it is
/// none of these.
std::optional<std::uint32_t> ParseProbability(std::string_view text);

}  // namespace lockstep::sim
