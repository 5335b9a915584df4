// RolloutService and IssueService: rollouts in pieces, tasks that are asked for, approvals
// (plan-semantics §3.7, §3.8, §5.6, §6.4, W25 to W35).
#include "native/service/automatic.h"
#include "service_fixture.h"

namespace lockstep::service {
namespace {

constexpr const char* kTables = "Q1JFQVRFIFRBQkxFIHQoeCk7";  // CREATE TABLE t(x);

class RolloutsTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    Write("inventory.json", Inventory(R"({"automatic": false})", R"({"automatic": false})"));
    for (int i = 0; i < 2; ++i) {
      ASSERT_EQ(Ask("POST", "/v1/projects/p/sheets",
                    std::string(R"({"title": "t", "content": ")") + kTables + "\"}")
                    .status,
                200);
    }
    const Reply plan = Ask("POST", "/v1/projects/p/plans", Plan("101"));
    ASSERT_EQ(plan.status, 200) << plan.json;
  }
  /// With rollout policies of test and prod.
  static std::string Inventory(const std::string& test, const std::string& prod) {
    std::string text(kInventory);
    const auto put = [&](const std::string& name, const std::string& policy) {
      const std::string key = "\"environments/" + name + "\"}";
      const std::size_t at = text.find(key);
      text.replace(at, key.size(),
                   "\"environments/" + name + "\", \"rolloutPolicy\": " + policy + "}");
    };
    put("test", test);
    put("prod", prod);
    return text;
  }
  static std::string Plan(const std::string& sheet) {
    const auto spec = [&](const char* id, const char* instance) {
      return std::string(R"({"id": ")") + id + R"(", "changeDatabaseConfig": {"target": ")" +
             instance + R"(", "sheet": "projects/p/sheets/)" + sheet + R"(", "type": "MIGRATE"}})";
    };
    return R"({"title": "tables", "steps": [{"specs": [)" + spec("a", "instances/a/databases/hr") +
           "," + spec("b", "instances/a/databases/shop") + R"(]}, {"specs": [)" +
           spec("c", "instances/b/databases/hr") + "]}]}";
  }
  Reply CreateRollout(const std::string& query = "") {
    return Ask("POST", "/v1/projects/p/rollouts" + query, R"({"plan": "projects/p/plans/101"})");
  }
  Reply Run(const std::string& stage, const std::string& task) {
    return Ask(
        "POST", kRollout + "/stages/" + stage + "/tasks:batchRun",
        R"({"tasks": ["projects/p/rollouts/101/stages/)" + stage + "/tasks/" + task + "\"]}");
  }
  std::string StatusOf(int stage, int task) {
    return Ask("GET", kRollout)
        .Text("stages." + std::to_string(stage) + ".tasks." + std::to_string(task) + ".status");
  }
  const std::string kRollout = "/v1/projects/p/rollouts/101";
};

TEST_F(RolloutsTest, ComesInPieces) {
  const Reply unclear = CreateRollout("?validateOnly=yes");
  EXPECT_EQ(unclear.Text("code"), "3");
  EXPECT_EQ(unclear.Text("message"), "validateOnly is \"yes\", and has to be true or false");
  EXPECT_EQ(CreateRollout("?validate_only=True").Text("name"), "projects/p/rollouts/0");
  const Reply preview = CreateRollout("?validateOnly=true");
  EXPECT_EQ(preview.Text("stages"), "2");
  EXPECT_EQ(preview.Text("stages.1.environment"), "environments/prod");
  EXPECT_EQ(Ask("GET", kRollout).status, 404) << "nothing was stored";
  EXPECT_EQ(CreateRollout("?target=").Text("stages"), "0");
  EXPECT_EQ(CreateRollout("?target=environments/test").Text("stages"), "1");
  EXPECT_EQ(CreateRollout("?target=environments/none").status, 400);
  const Reply all = CreateRollout();
  EXPECT_EQ(all.Text("name"), "projects/p/rollouts/101") << "one for a plan";
  EXPECT_EQ(all.Text("stages"), "2");
  EXPECT_EQ(CreateRollout("?target=environments/test").Text("stages"), "2") << "never fewer";
}

