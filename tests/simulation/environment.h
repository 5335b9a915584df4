// How much a test does, as the environment says.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace lockstep::simulation {

inline std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// How many worlds, of so many when released: sanitizers make each step slow, and look at a tenth.
constexpr std::uint64_t Worlds(std::uint64_t released) {
#ifdef LOCKSTEP_ASAN
  return released / 10;
#else
  return released;
#endif
}

}  // namespace lockstep::simulation
