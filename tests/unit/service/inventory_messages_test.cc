#include "core/service/inventory_messages.h"

#include "tests/unit/document_fixture.h"

namespace lockstep::service {
namespace {

using inventory::DatabaseIndex;
using inventory::EnvironmentIndex;
using inventory::InstanceIndex;

struct Known : ParsedText {
  Known()
      : ParsedText(R"({
    "environments": [{"name": "environments/test"},
      {"name": "environments/prod", "title": "Production",
       "rolloutPolicy": {"automatic": false, "checkers": {"requiredIssueApproval": true}}}],
    "instances": [
      {"name": "instances/a", "engine": "MYSQL", "environment": "environments/prod",
       "title": "The A", "maximumConnections": 5,
       "dataSources": [{"host": "db", "port": "3306", "username": "u",
                        "password": {"env": "SECRET_OF_A"}}, {"type": "READ_ONLY"}],
       "databases": [{"name": "instances/a/databases/hr", "labels": {"tenant": "x"}},
                     {"name": "instances/a/databases/bbdataarchive",
                      "environment": "environments/test"}]},
      {"name": "instances/b", "engine": "SQLITE",
       "databases": [{"name": "instances/b/databases/hr"}]}],
    "databaseGroups": [{"name": "projects/p/databaseGroups/all-hr",
      "databaseExpr": {"expression": "resource.database_name == \"hr\""}}]})") {
    inventory = inventory::DecodeInventory(*document, false, emitter);
    EXPECT_EQ(Findings(), Strings{});
  }
  std::optional<inventory::Inventory> inventory;
};

template <class Write>
std::string Text(Write write) {
  base::JsonWriter writer;
  write(writer);
  return writer.Take();
}

TEST(InventoryMessages, Environments) {
  const Known known;
  const auto text = [&](std::size_t i) {
    return Text(
        [&](auto& writer) { WriteEnvironment(writer, *known.inventory, EnvironmentIndex(i)); });
  };
  EXPECT_EQ(text(0), R"({"name":"environments/test","state":"ACTIVE","title":"test","order":0,)"
                     R"("tier":"UNPROTECTED","color":""})");
  EXPECT_EQ(text(1), R"({"name":"environments/prod","state":"ACTIVE","title":"Production",)"
                     R"("order":1,"tier":"UNPROTECTED","color":""})");
}

TEST(InventoryMessages, RolloutPolicies) {
  const Known known;
  const auto text = [&](std::size_t i) {
    return Text([&](auto& writer) {
      WriteRolloutPolicy(writer, known.inventory->environments[EnvironmentIndex(i)]);
    });
  };
  EXPECT_EQ(text(1),
            R"({"name":"environments/prod/policies/rollout_policy","inheritFromParent":false,)"
            R"("type":"ROLLOUT_POLICY","rolloutPolicy":{"automatic":false,"roles":[],)"
            R"("workspaceRoles":[],"projectRoles":[],"issueRoles":[],"checkers":)"
            R"({"requiredIssueApproval":true,"requiredStatusChecks":null}},"enforce":true,)"
            R"("resourceType":"ENVIRONMENT"})");
  EXPECT_NE(text(0).find(R"("automatic":true)"), std::string::npos);
  EXPECT_NE(text(0).find(R"("requiredIssueApproval":false)"), std::string::npos);
}

TEST(InventoryMessages, InstancesWithoutTheirSecrets) {
  const Known known;
  const ParsedText read(Text(
      [&](auto& writer) { WriteInstance(writer, known.inventory->instances[InstanceIndex(0)]); }));
  const json::Value root = read.document->root();
  EXPECT_EQ(read.Slice(root.span()).find("SECRET"), std::string_view::npos);
  EXPECT_EQ(root.Find("name")->AsString(), "instances/a");
  EXPECT_EQ(root.Find("title")->AsString(), "The A");
  EXPECT_EQ(root.Find("engine")->AsString(), "MYSQL");
  EXPECT_EQ(root.Find("environment")->AsString(), "environments/prod");
  EXPECT_EQ(root.Find("options")->Find("maximumConnections")->NumberText(), "5");
  ASSERT_EQ(root.Find("dataSources")->size(), 2u);
  const json::Value source = *root.Find("dataSources")->elements().begin();
  EXPECT_EQ(source.Find("id")->AsString(), "1");
  EXPECT_EQ(source.Find("type")->AsString(), "ADMIN");
  EXPECT_EQ(source.Find("host")->AsString(), "db");
  EXPECT_EQ(source.Find("password")->AsString(), "");
}

