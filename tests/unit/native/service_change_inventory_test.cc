// Environments, instances, databases, groups and policies are changed in the inventory file, which
// stays as it was written but for what was asked.
#include <sys/stat.h>

#include <sstream>
#include <thread>

#include "tests/unit/native/service_fixture.h"

namespace lockstep::service {
namespace {

constexpr const char* kWritten = R"({
  // In the order of the stages.
  "environments": [
    {"name": "environments/test", "order": 0},
    {"name": "environments/prod", "order": 1,   // last
     "rolloutPolicy": {"automatic": false}}
  ],
  "instances": [
    {"name": "instances/a", "engine": "SQLITE", "environment": "environments/test",
     "dataSources": [{"host": "data", "password": {"command": ["pass", "a"]}}],
     "databases": [
       {"name": "instances/a/databases/hr", "labels": {"tenant": "x"}},  // people
       {"name": "instances/a/databases/shop"}
     ]},
    {"name": "instances/b", "engine": "POSTGRES", "environment": "environments/prod",
     "options": {"maximumConnections": 5},
     "dataSources": [{"type": "ADMIN", "host": "db.example.com"}]}
  ],
  "databases": [{"name": "instances/b/databases/hr"}],
  "x-unknown": {"kept":true},
}
)";

class ServiceChangeInventory : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    Write("inventory.json", kWritten);
  }
  std::string File() const {
    std::ostringstream text;
    text << std::ifstream(settings_.inventory).rdbuf();
    return text.str();
  }
  /// The file is as it was but for these: each `from` is there once, and has become `to`.
  void ExpectChanged(const std::vector<std::pair<std::string, std::string>>& changes) {
    std::string wanted = kWritten;
    for (const auto& [from, to] : changes) {
      const std::size_t at = wanted.find(from);
      ASSERT_NE(at, std::string::npos) << from;
      wanted.replace(at, from.size(), to);
    }
    EXPECT_EQ(File(), wanted);
  }
  Reply Done(std::string_view verb, std::string_view where, std::string_view body = "") {
    Reply reply = Ask(verb, where, body);
    EXPECT_EQ(reply.status, 200) << verb << " " << where << ": " << reply.json;
    return reply;
  }
  /// The request is refused with this code and a message that has these words; nothing is written.
  void ExpectRefused(std::string_view verb, std::string_view where, std::string_view body,
                     const std::string& code, const std::string& words) {
    const std::string before = File();
    const Reply reply = Ask(verb, where, body);
    EXPECT_EQ(reply.Text("code"), code) << verb << " " << where << ": " << reply.json;
    EXPECT_NE(reply.Text("message").find(words), std::string::npos) << reply.json;
    EXPECT_EQ(File(), before);
  }
};

