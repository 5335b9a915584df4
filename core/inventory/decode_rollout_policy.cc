#include "core/inventory/decode_rollout_policy.h"

#include "core/base/text.h"

namespace lockstep::inventory {
namespace {

using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;

struct PolicyFrame {
  RolloutPolicy& policy;
};

/// What holds a rollout back on a server, or says who may start it, and here does not.
void ReadWithoutEffect(Reader& reader, PolicyFrame&, const Member& member) {
  if (member.value.size() == 0) return;
  reader.Report(diagnostics::Rule::kFieldWithoutEffect, member.key_span,
                "Lockstep does nothing with " + base::Quote(member.key) + " of a rollout policy");
}

void ReadAutomatic(Reader&, PolicyFrame& frame, const Member& member) {
  frame.policy.automatic = member.value.AsBool();
}
void ReadIssueApproval(Reader&, PolicyFrame& frame, const Member& member) {
  frame.policy.issue_approval_required = member.value.AsBool();
}

constexpr Field<PolicyFrame> kCheckersFields[] = {
    {"requiredIssueApproval", "required_issue_approval", Shape::kBool, &ReadIssueApproval},
    {"requiredStatusChecks", "required_status_checks", Shape::kObject, &ReadWithoutEffect},
};
constexpr Message<PolicyFrame> kCheckers{"checkers", kCheckersFields};

void ReadCheckers(Reader& reader, PolicyFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kCheckers, frame);
}

constexpr Field<PolicyFrame> kPolicyFields[] = {
    {"automatic", "automatic", Shape::kBool, &ReadAutomatic},
    {"checkers", "checkers", Shape::kObject, &ReadCheckers},
    {"roles", "roles", Shape::kList, &ReadWithoutEffect},
    {"workspaceRoles", "workspace_roles", Shape::kList, &ReadWithoutEffect},
    {"projectRoles", "project_roles", Shape::kList, &ReadWithoutEffect},
    {"issueRoles", "issue_roles", Shape::kList, &ReadWithoutEffect},
};
constexpr Message<PolicyFrame> kPolicy{"a rollout policy", kPolicyFields};

}  // namespace

void DecodeRolloutPolicy(Reader& reader, json::Value object, RolloutPolicy& policy) {
  PolicyFrame frame{policy};
  reader.ReadObject(object, kPolicy, frame);
}

void AppendRolloutPolicyTables(std::vector<json::MessageFields>& tables) {
  tables.insert(tables.end(), {Describe(kPolicy), Describe(kCheckers)});
}

}  // namespace lockstep::inventory
