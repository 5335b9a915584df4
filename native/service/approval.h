// Approval: whether stages may be worked on without anybody's further word, by the policies of
// their environments and what was said of the issue. An approval holds for one digest of plan,
// sheets and resolved targets: whatever changes one of them voids it.
#pragma once

#include <string>

#include "core/check/check.h"
#include "native/service/issue_of_plan.h"
#include "native/service/rollout_policy.h"

namespace lockstep::service {

class Approval {
 public:
  /// Of the rollout of a plan ("": of none, so that there is no issue either).
  static base::Result<Approval> Of(Context& context, const std::string& plan,
                                   const check::CheckedPlan& checked);

  bool IsAutomatic(const rollout::Stage& stage) const;
  /// kFailedPrecondition, with the way out, for one whose tasks may not run yet.
  base::Status Check(const rollout::Stage& stage) const;
  /// Whether some stage of the plan needs it.
  bool is_needed() const { return needed_; }
  /// What it is bound to: the digest that `lockstep simulate` prints.
  const std::string& digest() const { return digest_; }

 private:
  bool NeedsApproval(const rollout::Stage& stage) const;

  RolloutPolicies policies_;
  std::string digest_, issue_;
  bool needed_ = false, approved_ = false;
};

}  // namespace lockstep::service
