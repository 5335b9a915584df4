// How schema versions compare: the one answer that rules and expansion share.
#pragma once

#include <string_view>

#include "core/plan/semantics.h"

namespace lockstep::check {

/// Negative, zero or positive. kText: byte by byte. kNumericParts: runs of digits compare as
/// numbers of any length ("1.10" after "1.9", "007" like "7"), everything else byte by byte.
int CompareVersions(plan::VersionOrder order, std::string_view a, std::string_view b);

}  // namespace lockstep::check
