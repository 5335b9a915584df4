#include <chrono>

#include "native/service/plan_checker.h"
#include "native/service/plan_checks.h"
#include "tests/unit/native/service_fixture.h"

namespace lockstep::service {
namespace {

class PlanChecksTest : public ServiceTest {
 protected:
  /// Stores a plan of one spec with this sheet on these targets, a spec each.
  void MakePlan(const std::string& sql, const std::vector<std::string>& targets,
                const std::string& type = "MIGRATE") {
    const Reply sheet =
        Ask("POST", "/v1/projects/p/sheets", R"({"content": ")" + EncodeBase64(sql) + "\"}");
    std::string specs;
    for (const std::string& target : targets) {
      specs += std::string(specs.empty() ? "" : ",") + R"({"id": "s-)" + target.substr(10, 1) +
               R"(", "changeDatabaseConfig": {"target": ")" + target + R"(", "type": ")" + type +
               R"(", "sheet": ")" + sheet.Text("name") + "\"}}";
    }
    Store(R"({"steps": [{"specs": [)" + specs + "]}]}");
  }
  /// As it stands, whatever CreatePlan would say of it.
  void Store(const std::string& plan) {
    const auto stored = service_->With([&](Context& context) {
      return context.objects.Create({.kind = ledger::Object::Kind::kPlan,
                                     .project = "p",
                                     .parent = "",
                                     .created = context.now,
                                     .updated = context.now,
                                     .json = plan});
    });
    ASSERT_TRUE(stored.ok()) << stored.error().message;
  }
  Reply RunChecks() {
    const Reply asked = Ask("POST", "/v1/projects/p/plans/101:runPlanChecks", "{}");
    EXPECT_EQ(asked.json, "{}");
    service_->checker().Wait();
    return List();
  }
  Reply List(const std::string& query = "?latestOnly=true&pageSize=1000&pageToken=") {
    return Ask("GET", "/v1/projects/p/plans/101/planCheckRuns" + query);
  }
  /// Runs in the ledger as somebody left them: RUNNING.
  void LeaveRunning() {
    const auto left = service_->With([&](Context& context) {
      CheckRun run;
      run.type = CheckRun::Type::kConnect;
      run.target = "instances/a/databases/hr";
      run.detail = "s-a";
      run.created = context.now;
      return context.objects.Create({.kind = ledger::Object::Kind::kPlanChecks,
                                     .project = "p",
                                     .parent = "projects/p/plans/101",
                                     .created = context.now,
                                     .updated = context.now,
                                     .json = StoredCheckRuns({run})});
    });
    ASSERT_TRUE(left.ok());
  }
  std::map<std::string, std::int64_t> Counts() {
    return *service_->With(
        [](Context& context) { return CheckCounts(context, "projects/p/plans/101"); });
  }