TEST_F(ServiceChangeInventory, EnvironmentsAreCreated) {
  const Reply made = Done("POST", "/v1/environments?environmentId=dev",
                          R"({"title": "Development", "tier": "PROTECTED", "state": "ACTIVE"})");
  EXPECT_EQ(made.json, Ask("GET", "/v1/environments/dev").json);
  EXPECT_EQ(made.Text("title"), "Development");
  EXPECT_EQ(made.Text("tier"), "PROTECTED");
  EXPECT_EQ(made.Text("order"), "2");
  ExpectChanged({{R"({"automatic": false}}
)",
                  R"({"automatic": false}},
    {"name": "environments/dev", "title": "Development", "tier": "PROTECTED"}
)"}});
  ExpectRefused("POST", "/v1/environments?environmentId=dev", "{}", "6", "already exists");
  ExpectRefused("POST", "/v1/environments?environmentId=Dev", "{}", "3", "invalid environment ID");
  ExpectRefused("POST", "/v1/environments", "{}", "3", "invalid environment ID");
  ExpectRefused("POST", "/v1/environments?environmentId=x", R"({"order": -1})", "3", "column 11");
}

TEST_F(ServiceChangeInventory, EnvironmentsHaveAPlace) {
  Done("POST", "/v1/environments?environment_id=dev", R"({"order": 0})");
  ExpectChanged({{R"({"name": "environments/test", "order": 0})",
                  R"({"name": "environments/dev"},
    {"name": "environments/test", "order": 1})"},
                 {R"("order": 1,)", R"("order": 2,)"}});
  const Reply moved = Done("PATCH", "/v1/environments/prod?updateMask=order", R"({"order": 0})");
  EXPECT_EQ(moved.Text("order"), "0");
  EXPECT_EQ(Ask("GET", "/v1/environments").Text("environments.2.name"), "environments/test");
  EXPECT_NE(File().find(R"({"name": "environments/prod", "order": 0,   // last)"),
            std::string::npos)
      << File();
}

TEST_F(ServiceChangeInventory, EnvironmentsAreUpdated) {
  Done("PATCH", "/v1/environments/prod?update_mask=title,color",
       R"({"title": "Production", "color": "#ff0000", "tier": "PROTECTED"})");
  ExpectChanged({{R"({"automatic": false}})",
                  R"({"automatic": false},
     "title": "Production",
     "color": "#ff0000"})"}});
  ExpectRefused("PATCH", "/v1/environments/prod?updateMask=name", "{}", "3",
                "invalid update_mask path \"name\"");
  ExpectRefused("PATCH", "/v1/environments/dev", R"({"title": "x"})", "5", "not found");
  Done("PATCH", "/v1/environments/dev?allowMissing=true", R"({"title": "x"})");
  EXPECT_EQ(Ask("GET", "/v1/environments/dev").Text("title"), "x");
}

TEST_F(ServiceChangeInventory, WhatIsAnsweredCanBeSentBack) {
  for (const std::string name :
       {"environments/test", "environments/prod", "instances/a", "instances/b",
        "instances/a/databases/hr", "environments/prod/policies/rollout_policy"}) {
    const Reply before = Ask("GET", "/v1/" + name);
    Done("PATCH", "/v1/" + name, before.json);
    EXPECT_EQ(Ask("GET", "/v1/" + name).json, before.json) << name;
  }
  EXPECT_NE(File().find(R"("password": {"command": ["pass", "a"]}})"), std::string::npos);
}

TEST_F(ServiceChangeInventory, EnvironmentsInUseStay) {
  ExpectRefused("DELETE", "/v1/environments/test", "", "9",
                "\"environments/test\" is the environment of instances/a; give");
  ExpectRefused("DELETE", "/v1/environments/dev", "", "5", "not found");
  ExpectRefused("POST", "/v1/environments/test:undelete", "{}", "12", "the file's history");
  Done("PATCH", "/v1/instances/a?updateMask=environment",
       R"({"environment": "environments/prod"})");
  EXPECT_EQ(Done("DELETE", "/v1/environments/test").json, "{}");
  ExpectChanged({{"    {\"name\": \"environments/test\", \"order\": 0},\n", ""},
                 {"\"environments/test\"", "\"environments/prod\""}});
}

TEST_F(ServiceChangeInventory, Policies) {
  const std::string policies = "/v1/environments/test/policies";
  ExpectRefused("DELETE", policies + "/rollout_policy", "", "5", "the default holds");
  const Reply made =
      Done("POST", policies, R"({"type": "ROLLOUT_POLICY", "rolloutPolicy": {"automatic": false,
                             "checkers": {"requiredIssueApproval": true}}})");
  EXPECT_EQ(made.json, Ask("GET", policies + "/rollout_policy").json);
  EXPECT_EQ(made.Text("rolloutPolicy.checkers.requiredIssueApproval"), "true");
  ExpectRefused("POST", policies, R"({"rolloutPolicy": {}})", "6", "already exists");
  EXPECT_EQ(Done("PATCH", policies + "/rollout_policy?updateMask=rollout_policy",
                 R"({"rolloutPolicy": {"automatic": true}})")
                .Text("rolloutPolicy.checkers.requiredIssueApproval"),
            "false");
  for (const char* refused :
       {R"({"rolloutPolicy": {"roles": ["roles/dba"]}})", R"({"type": "TAG"})", "{}",
        R"({"rolloutPolicy": {"checkers": {"requiredStatusChecks": {"planCheckEnforcement": 1}}}})",
        R"({"enforce": false, "rolloutPolicy": {}})"})
    ExpectRefused("PATCH", policies + "/rollout_policy?updateMask=rolloutPolicy", refused, "3", "");
  ExpectRefused("PATCH", policies + "/tag", R"({"rolloutPolicy": {}})", "5", "no policy \"tag\"");
  Done("DELETE", policies + "/rollout_policy");
  EXPECT_EQ(File(), kWritten);
  EXPECT_EQ(Done("PATCH", "/v1/environments/prod/policies/rollout_policy",
                 R"({"rolloutPolicy": {"checkers": {"requiredIssueApproval": true}}})")
                .Text("rolloutPolicy.automatic"),
            "false");
  ExpectChanged({{R"({"automatic": false})",
                  R"({"automatic": false, "checkers": {"requiredIssueApproval": true}})"}});
}

TEST_F(ServiceChangeInventory, InstancesAreCreated) {
  const std::string body = R"({"title": "C", "engine": "POSTGRES",
      "environment": "environments/test", "activation": true, "maximumConnections": 7,
      "dataSources": [{"id": "admin", "type": "ADMIN", "host": "c.example.com", "port": "5432",
                       "username": "me", "password": {"env": "C_PASSWORD"}, "sslCa": ""}]})";
  const Reply shown = Done("POST", "/v1/instances?instanceId=c&validateOnly=true", body);
  EXPECT_EQ(shown.Text("name"), "instances/c");
  EXPECT_EQ(File(), kWritten);
  const Reply made = Done("POST", "/v1/instances?instanceId=c", body);
  EXPECT_EQ(made.json, shown.json);
  EXPECT_EQ(made.json, Ask("GET", "/v1/instances/c").json);
  EXPECT_EQ(made.Text("options.maximumConnections"), "7");
  EXPECT_EQ(made.Text("dataSources.0.id"), "admin");
  EXPECT_EQ(made.Text("dataSources.0.password"), "");
  ExpectChanged({{R"("host": "db.example.com"}]}
)",
                  R"("host": "db.example.com"}]},
    {
      "name": "instances/c",
      "title": "C",
      "engine": "POSTGRES",
      "environment": "environments/test",
      "maximumConnections": 7,
      "dataSources": [
        {
          "id": "admin",
          "host": "c.example.com",
          "port": "5432",
          "username": "me",
          "password": {"env": "C_PASSWORD"}
        }
      ]
    }
)"}});
  ExpectRefused("POST", "/v1/instances?instanceId=c", body, "6", "already exists");
}

