#include "core/service/inventory_messages.h"

#include <string>

#include "core/inventory/group_match.h"

namespace lockstep::service {
namespace {

using base::JsonWriter;
using inventory::Database;
using inventory::DatabaseIndex;
using inventory::Environment;
using inventory::EnvironmentIndex;
using inventory::Instance;
using inventory::Inventory;

/// Where Bytebase keeps what it saves before data are changed.
constexpr std::string_view kBackupDatabase = "bbdataarchive";

JsonWriter& WriteEmptyList(JsonWriter& writer, std::string_view key) {
  return writer.Key(key).BeginArray().EndArray();
}

/// `number`: of the data source within its instance, from 1; its id, when it has no other.
void WriteDataSource(JsonWriter& writer, const inventory::DataSource& source, std::size_t number) {
  writer.BeginObject();
  writer.Member("id", source.id.value.empty() ? std::to_string(number) : source.id.value);
  writer.Member("type", source.type.present ? source.type.value : "ADMIN");
  writer.Member("username", source.username.value).Member("host", source.host.value);
  writer.Member("port", source.port.value);
  // Secrets are input only, as on the server. The others cannot be set in an inventory.
  for (const std::string_view key :
       {"password", "sslCa", "sslCert", "sslKey", "database", "authenticationDatabase",
        "replicaSet", "sid", "serviceName", "sshHost", "sshPort", "sshUser", "sshPassword",
        "sshPrivateKey", "authenticationPrivateKey"}) {
    writer.Member(key, "");
  }
  for (const std::string_view key : {"useSsl", "srv", "directConnection"})
    writer.MemberBool(key, false);
  writer.Key("externalSecret").Null().Member("authenticationType", "PASSWORD");
  WriteEmptyList(writer, "additionalAddresses").EndObject();
}

/// What Instance and InstanceResource have in common.
void WriteInstanceFacts(JsonWriter& writer, const Instance& instance) {
  writer.Member("name", instance.name.value);
  writer.Member("title", TitleOf(instance.title, instance.name.value));
  writer.Member("engine", sql::Facts(instance.engine.value).name).Member("engineVersion", "");
  writer.Key("dataSources").BeginArray();
  for (std::size_t i = 0; i < instance.data_sources.size(); ++i)
    WriteDataSource(writer, instance.data_sources[i], i + 1);
  writer.EndArray().MemberBool("activation", true);
  writer.Member("environment", instance.environment.value);
}

bool HasBackupDatabase(const Inventory& inventory, const Instance& instance) {
  const std::string name = std::string(instance.name.value) + "/databases/";
  return sql::Facts(instance.engine.value).supports_prior_backup &&
         inventory.FindDatabase(name + std::string(kBackupDatabase)).valid();
}

void WriteNames(JsonWriter& writer, std::string_view key, const Inventory& inventory,
                const std::vector<DatabaseIndex>& databases) {
  writer.Key(key).BeginArray();
  for (const DatabaseIndex database : databases)
    writer.BeginObject().Member("name", inventory.databases[database].name.value).EndObject();
  writer.EndArray();
}

}  // namespace

std::string_view IdOf(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

std::string_view TitleOf(const diagnostics::SpannedText& title, std::string_view name) {
  return title.value.empty() ? IdOf(name) : title.value;
}

std::string_view EnvironmentNameOf(const Inventory& inventory, DatabaseIndex index) {
  const EnvironmentIndex environment = inventory.EnvironmentOf(index);
  return environment.valid() ? inventory.environments[environment].name.value : std::string_view();
}

void WriteEnvironment(JsonWriter& writer, const Inventory& inventory, EnvironmentIndex index) {
  const Environment& environment = inventory.environments[index];
  writer.BeginObject().Member("name", environment.name.value).Member("state", "ACTIVE");
  writer.Member("title", TitleOf(environment.title, environment.name.value));
  writer.Member("order", static_cast<std::int64_t>(index.value()));
  writer.Member("tier", environment.tier.present ? environment.tier.value : "UNPROTECTED");
  writer.Member("color", environment.color.value).EndObject();
}

void WriteInstance(JsonWriter& writer, const Instance& instance) {
  writer.BeginObject();
  WriteInstanceFacts(writer, instance);
  writer.Member("state", "ACTIVE").Member("externalLink", instance.external_link.value);
  // The newer place and the older.
  writer.Member("maximumConnections", instance.maximum_connections.value);
  writer.Key("options").BeginObject().Key("syncInterval").Null();
  writer.Member("maximumConnections", instance.maximum_connections.value);
  WriteEmptyList(writer, "syncDatabases").EndObject();
  WriteEmptyList(writer, "roles").EndObject();
}

void WriteDatabase(JsonWriter& writer, const Inventory& inventory, DatabaseIndex index,
                   std::string_view project) {
  const Database& database = inventory.databases[index];
  const Instance& instance = inventory.instances[database.instance];
  writer.BeginObject().Member("name", database.name.value);
  writer.Member("state", "ACTIVE").Member("syncState", "ACTIVE");  // the newer name and the older
  writer.Key("successfulSyncTime").Null().Member("project", project).Member("schemaVersion", "");
  writer.Member("environment", database.environment.value);
  writer.Member("effectiveEnvironment", EnvironmentNameOf(inventory, index));
  writer.Key("labels").BeginObject();
  for (const inventory::Label& label : database.labels)
    writer.Member(label.key.value, label.value.value);
  writer.EndObject().Key("instanceResource").BeginObject();
  WriteInstanceFacts(writer, instance);
  writer.EndObject().MemberBool("backupAvailable", HasBackupDatabase(inventory, instance));
  writer.EndObject();
}

void WriteDatabaseGroup(JsonWriter& writer, const Inventory& inventory,
                        const inventory::DatabaseGroup& group, bool full) {
  std::vector<DatabaseIndex> matched, unmatched;
  if (full) {
    const auto expression = inventory::GroupExpression::Parse(group.expression.value);
    LOCKSTEP_CHECK(expression.ok(), "an inventory with errors");
    for (DatabaseIndex i{0}; i.value() < inventory.databases.size(); ++i)
      (expression->Matches(inventory, i) ? matched : unmatched).push_back(i);
  }
  const std::string_view title = TitleOf(group.title, group.name.value);
  writer.BeginObject().Member("name", group.name.value);
  // The newer name and the older.
  writer.Member("title", title).Member("databasePlaceholder", title);
  writer.Key("databaseExpr").BeginObject().Member("expression", group.expression.value);
  writer.Member("title", "").Member("description", "").Member("location", "").EndObject();
  WriteNames(writer, "matchedDatabases", inventory, matched);
  WriteNames(writer, "unmatchedDatabases", inventory, unmatched);
  writer.MemberBool("multitenancy", false).EndObject();
}

void WriteRolloutPolicy(JsonWriter& writer, const Environment& environment) {
  const inventory::RolloutPolicy& policy = environment.rollout_policy;
  writer.BeginObject();
  writer.Member("name", std::string(environment.name.value) + "/policies/rollout_policy");
  writer.MemberBool("inheritFromParent", false).Member("type", "ROLLOUT_POLICY");
  writer.Key("rolloutPolicy").BeginObject().MemberBool("automatic", policy.automatic);
  for (const std::string_view key : {"roles", "workspaceRoles", "projectRoles", "issueRoles"})
    WriteEmptyList(writer, key);
  writer.Key("checkers").BeginObject();
  writer.MemberBool("requiredIssueApproval", policy.issue_approval_required);
  writer.Key("requiredStatusChecks").Null().EndObject().EndObject();
  writer.MemberBool("enforce", true).Member("resourceType", "ENVIRONMENT").EndObject();
}

void WriteProject(JsonWriter& writer, std::string_view id) {
  std::string key(id);
  for (char& c : key) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  writer.BeginObject().Member("name", "projects/" + std::string(id)).Member("state", "ACTIVE");
  writer.Member("title", id).Member("key", key).EndObject();
}

}  // namespace lockstep::service
