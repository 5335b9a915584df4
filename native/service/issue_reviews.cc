// IssueService: what people say of an issue. It holds for the digest of the moment.
#include <algorithm>

#include "native/service/automatic.h"
#include "native/service/driven_issue.h"
#include "native/service/methods.h"

namespace lockstep::service {

using base::Error;
using base::ErrorCode;

namespace {

/// Says something of what the issue would do now.
Answer AddReview(Context& context, const Call& call, bool approved) {
  auto object = FindIssue(context, call);
  if (!object.ok()) return object.error();
  auto driven = LookAtIssue(context, std::move(*object));
  if (!driven.ok()) return driven.error();
  const Issue& issue = driven->issue;
  if (issue.status != "OPEN")
    return Error{ErrorCode::kFailedPrecondition, "the issue is " + issue.status};
  const auto status = issue.ApprovalOf(driven->facts.digest, driven->facts.needs_approval);
  if (status == ApprovalStatus::kSkipped || (approved && status == ApprovalStatus::kApproved))
    return Error{ErrorCode::kInvalidArgument,
                 status == ApprovalStatus::kSkipped
                     ? "the issue has been approved: no environment of it requires approval"
                     : "the issue has been approved"};
  driven->stored.issue.reviews.push_back({call.user, approved, driven->facts.digest, context.now});
  if (auto updated = StoreIssue(context, driven->stored); !updated.ok()) return updated.error();
  if (approved && driven->rollout) {
    if (auto asked = AskForAutomaticTasks(context, driven->rollout->name); !asked.ok())
      return asked.error();
  }
  return GetIssue(context, call);
}

}  // namespace

Answer ApproveIssue(Context& context, const Call& call) {
  return AddReview(context, call, true);
}

Answer RejectIssue(Context& context, const Call& call) {
  return AddReview(context, call, false);
}

/// After a rejection: everybody is asked again.
Answer RequestIssue(Context& context, const Call& call) {
  auto object = FindIssue(context, call);
  if (!object.ok()) return object.error();
  auto driven = LookAtIssue(context, std::move(*object));
  if (!driven.ok()) return driven.error();
  const Issue& issue = driven->issue;
  if (issue.ApprovalOf(driven->facts.digest, true) != ApprovalStatus::kRejected)
    return Error{ErrorCode::kInvalidArgument, "the issue is not rejected"};
  std::erase_if(driven->stored.issue.reviews,
                [&](const Review& review) { return review.digest == driven->facts.digest; });
  if (auto updated = StoreIssue(context, driven->stored); !updated.ok()) return updated.error();
  return GetIssue(context, call);
}

}  // namespace lockstep::service