TEST_F(ServiceChangeInventory, WhatWouldBeInvalidIsNotWritten) {
  const std::string create = "/v1/instances?instanceId=c";
  ExpectRefused("POST", create, "{}", "3", "has no engine");
  ExpectRefused("POST", create, R"({"engine": "SQLIT"})", "3", "/instances/2/engine");
  ExpectRefused("POST", create, R"({"engine": "SQLITE", "environment": "environments/tes"})", "3",
                "did you mean \"environments/test\"? (/instances/2/environment of the inventory)");
  ExpectRefused("POST", create, "[]", "3", "an object is expected");
  ExpectRefused("PATCH", "/v1/instances/a?updateMask=environment",
                R"({"environment": "environments/x"})", "3", "not in the inventory");
  ExpectRefused("POST", "/v1/projects/p/databaseGroups?databaseGroupId=g",
                R"({"databaseExpr": {"expression": "resource."}})", "3", "can't be read");
  ExpectRefused("PATCH", "/v1/instances/a/databases/hr", R"({"labels": {"a": 1}})", "3", "line 1");
  Write("inventory.json", "{\"environments\": [{\"name\": \"prod\"}]}");
  ExpectRefused("POST", "/v1/environments?environmentId=x", "{}", "9", "mend the inventory");
}

TEST_F(ServiceChangeInventory, PasswordsAreReferences) {
  const auto with = [](const std::string& member) {
    return R"({"engine": "POSTGRES", "dataSources": [{"host": "h", )" + member + "}]}";
  };
  const std::string create = "/v1/instances?instanceId=c";
  const Reply literal = Ask("POST", create, with(R"("password": "hunter2")"));
  EXPECT_EQ(literal.status, 400);
  EXPECT_NE(literal.Text("message").find(R"(refer to it as {"env": …}, {"file": …})"),
            std::string::npos);
  EXPECT_EQ(literal.json.find("hunter2"), std::string::npos);
  ExpectRefused("POST", create, with(R"("password": {"command": ["id"]})"), "3",
                "taken from the inventory file only");
  ExpectRefused("POST", create, with(R"("password": {"env": ""})"), "3", "exactly one reference");
  ExpectRefused("POST", create, with(R"("sshPassword": "hunter2")"), "3", "\"sshPassword\"");
  ExpectRefused("POST", create, with(R"("sslKey": "hunter2")"), "3", "\"sslKey\"");
  EXPECT_EQ(File(), kWritten);
  Done("POST", create, with(R"("password": {"file": "secret"})"));
  EXPECT_NE(File().find(R"("password": {"file": "secret"})"), std::string::npos);
}

