// How much a test does, as the environment says.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace lockstep::simulation {

inline std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace lockstep::simulation
