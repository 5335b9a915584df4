// What an inventory offers through the API.
#include "native/service/rollout_policy.h"
#include "tests/unit/native/service_fixture.h"

namespace lockstep::service {
namespace {

class ServiceInventory : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    Write("inventory.json", R"({
      "environments": [{"name": "environments/test", "title": "Test"},
        {"name": "environments/prod",
         "rolloutPolicy": {"automatic": false, "checkers": {"requiredIssueApproval": true}}}],
      "instances": [
        {"name": "instances/a", "engine": "SQLITE", "environment": "environments/test",
         "dataSources": [{"type": "ADMIN", "host": "data", "password": {"env": "SECRET_OF_A"}}],
         "databases": [{"name": "instances/a/databases/hr", "labels": {"tenant": "x"}},
                       {"name": "instances/a/databases/shop"}]},
        {"name": "instances/b", "engine": "POSTGRES", "environment": "environments/prod",
         "dataSources": [{"host": "db.example.com", "port": "5432"}],
         "databases": [{"name": "instances/b/databases/HR archive"}]}],
      "databaseGroups": [
        {"name": "projects/p/databaseGroups/all-hr",
         "databaseExpr": {"expression": "resource.database_name == \"hr\""}},
        {"name": "projects/q/databaseGroups/all", "databaseExpr": {"expression": "true"}}]})");
  }

  /// The names of what a list holds, separated by blanks.
  std::string Names(const std::string& where, const std::string& key) {
    const Reply reply = Ask("GET", where);
    EXPECT_EQ(reply.status, 200) << where << ": " << reply.json;
    std::string names;
    for (std::size_t i = 0;; ++i) {
      const std::string name = reply.Text(key + "." + std::to_string(i) + ".name");
      if (name == "-") return names;
      names += (names.empty() ? "" : " ") + name;
    }
  }
  std::string Databases(const std::string& where) {
    std::string names = Names(where, "databases");
    for (std::size_t at; (at = names.find("instances/")) != std::string::npos;) names.erase(at, 10);
    return names;
  }
};

TEST_F(ServiceInventory, Environments) {
  EXPECT_EQ(Names("/v1/environments", "environments"), "environments/test environments/prod");
  EXPECT_EQ(Ask("GET", "/v1/environments").Text("nextPageToken"), "");
  const Reply prod = Ask("GET", "/v1/environments/prod");
  EXPECT_EQ(prod.Text("name"), "environments/prod");
  EXPECT_EQ(prod.Text("title"), "prod");
  EXPECT_EQ(prod.Text("order"), "1");
  const Reply other = Ask("GET", "/v1/environments/dev");
  EXPECT_EQ(other.status, 404);
  EXPECT_EQ(other.Text("message"),
            "\"environments/dev\" not found: it is not in " + settings_.inventory);
}

TEST_F(ServiceInventory, RolloutPolicies) {
  const Reply prod = Ask("GET", "/v1/environments/prod/policies/rollout_policy");
  EXPECT_EQ(prod.Text("type"), "ROLLOUT_POLICY");
  EXPECT_EQ(prod.Text("rolloutPolicy.automatic"), "false");
  EXPECT_EQ(prod.Text("rolloutPolicy.checkers.requiredIssueApproval"), "true");
  EXPECT_EQ(
      Ask("GET", "/v1/environments/test/policies/ROLLOUT_POLICY").Text("rolloutPolicy.automatic"),
      "true");
  EXPECT_EQ(Names("/v1/environments/test/policies", "policies"),
            "environments/test/policies/rollout_policy");
  EXPECT_EQ(Ask("GET", "/v1/environments/dev/policies/rollout_policy").status, 404);
  EXPECT_EQ(Ask("GET", "/v1/environments/prod/policies/tag").Text("message"),
            "there is no policy \"tag\"; environments have a rollout_policy");

  const auto policies = ReadRolloutPolicies(settings_);
  ASSERT_TRUE(policies.ok());
  EXPECT_EQ(policies->Of("environments/prod"), (inventory::RolloutPolicy{false, true}));
  EXPECT_EQ(policies->Of("environments/test"), (inventory::RolloutPolicy{true, false}));
  EXPECT_EQ(policies->Of("environments/dev"), (inventory::RolloutPolicy{true, false}));
}

