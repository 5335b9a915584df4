#include "core/inventory/inventory.h"

#include "core/inventory/fields.h"
#include "core/inventory/sheet_library.h"
#include "tests/unit/schema_comparison.h"

namespace lockstep::inventory {
namespace {

struct Decoded : ParsedText {
  explicit Decoded(std::string text, bool lenient = false) : ParsedText(std::move(text)) {
    inventory = DecodeInventory(*document, lenient, emitter);
  }
  std::optional<Inventory> inventory;
};

std::string OneInstance(const std::string& members) {
  return R"({"instances": [{"name": "instances/i", "engine": "SQLITE", )" + members + "}]}";
}

constexpr std::string_view kExample = R"({
  "environments": [{"name": "environments/test"}, {"name": "environments/prod"}],
  "instances": [
    {"name": "instances/local", "engine": "SQLITE", "environment": "environments/test",
     "dataSources": [{"type": "ADMIN", "host": "data"}],            // folder; database hr is data/hr.db
     "databases": [{"name": "instances/local/databases/hr", "labels": {"tenant": "a"}}]},
    {"name": "instances/prod-pg", "engine": "POSTGRES", "environment": "environments/prod", "maximumConnections": 5,
     "dataSources": [{"type": "ADMIN", "host": "db.example.com", "port": "5432", "username": "deployer",
                      "password": {"env": "PROD_PG_PASSWORD"}}],    // or {"file": …}, {"command": […]}
     "databases": [{"name": "instances/prod-pg/databases/hr"}]}
  ],
  "databaseGroups": [{"name": "projects/sample/databaseGroups/all-hr",
                      "databaseExpr": {"expression": "resource.database_name == \"hr\""}}],
  "sheets": [{"name": "projects/sample/sheets/741", "file": "sheets/741.sql"}]
})";

TEST(Inventory, TheExampleReads) {
  const Decoded decoded{std::string(kExample)};
  EXPECT_TRUE(decoded.emitter.diagnostics().empty());
  ASSERT_TRUE(decoded.inventory);
  const Inventory& inventory = *decoded.inventory;
  ASSERT_EQ(inventory.instances.size(), 2u);
  const Instance& local = inventory.instances[InstanceIndex(0)];
  EXPECT_EQ(local.engine.value, sql::Engine::kSqlite);
  EXPECT_FALSE(local.maximum_connections.present);
  EXPECT_EQ(local.Admin()->host.value, "data");
  const Instance& pg = inventory.instances[inventory.FindInstance("instances/prod-pg")];
  EXPECT_EQ(pg.maximum_connections.value, 5);
  EXPECT_EQ(pg.Admin()->port.value, "5432");
  EXPECT_EQ(pg.Admin()->password.kind, SecretReference::Kind::kEnvironment);
  EXPECT_EQ(pg.Admin()->password.name, "PROD_PG_PASSWORD");

  const DatabaseIndex hr = inventory.FindDatabase("instances/local/databases/hr");
  ASSERT_TRUE(hr.valid());
  EXPECT_EQ(inventory.databases[hr].database, "hr");
  EXPECT_EQ(inventory.databases[hr].instance, InstanceIndex(0));
  EXPECT_EQ(inventory.databases[hr].labels[0].value.value, "a");
  EXPECT_EQ(inventory.environments[inventory.EnvironmentOf(hr)].name.value, "environments/test");
  ASSERT_TRUE(inventory.FindGroup("projects/sample/databaseGroups/all-hr"));
  EXPECT_EQ(inventory.FindSheet("projects/sample/sheets/741")->file.value, "sheets/741.sql");
  EXPECT_FALSE(inventory.FindDatabase("instances/local/databases/HR").valid());
  EXPECT_EQ(inventory.FindSheet("741"), nullptr);
  EXPECT_EQ(inventory.FindEnvironment("environments/dev"), nullptr);
  EXPECT_FALSE(inventory.terminal_end_state);
}

TEST(Inventory, DatabasesMayStandOnTheirOwnAndBeforeTheirInstance) {
  const Decoded decoded(
      R"({"environments": [{"name": "environments/e"}, {"name": "environments/f"}],
    "databases": [{"name": "instances/databases/databases/x", "environment": "environments/f"}],
    "instances": [{"name": "instances/databases", "engine": 2, "environment": "environments/e",
                   "options": {"maximumConnections": "7"}}]})");
  EXPECT_TRUE(decoded.emitter.diagnostics().empty());
  const Inventory& inventory = *decoded.inventory;
  EXPECT_EQ(inventory.databases[DatabaseIndex(0)].instance, InstanceIndex(0));
  EXPECT_EQ(inventory.databases[DatabaseIndex(0)].database, "x");
  EXPECT_EQ(inventory.EnvironmentOf(DatabaseIndex(0)), EnvironmentIndex(1))
      << "its own comes first";
  EXPECT_EQ(inventory.instances[InstanceIndex(0)].engine.value, sql::Engine::kMysql);
  EXPECT_EQ(inventory.instances[InstanceIndex(0)].maximum_connections.value, 7);
}

