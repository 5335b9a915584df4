#include "native/service/target_databases.h"

#include <set>

#include "core/base/text.h"
#include "core/inventory/group_match.h"
#include "core/names/resource_name.h"

namespace lockstep::service {

base::Result<std::vector<std::string>> DatabasesOf(const inventory::Inventory* inventory,
                                                   std::string_view target) {
  const auto refuse = [&](std::string_view what) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "unknown target " + base::Quote(target) + ": " + std::string(what)};
  };
  if (names::ParseDatabaseName(target)) {
    if (inventory != nullptr && !inventory->FindDatabase(target).valid())
      return refuse("the inventory has no such database");
    return std::vector<std::string>{std::string(target)};
  }
  if (!names::ParseDatabaseGroupName(target)) {
    return refuse(
        "it is neither instances/{instance}/databases/{database} nor "
        "projects/{project}/databaseGroups/{group}");
  }
  const inventory::DatabaseGroup* group =
      inventory == nullptr ? nullptr : inventory->FindGroup(target);
  if (group == nullptr) return refuse("the inventory has no such database group");
  const auto expression = inventory::GroupExpression::Parse(group->expression.value);
  if (!expression.ok()) return refuse(expression.error().message);
  std::vector<std::string> databases;
  for (const inventory::DatabaseIndex database : expression->Match(*inventory))
    databases.emplace_back(inventory->databases[database].name.value);
  return databases;
}

base::Result<std::vector<std::string>> DatabasesOf(const inventory::Inventory* inventory,
                                                   const std::vector<std::string>& targets) {
  std::vector<std::string> databases;
  std::set<std::string> seen;
  for (const std::string& target : targets) {
    const auto resolved = DatabasesOf(inventory, std::string_view(target));
    if (!resolved.ok()) return resolved.error();
    for (const std::string& database : *resolved) {
      if (seen.insert(database).second) databases.push_back(database);
    }
  }
  return databases;
}

}  // namespace lockstep::service
