#include "native/service/rollout_policy.h"

#include "native/service/inventory_now.h"

namespace lockstep::service {

inventory::RolloutPolicy RolloutPolicies::Of(std::string_view environment) const {
  const auto found = policies_.find(environment);
  return found == policies_.end() ? inventory::RolloutPolicy() : found->second;
}

base::Result<RolloutPolicies> ReadRolloutPolicies(const Settings& settings) {
  const auto now = InventoryNow::Read(settings);
  if (!now.ok()) return now.error();
  RolloutPolicies policies;
  for (const inventory::Environment& environment : (*now)->inventory().environments)
    policies.policies_.emplace(environment.name.value, environment.rollout_policy);
  return policies;
}

}  // namespace lockstep::service
