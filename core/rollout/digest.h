// The digest of a rollout: what `simulate` prints and `run --expect` compares.
#pragma once

#include <string>
#include <string_view>

#include "core/check/check.h"
#include "core/rollout/rollout.h"

namespace lockstep::rollout {

/// Hex SHA-256 over `version` (of the Lockstep that makes the rollout), the policy, every stage,
/// task, dependency, cap and sheet's bytes with their names, and where the instances are. Two plans
/// that mean the same have the same digest, however they are written; the rollout's own name and
/// title do not count. REQUIRES that all else of `rollout` is complete.
std::string Digest(const check::CheckedPlan& plan, const Rollout& rollout,
                   std::string_view version);

}  // namespace lockstep::rollout
