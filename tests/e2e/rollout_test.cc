// run and everything around a rollout, on real SQLite databases: exit codes, answers, what a person
// reads.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

#include "tests/e2e/program.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

const Words kFine = {"INSERT INTO t VALUES (1);\n", "INSERT INTO t VALUES (2);\n"};
const Words kSecondFails = {"INSERT INTO t VALUES (1);\n",
                            "INSERT INTO t VALUES (2);\n-- and again\nINSERT INTO  t VALUES (1);\n",
                            "INSERT INTO t VALUES (3);\n"};

std::string Rows(const Folder& folder) {
  return Sqlite(folder, "data/hr.db", "SELECT group_concat(a) FROM t;");
}

TEST(Run, DoesItOnceAndSaysSo) {
  Folder folder;
  WriteRollout(folder, kFine);
  const Ended first = Lockstep(folder, {"run", "plan.json"});
  EXPECT_EQ(first.code, 0) << first.out << first.err;
  EXPECT_EQ(Rows(folder), "1,2\n");
  EXPECT_FALSE(Has(first.out, "\x1b"));
  const Ended again = Lockstep(folder, {"run", "plan.json"});
  EXPECT_EQ(again.code, 0);
  EXPECT_TRUE(Has(again.out, "done already")) << again.out;
  EXPECT_EQ(Rows(folder), "1,2\n");
  const Ended status = Lockstep(folder, {"status"});
  EXPECT_EQ(status.code, 0);
  EXPECT_TRUE(Has(status.out, "2 tasks: 2 DONE")) << status.out;
}

TEST(Run, FollowsTheScheduleThatWasSimulated) {
  Folder folder;
  WriteRollout(folder, kFine);
  const auto order = [](const std::string& events) {
    std::string types;
    std::istringstream lines(events);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t type = line.find("\"type\":\"") + 8;
      const std::size_t task = line.find("/tasks/");
      types += line.substr(type, line.find('"', type) - type) +
               (task == std::string::npos ? "" : line.substr(task, line.find('"', task) - task)) +
               "\n";
    }
    return types;
  };
  const Ended simulated = Lockstep(folder, {"simulate", "plan.json", "--format", "events"});
  const Ended run = Lockstep(folder, {"run", "plan.json", "--events", "-"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(order(run.out), order(simulated.out));
  EXPECT_EQ(Lockstep(folder, {"events"}).out, run.out);
}

TEST(Run, AFailureIsExplained) {
  Folder folder;
  WriteRollout(folder, kSecondFails);
  const Ended ended = Lockstep(folder, {"run", "plan.json"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_TRUE(Has(ended.out, "sheets/2.sql:3:1")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "statement 2")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "3 | INSERT INTO  t VALUES (1);\n      | ^")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "UNIQUE constraint failed")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "1 BLOCKED")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "lockstep retry --failed")) << ended.out;
  EXPECT_EQ(Rows(folder), "1\n");  // nothing of the second sheet is left

  const Ended status = Lockstep(folder, {"status", "--format", "json"});
  EXPECT_TRUE(Has(status.out, "\"status\":\"FAILED\"")) << status.out;
  EXPECT_TRUE(Has(status.out, "\"statement\":2,\"line\":3,\"column\":1")) << status.out;
}

TEST(Run, GoesOnAfterRepairBySkipOrRetry) {
  Folder folder;
  WriteRollout(folder, kSecondFails);
  EXPECT_EQ(Lockstep(folder, {"run", "plan.json"}).code, 1);
  EXPECT_EQ(Lockstep(folder, {"run", "plan.json"}).code, 1);
  Sqlite(folder, "data/hr.db", "DELETE FROM t WHERE a = 1;");
  const Ended retry = Lockstep(folder, {"retry", "--failed"});
  EXPECT_EQ(retry.code, 0) << retry.out << retry.err;
  EXPECT_EQ(Rows(folder), "1,2,3\n");

  Folder other;
  WriteRollout(other, kSecondFails);
  EXPECT_EQ(Lockstep(other, {"run", "plan.json"}).code, 1);
  const Ended skip = Lockstep(other, {"skip", "2", "--reason", "done by hand"});
  EXPECT_EQ(skip.code, 0) << skip.out << skip.err;
  const Ended resume = Lockstep(other, {"resume"});
  EXPECT_EQ(resume.code, 0) << resume.out << resume.err;
  EXPECT_EQ(Rows(other), "1,3\n");
  EXPECT_TRUE(Has(Lockstep(other, {"status"}).out, "done by hand"));
}

