// Seeded inputs for the differential tests: soups of tokens, and soups of the bytes that lexers
// stumble over.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/base/prng.h"

namespace lockstep::sql {

inline std::string TokenSoup(base::Prng& random, std::span<const std::string_view> tokens) {
  std::string text;
  for (std::uint64_t left = 1 + random.Below(40); left > 0; --left) {
    text += tokens[random.Below(tokens.size())];
    if (!random.Chance(1, 4)) text += random.Chance(1, 6) ? '\n' : ' ';
  }
  return text;
}

inline std::string ByteSoup(base::Prng& random, std::string_view bytes) {
  std::string text;
  for (std::uint64_t left = 1 + random.Below(30); left > 0; --left)
    text += bytes[random.Below(bytes.size())];
  return text;
}

}  // namespace lockstep::sql
