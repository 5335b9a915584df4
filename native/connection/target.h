// From a database of the inventory to the Target that a client can work on: addresses made
// absolute, clients found, and what can be seen without a connection seen before anything starts.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/inventory/inventory.h"
#include "native/client/client.h"
#include "native/connection/passwords.h"

namespace lockstep::connection {

/// Where a database is; the program is still to be found. `inventory_folder`: relative addresses
/// start there. Touches no file but to resolve symbolic links, and what the password asks for.
/// kFailedPrecondition when the inventory does not say enough, kInvalidArgument without a client.
base::Result<client::Target> TargetOf(const inventory::Inventory& inventory,
                                      inventory::DatabaseIndex database,
                                      const std::string& inventory_folder, Passwords& passwords);

/// The same for a database that a task will make on `instance`.
base::Result<client::Target> NewTargetOf(const inventory::Inventory& inventory,
                                         inventory::InstanceIndex instance,
                                         std::string_view database,
                                         const std::string& inventory_folder, Passwords& passwords);

/// Whether its address means something else on another machine: a file, a socket, localhost.
bool IsOnThisMachine(const inventory::Instance& instance);

/// What can be seen without a client: the file is there, is a database, and can be written, and so
/// can its folder (the journal stands there). kUnavailable otherwise. A server has to be asked.
/// `will_be_created`: then only the folder matters.
base::Status CheckReachable(const client::Target& target, bool will_be_created);

/// What an allow list is about: of SQLite and Firebird the file, if it is one.
const std::string& HostOf(const client::Target& target);
/// Whether a pattern (as a shell's) fits its host; without patterns all are allowed.
bool IsAllowed(const client::Target& target, const std::vector<std::string>& patterns);

}  // namespace lockstep::connection