TEST(Run, AnswersInJsonToo) {
  Folder folder;
  WriteRollout(folder, kSecondFails);
  const Ended ended = Lockstep(folder, {"run", "plan.json", "--format", "json"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.out.rfind("{\"exitCode\":1,", 0), 0u) << ended.out;
  EXPECT_TRUE(Has(ended.out, "\"status\":{\"rollout\":\"projects/p/rollouts/"));
  EXPECT_EQ(ended.out.find('\n'), ended.out.size() - 1);
}

TEST(Run, RefusesWhatItMust) {
  Folder folder;
  WriteRollout(folder, kFine);
  const std::string other(64, '0');
  const Ended digest = Lockstep(folder, {"run", "plan.json", "--expect", other});
  EXPECT_EQ(digest.code, 6);
  EXPECT_TRUE(Has(digest.out + digest.err, other));
  EXPECT_TRUE(Has(digest.err, "lockstep diff")) << digest.err;
  // A variable that is not set must not mean "anything".
  EXPECT_EQ(Lockstep(folder, {"run", "plan.json", "--expect", ""}).code, 2);

  folder.Write("bad.json", "{\"steps\": [}");
  const Ended invalid = Lockstep(folder, {"run", "bad.json"});
  EXPECT_EQ(invalid.code, 3);
  EXPECT_TRUE(Has(invalid.out + invalid.err, "bad.json:1:12")) << invalid.out << invalid.err;
  EXPECT_EQ(Lockstep(folder, {"run", "none.json"}).code, 2);

  Sqlite(folder, "data/hr.db", "SELECT 1;");
  unlink((folder / "data/hr.db").c_str());
  const Ended gone = Lockstep(folder, {"run", "plan.json"});
  EXPECT_EQ(gone.code, 5) << gone.out << gone.err;
  EXPECT_TRUE(Has(gone.out + gone.err, "hr.db"));
  EXPECT_NE(access((folder / "data/hr.db").c_str(), F_OK), 0) << "the check made the database";
  EXPECT_FALSE(Has(Lockstep(folder, {"rollout", "list"}).out, "NOT_STARTED"));
}

TEST(Run, WhatIsNotApprovedIsRefusedByEveryVerb) {
  Folder folder;
  WriteRollout(folder, kFine);
  folder.Write("inventory.json", R"({"environments": [{"name": "environments/prod",
    "rolloutPolicy": {"checkers": {"requiredIssueApproval": true}}}],
    "instances": [{"name": "instances/local", "engine": "SQLITE", "environment": "environments/prod",
    "dataSources": [{"type": "ADMIN", "host": "data"}],
    "databases": [{"name": "instances/local/databases/hr"}]}]})");
  EXPECT_EQ(Lockstep(folder, {"run", "plan.json"}).code, 6);
  EXPECT_EQ(Lockstep(folder, {"issue", "create", "--title", "T", "--plan", "plan.json"}).code, 0);
  for (const Words& words :
       {Words{"issue", "run", "101"}, Words{"rollout", "run", "101"},
        Words{"issue", "create", "--title", "T", "--plan", "plan.json", "--run"}}) {
    const Ended ended = Lockstep(folder, words);
    EXPECT_EQ(ended.code, 6) << testing::PrintToString(words) << ended.out << ended.err;
    EXPECT_TRUE(Has(ended.err, "lockstep issue approve")) << ended.err;
    EXPECT_FALSE(Has(ended.err, "POST")) << ended.err;
  }
  EXPECT_EQ(Rows(folder), "\n");
  EXPECT_EQ(Lockstep(folder, {"issue", "approve", "101"}).code, 0);
  EXPECT_EQ(Lockstep(folder, {"issue", "run", "101"}).code, 0);
  EXPECT_EQ(Rows(folder), "1,2\n");
}

TEST(Run, WhatCannotBeReachedKeepsAllFromStartingOrFailsByItself) {
  Folder folder;
  WriteRollout(folder, kFine);
  ASSERT_EQ(unlink((folder / "data/hr.db").c_str()), 0);
  EXPECT_EQ(Lockstep(folder, {"run", "plan.json"}).code, 5);
  EXPECT_FALSE(Has(Lockstep(folder, {"rollout", "list"}).out, "hr")) << "there is none";
  const Ended run = Lockstep(folder, {"run", "plan.json", "--keep-going"});
  EXPECT_EQ(run.code, 1) << run.out << run.err;
  EXPECT_TRUE(Has(run.out, "UNREACHABLE")) << run.out;
}

TEST(Run, WhatMayNotStartYetIsExit75) {
  Folder folder;
  WriteRollout(folder, {"INSERT INTO t VALUES (1);\n"});
  std::string plan = folder.Read("plan.json");
  plan.insert(plan.find("\"dependsOnSpecs\""),
              "\"earliestAllowedTime\": \"2199-01-01T00:00:00Z\", ");
  folder.Write("plan.json", plan);
  const Ended ended = Lockstep(folder, {"run", "plan.json"});
  EXPECT_EQ(ended.code, 75) << ended.out << ended.err;
  EXPECT_TRUE(Has(ended.out, "2199-01-01")) << ended.out;
}

