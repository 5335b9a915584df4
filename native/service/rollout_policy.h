// RolloutPolicies: what the inventory says of its environments, as it is now.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "native/service/context.h"

namespace lockstep::service {

class RolloutPolicies {
 public:
  inventory::RolloutPolicy Of(std::string_view environment) const {
    const auto found = policies_.find(environment);
    return found == policies_.end() ? inventory::RolloutPolicy() : found->second;
  }

 private:
  friend base::Result<RolloutPolicies> ReadRolloutPolicies(const Settings&);
  std::map<std::string, inventory::RolloutPolicy, std::less<>> policies_;
};

}  // namespace lockstep::service