TEST_F(RolloutsTest, OneForAPlanHoweverItIsNamed) {
  CreateRollout("?target=");
  for (const char* name : {"projects/-/plans/101", "projects/p/plans/0101"}) {
    const Reply again =
        Ask("POST", "/v1/projects/p/rollouts", std::string(R"({"plan": ")") + name + "\"}");
    EXPECT_EQ(again.Text("name"), "projects/p/rollouts/101") << name;
    EXPECT_EQ(again.Text("plan"), "projects/p/plans/101") << name;
  }
  EXPECT_EQ(Ask("GET", "/v1/projects/p/plans/0101/rollout").status, 200);
  EXPECT_EQ(Ask("POST", "/v1/projects/p/issues", R"({"title": "t", "type": "DATABASE_CHANGE",
                "plan": "projects/-/plans/0101"})")
                .Text("plan"),
            "projects/p/plans/101");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/plans/101").Text("issue"), "projects/p/issues/101");
}

TEST_F(RolloutsTest, FurtherStagesAreThoseThatItHas) {
  CreateRollout("?target=");
  std::string inventory = Inventory(R"({"automatic": false})", R"({"automatic": false})");
  const std::string name = R"("environment": "environments/test")";
  inventory.replace(inventory.find(name), name.size(), R"("environment": "environments/prod")");
  Write("inventory.json", inventory);
  EXPECT_EQ(CreateRollout("?target=environments/test").Text("stages"), "1")
      << "the inventory has moved its databases since";
}

TEST_F(RolloutsTest, TasksLookAsInBytebase) {
  const Reply rollout = CreateRollout();
  EXPECT_EQ(rollout.Text("plan"), "projects/p/plans/101");
  EXPECT_EQ(rollout.Text("stages.0.name"), "projects/p/rollouts/101/stages/1");
  EXPECT_EQ(rollout.Text("stages.0.id"), "test");
  const std::string task = "stages.0.tasks.0.";
  EXPECT_EQ(rollout.Text(task + "name"), "projects/p/rollouts/101/stages/1/tasks/1");
  EXPECT_EQ(rollout.Text(task + "title"), "DDL(schema) for database \"hr\"");
  EXPECT_EQ(rollout.Text(task + "status"), "NOT_STARTED");
  EXPECT_EQ(rollout.Text(task + "specId"), "a");
  EXPECT_EQ(rollout.Text(task + "target"), "instances/a/databases/hr");
  EXPECT_EQ(rollout.Text(task + "dependsOnTasks"), "0");
  EXPECT_EQ(rollout.Text(task + "databaseSchemaUpdate.sheet"), "projects/p/sheets/101");
  EXPECT_EQ(Ask("GET", kRollout + "/stages/-/tasks/-/taskRuns").Text("taskRuns"), "0");
}

