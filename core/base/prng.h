// SplitMix64: seeded, the same numbers on every platform. Not for secrets.
#pragma once

#include <cstdint>

namespace lockstep::base {

class Prng {
 public:
  explicit Prng(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  /// 0 .. bound-1; bound must not be 0. The bias is below bound / 2^64.
  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }
  /// True with probability numerator / denominator.
  bool Chance(std::uint64_t numerator, std::uint64_t denominator) {
    return Below(denominator) < numerator;
  }

 private:
  std::uint64_t state_;
};

}  // namespace lockstep::base