TEST_F(ServiceChangeInventory, InstancesAreUpdated) {
  Done("PATCH", "/v1/instances/b?updateMask=options.maximum_connections,title,external_link",
       R"({"title": "B", "externalLink": "https://b", "options": {"maximumConnections": 9}})");
  Done("PATCH", "/v1/instances/a", R"({"maximum_connections": 3, "activation": true})");
  ExpectChanged({{R"("maximumConnections": 5)", R"("maximumConnections": 9)"},
                 {R"("host": "db.example.com"}]})",
                  R"("host": "db.example.com"}],
     "title": "B",
     "externalLink": "https://b"})"},
                 {R"({"name": "instances/a/databases/shop"}
     ]})",
                  R"({"name": "instances/a/databases/shop"}
     ],
     "maximumConnections": 3})"}});
  ExpectRefused("PATCH", "/v1/instances/a?updateMask=engine", R"({"engine": "MYSQL"})", "3",
                "invalid update_mask path \"engine\"");
  ExpectRefused("PATCH", "/v1/instances/a", R"({"activation": false})", "3", "is active");
  ExpectRefused("PATCH", "/v1/instances/c", R"({"title": "C"})", "5", "not found");
  Done("PATCH", "/v1/instances/c?allow_missing=true", R"({"engine": "SQLITE", "title": "C"})");
  EXPECT_EQ(Ask("GET", "/v1/instances/c").Text("title"), "C");
}

TEST_F(ServiceChangeInventory, DataSourcesOfAnUpdateTakeThePlaceOfTheOthers) {
  Done("PATCH", "/v1/instances/a?updateMask=data_sources",
       R"({"dataSources": [{"type": "ADMIN", "host": "elsewhere"},
                           {"id": "ro", "type": "READ_ONLY", "host": "replica"}]})");
  ExpectChanged({{R"("dataSources": [{"host": "data", "password": {"command": ["pass", "a"]}}])",
                  R"("dataSources": [{"host": "elsewhere", "password": {"command": ["pass", "a"]}},
                     {"id": "ro", "type": "READ_ONLY", "host": "replica"}])"}});
  Done("PATCH", "/v1/instances/a?updateMask=dataSources",
       R"({"dataSources": [{"id": "1", "host": "data", "password": ""}]})");
  EXPECT_EQ(File(), kWritten);
}

TEST_F(ServiceChangeInventory, DataSourcesOneByOne) {
  const std::string b = "/v1/instances/b";
  const Reply added = Done("POST", b + ":addDataSource",
                           R"({"dataSource": {"id": "ro", "type": "READ_ONLY", "host": "r",
                               "password": {"env": "RO"}}})");
  EXPECT_EQ(added.Text("dataSources.1.id"), "ro");
  ExpectRefused("POST", b + ":addDataSource",
                R"({"dataSource": {"id": "ro", "type": "READ_ONLY"}})", "6", "already exists");
  ExpectRefused("POST", b + ":addDataSource", R"({"dataSource": {"type": "ADMIN"}})", "3",
                "only one of type READ_ONLY");
  Done("PATCH", b + ":updateDataSource",
       R"({"dataSource": {"id": "ro", "host": "r2", "username": "u"}, "updateMask": "host"})");
  EXPECT_NE(File().find(R"("host": "r2", "password": {"env": "RO"}})"), std::string::npos);
  Done("PATCH", b + ":updateDataSource",
       R"({"dataSource": {"id": "1", "host": "db2"}, "validateOnly": true})");
  EXPECT_EQ(Ask("GET", b).Text("dataSources.0.host"), "db.example.com");
  ExpectRefused("PATCH", b + ":updateDataSource",
                R"({"dataSource": {"id": "1", "password": "hunter2"}})", "3", "refer to it as");
  ExpectRefused("PATCH", b + ":updateDataSource", R"({"dataSource": {"id": "9", "host": "x"}})",
                "5", "no data source with id \"9\"");
  ExpectRefused("POST", b + ":removeDataSource", R"({"dataSource": {"id": "1"}})", "3",
                "READ_ONLY");
  Done("POST", b + ":removeDataSource", R"({"dataSource": {"id": "ro"}})");
  EXPECT_EQ(File(), kWritten);
}