TEST_F(RolloutsTest, ManyTasksThatDependOnManyAreNotListedInPairs) {
  std::string databases;
  for (int i = 0; i < 120; ++i) {
    databases += std::string(i == 0 ? "" : ", ") + R"({"name": "instances/a/databases/g)" +
                 std::to_string(i) + "\"}";
    Write("data/g" + std::to_string(i) + ".db", "");
  }
  Write("inventory.json", R"({"environments": [{"name": "environments/test",
    "rolloutPolicy": {"automatic": false}}], "instances": [{"name": "instances/a",
    "engine": "SQLITE", "environment": "environments/test", "dataSources": [{"type": "ADMIN",
    "host": "data"}], "databases": [)" +
                              databases + R"(]}], "databaseGroups": [
    {"name": "projects/p/databaseGroups/all", "databaseExpr": {"expression": "true"}}]})");
  const auto config = [](const char* target) {
    return std::string(R"("changeDatabaseConfig": {"target": ")") + target +
           R"(", "sheet": "projects/p/sheets/101", "type": "MIGRATE"}})";
  };
  const Reply plan =
      Ask("POST", "/v1/projects/p/plans",
          R"({"steps": [{"specs": [{"id": "a", )" + config("projects/p/databaseGroups/all") +
              R"(, {"id": "b", "dependsOnSpecs": ["a"], )" +
              config("projects/p/databaseGroups/all") + "]}]}");
  ASSERT_EQ(plan.status, 200) << plan.json;
  const Reply rollout =
      Ask("POST", "/v1/projects/p/rollouts", R"({"plan": ")" + plan.Text("name") + "\"}");
  ASSERT_EQ(rollout.Text("stages.0.tasks"), "240") << rollout.json.substr(0, 500);
  EXPECT_EQ(rollout.Text("stages.0.tasks.0.dependsOnTasks"), "0");
  EXPECT_EQ(rollout.Text("stages.0.tasks.239.dependsOnTasks"), "-");
}

TEST_F(RolloutsTest, TasksRunWhenTheyAreAskedFor) {
  CreateRollout();
  EXPECT_EQ(Run("1", "1").status, 200);
  EXPECT_EQ(StatusOf(0, 0), "PENDING");
  EXPECT_EQ(StatusOf(0, 1), "NOT_STARTED");
  const Reply again = Run("1", "1");
  EXPECT_NE(again.Text("message").find("cannot create pending task runs because there are "
                                       "pending/running/done task runs"),
            std::string::npos);
  const Reply runs = Ask("GET", kRollout + "/stages/-/tasks/-/taskRuns");
  EXPECT_EQ(runs.Text("taskRuns"), "1");
  EXPECT_EQ(runs.Text("taskRuns.0.status"), "PENDING");
  EXPECT_EQ(runs.Text("nextPageToken"), "");
  const std::string run = runs.Text("taskRuns.0.name");
  EXPECT_EQ(run, "projects/p/rollouts/101/stages/1/tasks/1/taskRuns/1");
  EXPECT_EQ(Ask("GET", "/v1/" + run + "/log").Text("entries.0.taskRunStatusUpdate.status"),
            "RUNNING_WAITING");
  const Reply rollback = Ask("POST", "/v1/" + run + ":previewRollback", "{}");
  EXPECT_EQ(rollback.status, 400);
  EXPECT_NE(rollback.Text("message").find("is not done"), std::string::npos);
  EXPECT_EQ(Ask("POST", "/v1/" + run + "9:previewRollback", "{}").status, 404);
  const std::string cancel = R"({"taskRuns": [")" + run + "\"]}";
  const std::string where = kRollout + "/stages/1/tasks/-/taskRuns:batchCancel";
  EXPECT_EQ(Ask("POST", where, cancel).status, 200);
  EXPECT_EQ(StatusOf(0, 0), "CANCELED");
  const Reply late = Ask("POST", where, cancel);
  EXPECT_EQ(late.status, 400);
  EXPECT_NE(late.Text("message").find("is not pending or running"), std::string::npos);
}

TEST_F(RolloutsTest, RefusesWhatIsNoTaskOfAStage) {
  CreateRollout("?target=environments/test");
  EXPECT_EQ(Run("2", "3").status, 404) << "that stage was not asked for";
  EXPECT_EQ(Run("1", "99").status, 404);
  EXPECT_EQ(Ask("POST", kRollout + "/stages/1/tasks:batchRun", "{}").status, 400);
  CreateRollout();
  EXPECT_EQ(Ask("POST", kRollout + "/stages/1/tasks:batchRun", R"({"tasks": [
      "projects/p/rollouts/101/stages/1/tasks/1", "projects/p/rollouts/101/stages/2/tasks/3"]})")
                .Text("message"),
            "tasks should be in the same stage");
}