TEST_F(ServiceInventory, Instances) {
  EXPECT_EQ(Names("/v1/instances", "instances"), "instances/a instances/b");
  EXPECT_EQ(Names("/v1/instances?filter=engine == \"POSTGRES\"", "instances"), "instances/b");
  EXPECT_EQ(Names("/v1/instances?filter=host.contains(\"EXAMPLE\")", "instances"), "instances/b");
  EXPECT_EQ(Names("/v1/instances?filter=port == \"5432\" AND resource_id == b", "instances"),
            "instances/b");
  EXPECT_EQ(Names("/v1/instances?filter=environment == \"\"", "instances"), "");
  EXPECT_EQ(Names("/v1/instances?filter=name = a AND state = ACTIVE", "instances"), "instances/a");
  const Reply a = Ask("GET", "/v1/instances/a");
  EXPECT_EQ(a.Text("engine"), "SQLITE");
  EXPECT_EQ(a.Text("dataSources.0.password"), "");
  EXPECT_EQ(a.json.find("SECRET"), std::string::npos);
  EXPECT_EQ(Ask("GET", "/v1/instances/c").status, 404);
}

TEST_F(ServiceInventory, Databases) {
  EXPECT_EQ(Databases("/v1/instances/a/databases"), "a/databases/hr a/databases/shop");
  EXPECT_EQ(Databases("/v1/instances/-/databases"),
            "a/databases/hr a/databases/shop b/databases/HR archive");
  EXPECT_EQ(Databases("/v1/workspaces/-/databases"),
            "a/databases/hr a/databases/shop b/databases/HR archive");
  const Reply hr = Ask("GET", "/v1/instances/a/databases/hr");
  EXPECT_EQ(hr.Text("effectiveEnvironment"), "environments/test");
  EXPECT_EQ(hr.Text("instanceResource.engine"), "SQLITE");
  EXPECT_EQ(hr.Text("project"), "");
  EXPECT_EQ(Ask("GET", "/v1/instances/b/databases/HR%20archive").status, 200);
  EXPECT_EQ(Ask("GET", "/v1/instances/a/databases/HR").status, 404);
  EXPECT_EQ(Ask("GET", "/v1/instances/c/databases").status, 404);
}

TEST_F(ServiceInventory, DatabasesBelongToEveryProject) {
  const Reply of_p = Ask("GET", "/v1/projects/p/databases");
  EXPECT_EQ(of_p.Text("databases"), "3");
  EXPECT_EQ(of_p.Text("databases.0.project"), "projects/p");
  EXPECT_EQ(Ask("GET", "/v1/projects/P/databases").status, 400);
  const Reply filtered = Ask("GET", "/v1/instances/-/databases?filter=project = projects/q");
  EXPECT_EQ(filtered.Text("databases"), "3");
  EXPECT_EQ(filtered.Text("databases.0.project"), "projects/q");
}

TEST_F(ServiceInventory, FiltersDatabases) {
  const std::string all = "/v1/instances/-/databases?filter=";
  EXPECT_EQ(Databases(all + "name.matches(\"hr\")"), "a/databases/hr b/databases/HR archive");
  EXPECT_EQ(Databases(all + "environment == \"environments/prod\""), "b/databases/HR archive");
  EXPECT_EQ(Databases(all + "instance = instances/a AND name != hr"), "a/databases/shop");
  EXPECT_EQ(Databases(all + "engine in [\"SQLITE\"] AND labels.tenant == x"), "a/databases/hr");
  EXPECT_EQ(Databases(all + "!(engine in [SQLITE,POSTGRES])"), "");
  const Reply unknown = Ask("GET", all + "owner = me");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.Text("message"),
            "invalid filter: there is no field \"owner\"; it may be name, environment, instance, "
            "project, engine, labels.*");
}

