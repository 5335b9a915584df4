// The runner with the real sqlite3: what a person who types run, resume, retry or skip relies on.
#include "tests/unit/native/runner_fixture.h"

namespace lockstep::native {
namespace {

TEST_F(RunnerTest, RunsAPlanOnceAndSaysSoAfterwards) {
  WritePlan({"CREATE TABLE t(a);\nINSERT INTO t VALUES (1);\n",
             "INSERT INTO t VALUES (2);\nSELECT 'hello';\n"});
  const Outcome outcome = Run();
  ASSERT_EQ(outcome.exit_code, kExitDone) << outcome.message << listener_.notices;
  EXPECT_EQ(outcome.rollout, "projects/sample/rollouts/101");
  EXPECT_EQ(outcome.status, RolloutStatus::kDone);
  EXPECT_EQ(Sql("SELECT a FROM t"), "1 2 ");
  EXPECT_EQ(listener_.output, "hello\n") << "markers are not output";
  EXPECT_EQ(Sql("SELECT run FROM lockstep_history ORDER BY run"),
            "projects/sample/rollouts/101/stages/1/tasks/1/taskRuns/1 "
            "projects/sample/rollouts/101/stages/1/tasks/2/taskRuns/1 ");

  const Outcome again = Run();
  EXPECT_EQ(again.exit_code, kExitDone);
  EXPECT_TRUE(again.already_done);
  EXPECT_EQ(again.rollout, "projects/sample/rollouts/101");
  EXPECT_EQ(listener_.types, "") << "nothing happened";
  EXPECT_EQ(Sql("SELECT a FROM t"), "1 2 ");
}

TEST_F(RunnerTest, KeepsEventsAndOutputs) {
  WritePlan({"SELECT 'one';\n"});
  request_.execution.events = folder_ + "/events.ndjson";
  ASSERT_EQ(Run().exit_code, kExitDone);
  const auto ledger = ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kRead);
  const auto outputs = (*ledger)->Outputs(101, "");
  ASSERT_EQ(outputs->size(), 1u);
  EXPECT_EQ((*outputs)[0].head, "one\n");
  EXPECT_EQ((*outputs)[0].task_run, "projects/sample/rollouts/101/stages/1/tasks/1/taskRuns/1");
  std::string lines;
  const auto rows = (*ledger)->Events(101);
  for (const ledger::EventRow& row : *rows) lines += row.json + "\n";
  EXPECT_EQ(Read("events.ndjson"), lines);
  EXPECT_EQ((*ledger)->Find("")->status, "DONE");
}

// The ledger is not the truth: the database is.
TEST_F(RunnerTest, ALostLedgerMakesNothingRunTwice) {
  WritePlan({"CREATE TABLE t(a);\nINSERT INTO t VALUES (1);\n"});
  ASSERT_EQ(Run().exit_code, kExitDone);
  std::filesystem::remove_all(folder_ + "/.lockstep");
  ASSERT_EQ(Run().exit_code, kExitDone);
  ASSERT_EQ(listener_.ends.size(), 1u);
  EXPECT_EQ(listener_.ends[0].detail.find(
                "already applied by projects/sample/rollouts/101/stages/1/tasks/1/taskRuns/1 at 2"),
            0u)
      << listener_.ends[0].detail;
  EXPECT_EQ(Sql("SELECT count(*) FROM t"), "1 ");
}

TEST_F(RunnerTest, APlanThatGetsAnotherNameMakesNothingRunTwice) {
  WritePlan({"CREATE TABLE t(a);\nINSERT INTO t VALUES (1);\n"});
  ASSERT_EQ(Run().exit_code, kExitDone);
  std::string plan = Read("plan.json");
  plan.replace(plan.find("plans/1"), 7, "plans/2");
  plan.replace(plan.find("sheets/1"), 8, "sheets/9");
  Write("plan.json", plan);
  std::filesystem::rename(folder_ + "/sheets/1.sql", folder_ + "/sheets/9.sql");
  const Outcome outcome = Run();
  ASSERT_EQ(outcome.exit_code, kExitDone) << outcome.message;
  EXPECT_EQ(outcome.rollout, "projects/sample/rollouts/102");
  ASSERT_EQ(listener_.ends.size(), 1u);
  EXPECT_EQ(listener_.ends[0].detail.find("already applied by"), 0u) << listener_.ends[0].detail;
  EXPECT_EQ(Sql("SELECT count(*) FROM t"), "1 ");
}

// Bytebase: the run is DONE, and nothing is executed (plan-semantics 5.9).
TEST_F(RunnerTest, AVersionThatTheDatabaseHasIsNotAppliedAgain) {
  const auto run = [&](const char* id, const char* version, const char* sheet) {
    WritePlan({sheet});
    std::string plan = Read("plan.json");
    plan.replace(plan.find("\"s1\""), 4, "\"" + std::string(id) + "\"");
    plan.replace(plan.find("\"type\""), 0, "\"schemaVersion\": \"" + std::string(version) + "\", ");
    Write("plan.json", plan);
    const Outcome outcome = Run();
    EXPECT_EQ(outcome.exit_code, kExitDone) << outcome.message;
    return listener_.ends.empty() ? "" : listener_.ends[0].detail;
  };
  EXPECT_EQ(run("a", "1.2", "CREATE TABLE t(a);\nINSERT INTO t VALUES (1);\n"), "");
  EXPECT_EQ(run("b", "1.2", "INSERT INTO t VALUES (2);\n")
                .find("schemaVersion 1.2 was there already, applied by projects/sample/rollouts/"
                      "101/stages/1/tasks/1/taskRuns/1 at 2"),
            0u);
  EXPECT_EQ(run("b", "1.10", "VACUUM;\n"), "") << "step by step";
  EXPECT_NE(run("c", "1.10", "INSERT INTO t VALUES (3);\n"), "");
  EXPECT_EQ(run("c", "1.3", "INSERT INTO t VALUES (4);\n"), "");
  EXPECT_EQ(Sql("SELECT a FROM t"), "1 4 ");
}

// Else the change would be DONE although it never reached the database that the address means now.
TEST_F(RunnerTest, AnInventoryThatMeansAnotherDatabaseIsAnotherRollout) {
  WritePlan({"CREATE TABLE t(a);\n"});
  ASSERT_EQ(Run().exit_code, kExitDone);
  std::filesystem::rename(folder_ + "/data", folder_ + "/moved");
  std::filesystem::create_directories(folder_ + "/data");
  std::string inventory = Read("inventory.json");
  inventory.replace(inventory.find("\"data\""), 6, "\"moved\"");
  Write("inventory.json", inventory);
  const Outcome outcome = Run();
  ASSERT_EQ(outcome.exit_code, kExitDone) << outcome.message;
  EXPECT_EQ(outcome.rollout, "projects/sample/rollouts/102");
}

TEST_F(RunnerTest, ASheetThatChangedAfterItWasAppliedIsRefused) {
  WritePlan({"CREATE TABLE t(a);\n"});
  ASSERT_EQ(Run().exit_code, kExitDone);
  WritePlan({"CREATE TABLE t(a, b);\n"});
  const Outcome outcome = Run();
  EXPECT_EQ(outcome.exit_code, kExitFailed);
  EXPECT_EQ(outcome.rollout, "projects/sample/rollouts/102");
  ASSERT_EQ(listener_.ends.size(), 1u);
  EXPECT_EQ(listener_.ends[0].error->code, "SHEET_CHANGED");
  EXPECT_EQ(Sql("SELECT count(*) FROM pragma_table_info('t')"), "1 ");
}

TEST_F(RunnerTest, AFailureIsExplainedAndCanBeRetried) {
  WritePlan(
      {"CREATE TABLE ok(a);\nINSERT INTO missing\n  VALUES (1);\n", "CREATE TABLE after(a);\n"});
  const Outcome failed = Run();
  EXPECT_EQ(failed.exit_code, kExitFailed);
  EXPECT_EQ(failed.next_command, "lockstep retry --failed 101");
  ASSERT_EQ(listener_.ends.size(), 1u);
  EXPECT_EQ(listener_.ends[0].error->statement, 2u);
  EXPECT_EQ(listener_.ends[0].error->line, 2u);
  EXPECT_EQ(Sql("SELECT count(*) FROM sqlite_master WHERE name='ok'"), "0 ") << "rolled back";

  const Outcome again = Run();
  EXPECT_EQ(again.exit_code, kExitFailed);
  EXPECT_EQ(again.next_command, "lockstep retry --failed 101");
  EXPECT_EQ(listener_.types, "") << "a failed rollout is not started again by itself";

  Sql("CREATE TABLE missing(a)");
  listener_ = Listener();
  const Outcome retried = Retry({.rollout = "", .tasks = {}, .failed = true, .reason = ""},
                                request_.execution, listener_);
  EXPECT_EQ(retried.exit_code, kExitDone) << retried.message;
  EXPECT_EQ(listener_.notices, "");
  EXPECT_EQ(Sql("SELECT count(*) FROM after"), "0 ");
}

TEST_F(RunnerTest, AMendedSheetNeedsARolloutOfItsOwnAndRetrySaysSo) {
  WritePlan({"INSERT INTO missing VALUES (1);\n"});
  ASSERT_EQ(Run().exit_code, kExitFailed);
  Write("sheets/1.sql", "CREATE TABLE missing(a);\nINSERT INTO missing VALUES (1);\n");
  listener_ = Listener();
  EXPECT_EQ(Retry({.rollout = "", .tasks = {}, .failed = true, .reason = ""}, request_.execution,
                  listener_)
                .exit_code,
            kExitFailed);
  EXPECT_NE(listener_.notices.find("1.sql has changed since this rollout was made"),
            std::string::npos)
      << listener_.notices;
  EXPECT_EQ(Run().exit_code, kExitDone);
  EXPECT_EQ(Sql("SELECT a FROM missing"), "1 ");
}

TEST_F(RunnerTest, SkippingWhatFailedLetsTheRestGoOn) {
  WritePlan({"SELECT * FROM missing;\n", "CREATE TABLE after(a);\n"});
  ASSERT_EQ(Run().exit_code, kExitFailed);
  listener_ = Listener();
  const Outcome skipped =
      Skip({.rollout = "101", .tasks = {"1"}, .failed = false, .reason = "not needed"},
           request_.execution, listener_);
  EXPECT_EQ(skipped.exit_code, kExitDone) << skipped.message;
  EXPECT_EQ(StatusOf(0), TaskStatus::kSkipped);
  EXPECT_EQ(StatusOf(1), TaskStatus::kPending) << "skip starts nothing";
  const Outcome resumed = Resume("", request_.execution, listener_);
  EXPECT_EQ(resumed.exit_code, kExitDone) << resumed.message;
  EXPECT_EQ(Sql("SELECT count(*) FROM after"), "0 ");
}

TEST_F(RunnerTest, WordsThatNameNoTaskAreRefused) {
  WritePlan({"SELECT * FROM missing;\n", "SELECT 1;\n"});
  ASSERT_EQ(Run().exit_code, kExitFailed);
  const auto skip = [&](std::string word) {
    return Skip({.rollout = "", .tasks = {std::move(word)}, .failed = false, .reason = "r"},
                request_.execution, listener_);
  };
  EXPECT_EQ(skip("9").exit_code, kExitUsage);
  EXPECT_EQ(skip("stages/2/tasks/1").exit_code, kExitUsage);
  EXPECT_EQ(skip("nonsense").message,
            "there is no task and no spec \"nonsense\" in projects/sample/rollouts/101; see "
            "`lockstep status`");
  EXPECT_EQ(skip("s1").exit_code, kExitDone) << "by its spec's id";
  const Outcome retried =
      Retry({.rollout = "", .tasks = {"stages/1/tasks/2"}, .failed = false, .reason = ""},
            request_.execution, listener_);
  EXPECT_EQ(retried.exit_code, kExitRefused);
  EXPECT_EQ(retried.message,
            "projects/sample/rollouts/101/stages/1/tasks/2 is PENDING; retry is for tasks that "
            "are FAILED or CANCELED");
}

TEST_F(RunnerTest, WhatIsMissingIsSaidBeforeAnythingStarts) {
  WritePlan({"CREATE TABLE t(a);\n"});
  std::filesystem::remove(folder_ + "/data/hr.db");
  const Outcome no_file = Run();
  EXPECT_EQ(no_file.exit_code, kExitUnavailable);
  ASSERT_EQ(no_file.details.size(), 1u);
  EXPECT_NE(no_file.details[0].find("data/hr.db\" cannot be found"), std::string::npos)
      << no_file.details[0];
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/data/hr.db"))
      << "and it is not created by looking";

  Write("data/hr.db", "this is a text file, not a database");
  EXPECT_NE(Run().details.at(0).find("is no SQLite database"), std::string::npos);

  Write("data/hr.db", "");
  request_.execution.clients[sql::Engine::kSqlite] = "no-such-sqlite3";
  const Outcome no_client = Run();
  EXPECT_EQ(no_client.exit_code, kExitUnavailable);
  EXPECT_NE(no_client.details.at(0).find("\"no-such-sqlite3\" is not on PATH"), std::string::npos);
  EXPECT_EQ(listener_.types, "");

  request_.execution.clients.clear();
  EXPECT_EQ(Run().exit_code, kExitDone) << "the same rollout goes on";
}

TEST_F(RunnerTest, AnInvalidPlanStartsNothing) {
  WritePlan({"CREATE TABLE t(a);\n"});
  std::filesystem::remove(folder_ + "/sheets/1.sql");
  EXPECT_EQ(Run().exit_code, kExitPlanInvalid);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/.lockstep"));
  request_.documents.plan = folder_ + "/no-plan.json";
  EXPECT_EQ(Run().exit_code, kExitUsage);
}

TEST_F(RunnerTest, ExpectRefusesWhatIsNotTheSame) {
  WritePlan({"CREATE TABLE t(a);\n"});
  request_.expect = std::string(64, '0');
  const Outcome refused = Run();
  EXPECT_EQ(refused.exit_code, kExitRefused);
  const std::size_t at = refused.message.find("the digest is ") + 14;
  request_.expect = refused.message.substr(at, 64);
  ASSERT_EQ(Run().exit_code, kExitDone);
  WritePlan({"CREATE TABLE t(a, b);\n"});
  const Outcome changed = Run();
  EXPECT_EQ(changed.exit_code, kExitRefused);
  ASSERT_EQ(changed.details.size(), 1u);
  EXPECT_NE(changed.details[0].find("1.sql differs from that of projects/sample/rollouts/101"),
            std::string::npos);
}

TEST_F(RunnerTest, CreatesADatabaseOnceAndGoesOnInIt) {
  WritePlan({"CREATE TABLE t(a);\n"});
  Write("inventory.json", R"({"environments": [{"name": "environments/test"}],
    "instances": [{"name": "instances/local", "engine": "SQLITE", "environment": "environments/test",
      "dataSources": [{"type": "ADMIN", "host": "data"}]}]})");
  Write("plan.json", R"({"steps": [{"specs": [{"id": "c", "createDatabaseConfig":
    {"target": "instances/local", "database": "fresh"}}]}]})");
  const Outcome outcome = Run();
  ASSERT_EQ(outcome.exit_code, kExitDone)
      << outcome.message << (outcome.details.empty() ? "" : outcome.details[0]);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/data/fresh.db"));
  std::filesystem::remove_all(folder_ + "/.lockstep");
  ASSERT_EQ(Run().exit_code, kExitDone);
  EXPECT_EQ(listener_.ends.at(0).detail.find("already applied by "), 0u);
}

