// The part of Expand that says what is known of the sheets.
#pragma once

#include "core/check/check.h"
#include "core/rollout/rollout.h"

namespace lockstep::rollout {

/// Fills in Rollout::sheets and spec_sheets.
void DescribeSheets(const check::CheckedPlan& plan, Rollout& rollout);

}  // namespace lockstep::rollout
