// Several runners on one rollout: the work is divided, whoever dies is replaced, and nothing is
// done twice.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <random>
#include <set>

#include "tests/e2e/shared/team.h"

namespace lockstep::e2e {
namespace {

using tests::Eventually;

const Words kSheets = {
    "INSERT INTO log VALUES ('1');\nSELECT pg_sleep(0.1);",
    "SELECT pg_sleep(0.05);\nINSERT INTO log VALUES ('2');\nSELECT pg_sleep(0.05);",
    "SELECT pg_sleep(0.1);\nINSERT INTO log VALUES ('3');"};

std::string Pid(const std::unique_ptr<Victim>& runner) {
  return ":" + std::to_string(runner->pid());
}

TEST_F(Team, DividesTheWork) {
  WriteRollout(9, kSheets);
  std::vector<std::unique_ptr<Victim>> runners;
  for (int i = 0; i < 3; ++i) runners.push_back(StartRun());
  for (const auto& runner : runners) EXPECT_EQ(runner->Wait(), 0) << Output();
  ExpectExactlyOnce("1,2,3");
  std::set<std::string> at_work;
  for (int i = 0; i < databases_; ++i) {
    at_work.insert(
        server_->Sql("team" + std::to_string(i), "SELECT min(runner) FROM lockstep_history"));
    at_work.insert(
        server_->Sql("team" + std::to_string(i), "SELECT max(runner) FROM lockstep_history"));
  }
  EXPECT_EQ(at_work.size(), 3u) << Output();
  EXPECT_EQ(Ledger("SELECT count(*) FROM lockstep_ledger.work"), "0");
  EXPECT_EQ(Ledger("SELECT count(*) FROM lockstep_ledger.runners"), "0");
  // Whoever decided, each of them tells all that happened since it came.
  const std::string events = Lockstep({"events"}).out;
  for (int i = 1; i <= 3; ++i) {
    const std::string told = folder_.Read("events." + std::to_string(i));
    EXPECT_TRUE(!told.empty() && events.ends_with(told)) << "events." << i;
  }
}

TEST_F(Team, ALaterOneFindsItDone) {
  WriteRollout(1, {"INSERT INTO log VALUES ('1');"});
  EXPECT_EQ(StartRun()->Wait(), 0) << Output();
  const Ended again = Lockstep({"run", "plan.json"});
  EXPECT_EQ(again.code, 0);
  EXPECT_NE(again.out.find("is done already"), std::string::npos) << again.out << again.err;
  ExpectExactlyOnce("1");
}

class TeamKilled : public Team, public testing::WithParamInterface<std::string> {};

TEST_P(TeamKilled, IsReplacedAndNothingIsDoneTwice) {
  const char* kills = std::getenv("LOCKSTEP_KILLS");
  const char* seed = std::getenv("LOCKSTEP_SEED");
  std::mt19937 random(seed == nullptr ? 7 : static_cast<unsigned>(std::atoi(seed)));
  const int rounds = kills == nullptr ? 8 : std::atoi(kills);
  int killed = 0;
  for (int round = 0; round < rounds; ++round) {
    WriteRollout(5, kSheets);
    std::vector<std::unique_ptr<Victim>> runners;
    for (int i = 0; i < 3; ++i) runners.push_back(StartRun());
    std::string leader;
    ASSERT_TRUE(Eventually([&] { return !(leader = Leader()).empty(); })) << Output();
    usleep(std::uniform_int_distribution<useconds_t>(0, 300'000)(random));
    const bool wants_leader = GetParam() == "leader";
    for (auto& runner : runners) {
      if (leader.ends_with(Pid(runner)) != wants_leader) continue;
      kill(runner->pid(), SIGKILL);
      const int code = runner->Wait();
      EXPECT_TRUE(code == 128 + SIGKILL || code == 0) << code;  // 0: it had ended before
      killed += code != 0;
      runner.reset();
      break;
    }
    for (const auto& runner : runners) {
      if (runner == nullptr) continue;
      EXPECT_EQ(runner->Wait(), 0) << Output();
    }
    ExpectExactlyOnce("1,2,3");
    EXPECT_EQ(Lockstep({"run", "plan.json"}).code, 0) << "done already";
  }
  std::printf("%d of %d were killed at work\n", killed, rounds);
  EXPECT_GE(killed, rounds / 2);
}
INSTANTIATE_TEST_SUITE_P(, TeamKilled, testing::Values("leader", "helper"),
                         [](const auto& one) { return one.param; });

TEST_F(Team, AnInterruptedRunnerLeavesTheRestToTheOthers) {
  for (const bool wants_leader : {true, false}) {
    WriteRollout(4, {"INSERT INTO log VALUES ('1');\nSELECT pg_sleep(0.5);",
                     "INSERT INTO log VALUES ('2');"});
    std::vector<std::unique_ptr<Victim>> runners;
    for (int i = 0; i < 2; ++i) runners.push_back(StartRun());
    ASSERT_TRUE(Eventually([&] {
      return Ledger("SELECT count(DISTINCT runner) FROM lockstep_ledger.work") == "2";
    })) << Output();
    const std::string leader = Leader();
    for (auto& runner : runners) {
      const bool leaves = leader.ends_with(Pid(runner)) == wants_leader;
      if (leaves) kill(runner->pid(), SIGINT);
    }
    for (auto& runner : runners) {
      const bool leaves = leader.ends_with(Pid(runner)) == wants_leader;
      EXPECT_EQ(runner->Wait(), leaves ? 130 : 0) << Output();
    }
    EXPECT_NE(Output().find("other runners go on with"), std::string::npos) << Output();
    ExpectExactlyOnce("1,2");
  }
}

// All are told to stop, as a CI system does it: nobody goes on, and a later resume does.
TEST_F(Team, WhenAllAreInterruptedAResumeGoesOn) {
  WriteRollout(4, {"INSERT INTO log VALUES ('1');\nSELECT pg_sleep(1);"});
  std::vector<std::unique_ptr<Victim>> runners;
  for (int i = 0; i < 2; ++i) runners.push_back(StartRun());
  ASSERT_TRUE(Eventually([&] {
    return Ledger("SELECT count(DISTINCT runner) FROM lockstep_ledger.work") == "2";
  })) << Output();
  for (auto& runner : runners) kill(runner->pid(), SIGTERM);
  for (auto& runner : runners) EXPECT_EQ(runner->Wait(), 143) << Output();
  const Ended resumed = Lockstep({"resume"});
  EXPECT_EQ(resumed.code, 0) << resumed.out << resumed.err;
  ExpectExactlyOnce("1");
}

TEST_F(Team, CommandsReachRunsOnWhicheverRunner) {
  WriteRollout(4, {"INSERT INTO log VALUES ('1');\nSELECT pg_sleep(60);"});
  std::vector<std::unique_ptr<Victim>> runners;
  for (int i = 0; i < 2; ++i) runners.push_back(StartRun());
  ASSERT_TRUE(Eventually([&] {
    return Ledger("SELECT count(*) FROM lockstep_ledger.work WHERE runner IS NOT NULL") == "4";
  })) << Output();
  const Ended canceled =
      Lockstep({"cancel", "--task", "1", "--task", "2", "--task", "3", "--task", "4"});
  EXPECT_EQ(canceled.code, 0) << canceled.out << canceled.err;
  for (auto& runner : runners) EXPECT_EQ(runner->Wait(), 1) << Output();
  for (int i = 0; i < databases_; ++i)
    EXPECT_EQ(server_->Sql("team" + std::to_string(i), "SELECT count(*) FROM log"), "0");
  EXPECT_NE(Lockstep({"status"}).out.find("4 CANCELED"), std::string::npos);

  // The whole rollout: everybody stops, and nobody takes over.
  folder_.Write("sheets/1.sql", "SELECT pg_sleep(61);");
  runners.clear();
  for (int i = 0; i < 2; ++i) runners.push_back(StartRun());
  ASSERT_TRUE(Eventually([&] {
    return Ledger("SELECT count(*) FROM lockstep_ledger.work WHERE runner IS NOT NULL") == "4";
  })) << Output();
  EXPECT_EQ(Lockstep({"cancel"}).code, 0);
  for (auto& runner : runners) EXPECT_EQ(runner->Wait(), 1) << Output();
  EXPECT_NE(Lockstep({"status"}).out.find("PAUSED"), std::string::npos);
}

TEST_F(Team, AFailedTaskIsTheSameForAll) {
  WriteRollout(4, {"INSERT INTO log VALUES ('1');\nSELECT pg_sleep(0.2);", "SELECT nonsense;"});
  std::vector<std::unique_ptr<Victim>> runners;
  for (int i = 0; i < 2; ++i) runners.push_back(StartRun());
  for (auto& runner : runners) EXPECT_EQ(runner->Wait(), 1) << Output();
  ExpectExactlyOnce("1");
  const std::string status = Lockstep({"status"}).out;
  EXPECT_NE(status.find("column \"nonsense\" does not exist"), std::string::npos) << status;
  EXPECT_NE(Lockstep({"logs"}).out.find("nonsense"), std::string::npos) << "the output came along";
}

// Whoever decides has nothing to do and would wait too long, but another one is at work still, and
// what comes behind that.
TEST_F(Team, ALongWaitBeginsWhenAllAreIdle) {
  WriteRollout(
      3, {"INSERT INTO log VALUES ('1');\nSELECT pg_sleep(0.1);",
          "INSERT INTO log VALUES ('2');\nSELECT pg_sleep(1.5);", "INSERT INTO log VALUES ('3');"});
  std::string later = SpecJson("later", "server/databases/team2", "1");
  later.insert(1, "\"earliestAllowedTime\": \"2099-01-01T00:00:00Z\", ");
  WritePlan(folder_, {SpecJson("short", "server/databases/team0", "1"),
                      SpecJson("long", "server/databases/team1", "2"),
                      SpecJson("behind", "server/databases/team1", "3", {"long"}), later});
  const auto leader = Start({"run", "plan.json", "--jobs", "1", "--max-wait", "0s"});
  ASSERT_TRUE(Eventually([&] { return !Leader().empty(); })) << Output();
  const auto helper = Start({"run", "plan.json", "--jobs", "1"});
  EXPECT_EQ(leader->Wait(), 75) << Output();
  EXPECT_EQ(helper->Wait(), 1) << Output();
  EXPECT_EQ(server_->Sql("team1", "SELECT string_agg(sheet, ',' ORDER BY sheet) FROM log"), "2,3");
}

// The name of this machine is asked for only where an address means this machine.
TEST_F(Team, AnotherMachineIsRefusedWhereAddressesMeanThisOne) {
  WriteRollout(1, {"INSERT INTO log VALUES ('1');\nSELECT nonsense;"});
  const Words elsewhere = {"unshare", "--uts", "sh", "-c", "hostname elsewhere && exec \"$@\"",
                           "sh"};
  if (geteuid() != 0) GTEST_SKIP() << "only root has another host name";
  EXPECT_EQ(StartRun()->Wait(), 1) << Output();
  EXPECT_EQ(Start({"retry", "--failed"}, elsewhere)->Wait(), 6) << Output();
  EXPECT_NE(Output().find("have addresses that mean something else on another machine"),
            std::string::npos)
      << Output();
}

}  // namespace
}  // namespace lockstep::e2e
