// InventoryNow: the inventory as it is now, decoded: for methods that look at databases without a
// plan.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics/emitter.h"
#include "core/inventory/inventory.h"
#include "native/service/context.h"

namespace lockstep::service {

class InventoryNow {
 public:
  /// kInvalidArgument with its first mistake.
  static base::Result<std::unique_ptr<InventoryNow>> Read(const Settings& settings);

  /// Null when there is none.
  const inventory::Inventory* get() const { return inventory_ ? &*inventory_ : nullptr; }

 private:
  InventoryNow() = default;
  diagnostics::Sources sources_;
  std::optional<json::Document> document_;
  std::optional<inventory::Inventory> inventory_;
};

/// The databases that a target means: itself, or those of a group, in the inventory's order.
/// Without an inventory (null) a database is taken at its word. kInvalidArgument for what the
/// inventory does not have.
base::Result<std::vector<std::string>> DatabasesOf(const inventory::Inventory* inventory,
                                                   std::string_view target);
/// The same for several, each database once, in the order of first mention.
base::Result<std::vector<std::string>> DatabasesOf(const inventory::Inventory* inventory,
                                                   const std::vector<std::string>& targets);

}  // namespace lockstep::service
