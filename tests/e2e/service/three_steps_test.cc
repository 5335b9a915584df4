// The documents' three steps, a plan, its rollout, an issue with both: by curl, by the verbs on the
// ledger that lies here, and by the verbs on a server; on real databases of three engines.
#include "tests/e2e/servers/world.h"
#include "tests/e2e/service/serve.h"

namespace lockstep::e2e {
namespace {

/// The documents' plan, comment and all, with two more specs where they write {...}.
constexpr const char* kPlan = R"({
  "steps": [
    {
      "title": "step 1",
      "specs": [
        {
          "earliestAllowedTime": null,
          "id": "083c1c01-a0a6-485d-ae60-d6de2760ca4f",
          "dependsOnSpecs": [],
          "changeDatabaseConfig": {
            "target": "instances/oracle/databases/db1",
            "sheet": "projects/sample/sheets/741",
            "type": "MIGRATE",
            "schemaVersion": "",
            "ghostFlags": {},
            "preUpdateBackupDetail": {
              "database": ""
            }
          }
        },
        {
          "earliestAllowedTime": null,
          "id": "faa54bb9-0bb3-42bf-aa10-cffc73e19e33",
          // Wait for the previous task to finish
          "dependsOnSpecs": ["083c1c01-a0a6-485d-ae60-d6de2760ca4f"],
          "changeDatabaseConfig": {
            "target": "instances/oracle/databases/db1",
            "sheet": "projects/sample/sheets/742",
            "type": "MIGRATE",
            "schemaVersion": "",
            "ghostFlags": {},
            "preUpdateBackupDetail": {
              "database": ""
            }
          }
        }
      ]
    },
    {
      "title": "step 2",
      "specs": [
        {"id": "6f1a3c52-2c6e-4b0b-8f0e-0d4b7a1f7a11",
         "changeDatabaseConfig": {"target": "instances/oracle/databases/db2",
                                  "sheet": "projects/sample/sheets/741", "type": "MIGRATE"}},
        {"id": "a9d4c3b8-55b7-4f7e-9a53-1a6f3a2f0c22",
         "dependsOnSpecs": ["6f1a3c52-2c6e-4b0b-8f0e-0d4b7a1f7a11"],
         "changeDatabaseConfig": {"target": "instances/oracle/databases/db2",
                                  "sheet": "projects/sample/sheets/742", "type": "MIGRATE"}}
      ]
    }
  ]
}
)";
constexpr const char* kSheet741 =
    "CREATE TABLE employee (id INTEGER PRIMARY KEY, name VARCHAR(100));\n"
    "INSERT INTO employee VALUES (1, 'Ada');\n";
constexpr const char* kSheet742 =
    "ALTER TABLE employee ADD COLUMN email VARCHAR(100);\n"
    "UPDATE employee SET email = 'ada@example.com' WHERE id = 1;\n";
constexpr const char* kLook = "SELECT count(*) FROM employee WHERE email = 'ada@example.com';";

/// Two empty databases db1 and db2 of an instance "oracle", whatever its engine is.
class ThreeSteps : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string engine = GetParam();
    if (engine == "sqlite") {
      folder_.Write("data/db1.db", "");
      folder_.Write("data/db2.db", "");
      WriteInventory(folder_, {R"({"name": "instances/oracle", "engine": "SQLITE",
        "environment": "environments/test", "dataSources": [{"type": "ADMIN", "host": "data"}],
        "databases": [{"name": "instances/oracle/databases/db1"},
                      {"name": "instances/oracle/databases/db2"}]})"});
    } else {
      server_ = engine == "postgres" ? Postgres() : Mariadb();
      if (server_ == nullptr) GTEST_SKIP() << "no " << engine << " here";
      server_->MakeDatabase("db1");
      server_->MakeDatabase("db2");
      WriteInventory(folder_, {InstanceJson(folder_, *server_, "oracle", {"db1", "db2"})});
    }
    folder_.Write("plan.json", kPlan);
    folder_.Write("sheets/741.sql", kSheet741);
    folder_.Write("sheets/742.sql", kSheet742);
  }
  void ExpectChanged() const {
    for (const std::string database : {"db1", "db2"}) {
      const std::string rows = server_ == nullptr
                                   ? Sqlite(folder_, "data/" + database + ".db", kLook)
                                   : server_->Sql(database, kLook);
      EXPECT_EQ(std::atoi(rows.c_str()), 1) << database << ": " << rows;
    }
  }
  /// What a verb prints, without the line's end.
  std::string Verb(Words words, const Words& where) const {
    words.insert(words.end(), where.begin(), where.end());
    const Ended ended = Lockstep(folder_, words);
    EXPECT_EQ(ended.code, 0) << words[0] << " " << words[1] << ": " << ended.out << ended.err;
    return ended.out.substr(0, ended.out.find_last_not_of('\n') + 1);
  }
  /// Sheets, plan, rollout and issue by verbs; the issue's name.
  std::string CreateByVerbs(const Words& where) const {
    const std::string sheet1 = Verb({"sheet", "create", "sheets/741.sql"}, where);
    const std::string sheet2 = Verb({"sheet", "create", "sheets/742.sql"}, where);
    folder_.Write("elsewhere/plan.json",
                  Replaced(Replaced(kPlan, "projects/sample/sheets/741", sheet1),
                           "projects/sample/sheets/742", sheet2));
    const std::string plan = Verb({"plan", "create", "elsewhere/plan.json"}, where);
    const std::string rollout = Verb({"rollout", "create", "--plan", plan}, where);
    const std::string names = Verb(
        {"issue", "create", "--plan", plan, "--rollout", rollout, "--title", "employees"}, where);
    EXPECT_EQ(names, "projects/sample/issues/101\n" + plan + "\n" + rollout);
    return names.substr(0, names.find('\n'));
  }

  Folder folder_;
  tests::Server* server_ = nullptr;
};

