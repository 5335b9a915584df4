// Expand: CheckedPlan -> Rollout.
#pragma once

#include <string>

#include "core/base/version.h"
#include "core/check/check.h"
#include "core/rollout/pace.h"
#include "core/rollout/rollout.h"

namespace lockstep::rollout {

struct ExpandOptions {
  std::string name = "projects/-/rollouts/-";
  Pace pace = {};
  std::optional<plan::Semantics> semantics = {};  ///< instead of those that the plan was checked by
  bool on_request = false;                        ///< Policy::on_request
  /// For the digest: that of the Lockstep which made the rollout.
  std::string version = std::string(base::Version());
};

/// Stages from steps, or from environments (flat plans, Semantics::stages_from_for_steps); tasks
/// from specs x databases in plan order; groups, dependencies, version ranks, connection caps,
/// digest. Empty steps of a group without match cannot occur: Check refused them.
Rollout Expand(const check::CheckedPlan& plan, const ExpandOptions& options);

}  // namespace lockstep::rollout
