// Resource names such as instances/prod/databases/hr. Grammar and quirks: Bytebase 3.4.0,
// backend/common/resource_name.go (split at "/", exact part count, exact collection names, ids
// unchecked).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lockstep::names {

struct DatabaseName {
  std::string_view instance, database;
};
struct DatabaseGroupName {
  std::string_view project, group;
};
struct SheetName {
  std::string_view project, sheet;
};
struct PlanName {
  std::string_view project, plan;
};

/// Bytebase's parser accepts empty ids ("instances//databases/x"); these do too. Use
/// IsEmptyId-style checks in rules. Nothing is trimmed, decoded or lower-cased.
std::optional<std::string_view> ParseProjectName(std::string_view name);
std::optional<std::string_view> ParseInstanceName(std::string_view name);
std::optional<std::string_view> ParseEnvironmentName(std::string_view name);
std::optional<DatabaseName> ParseDatabaseName(std::string_view name);
std::optional<DatabaseGroupName> ParseDatabaseGroupName(std::string_view name);
std::optional<SheetName> ParseSheetName(std::string_view name);
std::optional<PlanName> ParsePlanName(std::string_view name);
bool IsReleaseName(std::string_view name);           ///< projects/{p}/releases/{r}
bool IsDeploymentConfigName(std::string_view name);  ///< projects/{p}/deploymentConfigs/{c}

/// Go's Atoi as the server uses it for sheet ids: optional sign, leading zeros, 64 bits, no blanks.
std::optional<long long> ParseNumericId(std::string_view id);

/// ^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$ : ids that users choose (instances, environments, groups,
/// projects).
bool IsValidUserId(std::string_view id);

/// Why a name is not of the wanted form, for a message: "has 3 parts where
/// instances/{instance}/databases/ {database} has 4", "has \"instance/\" where \"instances/\" is
/// expected".
std::string ExplainMismatch(std::string_view name, std::string_view pattern);

std::string FormatDatabaseName(std::string_view instance, std::string_view database);

}  // namespace lockstep::names
