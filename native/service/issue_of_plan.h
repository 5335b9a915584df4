// IssueOfPlan: the issue that drives a plan.
#pragma once

#include <optional>

#include "core/service/issue.h"
#include "native/service/context.h"

namespace lockstep::service {

struct StoredIssue {
  ledger::Object object;
  Issue issue;
};
base::Result<StoredIssue> ReadIssue(ledger::Object object);
/// The newest that is not CANCELED; empty without one.
base::Result<std::optional<StoredIssue>> IssueOfPlan(Context& context, std::string_view plan);

}  // namespace lockstep::service
