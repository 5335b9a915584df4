// RolloutPolicies: what the inventory says of its environments, as it is now.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/inventory/inventory.h"
#include "native/service/context.h"

namespace lockstep::service {

class RolloutPolicies {
 public:
  /// Of "environments/prod"; the default one for an environment that is not in the inventory.
  inventory::RolloutPolicy Of(std::string_view environment) const;

 private:
  friend base::Result<RolloutPolicies> ReadRolloutPolicies(const Settings& settings);
  std::map<std::string, inventory::RolloutPolicy, std::less<>> policies_;
};

/// Errors are those of InventoryNow.
base::Result<RolloutPolicies> ReadRolloutPolicies(const Settings& settings);

}  // namespace lockstep::service