TEST_P(ThreeSteps, ByCurl) {
  const Serve serve(folder_);
  const std::string project = serve.url() + "/v1/projects/sample";
  std::string plan_text = kPlan;
  for (const auto& [number, sql] : {std::pair("741", kSheet741), std::pair("742", kSheet742)}) {
    const Reply sheet = Curl(folder_, project + "/sheets", "POST", SheetJson(number, sql));
    ASSERT_EQ(sheet.status, 200) << sheet.json;
    plan_text =
        Replaced(plan_text, std::string("projects/sample/sheets/") + number, sheet.Text("name"));
  }
  const Reply plan = Curl(folder_, project + "/plans", "POST", plan_text);
  ASSERT_EQ(plan.status, 200) << plan.json;
  const std::string plan_name = plan.Text("name");
  const Reply rollout =
      Curl(folder_, project + "/rollouts", "POST", "{\"plan\": \"" + plan_name + "\"}");
  ASSERT_EQ(rollout.status, 200) << rollout.json;
  const std::string rollout_name = rollout.Text("name");
  const Reply issue =
      Curl(folder_, project + "/issues", "POST",
           R"({"title": "employees", "description": "who they are", "type": "DATABASE_CHANGE",
               "plan": ")" +
               plan_name + R"(", "rollout": ")" + rollout_name + "\"}");
  ASSERT_EQ(issue.status, 200) << issue.json;

  const Reply done = WaitForTasks(serve, rollout_name, "4 DONE");
  EXPECT_EQ(done.Text("stages.0.title"), "step 1");
  EXPECT_EQ(done.Text("stages.1.tasks.1.specId"), "a9d4c3b8-55b7-4f7e-9a53-1a6f3a2f0c22");
  const Reply after = Curl(folder_, serve.url() + "/v1/" + issue.Text("name"), "GET");
  EXPECT_EQ(after.Text("status"), "DONE") << after.json;
  EXPECT_EQ(after.Text("rollout"), rollout_name);
  EXPECT_EQ(after.Text("taskStatusCount.DONE"), "4");
  ExpectChanged();
}

TEST_P(ThreeSteps, ByVerbsOnTheLedgerHere) {
  const Words where = {"--project", "sample", "--inventory", "inventory.json"};
  const std::string issue = CreateByVerbs(where);
  Verb({"issue", "run", issue}, {});
  EXPECT_NE(Verb({"issue", "get", issue}, {}).find("status: DONE"), std::string::npos);
  ExpectChanged();
}

TEST_P(ThreeSteps, ByVerbsOnAServer) {
  const Serve serve(folder_);
  const Words where = {"--project", "sample", "--server", serve.url()};
  const std::string issue = CreateByVerbs(where);
  WaitForTasks(serve, "projects/sample/rollouts/101", "4 DONE");
  EXPECT_NE(Verb({"issue", "get", issue}, where).find("status: DONE"), std::string::npos);
  ExpectChanged();
}

TEST_P(ThreeSteps, InOneByIssueCreate) {
  Verb({"issue", "create", "--plan", "plan.json", "--run"}, {"--project", "sample"});
  const std::string issues = Verb({"issue", "list"}, {"--project", "sample"});
  EXPECT_NE(issues.find("projects/sample/issues/101  DONE"), std::string::npos) << issues;
  ExpectChanged();
}

TEST_P(ThreeSteps, InOneByIssueCreateOnAServer) {
  const Serve serve(folder_);
  Verb({"issue", "create", "--plan", "plan.json", "--run", "--server", serve.url()},
       {"--project", "sample"});
  EXPECT_EQ(serve.Get("projects/sample/issues/101").Text("status"), "DONE");
  ExpectChanged();
}

INSTANTIATE_TEST_SUITE_P(, ThreeSteps, testing::Values("sqlite", "postgres", "mariadb"),
                         [](const auto& of) { return std::string(of.param); });

}  // namespace
}  // namespace lockstep::e2e
