// In which order environments are stages: the one answer that expansion and conversion share.
#pragma once

#include <cstdint>
#include <vector>

#include "core/inventory/inventory.h"
#include "core/plan/plan.h"

namespace lockstep::check {

/// Rank of each environment, by its index: those that the plan's own `deployment` names (flat form)
/// come first, in its order, then the others in the inventory's.
std::vector<std::uint32_t> EnvironmentOrder(const plan::Plan& plan,
                                            const inventory::Inventory& inventory);

}  // namespace lockstep::check
