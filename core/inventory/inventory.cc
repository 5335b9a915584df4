#include "core/inventory/inventory.h"

namespace lockstep::inventory {
namespace {

template <class Map>
typename Map::mapped_type FindOr(const Map& map, std::string_view name,
                                 typename Map::mapped_type otherwise) {
  const auto found = map.find(name);
  return found != map.end() ? found->second : otherwise;
}

}  // namespace

const DataSource* Instance::Admin() const {
  for (const DataSource& source : data_sources) {
    // One that does not say what it is for is the administrator's.
    if (!source.type.present || source.type.value == "ADMIN") return &source;
  }
  return nullptr;
}

const Environment* Inventory::FindEnvironment(std::string_view name) const {
  const EnvironmentIndex index = FindOr(environment_by_name, name, EnvironmentIndex());
  return index.valid() ? &environments[index] : nullptr;
}

InstanceIndex Inventory::FindInstance(std::string_view name) const {
  return FindOr(instance_by_name, name, InstanceIndex());
}

DatabaseIndex Inventory::FindDatabase(std::string_view name) const {
  return FindOr(database_by_name, name, DatabaseIndex());
}

const DatabaseGroup* Inventory::FindGroup(std::string_view name) const {
  const auto found = group_by_name.find(name);
  return found != group_by_name.end() ? &groups[found->second] : nullptr;
}

const SheetEntry* Inventory::FindSheet(std::string_view name) const {
  const auto found = sheet_by_name.find(name);
  return found != sheet_by_name.end() ? &sheets[found->second] : nullptr;
}

EnvironmentIndex Inventory::EnvironmentOfNew(InstanceIndex instance, std::string_view own) const {
  if (own.empty()) {
    const std::string_view name = instance.valid() ? instances[instance].environment.value : own;
    return FindOr(environment_by_name, name, EnvironmentIndex());
  }
  const EnvironmentIndex found = FindOr(environment_by_name, own, EnvironmentIndex());
  if (found.valid()) return found;
  const std::string full = "environments/" + std::string(own);
  return FindOr(environment_by_name, std::string_view(full), EnvironmentIndex());
}

EnvironmentIndex Inventory::EnvironmentOf(DatabaseIndex database) const {
  const Database& entry = databases[database];
  std::string_view name = entry.environment.value;
  if (name.empty() && entry.instance.valid()) name = instances[entry.instance].environment.value;
  return FindOr(environment_by_name, name, EnvironmentIndex());
}

}  // namespace lockstep::inventory