TEST(Run, AnUnusableLedgerIsToldAndNothingRuns) {
  Folder folder;
  WriteRollout(folder, kFine);
  folder.Write("file", "no folder");
  folder.Write("text.db", "this is no database, however long it is read");
  for (const char* ledger : {"file/ledger.db", "text.db", "/proc/ledger.db"}) {
    const Ended ended = Lockstep(folder, {"run", "plan.json", "--ledger", ledger});
    EXPECT_TRUE(ended.code == 5 || ended.code == 2) << ledger << ended.code;
    EXPECT_TRUE(Has(ended.out + ended.err, ledger)) << ended.out << ended.err;
    EXPECT_EQ(Rows(folder), "\n");
  }
}

TEST(Run, AReaderThatGoesAwayDoesNotStopIt) {
  Folder folder;
  WriteRollout(folder, kFine);
  const Ended ended = RunProgram(
      folder, {"sh", "-c", "(" LOCKSTEP_PROGRAM " run plan.json; echo $? > code) | true"});
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(folder.Read("code"), "0\n");
  EXPECT_EQ(Rows(folder), "1,2\n");
}

// A pager, a terminal under Ctrl-S, a log collector that hangs: the databases do not wait for it.
TEST(Run, AReaderThatStandsStillDoesNotStopIt) {
  Folder folder;
  WriteRollout(folder, {"INSERT INTO t VALUES (1);\n"
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT "
                        "200000) SELECT i FROM n;\n",
                        "INSERT INTO t VALUES (2);\n"});
  // The reader begins once the rollout is DONE, which it sees in the database.
  const Ended ended = RunProgram(
      folder,
      {"sh", "-c",
       "(" LOCKSTEP_PROGRAM
       " run plan.json --verbose; echo $? > code) | (until [ \"$(sqlite3 data/hr.db 'SELECT "
       "count(*) FROM t')\" = 2 ]; do sleep 0.05; done; cat)"});
  EXPECT_EQ(folder.Read("code"), "0\n");
  EXPECT_TRUE(Has(ended.out, "1 | 200000\n"));
  EXPECT_TRUE(Has(ended.out, "2 DONE")) << ended.out.substr(ended.out.size() - 500);
}

TEST(Run, WritesTheJobSummary) {
  Folder folder;
  WriteRollout(folder, kSecondFails);
  Lockstep(folder, {"run", "plan.json"}, "",
           {{"GITHUB_STEP_SUMMARY", folder / "summary.md"}, {"GITHUB_ACTIONS", "true"}});
  const std::string summary = folder.Read("summary.md");
  EXPECT_TRUE(Has(summary, "| FAILED |")) << summary;
  EXPECT_TRUE(Has(summary, "UNIQUE constraint failed")) << summary;
}

