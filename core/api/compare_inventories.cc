// What the inventories say about the instances and databases that both rollouts use. Passwords are
// references, and are not compared.
#include <algorithm>

#include "core/api/plan_comparison.h"

namespace lockstep::api {
namespace {

using inventory::Inventory;

struct Entry {
  std::string_view of;
  Span span;
  std::string value;
};

class InventoryFields {
 public:
  explicit InventoryFields(PlanComparison& comparison)
      : comparison_(comparison),
        a(comparison.checked_a().inventory()),
        b(comparison.checked_b().inventory()) {}

  void Add(std::string_view field, Entry x, Entry y) {
    if (x.value == y.value) return;
    comparison_
        .Add(What::kInventory, Side{{a.source, x.span}, std::string(x.of), std::move(x.value)},
             Side{{b.source, y.span}, std::string(y.of), std::move(y.value)})
        .field = field;
  }

 private:
  PlanComparison& comparison_;

 public:
  const Inventory& a;
  const Inventory& b;
};

std::string AddressOf(const inventory::Instance& instance) {
  const inventory::DataSource* admin = instance.Admin();
  if (admin == nullptr) return "";
  std::string address;
  if (!admin->username.value.empty()) address.append(admin->username.value).append("@");
  address.append(admin->host.value);
  if (!admin->port.value.empty()) address.append(":").append(admin->port.value);
  return address;
}

std::int64_t ConnectionsOf(const inventory::Instance& instance) {
  const std::int64_t written = instance.maximum_connections.value;
  return written > 0 ? written : inventory::kDefaultMaximumConnections;
}

void CompareInstance(InventoryFields& fields, const inventory::Instance& a,
                     const inventory::Instance& b) {
  const auto entry = [](const inventory::Instance& instance, bool present, Span span,
                        std::string value) {
    return Entry{instance.name.value, present ? span : instance.name.span, std::move(value)};
  };
  const auto engine = [&](const inventory::Instance& of) {
    return entry(of, of.engine.present, of.engine.span,
                 std::string(sql::Facts(of.engine.value).name));
  };
  fields.Add("engine", engine(a), engine(b));
  const auto environment = [&](const inventory::Instance& of) {
    return entry(of, of.environment.present, of.environment.span,
                 std::string(of.environment.value));
  };
  fields.Add("environment", environment(a), environment(b));
  const auto connections = [&](const inventory::Instance& of) {
    return entry(of, of.maximum_connections.present, of.maximum_connections.span,
                 std::to_string(ConnectionsOf(of)));
  };
  fields.Add("maximumConnections", connections(a), connections(b));
  const auto address = [&](const inventory::Instance& of) {
    const inventory::DataSource* admin = of.Admin();
    return entry(of, admin != nullptr, admin ? admin->span : Span{}, AddressOf(of));
  };
  fields.Add("dataSources", address(a), address(b));
}

/// Its own environment: most have that of their instance.
void CompareDatabase(InventoryFields& fields, const inventory::Database& a,
                     const inventory::Database& b) {
  const auto entry = [](const inventory::Database& of) {
    return Entry{of.name.value, of.environment.present ? of.environment.span : of.name.span,
                 std::string(of.environment.value)};
  };
  fields.Add("environment", entry(a), entry(b));
}

/// Of the environments that both inventories have.
std::string OrderOfEnvironments(const Inventory& inventory, const Inventory& other) {
  std::string names;
  for (const inventory::Environment& environment : inventory.environments) {
    if (other.FindEnvironment(environment.name.value) == nullptr) continue;
    names.append(names.empty() ? "" : ", ").append(environment.name.value);
  }
  return names;
}

void CompareEnvironments(InventoryFields& fields) {
  const auto entry = [](const Inventory& inventory, const Inventory& other) {
    const auto& all = inventory.environments;
    return Entry{"", all.empty() ? Span{} : (*all.begin()).name.span,
                 OrderOfEnvironments(inventory, other)};
  };
  fields.Add("environments", entry(fields.a, fields.b), entry(fields.b, fields.a));
}

}  // namespace

void CompareInventories(PlanComparison& comparison) {
  InventoryFields fields(comparison);
  if (fields.a.synthesized || fields.b.synthesized) return;
  const auto by_environment = [](const check::CheckedPlan& checked) {
    return plan::StagesAreEnvironments(checked.plan(), checked.semantics());
  };
  if (by_environment(comparison.checked_a()) || by_environment(comparison.checked_b()))
    CompareEnvironments(fields);
  const auto policy = [](const Inventory& inventory) {
    return Entry{"", {}, inventory.terminal_end_state ? "terminal" : ""};
  };
  fields.Add("stagePolicy.endState", policy(fields.a), policy(fields.b));
  std::vector<std::string_view> used;
  for (const rollout::Instance& instance : comparison.a.rollout.instances)
    used.push_back(instance.name);
  std::sort(used.begin(), used.end());
  for (const rollout::Instance& instance : comparison.b.rollout.instances) {
    if (!std::binary_search(used.begin(), used.end(), instance.name)) continue;
    CompareInstance(fields, fields.a.instances[fields.a.FindInstance(instance.name)],
                    fields.b.instances[fields.b.FindInstance(instance.name)]);
  }
  used.clear();
  for (const rollout::Database& database : comparison.a.rollout.databases)
    used.push_back(database.name);
  std::sort(used.begin(), used.end());
  for (const rollout::Database& database : comparison.b.rollout.databases) {
    if (!std::binary_search(used.begin(), used.end(), database.name)) continue;
    CompareDatabase(fields, fields.a.databases[fields.a.FindDatabase(database.name)],
                    fields.b.databases[fields.b.FindDatabase(database.name)]);
  }
}

}  // namespace lockstep::api
