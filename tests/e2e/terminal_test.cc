// Live progress on a pseudo-terminal, interrupts, and two terminals at one rollout.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/e2e/terminal.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

// Runs until somebody stops it (minutes at least).
const std::string kEndless =
    "INSERT INTO t SELECT max(x) FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
    "FROM c) "
    "SELECT x FROM c LIMIT 20000000000);\n";

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(TerminalRun, ShowsProgressAndLeavesACleanScreen) {
  Folder folder;
  WriteRollout(folder, {"INSERT INTO t VALUES (1);\n", "INSERT INTO t VALUES (2);\n"});
  Terminal terminal(folder, {"lockstep", "run", "plan.json"}, 80, 24);
  EXPECT_EQ(terminal.Wait(), 0) << terminal.Screen();
  EXPECT_EQ(terminal.mistakes(), "");
  const std::string screen = terminal.Screen();
  EXPECT_EQ(Count(screen, "DONE in"), 2u) << screen;
  EXPECT_FALSE(Has(screen, "[#") || Has(screen, "[.")) << "a live line was left:\n" << screen;
  EXPECT_TRUE(Has(terminal.raw(), "\x1b[32m")) << "no colours";
}

TEST(TerminalRun, NoColorAndDumbTerminalsAreRespected) {
  Folder folder;
  WriteRollout(folder, {"INSERT INTO t VALUES (1);\n"});
  Terminal plain(folder, {"lockstep", "run", "plan.json"}, 80, 24, {{"NO_COLOR", "1"}});
  EXPECT_EQ(plain.Wait(), 0);
  EXPECT_FALSE(Has(plain.raw(), "\x1b[3") || Has(plain.raw(), "\x1b[1m")) << plain.raw();
  Folder other;
  WriteRollout(other, {"INSERT INTO t VALUES (1);\n"});
  Terminal dumb(other, {"lockstep", "run", "plan.json"}, 80, 24, {{"TERM", "dumb"}});
  EXPECT_EQ(dumb.Wait(), 0);
  EXPECT_FALSE(Has(dumb.raw(), "\x1b")) << dumb.raw();
}

TEST(TerminalRun, NarrowAndResizedTerminalsKeepTheirLines) {
  for (int columns : {1, 10, 30, 200}) {
    Folder folder;
    WriteRollout(folder, {kEndless});
    Terminal terminal(folder, {"lockstep", "run", "plan.json"}, columns, 24);
    // Several redraws, each of which must find the lines of the one before.
    ASSERT_TRUE(terminal.WaitFor([](const Terminal& t) { return Count(t.raw(), "\x1b[J") >= 5; }))
        << terminal.raw();
    terminal.Type("\x03");
    EXPECT_EQ(terminal.Wait(), 130) << terminal.Screen();
    EXPECT_EQ(terminal.mistakes(), "") << columns;
  }
  Folder folder;
  WriteRollout(folder, {kEndless});
  Terminal terminal(folder, {"lockstep", "run", "plan.json"}, 120, 24);
  ASSERT_TRUE(terminal.WaitForText("> task 1"));
  terminal.Resize(40, 10);
  const std::size_t before = Count(terminal.raw(), "\x1b[J");
  ASSERT_TRUE(
      terminal.WaitFor([&](const Terminal& t) { return Count(t.raw(), "\x1b[J") >= before + 3; }));
  terminal.Type("\x03");
  EXPECT_EQ(terminal.Wait(), 130);
}

TEST(TerminalRun, CtrlCStopsSafely) {
  Folder folder;
  WriteRollout(folder, {"INSERT INTO t VALUES (1);\n", kEndless, "INSERT INTO t VALUES (3);\n"});
  Terminal terminal(folder, {"lockstep", "run", "plan.json"}, 100, 24);
  ASSERT_TRUE(terminal.WaitForText("> task 2")) << terminal.Screen();
  terminal.Type("\x03");
  EXPECT_EQ(terminal.Wait(), 130) << terminal.Screen();
  EXPECT_EQ(terminal.mistakes(), "");
  EXPECT_FALSE(Has(terminal.Screen(), "> task 2")) << terminal.Screen();
  EXPECT_TRUE(Has(terminal.Screen(), "lockstep resume")) << terminal.Screen();
  EXPECT_EQ(Sqlite(folder, "data/hr.db", "SELECT group_concat(a) FROM t;"), "1\n");
  const Ended status = Lockstep(folder, {"status", "--format", "json"});
  EXPECT_FALSE(Has(status.out, "\"RUNNING\"")) << status.out;
}

TEST(TerminalRun, TerminationIsExit143) {
  Folder folder;
  WriteRollout(folder, {kEndless});
  Terminal terminal(folder, {"lockstep", "run", "plan.json"}, 100, 24);
  ASSERT_TRUE(terminal.WaitForText("> task 1"));
  kill(terminal.pid(), SIGTERM);
  EXPECT_EQ(terminal.Wait(), 143) << terminal.Screen();
}

TEST(TwoTerminals, LookAndSteerWhileItRuns) {
  Folder folder;
  WriteRollout(folder, {kEndless, "INSERT INTO t VALUES (2);\n"});
  Terminal terminal(folder, {"lockstep", "run", "plan.json"}, 100, 24);
  ASSERT_TRUE(terminal.WaitForText("> task 1"));

  const Ended status = Lockstep(folder, {"status"});
  EXPECT_TRUE(Has(status.out, "RUNNING")) << status.out;
  EXPECT_TRUE(Has(status.out, "being run by")) << status.out;
  EXPECT_TRUE(Has(Lockstep(folder, {"events"}).out, "task_run_started"));
  const Ended second = Lockstep(folder, {"run", "plan.json"});
  EXPECT_EQ(second.code, 5) << second.out << second.err;
  EXPECT_TRUE(Has(second.out + second.err, "pid")) << second.out << second.err;

  const Ended cancel = Lockstep(folder, {"cancel", "--task", "1", "--reason", "wrong night"});
  EXPECT_EQ(cancel.code, 0) << cancel.out << cancel.err;
  EXPECT_EQ(terminal.Wait(), 1) << terminal.Screen();
  EXPECT_TRUE(Has(terminal.Screen(), "CANCELED")) << terminal.Screen();
}

}  // namespace
}  // namespace lockstep::e2e
