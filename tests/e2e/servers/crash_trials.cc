// kill -9 of the runner, of its clients, of both, or of the server, at random moments of rollouts
// of slow sheets; then the commands that a person would type, until all is done. Whatever was
// killed when: each statement has run exactly once.
//   crash_trials postgres|mariadb; LOCKSTEP_SEED=n repeats a run, LOCKSTEP_KILLS=n makes a longer
//   one.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "core/base/prng.h"
#include "tests/e2e/crash/victim.h"
#include "tests/e2e/servers/world.h"

namespace lockstep::e2e {
namespace {

using Clock = std::chrono::steady_clock;

std::string g_engine;

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

tests::Server& TheServer() {
  return g_engine == "postgres" ? *Postgres() : *Mariadb();
}

/// Before the rollout: log says what ran; on PostgreSQL a commit that touches slow takes its time.
std::string Before() {
  if (g_engine == "mariadb") {
    return "CREATE TABLE log(sheet INT); CREATE TABLE data(id INT PRIMARY KEY, v INT);"
           "INSERT INTO data SELECT seq, 0 FROM seq_1_to_20000;"
           "CREATE TABLE going(a INT); CREATE TABLE renamed(a INT);";
  }
  return "SET ROLE app; CREATE TABLE log(sheet INT); CREATE TABLE data(id INT PRIMARY KEY, v INT);"
         "INSERT INTO data SELECT g, 0 FROM generate_series(1, 20000) g;"
         "CREATE TABLE slow(a INT);"
         "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS "
         "'BEGIN PERFORM pg_sleep(0.08); RETURN NULL; END';"
         "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR "
         "EACH ROW EXECUTE FUNCTION wait();";
}

Words Sheets() {
  if (g_engine == "mariadb") {
    return {
        "INSERT INTO log VALUES (1);\nUPDATE data SET v = v + 1;\nINSERT INTO log SELECT 11 FROM "
        "(SELECT SLEEP(0.03)) s;\nALTER TABLE data ADD COLUMN w INT DEFAULT 1, ALGORITHM=COPY;\n"
        "UPDATE data SET w = w + 1;\nINSERT INTO log VALUES (12);\n",
        "SET @add = 3;\nCREATE TABLE made(a INT);\nINSERT INTO made SELECT @add FROM (SELECT "
        "SLEEP(0.03)) s;\nCREATE INDEX by_v ON data(v, w);\nDROP TABLE going;\nRENAME TABLE "
        "renamed "
        "TO renamed_2;\nINSERT INTO log VALUES (2);\n",
        "ALTER TABLE data MODIFY v BIGINT, ALGORITHM=COPY;\nCREATE OR REPLACE VIEW seen AS SELECT "
        "id FROM data;\nDELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; "
        "END//\nDELIMITER ;\nINSERT INTO log VALUES (3);\nUPDATE data SET v = v + @@autocommit;\n"
        "OPTIMIZE TABLE made;\n"};
  }
  return {
      "INSERT INTO log VALUES (1);\nUPDATE data SET v = v + 1;\nALTER TABLE data ADD COLUMN w INT "
      "DEFAULT 1;\nUPDATE data SET w = w + 1;\nSELECT pg_sleep(0.05);\nINSERT INTO slow VALUES "
      "(1);\n",
      "SET maintenance_work_mem = '16MB';\nINSERT INTO log VALUES (2);\nCREATE INDEX CONCURRENTLY "
      "by_v ON data(v, w);\nUPDATE data SET v = v + 1;\nINSERT INTO slow VALUES (1);\nVACUUM "
      "data;\nCREATE UNIQUE INDEX CONCURRENTLY by_id ON data(id, v);\nINSERT INTO log VALUES "
      "(22);\n",
      "CREATE TABLE made(a INT);\nINSERT INTO made SELECT 3 FROM pg_sleep(0.05);\nINSERT INTO slow "
      "VALUES (1), (2);\nINSERT INTO log VALUES (3);\n",
      "INSERT INTO log VALUES (4);\nINSERT INTO slow VALUES (1);\n",
      "INSERT INTO log SELECT 5 FROM pg_sleep(0.03);\nINSERT INTO slow VALUES (1);\n"};
}

/// What the database has to say at the end, and nothing else.
void ExpectEachOnce() {
  tests::Server& server = TheServer();
  const auto ask = [&server](const std::string& sql) { return server.Sql("hr", sql); };
  if (g_engine == "mariadb") {
    EXPECT_EQ(ask("SELECT GROUP_CONCAT(sheet ORDER BY sheet) FROM log"), "1,2,3,11,12");
    EXPECT_EQ(ask("SELECT MIN(v), MAX(v), MIN(w), MAX(w), COUNT(*) FROM data"), "2|2|2|2|20000");
    EXPECT_EQ(ask("SELECT GROUP_CONCAT(a) FROM made"), "3");
    EXPECT_EQ(ask("SELECT GROUP_CONCAT(table_name ORDER BY table_name) FROM "
                  "information_schema.tables WHERE table_schema = 'hr'"),
              "data,lockstep_history,lockstep_step,log,made,renamed_2,seen");
    EXPECT_EQ(ask("SELECT COUNT(*) FROM information_schema.statistics WHERE index_name = 'by_v'"),
              "2");
    EXPECT_EQ(ask("SELECT COUNT(*) FROM information_schema.routines WHERE routine_name = 'p'"),
              "1");
  } else {
    EXPECT_EQ(ask("SELECT string_agg(sheet::text, ',' ORDER BY sheet) FROM log"), "1,2,3,4,5,22");
    EXPECT_EQ(ask("SELECT min(v), max(v), min(w), max(w), count(*) FROM data"), "2|2|2|2|20000");
    EXPECT_EQ(ask("SELECT string_agg(a::text, ',') FROM made"), "3");
    EXPECT_EQ(ask("SELECT count(*) FROM slow"), "6");
    EXPECT_EQ(ask("SELECT string_agg(c.relname, ',' ORDER BY c.relname) FROM pg_index i JOIN "
                  "pg_class c ON c.oid = i.indexrelid WHERE c.relname LIKE 'by%' AND i.indisvalid"),
              "by_id,by_v");
    EXPECT_EQ(ask("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
  }
  const std::string sheets = std::to_string(Sheets().size());
  EXPECT_EQ(ask("SELECT COUNT(*), COUNT(done_at) FROM lockstep_history"), sheets + "|" + sheets);
  EXPECT_EQ(ask("SELECT COUNT(*) FROM lockstep_step"), "0");
}

enum class Who { kRunner, kClients, kBoth, kServer, kNobody };

/// Lets it work for a while, then kills. What was killed when is up to the two numbers alone.
int KillAfter(Victim& victim, std::chrono::microseconds delay, Who who) {
  usleep(static_cast<useconds_t>(delay.count()));
  const std::vector<pid_t> clients = victim.Clients();
  if (who == Who::kRunner || who == Who::kBoth) kill(victim.pid(), SIGKILL);
  if (who == Who::kClients || who == Who::kBoth) {
    for (const pid_t client : clients) kill(client, SIGKILL);
  }
  if (who == Who::kServer) TheServer().Kill();
  const int code = victim.Wait();
  if (who == Who::kServer) TheServer().Start();
  return code;
}

/// What the exit code asks for.
Words NextCommand(int code) {
  if (code == 1) return {"retry", "--failed"};
  if (code == 2) return {"run", "plan.json"};  // killed before there was a rollout
  if (code == 5) return {"run", "plan.json"};  // the server was gone
  return {"resume"};
}

struct Tally {
  int kills = 0, too_late = 0;
  int by_whom[4] = {};
  int committed = 0, not_applied = 0, resumed = 0, in_doubt = 0;

  void Add(const Folder& folder) {
    const std::string ledger = folder / ".lockstep/ledger.db";
    const auto count = [&](const std::string& like) {
      return std::atoi(
          Sqlite(folder, ledger, "SELECT count(*) FROM events WHERE json LIKE '%" + like + "%'")
              .c_str());
    };
    committed += count("\"task_run_resolved\"%\"committed\"");
    not_applied += count("\"task_run_resolved\"%\"not_applied\"%the target has nothing");
    resumed += count("\"task_run_resolved\"%\"not_applied\"%applied; the next run");
  }
};

void Trial(base::Prng& random, std::chrono::microseconds& whole, Tally& tally) {
  const Folder folder;
  WriteServerRollout(folder, TheServer(), Sheets());
  ASSERT_EQ(TheServer().Sql("hr", Before()), "");
  Words words = {"run", "plan.json"};
  std::uint64_t kills_left = 1 + random.Below(3);
  int code = -1;
  for (int round = 0; code != 0 && round < 15; ++round) {
    Victim victim(folder, words);
    if (kills_left > 0) {
      --kills_left;
      const auto delay =
          std::chrono::microseconds(random.Below(static_cast<std::uint64_t>(whole.count())));
      const auto who = static_cast<Who>(random.Below(4));
      code = KillAfter(victim, delay, who);
      ++(code == 0 ? tally.too_late : tally.kills);
      if (code != 0) ++tally.by_whom[static_cast<int>(who)];
      if (code == 0 && whole > std::chrono::milliseconds(100)) whole = whole * 9 / 10;
    } else {
      code = victim.Wait();
    }
    tally.in_doubt += code == 4 ? 1 : 0;
    words = NextCommand(code);
  }
  ASSERT_EQ(code, 0) << folder.Read("output");
  ExpectEachOnce();
  if (testing::Test::HasFailure()) std::printf("%s\n", folder.Read("output").c_str());
  tally.Add(folder);
}

TEST(CrashTrials, EachStatementRunsExactlyOnceWhateverIsKilledWhen) {
  if ((g_engine == "postgres" ? Postgres() : Mariadb()) == nullptr) GTEST_SKIP() << "no server";
  const std::uint64_t seed =
      FromEnvironment("LOCKSTEP_SEED", static_cast<std::uint64_t>(time(nullptr)));
  const auto wanted = static_cast<int>(FromEnvironment("LOCKSTEP_KILLS", 40));
  std::printf("LOCKSTEP_SEED=%llu LOCKSTEP_KILLS=%d\n", static_cast<unsigned long long>(seed),
              wanted);
  std::fflush(stdout);  // the seed is wanted most when the rest never comes
  std::chrono::microseconds whole{0};
  {
    const Folder folder;
    WriteServerRollout(folder, TheServer(), Sheets());
    ASSERT_EQ(TheServer().Sql("hr", Before()), "");
    const auto begin = Clock::now();
    ASSERT_EQ(Victim(folder, {"run", "plan.json"}).Wait(), 0) << folder.Read("output");
    whole = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
    ExpectEachOnce();
  }
  base::Prng random(seed);
  Tally tally;
  int trials = 0;
  while (tally.kills < wanted && trials < 4 * wanted && !testing::Test::HasFailure()) {
    SCOPED_TRACE("trial " + std::to_string(++trials));
    Trial(random, whole, tally);
  }
  std::printf(
      "%s: %d kills (runner %d, client %d, both %d, server %d) in %d rollouts, %d too late; runs "
      "in "
      "doubt that the server resolved: %d committed, %d not applied, %d resumed inside the sheet; "
      "%d times left in doubt for the next command; wrong: 0\n",
      g_engine.c_str(), tally.kills, tally.by_whom[0], tally.by_whom[1], tally.by_whom[2],
      tally.by_whom[3], trials, tally.too_late, tally.committed, tally.not_applied, tally.resumed,
      tally.in_doubt);
}

}  // namespace
}  // namespace lockstep::e2e

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  lockstep::e2e::g_engine = argc > 1 ? argv[1] : "postgres";
  return RUN_ALL_TESTS();
}
