// The runner with the real sqlite3, and what ends a run before its time: limits, locks, other
// people, signals.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "tests/unit/native/runner_fixture.h"

namespace lockstep::native {
namespace {

// Never ends by itself.
constexpr const char* kEndless =
    "SELECT count(*) FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x "
    "FROM c);\n";

TEST_F(RunnerTest, ALockedDatabaseIsWaitedForAndTriedAgain) {
  WritePlan({"CREATE TABLE t(a);\n"});
  sqlite3* other = nullptr;
  sqlite3_open((folder_ + "/data/hr.db").c_str(), &other);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  request_.execution.limits.busy_timeout = base::Seconds(60);
  request_.execution.limits.busy_timeout = base::Milliseconds(800);
  listener_.on_events = [&] {
    if (!listener_.waits.empty()) sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
  };
  EXPECT_EQ(RunKeepingListener().exit_code, kExitDone);
  EXPECT_NE(listener_.waits.find("database is locked (SQLITE_BUSY): trying again in"),
            std::string::npos);
  sqlite3_close(other);
}

TEST_F(RunnerTest, TheWaitForALockIsBounded) {
  WritePlan({"CREATE TABLE t(a);\n"});
  sqlite3* other = nullptr;
  sqlite3_open((folder_ + "/data/hr.db").c_str(), &other);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  request_.execution.limits.busy_timeout = base::Milliseconds(100);
  EXPECT_EQ(Run().exit_code, kExitFailed);
  EXPECT_EQ(listener_.ends.at(0).error->code, "SQLITE_BUSY");
  sqlite3_close(other);
}

TEST_F(RunnerTest, ATaskThatTakesTooLongIsStopped) {
  WritePlan({std::string("CREATE TABLE t(a);\n") + kEndless});
  request_.execution.limits.task_timeout = base::Milliseconds(150);
  EXPECT_EQ(Run().exit_code, kExitFailed);
  EXPECT_EQ(listener_.ends.at(0).error->code, "TIMEOUT");
  EXPECT_EQ(listener_.ends.at(0).error->message, "the task took longer than 150 ms");
  EXPECT_EQ(listener_.ends.at(0).error->statement, 2u) << "and where it was";
  EXPECT_EQ(Sql("SELECT count(*) FROM sqlite_master WHERE name='t'"), "0 ");
}

TEST_F(RunnerTest, AStatementThatTakesTooLongIsStopped) {
  WritePlan({std::string("CREATE TABLE t(a);\n") + kEndless});
  request_.execution.limits.statement_timeout = base::Milliseconds(150);
  EXPECT_EQ(Run().exit_code, kExitFailed);
  EXPECT_EQ(listener_.ends.at(0).error->message, "a statement took longer than 150 ms");
}

TEST_F(RunnerTest, ASecondTerminalCancelsARunningTask) {
  WritePlan({std::string("CREATE TABLE t(a);\n") + kEndless});
  Outcome canceled;
  bool asked = false;
  listener_.on_progress = [&](std::uint32_t done) {
    if (done == 0 || std::exchange(asked, true)) return;
    const auto ledger =
        ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kWrite);
    const auto added =
        (*ledger)->AddCommand(101, {.id = 0,
                                    .kind = ledger::Command::Kind::kCancel,
                                    .tasks = {"projects/sample/rollouts/101/stages/1/tasks/1"},
                                    .reason = "wrong day",
                                    .created = {}});
    EXPECT_TRUE(added.ok());
  };
  const Outcome outcome = RunKeepingListener();
  EXPECT_EQ(outcome.exit_code, kExitFailed);
  EXPECT_EQ(StatusOf(0), TaskStatus::kCanceled);
  EXPECT_NE(listener_.types.find("cancel_requested task_run_ended"), std::string::npos)
      << listener_.types;
  const auto ledger = ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kRead);
  EXPECT_TRUE((*ledger)->PendingCommands(101)->empty());
}

