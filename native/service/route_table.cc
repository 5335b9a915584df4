#include "native/service/methods.h"
#include "native/service/routes.h"

namespace lockstep::service {
namespace {

constexpr Route kRoutes[] = {
    {"POST", "/v1/projects/*/sheets", "SheetService", "CreateSheet", "Store a sheet of SQL",
     &CreateSheet},
    {"POST", "/v1/projects/*/sheets:batchCreate", "SheetService", "BatchCreateSheets",
     "Store several sheets, all or none", &BatchCreateSheets},
    {"GET", "/v1/projects/*/sheets/*", "SheetService", "GetSheet",
     "A sheet; its content is cut at 2 MiB unless raw=true", &GetSheet},
    {"GET", "/v1/projects/*/sheets", "SheetService", "ListSheets",
     "Sheets, newest first, without their content", &ListSheets},
    {"PATCH", "/v1/projects/*/sheets/*", "SheetService", "UpdateSheet",
     "Change title or content of a sheet", &UpdateSheet},

    // What an inventory answers.
    {"GET", "/v1/environments", "EnvironmentService", "ListEnvironments",
     "Environments of the inventory, in the order of the stages", &ListEnvironments},
    {"GET", "/v1/environments/*", "EnvironmentService", "GetEnvironment", "An environment",
     &GetEnvironment},
    {"POST", "/v1/environments", "EnvironmentService", "CreateEnvironment",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"PATCH", "/v1/environments/*", "EnvironmentService", "UpdateEnvironment",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"DELETE", "/v1/environments/*", "EnvironmentService", "DeleteEnvironment",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"GET", "/v1/environments/*/policies", "OrgPolicyService", "ListPolicies",
     "Policies of an environment", &ListPolicies},
    {"GET", "/v1/environments/*/policies/*", "OrgPolicyService", "GetPolicy",
     "The rollout_policy of an environment", &GetPolicy},
    {"POST", "/v1/environments/*/policies", "OrgPolicyService", "CreatePolicy",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"PATCH", "/v1/environments/*/policies/*", "OrgPolicyService", "UpdatePolicy",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"DELETE", "/v1/environments/*/policies/*", "OrgPolicyService", "DeletePolicy",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"GET", "/v1/instances", "InstanceService", "ListInstances",
     "Instances; filter by name, resource_id, environment, state, engine, host, port",
     &ListInstances},
    {"GET", "/v1/instances/*", "InstanceService", "GetInstance",
     "An instance, without its passwords", &GetInstance},
    {"POST", "/v1/instances", "InstanceService", "CreateInstance",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"PATCH", "/v1/instances/*", "InstanceService", "UpdateInstance",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"DELETE", "/v1/instances/*", "InstanceService", "DeleteInstance",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"GET", "/v1/instances/*/databases", "DatabaseService", "ListDatabases",
     "Databases of an instance (- is any); filter by name, environment, instance, project, engine, "
     "labels.KEY",
     &ListDatabasesOfInstance},
    {"GET", "/v1/projects/*/databases", "DatabaseService", "ListDatabases",
     "All databases: those of an inventory belong to every project", &ListDatabasesOfProject},
    {"GET", "/v1/workspaces/*/databases", "DatabaseService", "ListDatabases", "All databases",
     &ListDatabasesOfWorkspace},
    {"GET", "/v1/instances/*/databases:batchGet", "DatabaseService", "BatchGetDatabases",
     "The databases of the names=… in the query", &BatchGetDatabasesOfInstance},
    {"GET", "/v1/projects/*/databases:batchGet", "DatabaseService", "BatchGetDatabases",
     "The databases of the names=… in the query", &BatchGetDatabasesOfProject},
    {"GET", "/v1/instances/*/databases/*", "DatabaseService", "GetDatabase", "A database",
     &GetDatabase},
    {"PATCH", "/v1/instances/*/databases/*", "DatabaseService", "UpdateDatabase",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"POST", "/v1/instances/*/databases:batchUpdate", "DatabaseService", "BatchUpdateDatabases",
     "Not offered: they are written in the inventory", &ChangeInventory},
    {"GET", "/v1/projects/*/databaseGroups", "DatabaseGroupService", "ListDatabaseGroups",
     "Database groups; with their databases when view=DATABASE_GROUP_VIEW_FULL",
     &ListDatabaseGroups},
    {"GET", "/v1/projects/*/databaseGroups/*", "DatabaseGroupService", "GetDatabaseGroup",
     "A database group; with its databases when view=DATABASE_GROUP_VIEW_FULL", &GetDatabaseGroup},
    {"POST", "/v1/projects/*/databaseGroups", "DatabaseGroupService", "CreateDatabaseGroup",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"PATCH", "/v1/projects/*/databaseGroups/*", "DatabaseGroupService", "UpdateDatabaseGroup",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"DELETE", "/v1/projects/*/databaseGroups/*", "DatabaseGroupService", "DeleteDatabaseGroup",
     "Not offered: it is written in the inventory", &ChangeInventory},
    {"GET", "/v1/projects/*", "ProjectService", "GetProject", "A project: every valid id is one",
     &GetProject},
};

}  // namespace

std::span<const Route> Routes() {
  return kRoutes;
}

}  // namespace lockstep::service
