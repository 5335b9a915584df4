// Seeded scenarios and windows: all that a simulation can assume, mostly well-formed.
#pragma once

#include <string>
#include <vector>

#include "core/base/prng.h"

namespace lockstep::parity {

/// What scenarios speak of.
struct PlanNames {
  std::vector<std::string> instances, databases, specs;
};

std::string RandomScenario(base::Prng& prng, const PlanNames& names);
/// "Sat 01:00-05:00 Europe/Berlin", with seldom a mistake.
std::string RandomWindow(base::Prng& prng);

}  // namespace lockstep::parity
