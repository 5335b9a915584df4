// Findings that follow from others: one mistake, one finding.
#pragma once

#include <vector>

#include "core/diagnostics/diagnostic.h"

namespace lockstep::api {

/// Takes out what calls a field missing that is there and could not be read, for which it has a
/// finding already. REQUIRES JSON Pointers.
void DropFollowOns(std::vector<diagnostics::Diagnostic>& diagnostics);

}  // namespace lockstep::api
