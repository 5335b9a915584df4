#include "native/service/issue_of_plan.h"

namespace lockstep::service {

using ledger::Object;

base::Result<StoredIssue> ReadIssue(Object object) {
  auto issue = Issue::Read(object.json);
  if (!issue.ok()) return issue.error();
  return StoredIssue{std::move(object), std::move(*issue)};
}

base::Result<std::optional<StoredIssue>> IssueOfPlan(Context& context, std::string_view plan) {
  if (plan.empty()) return std::optional<StoredIssue>();
  auto objects = context.objects.List(Object::Kind::kIssue, "", plan);
  if (!objects.ok()) return objects.error();
  for (Object& object : *objects) {
    auto issue = ReadIssue(std::move(object));
    if (!issue.ok()) return issue.error();
    if (issue->issue.status != "CANCELED") return std::optional(std::move(*issue));
  }
  return std::optional<StoredIssue>();
}

}  // namespace lockstep::service
