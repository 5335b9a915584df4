#include "core/check/context.h"
#include "core/inventory/group_match.h"
#include "core/names/resource_name.h"

namespace lockstep::check {
namespace {

InstanceIndex SynthesizeInstance(inventory::Inventory& inventory, std::string_view name) {
  const auto [entry, is_new] =
      inventory.instance_by_name.try_emplace(name, inventory.instances.next());
  if (is_new) {
    inventory::Instance instance;
    instance.name = {name, {}, true};
    instance.synthesized = true;
    inventory.instances.push_back(std::move(instance));
  }
  return entry->second;
}

DatabaseIndex SynthesizeDatabase(inventory::Inventory& inventory, std::string_view name,
                                 std::string_view database, InstanceIndex instance) {
  const auto [entry, is_new] =
      inventory.database_by_name.try_emplace(name, inventory.databases.next());
  if (is_new) {
    inventory::Database added;
    added.name = {name, {}, true};
    added.database = database;
    added.instance = instance;
    inventory.databases.push_back(std::move(added));
  }
  return entry->second;
}

/// The instance's name as a part of the database's, which lives as long as the plan.
std::string_view InstancePart(std::string_view database_name, const names::DatabaseName& parsed) {
  return database_name.substr(0, std::string_view("instances/").size() + parsed.instance.size());
}

void ResolveDatabase(Target& target, const inventory::Inventory& inventory,
                     inventory::Inventory* synthesized, std::vector<DatabaseIndex>& databases) {
  const names::DatabaseName parsed = *names::ParseDatabaseName(target.name);
  const std::string_view instance = InstancePart(target.name, parsed);
  DatabaseIndex database;
  if (synthesized) {
    target.instance = SynthesizeInstance(*synthesized, instance);
    database = SynthesizeDatabase(*synthesized, target.name, parsed.database, target.instance);
  } else {
    target.instance = inventory.FindInstance(instance);
    database = inventory.FindDatabase(target.name);
  }
  if (database.valid()) databases.push_back(database);
}

void ResolveGroup(Target& target, const inventory::Inventory& inventory,
                  inventory::Inventory* synthesized, std::vector<DatabaseIndex>& databases) {
  if (synthesized) {  // one database stands for all that nobody can know
    const InstanceIndex instance = SynthesizeInstance(*synthesized, "instances/-");
    databases.push_back(SynthesizeDatabase(
        *synthesized, target.name, names::ParseDatabaseGroupName(target.name)->group, instance));
    return;
  }
  target.group = inventory.FindGroup(target.name);
  if (target.group == nullptr) return;
  const auto expression = inventory::GroupExpression::Parse(target.group->expression.value);
  if (!expression.ok()) {
    target.is_unreadable = true;
    return;
  }
  const std::vector<DatabaseIndex> matched = expression.value().Match(inventory);
  databases.insert(databases.end(), matched.begin(), matched.end());
}

}  // namespace

Target ParseTarget(std::string_view name) {
  Target target;
  target.name = name;
  if (const auto database = names::ParseDatabaseName(name)) {
    target.kind = TargetKind::kDatabase;
    target.has_empty_part = database->instance.empty() || database->database.empty();
  } else if (const auto group = names::ParseDatabaseGroupName(name)) {
    target.kind = TargetKind::kGroup;
    target.has_empty_part = group->project.empty() || group->group.empty();
  } else if (const auto instance = names::ParseInstanceName(name)) {
    target.kind = TargetKind::kInstance;
    target.has_empty_part = instance->empty();
  } else if (names::IsDeploymentConfigName(name)) {
    target.kind = TargetKind::kDeploymentConfig;
  }
  return target;
}

void ResolveTarget(Target& target, const inventory::Inventory& inventory,
                   inventory::Inventory* synthesized, std::vector<DatabaseIndex>& databases) {
  target.databases.begin = static_cast<std::uint32_t>(databases.size());
  if (!target.has_empty_part) {
    if (target.kind == TargetKind::kDatabase) {
      ResolveDatabase(target, inventory, synthesized, databases);
    } else if (target.kind == TargetKind::kGroup) {
      ResolveGroup(target, inventory, synthesized, databases);
    } else if (target.kind == TargetKind::kInstance) {
      target.instance = synthesized ? SynthesizeInstance(*synthesized, target.name)
                                    : inventory.FindInstance(target.name);
    }
  }
  target.databases.end = static_cast<std::uint32_t>(databases.size());
}

}  // namespace lockstep::check
