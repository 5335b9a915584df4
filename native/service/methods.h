// Methods: what each route does. A method answers JSON; its errors are those that clients see.
#pragma once

#include "native/service/context.h"

namespace lockstep::service {

using Answer = base::Result<std::string>;

// sheets.cc
Answer CreateSheet(Context& context, const Call& call);
Answer BatchCreateSheets(Context& context, const Call& call);
Answer GetSheet(Context& context, const Call& call);
Answer ListSheets(Context& context, const Call& call);
Answer UpdateSheet(Context& context, const Call& call);

// inventory_resources.cc
Answer GetEnvironment(Context& context, const Call& call);
Answer ListEnvironments(Context& context, const Call& call);
Answer GetPolicy(Context& context, const Call& call);
Answer ListPolicies(Context& context, const Call& call);
Answer GetInstance(Context& context, const Call& call);
Answer ListInstances(Context& context, const Call& call);
Answer GetProject(Context& context, const Call& call);
/// Of all routes that would change what the inventory says: kUnimplemented, and where to change it.
Answer ChangeInventory(Context& context, const Call& call);

// inventory_databases.cc
Answer GetDatabase(Context& context, const Call& call);
Answer ListDatabasesOfInstance(Context& context, const Call& call);
Answer ListDatabasesOfProject(Context& context, const Call& call);
Answer ListDatabasesOfWorkspace(Context& context, const Call& call);
Answer BatchGetDatabasesOfInstance(Context& context, const Call& call);
Answer BatchGetDatabasesOfProject(Context& context, const Call& call);
Answer GetDatabaseGroup(Context& context, const Call& call);
Answer ListDatabaseGroups(Context& context, const Call& call);

}  // namespace lockstep::service
