// kill -9 of the runner, of its clients, or of both, at random moments of real rollouts; then the
// commands that a person would type, until all is done. Whatever was killed when: each sheet has
// run exactly once, and each database is whole.
//   LOCKSTEP_SEED=n repeats a run, LOCKSTEP_KILLS=n makes a longer one.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "core/base/prng.h"
#include "tests/e2e/crash/victim.h"

namespace lockstep::e2e {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kDatabases = 3;
constexpr int kSheets = 3;
constexpr int kRows = 4000;

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

/// One row says that the sheet ran; thousands make it slow enough to be met in the middle.
std::string SheetText(int sheet) {
  const std::string n = std::to_string(sheet);
  return "INSERT INTO log(sheet) VALUES (" + n + ");\n" + "INSERT INTO data SELECT " + n +
         ", x FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x<" +
         std::to_string(kRows) + ") SELECT x FROM c);\n" + "CREATE TABLE made_by_" + n + "(a);\n" +
         "UPDATE data SET v = v + 1 WHERE sheet = " + n + ";\n" + "CREATE INDEX index_" + n +
         " ON data(v) WHERE sheet = " + n + ";\n";
}

std::int64_t Ask(const std::string& file, const std::string& sql) {
  sqlite3* db = nullptr;
  sqlite3_stmt* statement = nullptr;
  sqlite3_open(file.c_str(), &db);
  sqlite3_busy_timeout(db, 10'000);
  std::int64_t answer = -1;
  if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    answer = sqlite3_column_int64(statement, 0);
  }
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return answer;
}

void MakeWorld(const Folder& folder) {
  std::string databases, specs;
  for (int d = 0; d < kDatabases; ++d) {
    const std::string name = "instances/local/databases/db" + std::to_string(d);
    databases += (d > 0 ? ", " : "") + ("{\"name\": \"" + name + "\"}");
    for (int s = 1; s <= kSheets; ++s) {
      specs += (specs.empty() ? "" : ",\n") +
               ("{\"id\": \"" + std::to_string(d) + "-" + std::to_string(s) +
                "\", \"changeDatabaseConfig\": {\"target\": \"" + name +
                "\", \"sheet\": \"projects/crash/sheets/" + std::to_string(s) +
                "\", \"type\": \"MIGRATE\"}}");
    }
    folder.Write("data/db" + std::to_string(d) + ".db", "");
    Ask(folder / ("data/db" + std::to_string(d) + ".db"), "CREATE TABLE log(sheet INTEGER)");
    Ask(folder / ("data/db" + std::to_string(d) + ".db"),
        "CREATE TABLE data(sheet INTEGER, v INTEGER)");
  }
  for (int s = 1; s <= kSheets; ++s)
    folder.Write("sheets/" + std::to_string(s) + ".sql", SheetText(s));
  folder.Write("plan.json", "{\"title\": \"crash\", \"steps\": [{\"specs\": [" + specs + "]}]}");
  folder.Write("inventory.json",
               "{\"environments\": [{\"name\": \"environments/test\"}], \"instances\": [{\"name\": "
               "\"instances/local\", "
               "\"engine\": \"SQLITE\", \"environment\": \"environments/test\", \"dataSources\": "
               "[{\"type\": \"ADMIN\", "
               "\"host\": \"data\"}], \"databases\": [" +
                   databases + "]}]}");
}

void ExpectEverySheetOnce(const Folder& folder) {
  for (int d = 0; d < kDatabases; ++d) {
    const std::string file = folder / ("data/db" + std::to_string(d) + ".db");
    EXPECT_EQ(Ask(file, "SELECT count(*) FROM log"), kSheets) << file;
    EXPECT_EQ(Ask(file, "SELECT count(DISTINCT sheet) FROM log"), kSheets) << file;
    EXPECT_EQ(Ask(file, "SELECT sum(v) FROM data"),
              kSheets * (std::int64_t{kRows} * (kRows + 1) / 2 + kRows))
        << file;
    EXPECT_EQ(Ask(file, "SELECT count(*) FROM lockstep_history WHERE done_at IS NOT NULL"), kSheets)
        << file;
    EXPECT_EQ(Ask(file, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check='ok'"),
              1)
        << file;
  }
}

enum class Who { kRunner, kClients, kBoth };

/// Lets it work for a while, then kills. What was killed when is up to the two numbers alone.
int KillAfter(Victim& victim, std::chrono::microseconds delay, Who who) {
  usleep(static_cast<useconds_t>(delay.count()));
  const std::vector<pid_t> clients = victim.Clients();
  if (who != Who::kClients) kill(victim.pid(), SIGKILL);
  if (who != Who::kRunner) {
    for (const pid_t client : clients) kill(client, SIGKILL);
  }
  return victim.Wait();
}

/// What the exit code asks for.
std::vector<std::string> NextCommand(int code) {
  if (code == 1) return {"retry", "--failed"};
  if (code == 2) return {"run", "plan.json"};  // killed before there was a rollout
  return {"resume"};
}

/// What the kills have met, in all trials.
struct Tally {
  int kills = 0;                                ///< of a rollout that was not finished
  int too_late = 0;                             ///< of one that was
  std::int64_t committed = 0, not_applied = 0;  ///< what the targets answered about runs in doubt
  std::int64_t failed = 0;                      ///< runs whose client alone was killed

  void Add(const Folder& folder) {
    const std::string ledger = folder / ".lockstep/ledger.db";
    const auto count = [&ledger](const std::string& like) {
      return Ask(ledger, "SELECT count(*) FROM events WHERE json LIKE '%" + like + "%'");
    };
    committed += count("\"task_run_resolved\"%\"committed\"");
    not_applied += count("\"task_run_resolved\"%\"not_applied\"");
    failed += count("\"task_run_ended\"%\"KILLED\"");
  }
};

/// Kills a rollout one to three times on its way to its end.
void Trial(base::Prng& random, std::chrono::microseconds& whole, Tally& tally) {
  Folder folder;
  MakeWorld(folder);
  std::vector<std::string> words = {"run", "plan.json"};
  std::uint64_t kills_left = 1 + random.Below(3);
  int code = -1;
  for (int round = 0; code != 0 && round < 12; ++round) {
    Victim victim(folder, words);
    if (kills_left > 0) {
      --kills_left;
      const auto most = static_cast<std::uint64_t>(whole.count());
      const auto delay = std::chrono::microseconds(random.Below(most));
      code = KillAfter(victim, delay, static_cast<Who>(random.Below(3)));
      ++(code == 0 ? tally.too_late : tally.kills);
      // How long a rollout takes changes with what else the machine does.
      if (code == 0 && whole > std::chrono::milliseconds(20)) whole = whole * 9 / 10;
    } else {
      code = victim.Wait();
    }
    words = NextCommand(code);
  }
  ASSERT_EQ(code, 0) << folder.Read("output");
  ExpectEverySheetOnce(folder);
  tally.Add(folder);
}

TEST(CrashTest, EverySheetRunsExactlyOnceWhateverIsKilledWhen) {
  const std::uint64_t seed =
      FromEnvironment("LOCKSTEP_SEED", static_cast<std::uint64_t>(time(nullptr)));
  const auto wanted = static_cast<int>(FromEnvironment("LOCKSTEP_KILLS", 60));
  std::printf("LOCKSTEP_SEED=%llu LOCKSTEP_KILLS=%d\n", static_cast<unsigned long long>(seed),
              wanted);
  std::fflush(stdout);  // the seed is wanted most when the rest never comes
  std::chrono::microseconds whole{0};
  {
    Folder folder;
    MakeWorld(folder);
    const auto begin = Clock::now();
    ASSERT_EQ(Victim(folder, {"run", "plan.json"}).Wait(), 0) << folder.Read("output");
    whole = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
    ExpectEverySheetOnce(folder);
  }
  base::Prng random(seed);
  Tally tally;
  int trials = 0;
  while (tally.kills < wanted && trials < 4 * wanted && !testing::Test::HasFailure()) {
    SCOPED_TRACE("trial " + std::to_string(++trials));
    Trial(random, whole, tally);
  }
  std::printf(
      "%d kills in %d rollouts, %d more came too late; in doubt: %d committed, %d not applied; %d "
      "clients killed\n",
      tally.kills, trials, tally.too_late, static_cast<int>(tally.committed),
      static_cast<int>(tally.not_applied), static_cast<int>(tally.failed));
}

// As the children of a process of several threads are told of its death.
TEST(CrashTest, AnInterruptThatComesManyTimesAtOnceIsOne) {
  const Folder folder;
  MakeWorld(folder);
  Victim runner(folder, {"run", "plan.json"});
  for (int i = 0; i < 6000 && runner.Clients().empty(); ++i) usleep(1'000);
  for (int i = 0; i < 10; ++i) {
    kill(runner.pid(), SIGINT);
    usleep(500);
  }
  const int code = runner.Wait();
  EXPECT_TRUE(code == 130 || code == 0) << code;
  EXPECT_EQ(folder.Read("output").find("interrupted again"), std::string::npos)
      << folder.Read("output");
}

// Nothing has begun, and nobody has to wait for what does not answer.
TEST(CrashTest, AnInterruptWhileTargetsAreAskedEndsItAtOnce) {
  const Folder folder;
  MakeWorld(folder);
  folder.Write("client", "#!/bin/sh\n: >\"$0.asked\"\nexec /bin/sleep 100\n");
  std::filesystem::permissions(folder / "client", std::filesystem::perms::owner_all);
  Victim runner(folder, {"run", "plan.json", "--client", "sqlite=" + (folder / "client")});
  for (int i = 0; i < 6000 && !std::filesystem::exists(folder / "client.asked"); ++i)
    usleep(10'000);
  kill(runner.pid(), SIGINT);
  EXPECT_EQ(runner.Wait(), 128 + SIGINT) << folder.Read("output");
}

}  // namespace
}  // namespace lockstep::e2e
