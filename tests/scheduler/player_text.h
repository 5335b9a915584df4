// How the player writes things down.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/time.h"

namespace lockstep::scheduler_test {

/// Since the start of the script: "90s" is "1m30s".
std::string Moment(base::Instant instant);

/// The way back, of one unit: "90s".
base::Instant ParseMoment(const std::string& text);
/// "A/1"; "A" when it has no run.
std::string RunText(const std::string& task, std::uint32_t attempt);

}  // namespace lockstep::scheduler_test
