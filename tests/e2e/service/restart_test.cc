// A server that is killed or stopped in the middle of rollouts and started again: everything is
// done in the end, and nothing twice.
//   LOCKSTEP_SEED=n repeats a run, LOCKSTEP_TRIALS=n makes a longer one.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "core/base/prng.h"
#include "tests/e2e/service/places.h"

namespace lockstep::e2e {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr int kRollouts = 2, kDatabases = 4, kSheets = 3;
constexpr int kCounted = 30'000;  // rows that make a sheet slow enough to be met in the middle

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

std::string FileOf(int database) {
  return "data/db" + std::to_string(database) + ".db";
}

void MakeDatabases(const Folder& folder) {
  std::string databases;
  for (int d = 0; d < kDatabases; ++d) {
    databases += (d > 0 ? ", " : "") +
                 ("{\"name\": \"instances/local/databases/db" + std::to_string(d) + "\"}");
    folder.Write(FileOf(d), "");
    Sqlite(folder, FileOf(d), "CREATE TABLE log(entry TEXT); CREATE TABLE counted(n INTEGER);");
  }
  folder.Write("inventory.json", R"({"environments": [{"name": "environments/test"}], "instances":
    [{"name": "instances/local", "engine": "SQLITE", "environment": "environments/test",
      "dataSources": [{"type": "ADMIN", "host": "data"}], "databases": [)" +
                                     databases + "]}]}");
}

std::string SheetOf(const std::string& entry) {
  return EntrySql(entry) +
         "INSERT INTO counted SELECT max(x) FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
         "SELECT x + 1 FROM c WHERE x < " +
         std::to_string(kCounted) + ") SELECT x FROM c);\n";
}

/// A plan with every sheet on every database, in two steps, and its rollout, which begins at once.
std::string StartRollout(const Serve& serve, int number) {
  Words first, second;
  for (int s = 0; s < kSheets; ++s) {
    const std::string entry = std::to_string(number) + "-" + std::to_string(s);
    const std::string sheet = CreateSheet(serve, SheetOf(entry));
    for (int d = 0; d < kDatabases; ++d) {
      const std::string database = std::to_string(d);
      (s == 0 ? first : second)
          .push_back(SpecOn(entry + "-" + database, "local/databases/db" + database, sheet));
    }
  }
  return CreateRollout(serve, CreatePlan(serve, {StepJson(first), StepJson(second)}));
}

void ExpectAllOnce(const Folder& folder) {
  const std::string all = std::to_string(kRollouts * kSheets);
  for (int d = 0; d < kDatabases; ++d) {
    EXPECT_EQ(Sqlite(folder, FileOf(d),
                     "SELECT count(*), count(DISTINCT entry), (SELECT count(*) FROM counted) "
                     "FROM log;"),
              all + "|" + all + "|" + all + "\n");
  }
}

enum class End { kKill, kKillWithRunners, kTerminate };

/// All of it, the server ended `moments` after each of its starts; how long it took at work.
microseconds Trial(const std::vector<std::pair<microseconds, End>>& moments) {
  const Folder folder;
  MakeDatabases(folder);
  Serve serve(folder);
  Words rollouts;
  for (int number = 0; number < kRollouts; ++number)
    rollouts.push_back(StartRollout(serve, number));
  const auto begin = Clock::now();
  for (const auto& [moment, end] : moments) {
    usleep(static_cast<useconds_t>(moment.count()));
    if (end == End::kTerminate) {
      EXPECT_EQ(serve.Terminate(), 0) << serve.Output();
    } else {
      serve.Kill(end == End::kKillWithRunners);
    }
    serve.Start();
  }
  const std::string all = std::to_string(kDatabases * kSheets) + " DONE";
  for (const std::string& rollout : rollouts) WaitForTasks(serve, rollout, all);
  ExpectAllOnce(folder);
  return std::chrono::duration_cast<microseconds>(Clock::now() - begin);
}

TEST(Restart, EverythingIsDoneOnceWheneverTheServerEnds) {
  const std::uint64_t seed =
      FromEnvironment("LOCKSTEP_SEED", static_cast<std::uint64_t>(time(nullptr)));
  const std::uint64_t trials = FromEnvironment("LOCKSTEP_TRIALS", 8);
  std::printf("LOCKSTEP_SEED=%llu LOCKSTEP_TRIALS=%llu\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(trials));
  std::fflush(stdout);
  base::Prng random(seed);
  const auto whole = static_cast<std::uint64_t>(Trial({}).count());
  for (std::uint64_t trial = 0; trial < trials && !testing::Test::HasFailure(); ++trial) {
    SCOPED_TRACE("trial " + std::to_string(trial));
    std::vector<std::pair<microseconds, End>> moments;
    for (std::uint64_t left = 1 + random.Below(2); left > 0; --left)
      moments.emplace_back(random.Below(whole), static_cast<End>(random.Below(3)));
    Trial(moments);
  }
}

// The clearest moment: it is known to run.
TEST(Restart, WhatRanWhenItWasStoppedRunsAgain) {
  for (const End end : {End::kKill, End::kKillWithRunners, End::kTerminate}) {
    const Folder folder;
    WritePlaces(folder);
    Serve serve(folder);
    const std::string endless = CreateSheet(serve, EndlessSql("1"));
    const std::string plan = CreatePlan(
        serve, {StepJson({SpecOn("a", "test/databases/hr", endless),
                          SpecOn("b", "test/databases/shop", CreateSheet(serve, EntrySql("2")))})});
    const std::string rollout = CreateRollout(serve, plan);
    WaitForTasks(serve, rollout, "1 DONE, 1 RUNNING");
    if (end == End::kTerminate) {
      EXPECT_EQ(serve.Terminate(), 0) << serve.Output();
    } else {
      serve.Kill(end == End::kKillWithRunners);
    }
    serve.Start();
    const Reply again = WaitForTasks(serve, rollout, "1 DONE, 1 RUNNING");
    const std::string task = again.Text("stages.0.tasks.0.name");
    const bool anew =
        tests::Eventually([&] { return serve.Get(task + "/taskRuns").Text("taskRuns") == "2"; });
    EXPECT_TRUE(anew) << serve.Get(task + "/taskRuns").json << serve.Output();
    EXPECT_EQ(LogOf(folder, "test-hr") + LogOf(folder, "test-shop"), "2");
    EXPECT_EQ(serve.Terminate(), 0) << serve.Output();
  }
}

}  // namespace
}  // namespace lockstep::e2e
