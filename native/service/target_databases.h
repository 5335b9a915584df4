// Databases of targets: what a request means by databases and database groups.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/inventory/inventory.h"

namespace lockstep::service {

/// The databases that a target means: itself, or those of a group, in the inventory's order.
/// Without an inventory (null) a database is taken at its word. kInvalidArgument for what the
/// inventory does not have.
base::Result<std::vector<std::string>> DatabasesOf(const inventory::Inventory* inventory,
                                                   std::string_view target);
/// The same for several, each database once, in the order of first mention.
base::Result<std::vector<std::string>> DatabasesOf(const inventory::Inventory* inventory,
                                                   const std::vector<std::string>& targets);

}  // namespace lockstep::service
