#include "native/approval.h"

#include "core/base/text.h"
#include "core/service/issue.h"
#include "native/documents.h"
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

bool NeedsApproval(const check::CheckedPlan& checked, const std::string& environment) {
  const inventory::Environment* known = checked.inventory().FindEnvironment(environment);
  return known != nullptr && known->rollout_policy.issue_approval_required;
}

base::Status CheckIssue(ledger::Ledger& ledger, std::string_view digest,
                        const std::string& environment) {
  const auto approved = IsApproved(ledger, digest);
  if (!approved.ok()) return approved.error();
  if (*approved) return {};
  return base::Error{
      base::ErrorCode::kFailedPrecondition,
      "nothing was started: " + base::Quote(environment) +
          " requires an approved issue; `lockstep issue create --plan PLAN`, have it "
          "approved, then `lockstep issue run ISSUE`"};
}

}  // namespace

base::Status CheckApproved(ledger::Ledger& ledger, const check::CheckedPlan& checked,
                           const rollout::Rollout& rollout) {
  for (const rollout::Stage& stage : rollout.stages) {
    if (NeedsApproval(checked, stage.environment))
      return CheckIssue(ledger, rollout.digest, stage.environment);
  }
  return {};
}

base::Status CheckApproved(ledger::Ledger& ledger, const StoredRollout& stored,
                           std::span<const rollout::TaskIndex> tasks) {
  const check::CheckedPlan& checked = *stored.workspace().checked();
  const rollout::Rollout& rollout = stored.rollout();
  for (const rollout::TaskIndex task : tasks) {
    const std::string& environment = rollout.stages[rollout.tasks[task].stage].environment;
    if (!NeedsApproval(checked, environment)) continue;
    // People approve a plan, whether or not its tasks wait until somebody asks for them.
    ReadOptions options = ReadOptions::FromStored(stored.record().options);
    options.on_request = false;
    return CheckIssue(ledger, options.Expand(checked, rollout.name).digest, environment);
  }
  return {};
}

}  // namespace lockstep::native