TEST_F(RolloutsTest, SkippedTasksEndTheirStage) {
  CreateRollout();
  EXPECT_EQ(Ask("POST", kRollout + "/stages/1/tasks:batchSkip", R"({"tasks": [
      "projects/p/rollouts/101/stages/1/tasks/1"], "reason": "by hand"})")
                .status,
            200);
  const Reply rollout = Ask("GET", kRollout);
  EXPECT_EQ(rollout.Text("stages.0.tasks.0.status"), "SKIPPED");
  EXPECT_EQ(rollout.Text("stages.0.tasks.0.skippedReason"), "by hand");
}

TEST_F(RolloutsTest, AutomaticEnvironmentsAskByThemselves) {
  Write("inventory.json", Inventory(R"({"automatic": true})", R"({"automatic": false})"));
  CreateRollout("?target=");
  EXPECT_EQ(Ask("GET", kRollout).Text("stages"), "0");
  CreateRollout();
  EXPECT_EQ(StatusOf(0, 0), "PENDING");
  EXPECT_EQ(StatusOf(0, 1), "PENDING");
  EXPECT_EQ(StatusOf(1, 0), "NOT_STARTED");
}

TEST_F(RolloutsTest, WhatAKilledServerDidNotAskForIsAskedForAtTheNextStart) {
  CreateRollout();
  EXPECT_EQ(StatusOf(0, 0), "NOT_STARTED");
  Write("inventory.json", Inventory(R"({"automatic": true})", R"({"automatic": false})"));
  const base::Status asked =
      service_->With([](Context& context) { return AskForAllAutomaticTasks(context); });
  EXPECT_TRUE(asked.ok());
  EXPECT_EQ(StatusOf(0, 0), "PENDING");
  EXPECT_EQ(StatusOf(1, 0), "NOT_STARTED");
}

TEST_F(RolloutsTest, ASheetIsReplacedWhereNothingSucceeded) {
  CreateRollout();
  const std::string before = Ask("GET", kRollout).Text("digest");
  const Reply revised = Ask("PATCH", "/v1/projects/p/plans/101?updateMask=steps", Plan("102"));
  ASSERT_EQ(revised.status, 200) << revised.json;
  const Reply rollout = Ask("GET", kRollout);
  EXPECT_EQ(rollout.Text("stages.0.tasks.0.databaseSchemaUpdate.sheet"), "projects/p/sheets/102");
  EXPECT_NE(rollout.Text("digest"), before);
  Run("1", "1");
  const Reply refused = Ask("PATCH", "/v1/projects/p/plans/101?updateMask=steps", Plan("101"));
  EXPECT_EQ(refused.Text("code"), "9");
  EXPECT_NE(refused.Text("message").find("is PENDING"), std::string::npos);
}

class IssuesTest : public RolloutsTest {
 protected:
  void SetUp() override {
    RolloutsTest::SetUp();
    Write("inventory.json",
          Inventory(R"({"automatic": true, "checkers": {"requiredIssueApproval": true}})",
                    R"({"automatic": false})"));
  }
  Reply CreateIssue() {
    return Ask("POST", "/v1/projects/p/issues", R"({"approvers": [], "approvalTemplates": [],
      "subscribers": [], "title": "tables", "description": "d", "type": "DATABASE_CHANGE",
      "assignee": "", "plan": "projects/p/plans/101"})");
  }
  Reply Say(const std::string& verb) {
    return Ask("POST", "/v1/projects/p/issues/101:" + verb, R"({"comment": ""})");
  }
};