TEST_F(ServiceChangeInventory, InstancesAreDeletedWithTheirDatabases) {
  ExpectRefused("DELETE", "/v1/instances/b", "", "9", "has 1 database, such as");
  Done("DELETE", "/v1/instances/b?force=true");
  EXPECT_EQ(Ask("GET", "/v1/instances/-/databases").Text("databases"), "2");
  EXPECT_EQ(Ask("GET", "/v1/instances/b").status, 404);
  EXPECT_NE(File().find("\"databases\": [],\n  \"x-unknown\": {\"kept\":true},"), std::string::npos)
      << File();
  Done("DELETE", "/v1/instances/a?force=true");
  EXPECT_EQ(Ask("GET", "/v1/instances").Text("instances"), "0");
}

TEST_F(ServiceChangeInventory, DatabasesAreUpdated) {
  const Reply hr =
      Done("PATCH", "/v1/instances/a/databases/hr?updateMask=labels,environment",
           R"({"labels": {"tenant": "y", "x": ""}, "environment": "environments/prod"})");
  EXPECT_EQ(hr.json, Ask("GET", "/v1/instances/a/databases/hr").json);
  EXPECT_EQ(hr.Text("effectiveEnvironment"), "environments/prod");
  EXPECT_EQ(Done("PATCH", "/v1/instances/a/databases/shop", R"({"project": "projects/p"})")
                .Text("project"),
            "projects/p");
  ExpectChanged({{R"("labels": {"tenant": "x"}})",
                  R"("labels": {"tenant": "y", "x": ""},
        "environment": "environments/prod"})"}});
  ExpectRefused("PATCH", "/v1/instances/a/databases/x", R"({"labels": {}})", "5", "not found");
  ExpectRefused("PATCH", "/v1/instances/c/databases/x?allowMissing=true", R"({"labels": {}})", "5",
                "instances/c");
}

TEST_F(ServiceChangeInventory, DatabasesAreMadeWhereTheirInstanceHasThem) {
  Done("PATCH", "/v1/instances/a/databases/new?allowMissing=true", R"({"labels": {"l": "1"}})");
  Done("PATCH", "/v1/instances/b/databases/new?allowMissing=true", R"({"labels": {}})");
  ExpectChanged(
      {{R"({"name": "instances/a/databases/shop"}
)",
        R"({"name": "instances/a/databases/shop"},
       {"name": "instances/a/databases/new", "labels": {"l": "1"}}
)"},
       {R"([{"name": "instances/b/databases/hr"}])",
        R"([{"name": "instances/b/databases/hr"}, {"name": "instances/b/databases/new"}])"}});
  Done("DELETE", "/v1/instances/b/databases/new");
  Done("DELETE", "/v1/instances/a/databases/new");
  EXPECT_EQ(File(), kWritten);
}

TEST_F(ServiceChangeInventory, ABatchOfDatabasesIsAllOrNothing) {
  const auto request = [](const std::string& name, const std::string& more) {
    return R"({"database": {"name": ")" + name + R"(", "labels": {"l": "1"}})" + more + "}";
  };
  const std::string hr = request("instances/a/databases/hr", R"(, "updateMask": "labels")");
  const std::string other = request("instances/b/databases/hr", "");
  const std::string all = "/v1/instances/-/databases:batchUpdate";
  const auto batch = [](const std::string& a, const std::string& b) {
    return "{\"requests\": [" + a + ", " + b + "]}";
  };
  ExpectRefused("POST", all, batch(hr, request("instances/a/databases/x", "")), "5", "not found");
  ExpectRefused("POST", all, batch(hr, hr), "3", "twice");
  ExpectRefused("POST", "/v1/instances/a/databases:batchUpdate", batch(hr, other), "3",
                "expected instances/a/databases/{database}");
  ExpectRefused("POST", all, "{}", "3", "requests must be set");
  const Reply done = Done("POST", all, batch(other, hr));
  EXPECT_EQ(done.Text("databases.0.name"), "instances/b/databases/hr");
  EXPECT_EQ(done.Text("databases.1.labels.l"), "1");
  ExpectChanged({{R"({"tenant": "x"})", R"({"l": "1"})"},
                 {R"({"name": "instances/b/databases/hr"})",
                  R"({"name": "instances/b/databases/hr", "labels": {"l": "1"}})"}});
}

