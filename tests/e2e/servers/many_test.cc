// What must hold when there is much of it: databases, rows, notices, runners at once.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <memory>

#include "tests/e2e/crash/victim.h"
#include "tests/e2e/servers/world.h"

namespace lockstep::e2e {
namespace {

/// Of a runner or client whose sheet writes very much. The sanitizer's shadow needs more.
constexpr long kPeakKb = 200'000;

TEST(Many, FiftyPostgresDatabasesWithTenSheetsEach) {
  if (Postgres() == nullptr) GTEST_SKIP() << "no server";
  const Folder folder;
  Words databases, specs;
  for (int sheet = 1; sheet <= 10; ++sheet) {
    folder.Write("sheets/" + std::to_string(sheet) + ".sql",
                 sheet == 1 ? "CREATE TABLE t(sheet INT);\nINSERT INTO t VALUES (1);"
                            : "INSERT INTO t VALUES (" + std::to_string(sheet) + ");");
  }
  for (int i = 0; i < 50; ++i) {
    databases.push_back("many" + std::to_string(i));
    Postgres()->MakeDatabase(databases.back());
    for (int sheet = 1; sheet <= 10; ++sheet) {
      const auto id = [i](int s) { return "d" + std::to_string(i) + "s" + std::to_string(s); };
      specs.push_back(SpecJson(id(sheet), "server/databases/" + databases.back(),
                               std::to_string(sheet), sheet > 1 ? Words{id(sheet - 1)} : Words{}));
    }
  }
  WriteInventory(folder, {InstanceJson(folder, *Postgres(), "server", databases)});
  WritePlan(folder, specs);
  const Ended run = Lockstep(folder, {"run", "plan.json", "--parallel", "8"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  for (const std::string& database : databases) {
    EXPECT_EQ(Postgres()->Sql(database, "SELECT string_agg(sheet::text, ',') FROM t"),
              "1,2,3,4,5,6,7,8,9,10");
  }
}

TEST(Many, AThousandSqliteDatabases) {
  const Folder folder;
  folder.Write("sheets/1.sql", "CREATE TABLE t(a INT);\nINSERT INTO t VALUES (1);");
  std::string databases;
  Words specs;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "d" + std::to_string(i);
    folder.Write("data/" + name + ".db", "");
    databases +=
        (i > 0 ? ",{\"name\":" : "{\"name\":") + ("\"instances/lite/databases/" + name + "\"}");
    specs.push_back(SpecJson("s" + std::to_string(i), "lite/databases/" + name, "1"));
  }
  WriteInventory(folder,
                 {"{\"name\": \"instances/lite\", \"engine\": \"SQLITE\", \"environment\": "
                  "\"environments/test\", \"dataSources\": [{\"type\": \"ADMIN\", \"host\": "
                  "\"data\"}], \"databases\": [" +
                  databases + "]}"});
  WritePlan(folder, specs);
  const Ended run = Lockstep(folder, {"run", "plan.json", "--parallel", "8"});
  EXPECT_EQ(run.code, 0) << run.err;
  for (const char* one : {"d0", "d500", "d999"})
    EXPECT_EQ(Sqlite(folder, std::string("data/") + one + ".db", "SELECT a FROM t"), "1\n");
  EXPECT_LT(run.peak_kb, kPeakKb);
}

TEST(Many, AMillionRowsAndAHundredMegabytesOfNoticesFillNoMemory) {
  if (Postgres() == nullptr || Mariadb() == nullptr) GTEST_SKIP() << "no server";
  for (tests::Server* server : {Postgres(), Mariadb()}) {
    const bool postgres = server == Postgres();
    const Folder folder;
    Words sheets = {postgres ? "SELECT g, repeat('x', 40) FROM generate_series(1, 1000000) g;"
                             : "SELECT seq, REPEAT('x', 40) FROM seq_1_to_1000000;"};
    if (postgres) {
      sheets.push_back(
          "DO $$ BEGIN FOR i IN 1..100000 LOOP RAISE NOTICE '%', repeat('n', 1000); END LOOP; END "
          "$$;");
    }
    WriteServerRollout(folder, *server, sheets);
    const Ended run = Lockstep(folder, {"run", "plan.json"});
    EXPECT_EQ(run.code, 0) << run.out << run.err;
    EXPECT_LT(run.peak_kb, kPeakKb);
    const Ended logs = Lockstep(folder, {"logs", "1"});
    EXPECT_LT(logs.out.size(), 1'000'000u);
    EXPECT_NE(logs.out.find("1000000"), std::string::npos) << "the end is kept";
  }
}

// Each with a ledger of its own, as on machines that know nothing of each other.
TEST(Many, RunnersThatRaceForTheSameTasksApplyEachOnce) {
  if (Postgres() == nullptr || Mariadb() == nullptr) GTEST_SKIP() << "no server";
  for (int round = 0; round < 6; ++round) {
    for (tests::Server* server : {Postgres(), Mariadb()}) {
      SCOPED_TRACE(server->engine() + " " + std::to_string(round));
      const Folder folder;
      Words databases, specs;
      folder.Write("sheets/1.sql", "CREATE TABLE t(sheet INT);\nINSERT INTO t VALUES (1);");
      folder.Write("sheets/2.sql", "INSERT INTO t VALUES (2);\nALTER TABLE t ADD COLUMN b INT;");
      for (int i = 0; i < 5; ++i) {
        databases.push_back("race" + std::to_string(i));
        server->MakeDatabase(databases.back());
        const std::string id = std::to_string(i);
        specs.push_back(SpecJson("a" + id, "server/databases/" + databases.back(), "1"));
        specs.push_back(
            SpecJson("b" + id, "server/databases/" + databases.back(), "2", {"a" + id}));
      }
      WriteInventory(folder, {InstanceJson(folder, *server, "server", databases)});
      WritePlan(folder, specs);
      std::vector<std::unique_ptr<Victim>> runners;
      for (int i = 0; i < 2 + round % 2; ++i) {
        runners.push_back(std::make_unique<Victim>(
            folder, Words{"run", "plan.json", "--ledger", "ledger" + std::to_string(i) + ".db"}));
      }
      for (const auto& runner : runners) EXPECT_EQ(runner->Wait(), 0) << folder.Read("output");
      for (const std::string& database : databases) {
        EXPECT_EQ(server->Sql(database, "SELECT sheet FROM t ORDER BY sheet"), "1\n2");
        EXPECT_EQ(server->Sql(database, "SELECT COUNT(*), COUNT(done_at) FROM lockstep_history"),
                  "2|2");
      }
    }
  }
}

}  // namespace
}  // namespace lockstep::e2e
