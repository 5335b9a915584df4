// A rollout on a real server: a folder with plan, inventory and sheets.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/program.h"
#include "tests/servers/server.h"

namespace lockstep::e2e {

/// One instance of an inventory, "instances/NAME", with these databases. The password comes from a
/// file of the folder that nobody else can read.
std::string InstanceJson(const Folder& folder, const tests::Server& server, const std::string& name,
                         const Words& databases);
void WriteInventory(const Folder& folder, const Words& instances);

/// A spec "sN" of the plan: `sheet` (number of sheets/N.sql) on "NAME/databases/D".
std::string SpecJson(const std::string& id, const std::string& database, const std::string& sheet,
                     const Words& depends = {});
void WritePlan(const Folder& folder, const Words& specs);

/// plan.json, inventory.json and sheets/1.sql …: each sheet a spec s1, s2 …, one after the other,
/// on the server's database hr, which is made anew.
void WriteServerRollout(const Folder& folder, tests::Server& server, const Words& sheets);

/// The servers of this process, started when first asked for. Null: the machine has none.
tests::Server* Postgres();
tests::Server* Mariadb();

}  // namespace lockstep::e2e
