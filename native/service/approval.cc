#include "native/service/approval.h"

#include "core/base/text.h"
#include "core/rollout/expand.h"

namespace lockstep::service {

std::string ApprovalDigest(const check::CheckedPlan& checked, const rollout::Pace& pace) {
  return rollout::Expand(checked, {.pace = pace}).digest;
}

base::Result<Approval> Approval::Of(Context& context, const std::string& plan,
                                    const check::CheckedPlan& checked) {
  auto policies = ReadRolloutPolicies(context.settings);
  if (!policies.ok()) return policies.error();
  Approval approval;
  approval.policies_ = std::move(*policies);
  approval.digest_ = ApprovalDigest(checked, context.settings.pace);
  const auto issue = IssueOfPlan(context, plan);
  if (!issue.ok()) return issue.error();
  if (*issue) {
    approval.issue_ = NameOf((*issue)->object);
    approval.approved_ =
        (*issue)->issue.ApprovalOf(approval.digest_, true) == ApprovalStatus::kApproved;
  }
  return approval;
}

bool Approval::IsAutomatic(const rollout::Stage& stage) const {
  return policies_.Of(stage.environment).automatic;
}

bool Approval::NeedsApproval(const rollout::Stage& stage) const {
  return policies_.Of(stage.environment).issue_approval_required;
}

base::Status Approval::Check(const rollout::Stage& stage) const {
  if (!NeedsApproval(stage) || approved_) return {};
  const std::string what = base::Quote(stage.environment) + " requires an approved issue, and ";
  return base::Error{
      base::ErrorCode::kFailedPrecondition,
      what + (issue_.empty() ? "there is none; create one with this plan and have it approved"
                             : base::Quote(issue_) + " is not approved for digest " + digest_ +
                                   "; POST " + issue_ + ":approve")};
}

}  // namespace lockstep::service
