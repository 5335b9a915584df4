// DrivenIssue: an issue with the plan and the rollout that it drives, as they are now.
#pragma once

#include <optional>

#include "core/service/issue.h"
#include "native/service/issue_of_plan.h"

namespace lockstep::service {

struct DrivenIssue {
  StoredIssue stored;
  Issue issue;  ///< as people see it: DONE when its rollout is
  std::optional<ledger::RolloutRecord> rollout;
  IssueFacts facts;
};
base::Result<DrivenIssue> LookAtIssue(Context& context, ledger::Object object);
/// The same in two steps. The first leaves out what plan and rollout have to be read for: tasks and
/// what an approval would hold for.
base::Result<DrivenIssue> FindDriven(Context& context, ledger::Object object);
base::Status LookAtPlan(Context& context, DrivenIssue& driven);

/// The issue of "projects/*/issues/*".
base::Result<ledger::Object> FindIssue(Context& context, const Call& call);
/// Writes it back as it now is.
base::Status StoreIssue(Context& context, StoredIssue& issue);
std::string IssueMessage(const DrivenIssue& driven);

}  // namespace lockstep::service