TEST_F(RunnerTest, ASecondRunnerIsRefusedWithTheFirstOneNamed) {
  WritePlan({"CREATE TABLE t(a);\n"});
  Outcome second;
  listener_.on_events = [&] {
    Listener quiet;
    if (second.message.empty()) second = native::Run(request_, quiet);
  };
  EXPECT_EQ(RunKeepingListener().exit_code, kExitDone);
  EXPECT_EQ(second.exit_code, kExitUnavailable);
  EXPECT_NE(second.message.find("(pid " + std::to_string(getpid()) + ") since "), std::string::npos)
      << second.message;
}

TEST_F(RunnerTest, SigintStopsCleanlyAndResumeGoesOn) {
  Sql("CREATE TABLE stop(a)");
  WritePlan(
      {"CREATE TABLE t(a);\nSELECT max(x) < 0 FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
       "SELECT x+1 FROM c WHERE NOT EXISTS(SELECT 1 FROM stop)) SELECT x FROM c);\n",
       "SELECT 1;\n"});
  bool raised = false;
  listener_.on_progress = [&](std::uint32_t done) {
    if (done > 0 && !std::exchange(raised, true)) raise(SIGINT);
  };
  const Outcome outcome = RunKeepingListener();
  EXPECT_EQ(outcome.exit_code, kExitInterrupted) << outcome.message;
  EXPECT_EQ(outcome.next_command, "lockstep resume 101");
  EXPECT_EQ(StatusOf(0), TaskStatus::kCanceled);
  EXPECT_EQ(StatusOf(1), TaskStatus::kPending);
  EXPECT_EQ(Sql("SELECT count(*) FROM sqlite_master WHERE name='t'"), "0 ");
  EXPECT_EQ(Stored()->scheduler().state().rollout_status(), RolloutStatus::kPaused);

  Sql("INSERT INTO stop VALUES (1)");
  listener_ = Listener();
  const Outcome resumed = Resume("", request_.execution, listener_);
  EXPECT_EQ(resumed.exit_code, kExitDone)
      << "what was interrupted is started again " << resumed.message;
  EXPECT_EQ(Sql("SELECT count(*) FROM sqlite_master WHERE name='t'"), "1 ");
}

TEST_F(RunnerTest, WhatAKilledRunnerLeftCanBeCanceled) {
  WritePlan({std::string("CREATE TABLE t(a);\n") + kEndless, "SELECT 1;\n"});
  const pid_t runner = fork();
  if (runner == 0) {
    Listener nobody;
    native::Run(request_, nobody);
    _exit(0);
  }
  const auto is_running = [&] {
    const auto ledger =
        ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kRead);
    return ledger.ok() && (*ledger)->Find("").ok() && StatusOf(0) == TaskStatus::kRunning;
  };
  while (!is_running()) usleep(10'000);
  kill(runner, SIGKILL);
  waitpid(runner, nullptr, 0);

  const Outcome canceled = Cancel({.rollout = "", .tasks = {"1"}}, request_.execution, listener_);
  EXPECT_EQ(canceled.exit_code, kExitDone) << canceled.message;
  EXPECT_EQ(StatusOf(0), TaskStatus::kRunning) << "nobody has asked yet what became of it";
  const Outcome resumed = Resume("", request_.execution, listener_);
  EXPECT_EQ(resumed.exit_code, kExitFailed) << resumed.message;
  EXPECT_EQ(StatusOf(0), TaskStatus::kFailed);
  EXPECT_EQ(StatusOf(1), TaskStatus::kPending);
  EXPECT_EQ(Sql("SELECT count(*) FROM sqlite_master WHERE name='t'"), "0 ");
}