TEST_F(ServiceInventory, PagesOfDatabases) {
  const Reply first = Ask("GET", "/v1/instances/-/databases?pageSize=2");
  EXPECT_EQ(first.Text("databases"), "2");
  const std::string token = first.Text("nextPageToken");
  EXPECT_NE(token, "");
  const std::string rest = "/v1/instances/-/databases?pageSize=2&pageToken=" + token;
  EXPECT_EQ(Databases(rest), "b/databases/HR archive");
  EXPECT_EQ(Ask("GET", rest).Text("nextPageToken"), "");
  EXPECT_EQ(Ask("GET", "/v1/instances/-/databases?pageToken=o9").Text("databases"), "0");
}

TEST_F(ServiceInventory, SeveralDatabasesByName) {
  const std::string names =
      "?names=instances/b/databases/HR archive&names=instances/a/databases/hr";
  EXPECT_EQ(Databases("/v1/projects/p/databases:batchGet" + names),
            "b/databases/HR archive a/databases/hr");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/databases:batchGet" + names).Text("databases.1.project"),
            "projects/p");
  EXPECT_EQ(Databases("/v1/instances/-/databases:batchGet" + names),
            "b/databases/HR archive a/databases/hr");
  EXPECT_EQ(Ask("GET", "/v1/projects/-/databases:batchGet?names=instances/a/databases/x").status,
            404);
}

TEST_F(ServiceInventory, DatabaseGroups) {
  const std::string group = "/v1/projects/p/databaseGroups/all-hr";
  EXPECT_EQ(Ask("GET", group).Text("matchedDatabases"), "0");
  const Reply full = Ask("GET", group + "?view=DATABASE_GROUP_VIEW_FULL");
  EXPECT_EQ(full.Text("matchedDatabases.0.name"), "instances/a/databases/hr");
  EXPECT_EQ(full.Text("unmatchedDatabases"), "2");
  EXPECT_EQ(full.Text("databaseExpr.expression"), "resource.database_name == \"hr\"");
  EXPECT_EQ(Names("/v1/projects/q/databaseGroups", "databaseGroups"),
            "projects/q/databaseGroups/all");
  EXPECT_EQ(Ask("GET", "/v1/projects/-/databaseGroups").Text("databaseGroups"), "2");
  EXPECT_EQ(Ask("GET", "/v1/projects/q/databaseGroups/all-hr").status, 404);
}

TEST_F(ServiceInventory, EveryValidProjectIsThere) {
  EXPECT_EQ(Ask("GET", "/v1/projects/any-1").Text("name"), "projects/any-1");
  EXPECT_EQ(Ask("GET", "/v1/projects/Any").status, 400);
}

TEST_F(ServiceInventory, IsReadForEachRequest) {
  Write("inventory.json", R"({"environments": [{"name": "environments/new"}]})");
  EXPECT_EQ(Names("/v1/environments", "environments"), "environments/new");
  EXPECT_EQ(Databases("/v1/instances/-/databases"), "");
}

TEST_F(ServiceInventory, MistakesInItAreTold) {
  Write("inventory.json", "{\n  \"environments\": [{\"name\": \"prod\"}]}");
  const Reply reply = Ask("GET", "/v1/environments/prod");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.Text("code"), "9");
  EXPECT_NE(reply.Text("message").find(":2:29: the name \"prod\" "), std::string::npos)
      << reply.json;
  EXPECT_EQ(ReadRolloutPolicies(settings_).error().code, base::ErrorCode::kFailedPrecondition);
  std::filesystem::remove(settings_.inventory);
  EXPECT_EQ(Ask("GET", "/v1/environments").Text("code"), "9") << "not as if nothing was found";
}

TEST_F(ServiceInventory, WithoutOneThereIsNothing) {
  settings_.inventory = "";
  Open();
  EXPECT_EQ(Names("/v1/instances", "instances"), "");
  EXPECT_EQ(Ask("GET", "/v1/instances/a").Text("message"),
            "\"instances/a\" not found: there is no inventory");
  const Reply create = Ask("POST", "/v1/instances?instanceId=a", R"({"engine": "SQLITE"})");
  EXPECT_EQ(create.Text("code"), "9");
  EXPECT_NE(create.Text("message").find("start serve with --inventory FILE"), std::string::npos);
  const auto policies = ReadRolloutPolicies(settings_);
  ASSERT_TRUE(policies.ok());
  EXPECT_TRUE(policies->Of("environments/prod").automatic);
}

}  // namespace
}  // namespace lockstep::service
