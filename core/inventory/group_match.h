// The CEL subset that database groups use: resource.database_name, resource.environment_name,
// resource.instance_id, resource.labels["k"] or resource.labels.k with ==, !=, in [..], &&, ||, !,
// parentheses, true, false, and the string functions startsWith, endsWith, contains, matches (RE2
// subset refused with a message).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/inventory/inventory.h"

namespace lockstep::inventory {

/// A parsed expression.
class GroupExpression {
 public:
  /// An error names the offset in the expression: "at offset 12: …".
  static base::Result<GroupExpression> Parse(std::string_view expression);

  bool Matches(const Inventory& inventory, DatabaseIndex database) const;
  /// The databases that match, in inventory order.
  std::vector<DatabaseIndex> Match(const Inventory& inventory) const;

  struct Node;

 private:
  std::shared_ptr<const Node> root_;
};

}  // namespace lockstep::inventory