TEST(Run, ShowsWhatTheClientsWriteWhenAsked) {
  Folder folder;
  WriteRollout(folder, {"SELECT 'hello from one';\n"});
  const Ended ended =
      Lockstep(folder, {"run", "plan.json", "--verbose", "--events", "events.ndjson"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(Has(ended.out, "task 1 | hello from one\n")) << ended.out;
  EXPECT_EQ(folder.Read("events.ndjson"), Lockstep(folder, {"events"}).out);
}

TEST(Run, AnnotatesAnInvalidPlanUnderGithub) {
  Folder folder;
  folder.Write("bad.json", "{\"steps\": [}");
  const Ended ended = Lockstep(folder, {"run", "bad.json"}, "", {{"GITHUB_ACTIONS", "true"}});
  EXPECT_EQ(ended.code, 3);
  EXPECT_TRUE(Has(ended.out, "::error file=bad.json,line=1,col=12")) << ended.out;
}

TEST(Run, AnotherLedgerIsNamedInTheCommandThatGoesOn) {
  Folder folder;
  WriteRollout(folder, kSecondFails);
  const Ended ended = Lockstep(folder, {"run", "plan.json", "--ledger", "my ledger.db"});
  EXPECT_TRUE(Has(ended.out, "lockstep retry --failed 101 --ledger 'my ledger.db'")) << ended.out;
  EXPECT_EQ(Lockstep(folder, {"retry", "--failed", "101", "--ledger", "my ledger.db"}).code, 1);
}

TEST(Look, LogsEventsAndRollouts) {
  Folder folder;
  WriteRollout(folder, {"SELECT 'hello from one';\n", "SELECT 'hello from two';\n"});
  EXPECT_EQ(Lockstep(folder, {"run", "plan.json"}).code, 0);
  const Ended all = Lockstep(folder, {"logs"});
  EXPECT_TRUE(Has(all.out, "hello from one") && Has(all.out, "hello from two")) << all.out;
  const Ended one = Lockstep(folder, {"logs", "--task", "2"});
  EXPECT_TRUE(!Has(one.out, "hello from one") && Has(one.out, "hello from two")) << one.out;
  EXPECT_EQ(Lockstep(folder, {"logs", "--task", "9"}).code, 2);
  EXPECT_TRUE(Has(Lockstep(folder, {"rollout", "list"}).out, "DONE"));
  EXPECT_TRUE(Has(Lockstep(folder, {"rollout", "get"}).out, "\"stages\":["));
  const Ended unknown = Lockstep(folder, {"status", "999"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(Has(unknown.err, "999"));
  EXPECT_TRUE(Has(Lockstep(folder, {"events", "--follow"}).out, "rollout_ended"));
}

TEST(Look, WhoeverRunsItIsNamedAndWhyItWasCanceled) {
  Folder folder;
  WriteRollout(folder, {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT "
                        "2000000000) SELECT max(i) FROM n;\n"});
  const std::string lockstep = LOCKSTEP_PROGRAM;
  const std::string started =
      "until " + lockstep + " events 2>/dev/null | grep -q task_run_started; do :; done; ";
  const Ended canceled = RunProgram(
      folder,
      {"sh", "-c",
       lockstep + " run plan.json >/dev/null 2>&1 & " + started + lockstep + " status; " +
           lockstep + " cancel --reason 'wrong night' >/dev/null; wait; " + lockstep + " status"});
  EXPECT_TRUE(Has(canceled.out, "being run by ")) << canceled.out;
  EXPECT_TRUE(Has(canceled.out, "wrong night")) << canceled.out << canceled.err;
  const Ended killed = RunProgram(
      folder,
      {"sh", "-c",
       lockstep + " run plan.json --ledger other.db >/dev/null 2>&1 & pid=$!; until " + lockstep +
           " events --ledger other.db 2>/dev/null | grep -q task_run_started; "
           "do :; done; kill -9 $pid; wait; " +
           lockstep + " status --ledger other.db"});
  EXPECT_TRUE(Has(killed.out, "nobody runs it; go on with: lockstep resume 101 --ledger other.db"))
      << killed.out;
}

TEST(Doctor, ShowsWhatIsThereAndChangesNothing) {
  Folder folder;
  WriteRollout(folder, kFine);
  const Ended well = Lockstep(folder, {"doctor", "plan.json"});
  EXPECT_EQ(well.code, 0) << well.out << well.err;
  EXPECT_TRUE(Has(well.out, "version 3."));
  EXPECT_NE(access((folder / ".lockstep").c_str(), F_OK), 0);
  unlink((folder / "data/hr.db").c_str());
  const Ended ill = Lockstep(folder, {"doctor", "plan.json", "--format", "json"});
  EXPECT_EQ(ill.code, 5);
  EXPECT_TRUE(Has(ill.out, "{\"what\":\"instances/local/databases/hr\",\"ok\":false")) << ill.out;
  EXPECT_NE(access((folder / "data/hr.db").c_str(), F_OK), 0);
  folder.Write("secret.json", R"({"instances": [{"name": "instances/local", "engine": "SQLITE",
    "dataSources": [{"type": "ADMIN", "host": "data", "password": "hunter2"}]}]})");
  const Ended secret = Lockstep(folder, {"doctor", "--inventory", "secret.json"});
  EXPECT_TRUE(Has(secret.out + secret.err, "LS121")) << secret.out << secret.err;
  EXPECT_FALSE(Has(secret.out + secret.err, "hunter2")) << secret.out << secret.err;
  Sqlite(folder, "foreign.db", "CREATE TABLE mine(a); PRAGMA user_version = 3;");
  const Ended foreign = Lockstep(folder, {"status", "--ledger", "foreign.db"});
  EXPECT_EQ(foreign.code, 6);
  EXPECT_TRUE(Has(foreign.err, "is a database of something else, no ledger")) << foreign.err;
  folder.Write("other.db", std::string(5000, 'x'));
  const Ended no_ledger = Lockstep(folder, {"doctor", "--ledger", "other.db"});
  EXPECT_EQ(no_ledger.code, 5);
  EXPECT_TRUE(Has(no_ledger.out, "this is no ledger")) << no_ledger.out;
  const Ended no_client = Lockstep(folder, {"doctor"}, "", {{"PATH", "/nowhere"}});
  EXPECT_EQ(no_client.code, 5);
}

}  // namespace
}  // namespace lockstep::e2e