TEST_F(RunnerTest, WhatAnotherVersionUnderstoodDifferentlyIsNotResumed) {
  WritePlan({"SELECT * FROM missing;\n"});
  ASSERT_EQ(Run().exit_code, kExitFailed);
  sqlite3* db = nullptr;
  sqlite3_open(request_.execution.ledger.c_str(), &db);
  sqlite3_exec(db, "UPDATE rollouts SET digest='other'", nullptr, nullptr, nullptr);
  sqlite3_close(db);
  const Outcome refused = Resume("101", request_.execution, listener_);
  EXPECT_EQ(refused.exit_code, kExitRefused);
  EXPECT_NE(refused.message.find("was made by another version of Lockstep"), std::string::npos);
}

// Nothing is performed whose intention could not be written down.
TEST_F(RunnerTest, ALedgerThatFailsStopsEverything) {
  WritePlan({"CREATE TABLE t(a);\n", "CREATE TABLE u(a);\n"});
  listener_.on_events = [&] {
    sqlite3* db = nullptr;
    sqlite3_open(request_.execution.ledger.c_str(), &db);
    sqlite3_exec(db, "ALTER TABLE events RENAME TO hidden", nullptr, nullptr, nullptr);
    sqlite3_close(db);
  };
  const Outcome failed = RunKeepingListener();
  EXPECT_EQ(failed.exit_code, kExitUnavailable);
  EXPECT_NE(failed.message.find("no such table"), std::string::npos) << failed.message;
  EXPECT_EQ(failed.next_command, "lockstep resume 101");
  EXPECT_EQ(Sql("SELECT count(*) FROM sqlite_master WHERE name='u'"), "0 ");

  sqlite3* db = nullptr;
  sqlite3_open(request_.execution.ledger.c_str(), &db);
  sqlite3_exec(db, "ALTER TABLE hidden RENAME TO events", nullptr, nullptr, nullptr);
  sqlite3_close(db);
  EXPECT_EQ(Resume("", request_.execution, listener_ = Listener()).exit_code, kExitDone);
  EXPECT_NE(listener_.types.find("task_run_resolved"), std::string::npos)
      << "the lost end was asked for";
  EXPECT_EQ(Sql("SELECT count(*) FROM lockstep_history"), "2 ");
}

}  // namespace
}  // namespace lockstep::native