TEST_F(IssuesTest, NothingRunsBeforeItIsApproved) {
  CreateRollout();
  EXPECT_EQ(StatusOf(0, 0), "NOT_STARTED");
  EXPECT_EQ(Run("1", "1").Text("code"), "9");
  const Reply issue = CreateIssue();
  ASSERT_EQ(issue.status, 200) << issue.json;
  EXPECT_EQ(issue.Text("name"), "projects/p/issues/101");
  EXPECT_EQ(issue.Text("rollout"), "projects/p/rollouts/101");
  EXPECT_EQ(issue.Text("approvalStatus"), "PENDING");
  EXPECT_EQ(issue.Text("approvers"), "0");
  EXPECT_EQ(Run("1", "1").status, 400);
  const Reply approved = Say("approve");
  EXPECT_EQ(approved.Text("approvalStatus"), "APPROVED") << approved.json;
  EXPECT_EQ(approved.Text("approvers.0.principal"), "users/me@example.com");
  EXPECT_EQ(StatusOf(0, 0), "PENDING") << "what is automatic starts then";
  EXPECT_EQ(StatusOf(1, 0), "NOT_STARTED");
  const Reply twice = Say("approve");
  EXPECT_EQ(twice.Text("code"), "3");
  EXPECT_NE(twice.Text("message").find("has been approved"), std::string::npos);
}

TEST_F(IssuesTest, AnyChangeVoidsAnApproval) {
  Write("inventory.json",
        Inventory(R"({"automatic": false, "checkers": {"requiredIssueApproval": true}})",
                  R"({"automatic": false})"));
  CreateRollout();
  CreateIssue();
  EXPECT_EQ(Say("approve").Text("approvalStatus"), "APPROVED");
  ASSERT_EQ(Ask("PATCH", "/v1/projects/p/plans/101?updateMask=steps", Plan("102")).status, 200);
  const Reply issue = Ask("GET", "/v1/projects/p/issues/101");
  EXPECT_EQ(issue.Text("approvalStatus"), "PENDING");
  EXPECT_EQ(issue.Text("approvers"), "0");
  EXPECT_EQ(Run("1", "1").status, 400);
  EXPECT_EQ(Say("reject").Text("approvalStatus"), "REJECTED");
  EXPECT_EQ(Say("request").Text("approvalStatus"), "PENDING");
  EXPECT_EQ(Say("approve").Text("approvalStatus"), "APPROVED");
  EXPECT_EQ(Run("1", "1").status, 200);
}

/// Not only of who asks the service: a retry by hand is of what the rollout has become.
TEST_F(IssuesTest, ARetryNeedsTheApprovalOfWhatWasRevised) {
  Write("inventory.json",
        Inventory(R"({"automatic": false, "checkers": {"requiredIssueApproval": true}})",
                  R"({"automatic": false})"));
  settings_.execution.inventory_folder = folder_;
  Open();
  Ask("PATCH", "/v1/projects/p/sheets/102?updateMask=content",
      R"({"content": ")" + EncodeBase64("INSERT INTO missing VALUES (1);") + "\"}");
  Ask("PATCH", "/v1/projects/p/plans/101?updateMask=steps", Plan("102"));
  CreateRollout();
  CreateIssue();
  Say("approve");
  ASSERT_EQ(Run("1", "1").status, 200);
  native::RunListener silent;
  native::Resume("projects/p/rollouts/101", settings_.execution, silent);
  ASSERT_EQ(StatusOf(0, 0), "FAILED");

  const auto retry = [&] {
    return native::Retry({.rollout = "projects/p/rollouts/101", .tasks = {}, .failed = true},
                         settings_.execution, silent);
  };
  EXPECT_NE(retry().exit_code, native::kExitRefused) << "it is approved, and fails again";
  ASSERT_EQ(Ask("PATCH", "/v1/projects/p/plans/101?updateMask=steps", Plan("101")).status, 200);
  const native::Outcome refused = retry();
  EXPECT_EQ(refused.exit_code, native::kExitRefused);
  EXPECT_NE(refused.message.find("requires an approved issue"), std::string::npos)
      << refused.message;
  EXPECT_EQ(StatusOf(0, 0), "FAILED");
  Say("approve");
  retry();
  EXPECT_EQ(StatusOf(0, 0), "DONE");
}

