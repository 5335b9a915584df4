// What an inventory holds as the messages of Bytebase's services (plan-semantics §1.10): every
// field written, those that only a server has as empty. Passwords are in none of them.
#pragma once

#include <string_view>

#include "core/base/json_writer.h"
#include "core/inventory/inventory.h"

namespace lockstep::service {

/// What stands behind the last slash of a name: "prod" of "environments/prod".
std::string_view IdOf(std::string_view name);
/// The title, or the id when there is none.
std::string_view TitleOf(const diagnostics::SpannedText& title, std::string_view name);
/// "environments/prod", the database's own or its instance's; "" when it has none.
std::string_view EnvironmentNameOf(const inventory::Inventory& inventory,
                                   inventory::DatabaseIndex index);

void WriteEnvironment(base::JsonWriter& writer, const inventory::Inventory& inventory,
                      inventory::EnvironmentIndex index);
void WriteInstance(base::JsonWriter& writer, const inventory::Instance& instance);
/// `project`: "projects/sample", the one that was asked for, or "". Databases of an inventory
/// belong to all projects.
void WriteDatabase(base::JsonWriter& writer, const inventory::Inventory& inventory,
                   inventory::DatabaseIndex index, std::string_view project);
/// `full`: with the databases that match and those that do not; else both lists are empty.
/// REQUIRES an inventory without errors.
void WriteDatabaseGroup(base::JsonWriter& writer, const inventory::Inventory& inventory,
                        const inventory::DatabaseGroup& group, bool full);
/// Policy{type: ROLLOUT_POLICY} of OrgPolicyService.
void WriteRolloutPolicy(base::JsonWriter& writer, const inventory::Environment& environment);
/// Projects are not in the inventory: all that is known of one is its id.
void WriteProject(base::JsonWriter& writer, std::string_view id);

}  // namespace lockstep::service