TEST(Inventory, NamesOfEachKind) {
  Decoded decoded(R"({
    "environments": [{"name": "prod"}, {"title": "x"}],
    "instances": [{"name": "instance/a", "engine": "MYSQL"}, {"name": "", "engine": "MYSQL"}],
    "databases": [{"name": "instances/a"}],
    "databaseGroups": [{"name": "projects/p/groups/g", "databaseExpr": {"expression": "true"}}],
    "sheets": [{"name": "projects//sheets/1", "statement": ""}]})");
  EXPECT_EQ(
      decoded.Findings(),
      (Strings{"inventory-name at \"prod\"", "inventory-name at {\"title\": \"x\"}",
               "inventory-name at \"instance/a\"", "inventory-name at \"\"",
               "inventory-name at \"instances/a\"", "inventory-name at \"projects/p/groups/g\"",
               "inventory-name at \"projects//sheets/1\""}));
  ASSERT_EQ(decoded.taken[0].fixes.size(), 1u);
  EXPECT_EQ(decoded.taken[0].fixes[0].edits[0].replacement, "\"environments/prod\"");
  EXPECT_TRUE(decoded.taken[2].fixes.empty());
}

TEST(Inventory, OneNameTwice) {
  Decoded decoded(R"({
    "environments": [{"name": "environments/e"}, {"name": "environments/e"}],
    "instances": [{"name": "instances/i", "engine": "MYSQL", "databases": [
       {"name": "instances/i/databases/d"}, {"name": "instances/i/databases/d"}]}],
    "databases": [{"name": "instances/i/databases/d"}]})");
  EXPECT_EQ(decoded.Findings(),
            (Strings{"duplicate-inventory-name at \"environments/e\"",
                     "duplicate-inventory-name at \"instances/i/databases/d\"",
                     "duplicate-inventory-name at \"instances/i/databases/d\""}));
  EXPECT_LT(decoded.taken[2].related[0].place.span.begin, decoded.taken[1].place.span.begin);
  EXPECT_EQ(decoded.inventory->FindDatabase("instances/i/databases/d"), DatabaseIndex(0));
}

TEST(Inventory, NamesThatLeadNowhere) {
  Decoded decoded(R"({
    "environments": [{"name": "environments/prod"}],
    "instances": [
      {"name": "instances/a", "engine": "MYSQL", "environment": "environments/prd", "databases": [
        {"name": "instances/b/databases/d", "environment": "prod"}]}],
    "databases": [{"name": "instances/aa/databases/d"}]})");
  EXPECT_EQ(decoded.Findings(),
            (Strings{"unknown-environment at \"environments/prd\"",
                     "unknown-instance-of-database at \"instances/b/databases/d\"",
                     "unknown-environment at \"prod\"",
                     "unknown-instance-of-database at \"instances/aa/databases/d\""}));
  EXPECT_EQ(decoded.taken[0].message,
            "the environment \"environments/prd\" is not in the inventory; did you mean "
            "\"environments/prod\"?");
  EXPECT_EQ(decoded.Slice(decoded.taken[1].related[0].place.span), "\"instances/a\"");
}

TEST(Inventory, Engines) {
  EXPECT_TRUE(Decoded(R"({"instances": [{"name": "instances/i", "engine": "FIREBIRD"}]})")
                  .Findings()
                  .empty());
  Decoded loose(R"({"instances": [{"name": "instances/i", "engine": "postgresql"}]})");
  EXPECT_EQ(loose.Findings(), Strings{"unknown-engine at \"postgresql\""});
  EXPECT_EQ(loose.taken[0].fixes[0].edits[0].replacement, "\"POSTGRES\"");
  EXPECT_EQ(Decoded(R"({"instances": [{"name": "instances/i"}]})").Findings(),
            Strings{"unknown-engine at \"instances/i\""});
  EXPECT_EQ(Decoded(R"({"instances": [{"name": "instances/i", "engine": 99}]})").Findings(),
            Strings{"unknown-engine at 99"});
  EXPECT_EQ(Decoded(R"({"instances": [{"name": "instances/i", "engine": "ENGINE_UNSPECIFIED"}]})")
                .Findings()
                .size(),
            1u);
}

