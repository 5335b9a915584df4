// What is learnt from real runs, real runs beside simulated ones, windows that hold a real run
// back.
#include <gtest/gtest.h>

#include <ctime>

#include "tests/e2e/program.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

class Foresight : public testing::Test {
 protected:
  void SetUp() override {
    WriteRollout(folder_, {"INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"});
  }

  /// For the one stage that there is.
  void SetWindow(const std::string& window) {
    std::string inventory = folder_.Read("inventory.json");
    inventory.insert(1, "\"stages\": [{\"title\": \"step 1\", \"window\": \"" + window + "\"}], ");
    folder_.Write("inventory.json", inventory);
  }

  Folder folder_;
};

TEST_F(Foresight, DurationsAreLearntFromTheLedger) {
  EXPECT_EQ(Lockstep(folder_, {"learn", "plan.json"}).code, 2) << "there is no ledger";
  ASSERT_EQ(Lockstep(folder_, {"run", "plan.json"}).code, 0);
  const Ended learnt = Lockstep(folder_, {"learn", "plan.json", "-o", "learnt.json"});
  EXPECT_EQ(learnt.code, 0) << learnt.err;
  EXPECT_TRUE(Has(learnt.err, "learnt from 2 runs of 1 rollout")) << learnt.err;
  EXPECT_TRUE(Has(folder_.Read("learnt.json"), "\"DML\"")) << folder_.Read("learnt.json");
  const Words simulate = {"simulate", "plan.json", "--start", "2026-11-28T00:00:00Z"};
  Words with_file = simulate, with_ledger = simulate;
  with_file.insert(with_file.end(), {"--scenario", "learnt.json"});
  with_ledger.push_back("--learn");
  const Ended from_file = Lockstep(folder_, with_file),
              from_ledger = Lockstep(folder_, with_ledger);
  EXPECT_EQ(from_file.code, 0) << from_file.err;
  EXPECT_EQ(from_file.out, from_ledger.out);
  EXPECT_NE(from_file.out, Lockstep(folder_, simulate).out);
}

TEST_F(Foresight, DurationsComeFromATable) {
  folder_.Write("history.csv", "duration,target\r\n\"90s\",instances/local/databases/hr\r\n");
  const Ended simulated =
      Lockstep(folder_, {"simulate", "plan.json", "--durations", "history.csv"});
  EXPECT_EQ(simulated.code, 0) << simulated.err;
  EXPECT_TRUE(Has(simulated.out, "ends DONE after 3 min 00 s")) << simulated.out;
  folder_.Write("history.csv", "duration,target\n1s\n");
  const Ended short_row =
      Lockstep(folder_, {"simulate", "plan.json", "--durations", "history.csv"});
  EXPECT_EQ(short_row.code, 2);
  EXPECT_TRUE(Has(short_row.err, "history.csv: line 2: it has 1 field, and there are 2 columns"))
      << short_row.err;
  folder_.Write("history.csv", "\xef\xbb\xbf\"spec\",duration\r\n\"a\r\nb\",1s\r\n\r\na,soon\r\n");
  const Ended no_time = Lockstep(folder_, {"learn", "plan.json", "--durations", "history.csv"});
  EXPECT_EQ(no_time.code, 2);
  EXPECT_TRUE(Has(no_time.err, "history.csv: line 5, duration: \"soon\" is not a length of time"))
      << no_time.err;
  folder_.Write("history.csv", "duration\n\"1s\n");
  const Ended open_quote =
      Lockstep(folder_, {"simulate", "plan.json", "--durations", "history.csv"});
  EXPECT_TRUE(Has(open_quote.err, "history.csv: line 2: a quote is not closed")) << open_quote.err;
  EXPECT_EQ(Lockstep(folder_, {"simulate", "plan.json", "--durations", "none.csv"}).code, 2);
}

