// Issue: the message of IssueService (plan-semantics §1.7), and when one counts as approved.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_writer.h"
#include "core/service/message.h"

namespace lockstep::service {

/// What somebody said of what an issue would do at that time.
struct Review {
  std::string principal;  ///< "users/{email}"
  bool approved = false;  ///< else rejected
  std::string digest;     ///< of plan, sheets and resolved targets: it holds for these alone
  base::Instant at{0};
};

enum class ApprovalStatus { kSkipped, kPending, kApproved, kRejected };
std::string_view ToString(ApprovalStatus status);

struct Issue {
  std::string title, description, plan, rollout, creator;
  std::string type = "ISSUE_TYPE_UNSPECIFIED";
  std::string status = "OPEN";
  std::vector<std::string> labels, subscribers;
  std::vector<Review> reviews;  ///< oldest first

  /// A client's, or a stored one. A client's creator, status and reviews are the server's to set.
  static base::Result<Issue> Read(std::string_view json);
  std::string Stored() const;
  /// By what people said of this digest last.
  ApprovalStatus ApprovalOf(std::string_view digest, bool is_required) const;
};

struct IssueFacts {
  std::string name;
  base::Instant created{0}, updated{0};
  std::string digest;           ///< what an approval would hold for now
  bool needs_approval = false;  ///< by the policy of some environment that it reaches
  std::map<std::string, std::int64_t> task_counts;  ///< by status
};
void WriteIssue(base::JsonWriter& writer, const Issue& issue, const IssueFacts& facts);

}  // namespace lockstep::service