TEST_F(ServiceChangeInventory, Groups) {
  const std::string groups = "/v1/projects/p/databaseGroups";
  const std::string body =
      R"({"databasePlaceholder": "All", "databaseExpr": {"expression": "true"}})";
  const Reply shown = Done("POST", groups + "?databaseGroupId=all&validateOnly=true", body);
  EXPECT_EQ(shown.Text("matchedDatabases"), "3");
  EXPECT_EQ(File(), kWritten);
  const Reply made = Done("POST", groups + "?databaseGroupId=all", body);
  EXPECT_EQ(made.json, Ask("GET", groups + "/all").json);
  EXPECT_EQ(made.Text("title"), "All");
  ExpectRefused("POST", groups + "?databaseGroupId=all", body, "6", "already exists");
  Done("PATCH", groups + "/all?updateMask=database_expr",
       R"({"databaseExpr": {"expression": "resource.database_name == \"hr\""}})");
  EXPECT_EQ(Ask("GET", groups + "/all?view=2").Text("matchedDatabases"), "2");
  Done("DELETE", groups + "/all");
  ExpectRefused("DELETE", groups + "/all", "", "5", "not found");
  EXPECT_EQ(Ask("GET", groups).Text("databaseGroups"), "0");
}

TEST_F(ServiceChangeInventory, WhatARolloutStillUsesStays) {
  Write("inventory.json", kInventory);
  const Reply sheet = Done("POST", "/v1/projects/p/sheets",
                           R"({"title": "s", "content": "Q1JFQVRFIFRBQkxFIHQoaWQgSU5UKTs="})");
  const Reply plan =
      Done("POST", "/v1/projects/p/plans",
           R"({"steps": [{"specs": [{"id": "a", "changeDatabaseConfig": {"type": "MIGRATE",
          "target": "instances/b/databases/hr", "sheet": ")" +
               sheet.Text("name") + "\"}}]}]}");
  const std::string drives = "{\"plan\": \"" + plan.Text("name") + "\"";
  Done("POST", "/v1/projects/p/rollouts", drives + "}");
  const Reply issue = Done("POST", "/v1/projects/p/issues",
                           drives + R"(, "title": "t", "type": "DATABASE_CHANGE"})");
  const std::string used = "is used by projects/p/rollouts/101, which has not ended";
  ExpectRefused("DELETE", "/v1/instances/b?force=true", "", "9", used);
  ExpectRefused("DELETE", "/v1/instances/b/databases/hr", "", "9", used);
  Done("PATCH", "/v1/instances/b?updateMask=environment", R"({"environment": ""})");
  ExpectRefused("DELETE", "/v1/environments/prod", "", "9", used);
  Done("DELETE", "/v1/instances/a/databases/shop");
  Done("DELETE", "/v1/instances/a?force=true");
}

TEST_F(ServiceChangeInventory, ModeAndLinkStay) {
  std::filesystem::create_directories(folder_ + "/real");
  std::filesystem::rename(settings_.inventory, folder_ + "/real/there.json");
  std::filesystem::create_symlink("real/there.json", settings_.inventory);
  ASSERT_EQ(chmod(settings_.inventory.c_str(), 0640), 0);
  Done("POST", "/v1/environments?environmentId=dev", "{}");
  EXPECT_TRUE(std::filesystem::is_symlink(settings_.inventory));
  struct stat is {};
  ASSERT_EQ(stat(settings_.inventory.c_str(), &is), 0);
  EXPECT_EQ(is.st_mode & 07777, 0640u);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/real")) {
    (void)entry;
    ++files;
  }
  EXPECT_EQ(files, 1u) << "nothing is left beside it";
}

TEST_F(ServiceChangeInventory, TwoServersLoseNoChange) {
  constexpr int kEach = 20;
  auto other = Service::Open(settings_, [](std::string_view) {});
  ASSERT_TRUE(other.ok());
  const auto create = [](Service& service, const std::string& prefix) {
    for (int i = 0; i < kEach; ++i) {
      Call call;
      call.query = {{"environmentId", prefix + std::to_string(i)}};
      EXPECT_EQ(service.Handle("POST", "/v1/environments", std::move(call)).status, 200);
    }
  };
  std::thread a([&] { create(*service_, "a"); }), b([&] { create(*service_, "b"); }),
      c([&] { create(**other, "c"); });
  a.join();
  b.join();
  c.join();
  EXPECT_EQ(Ask("GET", "/v1/environments").Text("environments"), std::to_string(2 + 3 * kEach));
}

}  // namespace
}  // namespace lockstep::service