TEST(Inventory, SecretsAreReferences) {
  Decoded decoded(OneInstance(R"("dataSources": [{"password": "hunter2"}, {"password": {}},
    {"password": {"env": "A", "file": "b"}}, {"password": {"command": []}}, {"password": {"env": ""}}, {"password": ""},
    {"password": {"command": ["pass", "show"]}}, {"password": {"file": "f"}}, {"password": {"enviroment": "A"}}])"));
  EXPECT_EQ(decoded.Findings(),
            (Strings{"secret-reference at \"password\"", "secret-reference at \"password\"",
                     "secret-reference at \"password\"", "secret-reference at \"password\"",
                     "secret-reference at \"password\"", "secret-reference at \"password\"",
                     "unknown-field at \"enviroment\""}));
  for (const auto& diagnostic : decoded.taken)
    EXPECT_EQ(diagnostic.message.find("hunter2"), std::string::npos);
  const auto& sources = decoded.inventory->instances[InstanceIndex(0)].data_sources;
  EXPECT_EQ(sources[6].password.command, (std::vector<std::string_view>{"pass", "show"}));
  EXPECT_EQ(sources[7].password.kind, SecretReference::Kind::kFile);
}

TEST(Inventory, DataSources) {
  Decoded decoded(
      OneInstance(R"("dataSources": [{"type": "READ_ONLY", "host": "r"}, {"host": "a", "port": ""},
    {"type": "ADMN", "port": "70000", "useSsl": false, "sslCa": "", "serviceName": "x"}, {"port": 5432}])"));
  EXPECT_EQ(decoded.Findings(),
            (Strings{"unknown-enum-value at \"ADMN\"", "invalid-number at \"70000\"",
                     "field-without-effect at \"serviceName\"", "wrong-type at 5432"}));
  EXPECT_EQ(decoded.taken[3].fixes[0].edits[0].replacement, "\"5432\"");
  EXPECT_EQ(decoded.inventory->instances[InstanceIndex(0)].Admin()->host.value, "a");
  const Decoded read_only(OneInstance(R"("dataSources": [{"type": "READ_ONLY"}])"));
  EXPECT_EQ(read_only.inventory->instances[InstanceIndex(0)].Admin(), nullptr);
}

TEST(Inventory, MaximumConnections) {
  EXPECT_EQ(Decoded(OneInstance(R"("maximumConnections": -1)")).Findings(),
            Strings{"invalid-number at -1"});
  EXPECT_TRUE(
      Decoded(OneInstance(R"("maximumConnections": 3, "options": {"maximumConnections": 3})"))
          .Findings()
          .empty());
  EXPECT_EQ(
      Decoded(OneInstance(R"("maximumConnections": 3, "options": {"maximum_connections": 4})"))
          .Findings(),
      Strings{"duplicate-field at \"maximum_connections\""});
}

TEST(Inventory, SheetsHaveOneText) {
  Decoded decoded(R"({"sheets": [
    {"name": "projects/p/sheets/1"}, {"name": "projects/p/sheets/2", "content": "U0VMRUNUIDE7", "statement": "x"},
    {"name": "projects/p/sheets/3", "content": "U0VMRUNUIDE7"}, {"name": "projects/p/sheets/4", "statement": ""},
    {"name": "projects/p/sheets/5", "content": "!"}, {"name": "projects/p/sheets/6", "file": ""}]})");
  EXPECT_EQ(decoded.Findings(),
            (Strings{"sheet-text at \"projects/p/sheets/1\"", "sheet-text at \"x\"",
                     "invalid-base64 at \"!\"", "sheet-text at \"\""}));
  EXPECT_EQ(decoded.inventory->FindSheet("projects/p/sheets/3")->content.value, "SELECT 1;");
  EXPECT_TRUE(decoded.inventory->FindSheet("projects/p/sheets/4")->statement.present);
}

TEST(Inventory, GroupsHaveAnExpressionThatReads) {
  Decoded decoded(R"({"databaseGroups": [{"name": "projects/p/databaseGroups/a"},
    {"name": "projects/p/databaseGroups/b", "databaseExpr": {"expression": "resource.nam == 1"}}]})");
  EXPECT_EQ(decoded.Findings(),
            (Strings{"group-expression at {\"name\": \"projects/p/databaseGroups/a\"}",
                     "group-expression at \"resource.nam == 1\""}));
}

TEST(Inventory, StagePolicyAndOrder) {
  EXPECT_TRUE(
      Decoded(R"({"stagePolicy": {"endState": "terminal"}})").inventory->terminal_end_state);
  EXPECT_FALSE(
      Decoded(R"({"stagePolicy": {"end_state": "doneOrSkipped"}})").inventory->terminal_end_state);
  EXPECT_EQ(Decoded(R"({"stagePolicy": {"endState": "done"}})").Findings(),
            Strings{"unknown-enum-value at \"done\""});
  EXPECT_EQ(
      Decoded(
          R"({"environments": [{"name": "environments/a", "order": 1}, {"name": "environments/b", "order": 0}]})")
          .Findings(),
      Strings{"field-without-effect at \"order\""});
}

