// Rollouts whose tasks run when somebody asks for them, as a service makes them.
#include "native/documents.h"
#include "native/ledger/objects.h"
#include "tests/unit/native/runner_fixture.h"

namespace lockstep::native {
namespace {

class OnRequestTest : public RunnerTest {
 protected:
  /// Two specs, of which the second depends on the first, in a new rollout.
  void Make() {
    WritePlan({"CREATE TABLE t(a);\n", "INSERT INTO t VALUES (1);\n"});
    auto read = ReadAll(request_.documents, {});
    ASSERT_TRUE(read.ok() && read->workspace->checked() != nullptr);
    read->options.on_request = true;
    const auto rollout = rollout::Expand(*read->workspace->checked(), {.on_request = true});
    auto ledger = ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kWrite);
    ASSERT_TRUE(ledger.ok());
    ASSERT_TRUE((*ledger)
                    ->Create({.project = "sample",
                              .digest = rollout.digest,
                              .title = "T",
                              .created = {},
                              .options = read->options.ToStored(),
                              .documents = std::move(read->documents)})
                    .ok());
  }
  Outcome Ask(const std::vector<std::string>& tasks) {
    return RunTasks({.rollout = "", .tasks = tasks}, request_.execution, listener_ = Listener());
  }
  Outcome Go() { return Resume("", request_.execution, listener_ = Listener()); }
};

TEST_F(OnRequestTest, NothingRunsBeforeSomebodyAsks) {
  Make();
  const Outcome idle = Go();
  EXPECT_EQ(idle.exit_code, kExitNotYet);
  EXPECT_EQ(idle.status, RolloutStatus::kNotStarted);
  EXPECT_EQ(idle.message,
            "task 1 waits until somebody asks for it: a client of `lockstep serve` with "
            "BatchRunTasks; `lockstep skip` leaves it out");
  EXPECT_EQ(idle.next_command, "");
  EXPECT_EQ(listener_.types, "");
  EXPECT_EQ(Sql("SELECT count(*) FROM sqlite_master"), "0 ");
}

TEST_F(OnRequestTest, WhatWasAskedForIsRecordedAndThenRun) {
  Make();
  const Outcome asked = Ask({"1"});
  EXPECT_EQ(asked.exit_code, kExitDone) << asked.message;
  EXPECT_EQ(asked.next_command, "lockstep resume 101");
  EXPECT_EQ(listener_.types, "task_run_created ");
  EXPECT_EQ(StatusOf(0), TaskStatus::kPending);

  const Outcome half = Go();
  EXPECT_EQ(half.exit_code, kExitNotYet) << half.message;
  EXPECT_EQ(half.message.find("task 2 waits until somebody asks for it"), 0u) << half.message;
  EXPECT_EQ(StatusOf(0), TaskStatus::kDone);
  EXPECT_EQ(StatusOf(1), TaskStatus::kNotStarted);

  ASSERT_EQ(Ask({"s2"}).exit_code, kExitDone);
  EXPECT_EQ(Go().exit_code, kExitDone);
  EXPECT_EQ(Sql("SELECT a FROM t"), "1 ");
}

TEST_F(OnRequestTest, AskingIsAllOrNothing) {
  Make();
  ASSERT_EQ(Ask({"1"}).exit_code, kExitDone);
  const std::string words =
      ": cannot create pending task runs because there are pending/running/done task runs";
  const std::string first = "projects/sample/rollouts/101/stages/1/tasks/1 is ";
  Outcome refused = Ask({"2", "1"});
  EXPECT_EQ(refused.exit_code, kExitRefused);
  EXPECT_EQ(refused.message, first + "PENDING" + words);
  EXPECT_EQ(StatusOf(1), TaskStatus::kNotStarted);

  Go();
  refused = Ask({"2", "s1"});
  EXPECT_EQ(refused.message, first + "DONE" + words);
  EXPECT_EQ(StatusOf(1), TaskStatus::kNotStarted);

  Skip({.rollout = "", .tasks = {"2"}, .failed = false, .reason = "no"}, request_.execution,
       listener_);
  refused = Ask({"2"});
  EXPECT_EQ(refused.exit_code, kExitRefused);
  EXPECT_EQ(refused.message,
            "projects/sample/rollouts/101/stages/1/tasks/2 is SKIPPED; run is for tasks that are "
            "NOT_STARTED, FAILED or CANCELED");
  EXPECT_EQ(Ask({"7"}).exit_code, kExitUsage);
  EXPECT_EQ(Ask({}).exit_code, kExitRefused);
}

TEST_F(OnRequestTest, ACommandForTheRunnerIsTaken) {
  Make();
  ASSERT_EQ(Ask({"1"}).exit_code, kExitDone);
  // A command of another process, which the runner takes with its first turn.
  auto ledger = ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kWrite);
  const ledger::Command command{.id = 0,
                                .kind = ledger::Command::Kind::kRun,
                                .tasks = {"projects/sample/rollouts/101/stages/1/tasks/2"},
                                .reason = "",
                                .created = {}};
  const auto id = (*ledger)->AddCommand(101, command);
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(Go().exit_code, kExitDone);
  EXPECT_TRUE(*(*ledger)->IsHandled(*id));
  EXPECT_EQ(Sql("SELECT a FROM t"), "1 ");
}

TEST_F(OnRequestTest, ATaskThatIsAskedForAfterAChangeRunsWhatItIsNow) {
  Make();
  ASSERT_EQ(Ask({"1"}).exit_code, kExitDone);
  const auto ledger = ledger::Ledger::Open(request_.execution.ledger, ledger::Ledger::Mode::kWrite);
  ledger::Objects objects(**ledger);
  const auto plan = objects.Create({.kind = ledger::Object::Kind::kPlan,
                                    .project = "sample",
                                    .parent = "",
                                    .created = {},
                                    .updated = {},
                                    .json = "{}"});
  std::optional<std::int64_t> command;
  listener_ = Listener();
  listener_.on_events = [&] {
    if (command || !listener_.types.ends_with("task_run_started ")) return;
    Write("sheets/2.sql", "INSERT INTO t VALUES (2);\n");
    auto read = ReadAll(request_.documents, {});
    const auto rollout = rollout::Expand(*read->workspace->checked(), {.on_request = true});
    const ledger::Revision revision{.rollout = 101,
                                    .digest = rollout.digest,
                                    .documents = std::move(read->documents),
                                    .check = [] { return base::Status(); }};
    ASSERT_TRUE(objects.UpdatePlan(*plan, revision).ok());
    const auto added =
        (*ledger)->AddCommand(101, {.kind = ledger::Command::Kind::kRun,
                                    .tasks = {"projects/sample/rollouts/101/stages/1/tasks/2"},
                                    .reason = "",
                                    .created = {}});
    ASSERT_TRUE(added.ok());
    command = *added;
  };
  const Outcome outcome = Resume("", request_.execution, listener_);
  EXPECT_EQ(outcome.exit_code, kExitDone) << outcome.message;
  EXPECT_EQ(Sql("SELECT a FROM t"), "2 ");
  EXPECT_TRUE(*(*ledger)->IsHandled(command.value()));
  EXPECT_NE(listener_.types.find("rollout_paused task_run_ended task_run_created rollout_started "),
            std::string::npos)
      << listener_.types;
}

TEST_F(OnRequestTest, ARolloutThatStartsByItselfIsAnotherOne) {
  Make();
  const Outcome run = Run();
  EXPECT_EQ(run.exit_code, kExitDone) << run.message;
  EXPECT_EQ(run.rollout, "projects/sample/rollouts/102");
}

}  // namespace
}  // namespace lockstep::native
