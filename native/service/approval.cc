#include "native/service/approval.h"

#include "core/base/text.h"
#include "core/rollout/expand.h"

namespace lockstep::service {

base::Result<Approval> Approval::Of(Context& context, const std::string& plan,
                                    const check::CheckedPlan& checked) {
  auto policies = ReadRolloutPolicies(context.settings);
  if (!policies.ok()) return policies.error();
  Approval approval;
  approval.policies_ = std::move(*policies);
  const rollout::Rollout rollout = rollout::Expand(checked, {.pace = context.settings.pace});
  approval.digest_ = rollout.digest;
  for (const rollout::StageIndex stage : rollout.stages.indices())
    approval.needed_ |= approval.NeedsApproval(rollout.stages[stage]);
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
                                   "; approve it (`lockstep issue approve " + issue_ + "`)")};
}

}  // namespace lockstep::service