TEST(Inventory, RolloutPolicies) {
  Decoded decoded(R"({"environments": [
    {"name": "environments/a"}, {"name": "environments/b", "rolloutPolicy": null},
    {"name": "environments/c", "rolloutPolicy":
      {"automatic": false, "checkers": {"requiredIssueApproval": true}}},
    {"name": "environments/d", "rollout_policy": {"checkers": {"required_issue_approval": true},
      "roles": [], "workspaceRoles": null}}]})");
  EXPECT_EQ(decoded.Findings(), Strings{});
  const auto policy = [&](std::size_t i) {
    return decoded.inventory->environments[EnvironmentIndex(i)].rollout_policy;
  };
  EXPECT_EQ(policy(0), (RolloutPolicy{true, false}));
  EXPECT_EQ(policy(1), (RolloutPolicy{true, false}));
  EXPECT_EQ(policy(2), (RolloutPolicy{false, true}));
  EXPECT_EQ(policy(3), (RolloutPolicy{true, true}));

  Decoded wrong(R"({"environments": [{"name": "environments/a", "rolloutPolicy":
    {"automatic": "no", "issueRoles": ["roles/CREATOR"],
     "checkers": {"requiredStatusChecks": {"planCheckEnforcement": "STRICT"}, "approval": true}}}]})");
  EXPECT_EQ(wrong.Findings(),
            (Strings{"wrong-type at \"no\"", "field-without-effect at \"issueRoles\"",
                     "field-without-effect at \"requiredStatusChecks\"",
                     "unknown-field at \"approval\""}));
}

TEST(Inventory, OtherDocuments) {
  Decoded list("[]");
  EXPECT_EQ(list.Findings(), Strings{"not-an-inventory at ["});
  EXPECT_FALSE(list.inventory);
  EXPECT_TRUE(Decoded("{}").inventory);
  Decoded lenient(R"({"instance": []})", true);
  EXPECT_EQ(lenient.Findings(), Strings{"unknown-field at \"instance\""});
  EXPECT_FALSE(lenient.emitter.has_errors());
}

TEST(InlineSheets, LoadsByName) {
  InlineSheets sheets;
  sheets.Add("projects/p/sheets/2", "SELECT 2;");
  sheets.Add("projects/p/sheets/1", "SELECT 1;");
  EXPECT_EQ(sheets.Names(), (Strings{"projects/p/sheets/1", "projects/p/sheets/2"}));
  const auto sheet = sheets.Load("projects/p/sheets/2");
  ASSERT_TRUE(sheet.ok());
  EXPECT_EQ(sheet->text(), "SELECT 2;");
  EXPECT_EQ(sheet->name(), "projects/p/sheets/2");
  EXPECT_EQ(sheets.Load("2").error().code, base::ErrorCode::kNotFound);
}

TEST(InventorySchema, HasTheFieldsThatDecodeReads) {
  ExpectTablesMatchSchema(FieldTables(), "schemas/inventory.schema.json",
                          {{"the inventory", ""},
                           {"an environment", "environment"},
                           {"a database group", "databaseGroup"},
                           {"databaseExpr", "databaseExpr"},
                           {"a sheet", "sheet"},
                           {"stagePolicy", "stagePolicy"},
                           {"a freeze", "freeze"},
                           {"a stage", "stage"},
                           {"a rollout policy", "rolloutPolicy"},
                           {"checkers", "checkers"},
                           {"an instance", "instance"},
                           {"options", "options"},
                           {"a database", "database"},
                           {"a data source", "dataSource"},
                           {"a secret", "secret"}},
                          {"window"});
}

TEST(InventorySchema, ListsTheEnginesThatThereAre) {
  const Decoded schema(ReadProjectFile("schemas/inventory.schema.json"));
  Strings in_schema, in_code;
  const json::Value engine = *schema.document->root()
                                  .Find("definitions")
                                  ->Find("instance")
                                  ->Find("properties")
                                  ->Find("engine");
  for (json::Value name : (*engine.Find("anyOf")->elements().begin()).Find("enum")->elements()) {
    in_schema.emplace_back(name.AsString());
  }
  for (const sql::EngineFacts& facts : sql::AllEngines()) {
    if (facts.engine != sql::Engine::kUnspecified) in_code.emplace_back(facts.name);
  }
  EXPECT_EQ(in_schema, in_code);
}

}  // namespace
}  // namespace lockstep::inventory
