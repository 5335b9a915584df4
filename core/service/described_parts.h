// The tables of described.h, by what they are about.
#pragma once

#include "core/service/described.h"

namespace lockstep::service::described {

/// What every list answers beside its elements.
inline constexpr Field kNextPageToken = {"nextPageToken", Type::kText, 0, "",
                                         "empty: this was the last page"};

// described_plans.cc: sheets, plans and their checks, releases.
std::span<const Message> PlanMessages();
std::vector<Enum> PlanEnums();
// described_rollouts.cc: rollouts, stages, tasks, their runs.
std::span<const Message> RolloutMessages();
std::vector<Enum> RolloutEnums();
// described_issues.cc: issues, reviews, comments.
std::span<const Message> IssueMessages();
std::vector<Enum> IssueEnums();
// described_inventory.cc: environments, policies, instances, databases, groups, projects.
std::span<const Message> InventoryMessages();
std::vector<Enum> InventoryEnums();

}  // namespace lockstep::service::described
