#include "native/approval.h"

#include "core/base/text.h"
#include "core/service/issue.h"
#include "native/ledger/objects.h"

namespace lockstep::native {
namespace {

base::Result<bool> IsApproved(ledger::Ledger& ledger, std::string_view digest) {
  const auto objects = ledger::Objects(ledger).List(ledger::Object::Kind::kIssue, "");
  if (!objects.ok()) return objects.error();
  for (const ledger::Object& object : *objects) {
    const auto issue = service::Issue::Read(object.json);
    if (!issue.ok()) return issue.error();
    if (issue->status == "OPEN" &&
        issue->ApprovalOf(digest, true) == service::ApprovalStatus::kApproved)
      return true;
  }
  return false;
}

}  // namespace

base::Status CheckApproved(ledger::Ledger& ledger, const check::CheckedPlan& checked,
                           const rollout::Rollout& rollout) {
  for (const rollout::StageIndex stage : rollout.stages.indices()) {
    const std::string& name = rollout.stages[stage].environment;
    const inventory::Environment* environment = checked.inventory().FindEnvironment(name);
    if (environment == nullptr || !environment->rollout_policy.issue_approval_required) continue;
    const auto approved = IsApproved(ledger, rollout.digest);
    if (!approved.ok()) return approved.error();
    if (*approved) return {};
    return base::Error{
        base::ErrorCode::kFailedPrecondition,
        "nothing was started: " + base::Quote(name) +
            " requires an approved issue; `lockstep issue create --plan PLAN`, have it "
            "approved, then `lockstep issue run ISSUE`"};
  }
  return {};
}

}  // namespace lockstep::native