  const std::string kHr = "instances/a/databases/hr";
};

TEST_F(PlanChecksTest, EachSpecDatabaseAndTypeIsARun) {
  MakePlan("CREATE TABLE t(i)", {kHr});
  const Reply runs = RunChecks();
  ASSERT_EQ(runs.Text("planCheckRuns"), "3") << runs.json;
  EXPECT_EQ(runs.Text("nextPageToken"), "");
  EXPECT_EQ(runs.Text("planCheckRuns.0.name"), "projects/p/plans/101/planCheckRuns/101000000");
  EXPECT_EQ(runs.Text("planCheckRuns.0.type"), "DATABASE_STATEMENT_ADVISE");
  EXPECT_EQ(runs.Text("planCheckRuns.0.status"), "DONE");
  EXPECT_EQ(runs.Text("planCheckRuns.0.results.0.status"), "SUCCESS");
  EXPECT_EQ(runs.Text("planCheckRuns.1.type"), "DATABASE_STATEMENT_SUMMARY_REPORT");
  EXPECT_EQ(runs.Text("planCheckRuns.1.results.0.sqlSummaryReport.statementTypes.0"), "DDL");
  EXPECT_EQ(runs.Text("planCheckRuns.2.type"), "DATABASE_CONNECT");
  EXPECT_EQ(runs.Text("planCheckRuns.2.status"), "DONE");
  EXPECT_EQ(runs.Text("planCheckRuns.2.results.0.status"), "SUCCESS") << runs.json;
  EXPECT_EQ(runs.Text("planCheckRuns.2.target"), kHr);
  EXPECT_EQ(Counts(), (std::map<std::string, std::int64_t>{{"SUCCESS", 3}}));
  EXPECT_EQ(Ask("GET", "/v1/projects/p/plans/101").Text("planCheckRunStatusCount"),
            R"({"SUCCESS":3})");

  EXPECT_EQ(List("?pageSize=2").Text("planCheckRuns"), "2");
  EXPECT_NE(List("?pageSize=2").Text("nextPageToken"), "");
  RunChecks();
  EXPECT_EQ(List().Text("planCheckRuns"), "3");  // only the latest
  EXPECT_EQ(List("").Text("planCheckRuns"), "6");
  EXPECT_EQ(Counts()["SUCCESS"], 3);
}

TEST_F(PlanChecksTest, FindingsOfASheetAreResultsWithTheirPlace) {
  MakePlan("SELECT 1;\n.shell ls\n", {kHr});
  const Reply runs = RunChecks();
  EXPECT_EQ(runs.Text("planCheckRuns.0.status"), "DONE");
  EXPECT_EQ(runs.Text("planCheckRuns.0.results.0.status"), "ERROR") << runs.json;
  EXPECT_EQ(runs.Text("planCheckRuns.0.results.0.sqlReviewReport.line"), "2");
  EXPECT_EQ(runs.Text("planCheckRuns.1.status"), "FAILED");  // nothing can be said of it
  EXPECT_EQ(runs.Text("planCheckRuns.2.results.0.status"), "SUCCESS");
  EXPECT_EQ(Counts()["ERROR"], 1);
}

TEST_F(PlanChecksTest, ADatabaseThatDoesNotAnswerIsAnError) {
  std::filesystem::remove(folder_ + "/data/hr.db");
  MakePlan("CREATE TABLE t(i)", {kHr, "instances/b/databases/hr"});
  const Reply runs = RunChecks();
  EXPECT_EQ(runs.Text("planCheckRuns"), "6");
  EXPECT_EQ(runs.Text("planCheckRuns.5.status"), "DONE");
  EXPECT_EQ(runs.Text("planCheckRuns.5.results.0.status"), "ERROR");
  EXPECT_NE(runs.Text("planCheckRuns.5.results.0.content").find("cannot be found"),
            std::string::npos);
}

TEST_F(PlanChecksTest, HostsThatAreNotAllowedAreNotAsked) {
  settings_.execution.allowed_hosts = {"elsewhere"};
  Open();
  MakePlan("CREATE TABLE t(i)", {kHr});
  EXPECT_NE(RunChecks().Text("planCheckRuns.2.results.0.content").find("--allow-host"),
            std::string::npos);
}

TEST_F(PlanChecksTest, ABaselineIsConnectedAndNoMore) {
  MakePlan("SELECT 1", {kHr}, "BASELINE");
  const Reply runs = RunChecks();
  EXPECT_EQ(runs.Text("planCheckRuns"), "1");
  EXPECT_EQ(runs.Text("planCheckRuns.0.type"), "DATABASE_CONNECT");
}

TEST_F(PlanChecksTest, ATargetThatIsGoneIsTold) {
  Store(R"({"steps": [{"specs": [{"id": "s", "changeDatabaseConfig": {"type": "MIGRATE",
    "target": "instances/a/databases/gone", "sheet": "projects/p/sheets/999"}}]}]})");
  const Reply runs = RunChecks();
  EXPECT_EQ(runs.Text("planCheckRuns.0.results.0.status"), "ERROR");
  EXPECT_EQ(runs.Text("planCheckRuns.2.status"), "FAILED");
  EXPECT_NE(runs.Text("planCheckRuns.2.error"), "");
}

TEST_F(PlanChecksTest, WhoStartsTakesUpWhatIsRunning) {
  MakePlan("SELECT 1", {kHr});
  LeaveRunning();
  Open();
  EXPECT_EQ(List().Text("planCheckRuns.0.status"), "RUNNING");
  service_->checker().TakeUp();
  service_->checker().Wait();
  EXPECT_EQ(List().Text("planCheckRuns.0.status"), "DONE");
}

TEST_F(PlanChecksTest, WhatIsCanceledStaysSo) {
  MakePlan("SELECT 1", {kHr});
  LeaveRunning();
  const std::string name = List().Text("planCheckRuns.0.name");
  const std::string where = "/v1/projects/p/plans/101/planCheckRuns:batchCancel";
  const std::string body = R"({"planCheckRuns": [")" + name + "\"]}";
  EXPECT_EQ(Ask("POST", where, body).json, "{}");
  EXPECT_EQ(List().Text("planCheckRuns.0.status"), "CANCELED");
  service_->checker().TakeUp();
  service_->checker().Wait();
  EXPECT_EQ(List().Text("planCheckRuns.0.status"), "CANCELED");
  EXPECT_EQ(Ask("POST", where, body).status, 200);  // nothing to cancel any more
  for (const char* unknown : {"projects/p/plans/101/planCheckRuns/101000001",
                              "projects/p/plans/102/planCheckRuns/101000000", "x"}) {
    const std::string other = std::string(R"({"planCheckRuns": [")") + unknown + "\"]}";
    EXPECT_EQ(Ask("POST", where, other).status, 404);
  }
}

TEST_F(PlanChecksTest, StoppingDoesNotWaitForADatabase) {
  Write("client", "#!/bin/sh\nexec sleep 60\n");
  std::filesystem::permissions(folder_ + "/client", std::filesystem::perms::owner_all);
  settings_.execution.clients[sql::Engine::kSqlite] = folder_ + "/client";
  Open();
  MakePlan("SELECT 1", {kHr});
  Ask("POST", "/v1/projects/p/plans/101:runPlanChecks");
  const auto start = std::chrono::steady_clock::now();
  service_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  Open();
  EXPECT_EQ(List().Text("planCheckRuns.2.status"), "RUNNING");  // for who comes next
}

TEST_F(PlanChecksTest, AnUnknownPlanIsNotFound) {
  EXPECT_EQ(List().status, 404);
  EXPECT_EQ(Ask("POST", "/v1/projects/p/plans/101:runPlanChecks").status, 404);
}

}  // namespace
}  // namespace lockstep::service