TEST_F(IssuesTest, ASpecThatIsCalledAsATaskIsNotRunInItsPlace) {
  Write("inventory.json",
        Inventory(R"({"automatic": false})",
                  R"({"automatic": false, "checkers": {"requiredIssueApproval": true}})"));
  std::string plan = Plan("101");
  const std::string id = R"("id": "c")";
  plan.replace(plan.find(id), id.size(), R"("id": "projects/p/rollouts/101/stages/1/tasks/1")");
  ASSERT_EQ(Ask("PATCH", "/v1/projects/p/plans/101?updateMask=steps", plan).status, 200);
  CreateRollout();
  EXPECT_EQ(Run("1", "1").status, 200);
  EXPECT_EQ(StatusOf(0, 0), "PENDING");
  EXPECT_EQ(StatusOf(1, 0), "NOT_STARTED");
}

TEST_F(IssuesTest, WhatWasDecidedOfAnotherDigestDoesNotRun) {
  CreateRollout();
  native::RunListener silent;
  native::TaskSelection selection{
      .rollout = "projects/p/rollouts/101", .tasks = {"1"}, .digest = "of before"};
  const auto refused = native::RunTasks(selection, settings_.execution, silent);
  EXPECT_EQ(refused.exit_code, native::kExitUnavailable);
  EXPECT_EQ(StatusOf(0, 0), "NOT_STARTED");
  selection.digest = Ask("GET", kRollout).Text("digest");
  EXPECT_EQ(native::RunTasks(selection, settings_.execution, silent).exit_code, native::kExitDone);
}

TEST_F(IssuesTest, IsAskedForWhatItNeeds) {
  const auto create = [&](const std::string& body) {
    return Ask("POST", "/v1/projects/p/issues", body).Text("message");
  };
  EXPECT_EQ(create("{}"), "issue title is required");
  EXPECT_EQ(create(R"({"title": "t"})"), "issue type is required");
  EXPECT_EQ(create(R"({"title": "t", "type": "DATABASE_CHANGE"})"), "plan is required");
  EXPECT_EQ(Ask("POST", "/v1/projects/p/issues",
                R"({"title": "t", "type": 1, "plan": "projects/p/plans/999"})")
                .status,
            404);
}

TEST_F(IssuesTest, ListsFiltersAndChanges) {
  CreateIssue();
  EXPECT_EQ(Ask("GET", "/v1/projects/p/issues?").Text("issues"), "1");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/issues?filter=status == \"OPEN\"").Text("issues"), "1");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/issues?filter=status == \"DONE\"").Text("issues"), "0");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/issues?filter=colour == \"red\"").status, 400);
  EXPECT_EQ(Ask("PATCH", "/v1/projects/p/issues/101?updateMask=title", R"({"title": "new"})")
                .Text("title"),
            "new");
  EXPECT_EQ(
      Ask("POST", "/v1/projects/p/issues/101:comment", R"({"comment": "look"})").Text("comment"),
      "look");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/issues/101/issueComments").Text("issueComments"), "1");
  const auto cancel = [&](const std::string& names) {
    return Ask("POST", "/v1/projects/p/issues:batchUpdateStatus",
               R"({"issues": [)" + names + R"(], "status": "CANCELED"})")
        .status;
  };
  EXPECT_EQ(cancel(R"("projects/p/issues/101", "projects/other/issues/101")"), 400);
  EXPECT_EQ(Ask("GET", "/v1/projects/p/issues/101").Text("status"), "OPEN");
  EXPECT_EQ(cancel(R"("projects/p/issues/101", "projects/p/issues/101")"), 200) << "named twice";
  EXPECT_EQ(Ask("GET", "/v1/projects/p/issues/101").Text("status"), "CANCELED");
}

}  // namespace
}  // namespace lockstep::service
