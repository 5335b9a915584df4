#include "core/check/environment_order.h"

namespace lockstep::check {

std::vector<std::uint32_t> EnvironmentOrder(const plan::Plan& plan,
                                            const inventory::Inventory& inventory) {
  const auto count = static_cast<std::uint32_t>(inventory.environments.size());
  std::vector<std::uint32_t> ranks(count, count);
  std::uint32_t next = 0;
  for (const plan::SpannedText& name : plan.deployment_environments) {
    const auto found = inventory.environment_by_name.find(name.value);
    if (found != inventory.environment_by_name.end() && ranks[found->second.value()] == count) {
      ranks[found->second.value()] = next++;
    }
  }
  for (std::uint32_t& rank : ranks) {
    if (rank == count) rank = next++;
  }
  return ranks;
}

}  // namespace lockstep::check
