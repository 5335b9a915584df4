#include "core/service/described_parts.h"

namespace lockstep::service::described {
namespace {

// ---- environments and their policies ----

constexpr Field kOfEnvironment[] = {
    {"name", Type::kText, kAnswered},
    {"state", Type::kEnum, kAnswered, "State"},
    {"title", Type::kText},
    {"order", Type::kInt32, 0, "", "its place among all, from 0"},
    {"tier", Type::kEnum, 0, "EnvironmentTier"},
    {"color", Type::kText},
};
constexpr Field kOfListEnvironmentsResponse[] = {
    {"environments", Type::kMessage, kList, "Environment"}, kNextPageToken};
constexpr Field kOfPolicy[] = {
    {"name", Type::kText, kAnswered},
    {"inheritFromParent", Type::kBool, kAnswered},
    {"type", Type::kEnum, 0, "PolicyType"},
    {"rolloutPolicy", Type::kMessage, 0, "RolloutPolicy"},
    {"enforce", Type::kBool, 0, "", "always true"},
    {"resourceType", Type::kEnum, kAnswered, "PolicyResourceType"},
};
constexpr Field kOfRolloutPolicy[] = {
    {"automatic", Type::kBool},
    {"roles", Type::kText, kAnswered | kList},
    {"workspaceRoles", Type::kText, kAnswered | kList},
    {"projectRoles", Type::kText, kAnswered | kList},
    {"issueRoles", Type::kText, kAnswered | kList},
    {"checkers", Type::kMessage, 0, "RolloutPolicy.Checkers"},
};
constexpr Field kOfCheckers[] = {
    {"requiredIssueApproval", Type::kBool},
    {"requiredStatusChecks", Type::kAny, kAnswered | kNullable},
};
constexpr Field kOfListPoliciesResponse[] = {{"policies", Type::kMessage, kList, "Policy"},
                                             kNextPageToken};

// ---- instances and their data sources ----

constexpr Field kOfInstance[] = {
    {"name", Type::kText, kAnswered},
    {"title", Type::kText},
    {"engine", Type::kEnum, 0, "Engine"},
    {"engineVersion", Type::kText, kAnswered},
    {"dataSources", Type::kMessage, kList, "DataSource"},
    {"activation", Type::kBool, 0, "", "always true"},
    {"environment", Type::kText},
    {"state", Type::kEnum, kAnswered, "State"},
    {"externalLink", Type::kText},
    {"maximumConnections", Type::kInt32, 0, "", "0: 10"},
    {"options", Type::kMessage, 0, "InstanceOptions"},
    {"roles", Type::kAny, kAnswered | kList},
};
constexpr Field kOfInstanceOptions[] = {
    {"syncInterval", Type::kAny, kAnswered | kNullable},
    {"maximumConnections", Type::kInt32, 0, "", "the older place of it"},
    {"syncDatabases", Type::kText, kAnswered | kList},
};
constexpr Field kOfInstanceResource[] = {
    {"name", Type::kText},
    {"title", Type::kText},
    {"engine", Type::kEnum, 0, "Engine"},
    {"engineVersion", Type::kText},
    {"dataSources", Type::kMessage, kList, "DataSource"},
    {"activation", Type::kBool},
    {"environment", Type::kText},
};
constexpr Field kOfDataSource[] = {
    {"id", Type::kText, 0, "", "its place in the list, from 1, when it has none"},
    {"type", Type::kEnum, 0, "DataSourceType"},
    {"username", Type::kText},
    {"host", Type::kText},
    {"port", Type::kText},
    {"password", Type::kAny, 0, "",
     "asked: a reference, {\"env\": NAME} or {\"file\": PATH}; answered: always \"\""},
    {"sslCa", Type::kText, kAnswered},
    {"sslCert", Type::kText, kAnswered},
    {"sslKey", Type::kText, kAnswered},
    {"database", Type::kText, kAnswered},
    {"authenticationDatabase", Type::kText, kAnswered},
    {"replicaSet", Type::kText, kAnswered},
    {"sid", Type::kText, kAnswered},
    {"serviceName", Type::kText, kAnswered},
    {"sshHost", Type::kText, kAnswered},
    {"sshPort", Type::kText, kAnswered},
    {"sshUser", Type::kText, kAnswered},
    {"sshPassword", Type::kText, kAnswered},
    {"sshPrivateKey", Type::kText, kAnswered},
    {"authenticationPrivateKey", Type::kText, kAnswered},
    {"useSsl", Type::kBool, kAnswered},
    {"srv", Type::kBool, kAnswered},
    {"directConnection", Type::kBool, kAnswered},
    {"externalSecret", Type::kAny, kAnswered | kNullable},
    {"authenticationType", Type::kEnum, kAnswered, "DataSource.AuthenticationType"},
    {"additionalAddresses", Type::kAny, kAnswered | kList},
};
constexpr Field kOfListInstancesResponse[] = {{"instances", Type::kMessage, kList, "Instance"},
                                              kNextPageToken};
constexpr Field kOfAddDataSourceRequest[] = {
    {"dataSource", Type::kMessage, kNeeded, "DataSource"},
    {"validateOnly", Type::kBool},
};
constexpr Field kOfUpdateDataSourceRequest[] = {
    {"dataSource", Type::kMessage, kNeeded, "DataSource", "known by its id"},
    {"updateMask", Type::kText, 0, "", "fields to change, with commas between"},
    {"validateOnly", Type::kBool},
};

// ---- databases and groups ----

constexpr Field kOfDatabase[] = {
    {"name", Type::kText, 0, "", "needed in requests that change several"},
    {"state", Type::kEnum, kAnswered, "State"},
    {"syncState", Type::kEnum, kAnswered, "State"},
    {"successfulSyncTime", Type::kTime, kAnswered | kNullable},
    {"project", Type::kText, 0, "", "a database of an inventory belongs to every project"},
    {"schemaVersion", Type::kText, kAnswered},
    {"environment", Type::kText},
    {"effectiveEnvironment", Type::kText, kAnswered, "", "its own, or that of its instance"},
    {"labels", Type::kText, kMap},
    {"instanceResource", Type::kMessage, kAnswered, "InstanceResource"},
    {"backupAvailable", Type::kBool, kAnswered},
};
constexpr Field kOfListDatabasesResponse[] = {{"databases", Type::kMessage, kList, "Database"},
                                              kNextPageToken};
constexpr Field kOfBatchDatabasesResponse[] = {{"databases", Type::kMessage, kList, "Database"}};
constexpr Field kOfBatchUpdateDatabasesRequest[] = {
    {"requests", Type::kMessage, kList | kNeeded, "UpdateDatabaseRequest", "at most 1000"}};
constexpr Field kOfUpdateDatabaseRequest[] = {
    {"database", Type::kMessage, kNeeded, "Database"},
    {"updateMask", Type::kText, 0, "", "fields to change, with commas between"},
    {"allowMissing", Type::kBool},
};
constexpr Field kOfDatabaseGroup[] = {
    {"name", Type::kText, kAnswered},
    {"title", Type::kText},
    {"databasePlaceholder", Type::kText, 0, "", "the older name of its title"},
    {"databaseExpr", Type::kMessage, 0, "Expr"},
    {"matchedDatabases", Type::kMessage, kAnswered | kList, "DatabaseGroup.Database"},
    {"unmatchedDatabases", Type::kMessage, kAnswered | kList, "DatabaseGroup.Database"},
    {"multitenancy", Type::kBool, kAnswered},
};
constexpr Field kOfExpr[] = {
    {"expression", Type::kText, 0, "", "resource.database_name == \"hr\""},
    {"title", Type::kText, kAnswered},
    {"description", Type::kText, kAnswered},
    {"location", Type::kText, kAnswered},
};
constexpr Field kOfGroupDatabase[] = {{"name", Type::kText}};
constexpr Field kOfListDatabaseGroupsResponse[] = {
    {"databaseGroups", Type::kMessage, kList, "DatabaseGroup"}, kNextPageToken};

constexpr Field kOfProject[] = {
    {"name", Type::kText},
    {"state", Type::kEnum, 0, "State"},
    {"title", Type::kText},
    {"key", Type::kText},
};

constexpr Message kInventoryMessages[] = {
    {"Environment", kOfEnvironment},
    {"ListEnvironmentsResponse", kOfListEnvironmentsResponse},
    {"Policy", kOfPolicy},
    {"RolloutPolicy", kOfRolloutPolicy},
    {"RolloutPolicy.Checkers", kOfCheckers},
    {"ListPoliciesResponse", kOfListPoliciesResponse},
    {"Instance", kOfInstance},
    {"InstanceOptions", kOfInstanceOptions},
    {"InstanceResource", kOfInstanceResource},
    {"DataSource", kOfDataSource},
    {"ListInstancesResponse", kOfListInstancesResponse},
    {"AddDataSourceRequest", kOfAddDataSourceRequest},
    {"UpdateDataSourceRequest", kOfUpdateDataSourceRequest},
    {"RemoveDataSourceRequest", kOfAddDataSourceRequest},
    {"Database", kOfDatabase},
    {"ListDatabasesResponse", kOfListDatabasesResponse},
    {"BatchGetDatabasesResponse", kOfBatchDatabasesResponse},
    {"BatchUpdateDatabasesRequest", kOfBatchUpdateDatabasesRequest},
    {"BatchUpdateDatabasesResponse", kOfBatchDatabasesResponse},
    {"UpdateDatabaseRequest", kOfUpdateDatabaseRequest},
    {"DatabaseGroup", kOfDatabaseGroup},
    {"DatabaseGroup.Database", kOfGroupDatabase},
    {"Expr", kOfExpr},
    {"ListDatabaseGroupsResponse", kOfListDatabaseGroupsResponse},
    {"Project", kOfProject},
};

}  // namespace

std::span<const Message> InventoryMessages() {
  return kInventoryMessages;
}

std::vector<Enum> InventoryEnums() {
  return {
      {"EnvironmentTier", {"PROTECTED", "UNPROTECTED"}}, {"PolicyType", {"ROLLOUT_POLICY"}},
      {"PolicyResourceType", {"ENVIRONMENT"}},           {"DataSourceType", {"ADMIN", "READ_ONLY"}},
      {"DataSource.AuthenticationType", {"PASSWORD"}},
  };
}

}  // namespace lockstep::service::described
