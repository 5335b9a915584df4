// The rollout policy of an environment, by Bytebase's names.
#pragma once

#include <vector>

#include "core/inventory/inventory.h"
#include "core/json/proto_json.h"

namespace lockstep::inventory {

/// {"automatic": BOOL, "checkers": {"requiredIssueApproval": BOOL}}
void DecodeRolloutPolicy(json::Reader& reader, json::Value object, RolloutPolicy& policy);
void AppendRolloutPolicyTables(std::vector<json::MessageFields>& tables);

}  // namespace lockstep::inventory