TEST_F(Foresight, ARealRunIsComparedWithTheSimulatedOne) {
  ASSERT_EQ(Lockstep(folder_, {"run", "plan.json"}).code, 0);
  const Ended text = Lockstep(folder_, {"compare"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_TRUE(Has(text.out, "simulated DONE after 2 s, really DONE after")) << text.out;
  EXPECT_TRUE(Has(text.out, "order      as the rules give it")) << text.out;
  const Ended json = Lockstep(folder_, {"compare", "--learn", "--format", "json"});
  EXPECT_EQ(json.code, 0) << json.err;
  EXPECT_TRUE(Has(json.out, "\"order\":{\"follows\":true,\"sequence\":null,\"message\":null}"))
      << json.out;
  EXPECT_EQ(Lockstep(folder_, {"compare", "--scenario", "none.json"}).code, 2);
}

TEST_F(Foresight, ARunTellsHowBoldlyItWent) {
  const Words run = {"run", "plan.json",      "--parallel", "1",        "--canary",
                     "1",   "--max-failures", "50%",        "--events", "events.ndjson"};
  ASSERT_EQ(Lockstep(folder_, run).code, 0);
  const std::string policy = R"("policy":{"parallel":1,"canary":1,"maxFailures":1})";
  EXPECT_TRUE(Has(folder_.Read("events.ndjson"), policy)) << folder_.Read("events.ndjson");
  EXPECT_TRUE(Has(Lockstep(folder_, {"rollout", "export"}).out, policy));
  EXPECT_EQ(Lockstep(folder_, {"compare"}).code, 0);
}

TEST_F(Foresight, WhatTheRunAssumedIsComparedWith) {
  folder_.Write("slow.json", R"({"durations": {"default": "1m"}})");
  ASSERT_EQ(Lockstep(folder_, {"run", "plan.json", "--scenario", "slow.json"}).code, 0);
  const Ended own = Lockstep(folder_, {"compare"});
  EXPECT_TRUE(Has(own.out, "simulated DONE after 2 min 00 s")) << own.out;
  folder_.Write("other.json", R"({"durations": {"default": "5s"}})");
  const Ended other = Lockstep(folder_, {"compare", "--scenario", "other.json"});
  EXPECT_TRUE(Has(other.out, "simulated DONE after 10 s")) << other.out;
}

TEST_F(Foresight, AFailureAndItsRetryFollowFromTheRulesToo) {
  folder_.Write("sheets/1.sql", "INSERT INTO nowhere VALUES (1)");
  EXPECT_EQ(Lockstep(folder_, {"run", "plan.json"}).code, 1);
  EXPECT_EQ(Lockstep(folder_, {"skip", "--task", "1", "--reason", "by hand"}).code, 0);
  EXPECT_EQ(Lockstep(folder_, {"resume"}).code, 0);
  const Ended compared = Lockstep(folder_, {"compare"});
  EXPECT_EQ(compared.code, 0) << compared.out;
}

TEST_F(Foresight, NothingStartsOutsideItsWindow) {
  SetWindow("Sat 01:00-05:00 Mars/Olympus");
  const Ended unknown = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(unknown.code, 3);
  EXPECT_TRUE(Has(unknown.out + unknown.err, "there is no time zone \"Mars/Olympus\""))
      << unknown.err;
}

// A window of every day that no task fits into, whenever this test runs.
TEST_F(Foresight, NothingStartsThatWouldOutlastItsWindow) {
  SetWindow("00:00-23:59 Europe/Berlin");
  folder_.Write("long.json", R"({"durations": {"default": "30h"}})");
  const Ended run =
      Lockstep(folder_, {"run", "plan.json", "--scenario", "long.json", "--max-wait", "0s"});
  EXPECT_EQ(run.code, 1) << run.out << run.err;
  EXPECT_TRUE(Has(run.out + run.err, "task 1 waits for its window, which never is long enough"))
      << run.out << run.err;
  EXPECT_EQ(Sqlite(folder_, "data/hr.db", "SELECT count(*) FROM t"), "0\n");
  const Ended simulated = Lockstep(folder_, {"simulate", "plan.json", "--scenario", "long.json"});
  EXPECT_TRUE(Has(simulated.out, "ends BLOCKED after 0 ms")) << simulated.out;
}

// The window opened a minute before midnight and closes a minute after, on one day of the week that
// is neither today nor next to it.
TEST_F(Foresight, ARolloutWaitsForItsWindow) {
  const std::string days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const std::time_t now = std::time(nullptr);
  const std::size_t day = static_cast<std::size_t>(std::gmtime(&now)->tm_wday + 6 + 3) % 7;
  SetWindow(days[day] + " 23:59-00:01 UTC");
  const Ended run = Lockstep(folder_, {"run", "plan.json", "--max-wait", "0s"});
  EXPECT_EQ(run.code, 75) << run.out << run.err;
  EXPECT_TRUE(Has(run.out + run.err, "nothing may start before")) << run.out << run.err;
  EXPECT_TRUE(Has(Lockstep(folder_, {"status"}).out, "PENDING"));
}

TEST_F(Foresight, DoctorTellsWhatConnectingCosts) {
  const Ended doctor = Lockstep(folder_, {"doctor", "--format", "scenario"});
  EXPECT_EQ(doctor.code, 0) << doctor.err;
  EXPECT_TRUE(Has(doctor.out, "\"instances/local/databases/hr\": \"")) << doctor.out;
  folder_.Write("connect.json", doctor.out);
  EXPECT_EQ(Lockstep(folder_, {"simulate", "plan.json", "--scenario", "connect.json"}).code, 0);
}

}  // namespace
}  // namespace lockstep::e2e
