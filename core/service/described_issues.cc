#include "core/service/described_parts.h"

namespace lockstep::service::described {
namespace {

constexpr Field kOfIssue[] = {
    {"name", Type::kText, kAnswered},
    {"uid", Type::kText, kAnswered},
    {"title", Type::kText},
    {"description", Type::kText},
    {"type", Type::kEnum, 0, "Issue.Type"},
    {"status", Type::kEnum, kAnswered, "IssueStatus"},
    {"plan", Type::kText},
    {"rollout", Type::kText},
    {"creator", Type::kText, kAnswered},
    {"labels", Type::kText, kList},
    {"subscribers", Type::kText, kList},
    {"approvers", Type::kMessage, kAnswered | kList, "Issue.Approver"},
    {"approvalTemplates", Type::kMessage, kAnswered | kList, "ApprovalTemplate"},
    {"approvalFindingDone", Type::kBool, kAnswered},
    {"approvalFindingError", Type::kText, kAnswered},
    {"approvalStatus", Type::kEnum, kAnswered, "Issue.ApprovalStatus"},
    {"createTime", Type::kTime, kAnswered},
    {"updateTime", Type::kTime, kAnswered},
    {"grantRequest", Type::kAny, kAnswered | kNullable},
    {"releasers", Type::kText, kAnswered | kList},
    {"riskLevel", Type::kEnum, kAnswered, "Issue.RiskLevel"},
    {"taskStatusCount", Type::kInt32, kAnswered | kMap},
    {"digest", Type::kText, kAnswered, "", "Lockstep's: what an approval given now would be of"},
};
constexpr Field kOfApprover[] = {
    {"status", Type::kEnum, 0, "Issue.Approver.Status"},
    {"principal", Type::kText},
};
constexpr Field kOfApprovalTemplate[] = {
    {"flow", Type::kMessage, 0, "ApprovalFlow"},
    {"title", Type::kText},
    {"description", Type::kText},
    {"creator", Type::kText},
};
constexpr Field kOfApprovalFlow[] = {{"steps", Type::kMessage, kList, "ApprovalStep"}};
constexpr Field kOfApprovalStep[] = {
    {"type", Type::kEnum, 0, "ApprovalStep.Type"},
    {"nodes", Type::kMessage, kList, "ApprovalNode"},
};
constexpr Field kOfApprovalNode[] = {{"type", Type::kEnum, 0, "ApprovalNode.Type"}};
constexpr Field kOfListIssuesResponse[] = {{"issues", Type::kMessage, kList, "Issue"},
                                           kNextPageToken};
constexpr Field kOfBatchUpdateIssuesStatusRequest[] = {
    {"issues", Type::kText, kList},
    {"status", Type::kEnum, kNeeded, "IssueStatus"},
    {"reason", Type::kText},
};
constexpr Field kOfIssueComment[] = {
    {"name", Type::kText, 0, "", "needed to change it"},
    {"comment", Type::kText},
    {"payload", Type::kText, kAnswered},
    {"creator", Type::kText, kAnswered},
    {"createTime", Type::kTime, kAnswered},
    {"updateTime", Type::kTime, kAnswered},
};
constexpr Field kOfListIssueCommentsResponse[] = {
    {"issueComments", Type::kMessage, kList, "IssueComment"}, kNextPageToken};

constexpr Message kIssueMessages[] = {
    {"Issue", kOfIssue},
    {"Issue.Approver", kOfApprover},
    {"ApprovalTemplate", kOfApprovalTemplate},
    {"ApprovalFlow", kOfApprovalFlow},
    {"ApprovalStep", kOfApprovalStep},
    {"ApprovalNode", kOfApprovalNode},
    {"ListIssuesResponse", kOfListIssuesResponse},
    {"BatchUpdateIssuesStatusRequest", kOfBatchUpdateIssuesStatusRequest},
    {"IssueComment", kOfIssueComment},
    {"ListIssueCommentsResponse", kOfListIssueCommentsResponse},
};

}  // namespace

std::span<const Message> IssueMessages() {
  return kIssueMessages;
}

std::vector<Enum> IssueEnums() {
  return {
      {"Issue.Type",
       {"ISSUE_TYPE_UNSPECIFIED", "DATABASE_CHANGE", "GRANT_REQUEST", "DATABASE_DATA_EXPORT"}},
      {"IssueStatus", {"OPEN", "DONE", "CANCELED"}},
      {"Issue.ApprovalStatus", {"SKIPPED", "PENDING", "APPROVED", "REJECTED"}},
      {"Issue.Approver.Status", {"APPROVED", "REJECTED"}},
      {"Issue.RiskLevel", {"RISK_LEVEL_UNSPECIFIED"}},
      {"ApprovalStep.Type", {"ANY"}},
      {"ApprovalNode.Type", {"ANY_IN_GROUP"}},
  };
}

}  // namespace lockstep::service::described