// An answer that never comes: the client that asks stands still.
TEST_F(RunnerTest, AQuestionToATargetCanBeInterrupted) {
  WritePlan({"CREATE TABLE t(a);\n"});
  // Asks only version and connection well; a run is killed at once, a probe does not answer.
  Write("client",
        "#!/bin/sh\ncase \"$*\" in *-version*) exec sqlite3 -version;; esac\n"
        "script=$(cat)\n"
        "case \"$script\" in\n"
        "  *'INSERT INTO main.lockstep_history'*) printf '%s\\n' \"$script\" | sqlite3 \"$@\"; "
        "kill -9 $$;;\n"
        "  *lockstep_history*) : > " +
            folder_ +
            "/asked; exec sleep 600;;\n"
            "  *) printf '%s\\n' \"$script\" | exec sqlite3 \"$@\";;\nesac\n");
  std::filesystem::permissions(folder_ + "/client", std::filesystem::perms::owner_all);
  request_.execution.clients[sql::Engine::kSqlite] = folder_ + "/client";
  listener_ = Listener();
  std::thread person([&] {
    while (!std::filesystem::exists(folder_ + "/asked")) usleep(10'000);
    kill(getpid(), SIGTERM);
  });
  const Outcome outcome = RunKeepingListener();
  person.join();
  EXPECT_EQ(outcome.exit_code, kExitInDoubt) << outcome.message;
  EXPECT_EQ(StatusOf(0), TaskStatus::kInDoubt);
  request_.execution.clients.clear();
  EXPECT_EQ(Run().exit_code, kExitDone);
  EXPECT_EQ(StatusOf(0), TaskStatus::kDone);
}

TEST_F(RunnerTest, ARolloutCanceledAsAWholeStopsUntilItIsResumed) {
  WritePlan({std::string("CREATE TABLE t(a);\n") + kEndless, "SELECT 1;\n"});
  bool asked = false;
  listener_.on_progress = [&](std::uint32_t done) {
    if (done == 0 || std::exchange(asked, true)) return;
    const auto ledger =
        ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kWrite);
    EXPECT_TRUE((*ledger)
                    ->AddCommand(101, {.id = 0,
                                       .kind = ledger::Command::Kind::kCancel,
                                       .tasks = {},
                                       .reason = "lunch",
                                       .created = {}})
                    .ok());
  };
  const Outcome outcome = RunKeepingListener();
  EXPECT_EQ(outcome.exit_code, kExitFailed);
  EXPECT_EQ(outcome.next_command, "lockstep resume 101");
  EXPECT_EQ(StatusOf(0), TaskStatus::kCanceled);
}

// A command that a runner did not live to see is not lost.
TEST_F(RunnerTest, ACommandLeftByAnybodyIsTakenFirst) {
  WritePlan({"SELECT * FROM missing;\n", "SELECT 1;\n"});
  ASSERT_EQ(Run().exit_code, kExitFailed);
  const auto ledger = ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kWrite);
  ASSERT_TRUE((*ledger)
                  ->AddCommand(101, {.id = 0,
                                     .kind = ledger::Command::Kind::kSkip,
                                     .tasks = {"projects/sample/rollouts/101/stages/1/tasks/1"},
                                     .reason = "known",
                                     .created = {}})
                  .ok());
  EXPECT_EQ(Resume("", request_.execution, listener_).exit_code, kExitDone);
  EXPECT_EQ(StatusOf(0), TaskStatus::kSkipped);
}

TEST_F(RunnerTest, WhatMayNotStartYetIsLeftForLater) {
  WritePlan({"SELECT 1;\n"}, ", \"earliestAllowedTime\": \"2999-01-01T00:00:00Z\"");
  const Outcome outcome = Run();
  EXPECT_EQ(outcome.exit_code, kExitNotYet);
  EXPECT_EQ(outcome.message, "nothing may start before 2999-01-01T00:00:00Z");
  EXPECT_EQ(Resume("", request_.execution, listener_).exit_code, kExitNotYet);
}

TEST_F(RunnerTest, ABigOutputIsBounded) {
  WritePlan(
      {"SELECT hex(zeroblob(1000)) FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 "
       "FROM c WHERE x<500) SELECT x FROM c);\n"});
  ASSERT_EQ(Run().exit_code, kExitDone);
  EXPECT_EQ(listener_.output.size(), 500u * 2001);
  const auto ledger = ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kRead);
  const auto outputs = (*ledger)->Outputs(101, "");
  ASSERT_EQ(outputs->size(), 1u);
  EXPECT_EQ(outputs->at(0).head.size() + outputs->at(0).tail.size() + outputs->at(0).dropped,
            500u * 2001);
  EXPECT_LE(outputs->at(0).head.size() + outputs->at(0).tail.size(), 128u << 10);
}

}  // namespace
}  // namespace lockstep::native