// What the API answers can be pasted into an inventory.
TEST(InventoryMessages, AreReadAsAnInventoryAgain) {
  const Known known;
  const inventory::Inventory& from = *known.inventory;
  ParsedText read(Text([&](auto& writer) {
    writer.BeginObject().Key("environments").BeginArray();
    for (const auto index : from.environments.indices()) WriteEnvironment(writer, from, index);
    writer.EndArray().Key("instances").BeginArray();
    for (const auto& instance : from.instances) WriteInstance(writer, instance);
    writer.EndArray().Key("databases").BeginArray();
    for (const auto index : from.databases.indices()) WriteDatabase(writer, from, index, "");
    writer.EndArray().Key("databaseGroups").BeginArray();
    WriteDatabaseGroup(writer, from, from.groups[0], true);
    writer.EndArray().EndObject();
  }));
  const auto again = inventory::DecodeInventory(*read.document, false, read.emitter);
  EXPECT_EQ(read.Findings(), Strings{});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->databases.size(), 3u);
  EXPECT_EQ(again->EnvironmentOf(DatabaseIndex(0)), EnvironmentIndex(1));
}

TEST(InventoryMessages, Databases) {
  const Known known;
  const auto text = [&](std::size_t i) {
    return Text([&](auto& writer) {
      WriteDatabase(writer, *known.inventory, DatabaseIndex(i), "projects/p");
    });
  };
  const std::string hr = text(0);
  EXPECT_EQ(hr.substr(0, hr.find(R"("instanceResource")")),
            R"({"name":"instances/a/databases/hr","state":"ACTIVE","syncState":"ACTIVE",)"
            R"("successfulSyncTime":null,"project":"projects/p","schemaVersion":"",)"
            R"("environment":"","effectiveEnvironment":"environments/prod",)"
            R"("labels":{"tenant":"x"},)");
  EXPECT_NE(hr.find(R"("instanceResource":{"name":"instances/a","title":"The A")"),
            std::string::npos);
  EXPECT_NE(hr.find(R"("backupAvailable":true)"), std::string::npos);
  EXPECT_NE(text(1).find(R"("effectiveEnvironment":"environments/test")"), std::string::npos);
  EXPECT_NE(text(2).find(R"("environment":"","effectiveEnvironment":"")"), std::string::npos);
  EXPECT_NE(text(2).find(R"("backupAvailable":false)"), std::string::npos);
}

TEST(InventoryMessages, DatabaseGroups) {
  const Known known;
  const auto text = [&](bool full) {
    return Text([&](auto& writer) {
      WriteDatabaseGroup(writer, *known.inventory, known.inventory->groups[0], full);
    });
  };
  EXPECT_EQ(text(true),
            R"({"name":"projects/p/databaseGroups/all-hr","title":"all-hr",)"
            R"("databasePlaceholder":"all-hr","databaseExpr":)"
            R"({"expression":"resource.database_name == \"hr\"","title":"","description":"",)"
            R"("location":""},"matchedDatabases":[{"name":"instances/a/databases/hr"},)"
            R"({"name":"instances/b/databases/hr"}],"unmatchedDatabases":)"
            R"([{"name":"instances/a/databases/bbdataarchive"}],"multitenancy":false})");
  EXPECT_NE(text(false).find(R"("matchedDatabases":[],"unmatchedDatabases":[])"),
            std::string::npos);
}

TEST(InventoryMessages, Projects) {
  EXPECT_EQ(Text([](auto& writer) { WriteProject(writer, "sample-1"); }),
            R"({"name":"projects/sample-1","state":"ACTIVE","title":"sample-1",)"
            R"("key":"SAMPLE-1"})");
}

}  // namespace
}  // namespace lockstep::service
