// Rollouts on Firebird, whose engine comes with the client: a fourth engine is its adapter and
// this.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/prng.h"
#include "tests/e2e/crash/victim.h"
#include "tests/e2e/servers/world.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

class FirebirdTest : public testing::Test {
 protected:
  void SetUp() override {
    if (access("/usr/bin/isql-fb", X_OK) != 0) GTEST_SKIP() << "no Firebird";
    folder_.Write("data/empty", "");
    Isql("", "CREATE DATABASE '" + (folder_ / "data/hr.fdb") + "' DEFAULT CHARACTER SET UTF8;");
    WriteInventory(folder_,
                   {"{\"name\": \"instances/bird\", \"engine\": \"FIREBIRD\", \"environment\": "
                    "\"environments/test\", \"dataSources\": [{\"type\": \"ADMIN\", \"host\": "
                    "\"data\", \"username\": \"SYSDBA\"}], \"databases\": [{\"name\": "
                    "\"instances/bird/databases/hr\"}]}"});
  }
  std::string Isql(const std::string& database, const std::string& sql) {
    const Ended ended = RunProgram(
        folder_, database.empty() ? Words{"isql-fb", "-q"} : Words{"isql-fb", "-q", database}, sql,
        {{"ISC_USER", "SYSDBA"}});
    EXPECT_EQ(ended.err, "");
    return ended.out;
  }
  /// Numbers that it prints, joined.
  std::string Ask(const std::string& sql) {
    std::string numbers;
    for (const char c : Isql("data/hr.fdb", "SET HEADING OFF; " + sql + ";\n")) {
      const bool blank = c == ' ' || c == '\n';
      if (!blank) numbers += c;
      if (blank && !numbers.empty() && numbers.back() != ',') numbers += ',';
    }
    while (numbers.ends_with(',')) numbers.pop_back();
    return numbers;
  }
  void WriteSheets(const Words& sheets) {
    Words specs;
    for (std::size_t i = 1; i <= sheets.size(); ++i) {
      const std::string number = std::to_string(i);
      folder_.Write("sheets/" + number + ".sql", sheets[i - 1]);
      specs.push_back(SpecJson("s" + number, "bird/databases/hr", number,
                               i > 1 ? Words{"s" + std::to_string(i - 1)} : Words{}));
    }
    WritePlan(folder_, specs);
  }
  Folder folder_;
};

TEST_F(FirebirdTest, ARolloutRunsOnce) {
  WriteSheets(
      {"CREATE TABLE t(a INT NOT NULL PRIMARY KEY, b VARCHAR(20));\nINSERT INTO t VALUES (1, "
       "'ä');\nALTER TABLE t ADD c INT;\nUPDATE t SET c = 7;",
       "SET TERM ^ ;\nCREATE PROCEDURE p RETURNS (n INT) AS BEGIN n = 1; SUSPEND; END ^\nSET "
       "TERM ; ^\nINSERT INTO t VALUES (2, 'b', 8);"});
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(Ask("SELECT a, c FROM t ORDER BY a"), "1,7,2,8");
  const Ended again = Lockstep(folder_, {"run", "plan.json", "--ledger", "other.db"});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_TRUE(Has(again.out, "already applied by")) << again.out;
  EXPECT_EQ(Ask("SELECT COUNT(*) FROM t"), "2");
}

TEST_F(FirebirdTest, AVersionThatTheDatabaseHasIsNotAppliedAgain) {
  const auto run = [&](const std::string& id, const std::string& sheet) {
    folder_.Write("sheets/1.sql", sheet);
    std::string spec = SpecJson(id, "bird/databases/hr", "1", {});
    spec.insert(spec.find("\"type\""), "\"schemaVersion\": \"1.2\", ");
    WritePlan(folder_, {spec});
    return Lockstep(folder_, {"run", "plan.json"});
  };
  EXPECT_EQ(run("a", "CREATE TABLE t(a INT);\nINSERT INTO t VALUES (1);").code, 0);
  const Ended again = run("b", "INSERT INTO t VALUES (2);");
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_TRUE(Has(again.out, "schemaVersion 1.2 was there already")) << again.out;
  EXPECT_EQ(Ask("SELECT a FROM t"), "1");
}

TEST_F(FirebirdTest, AFailureIsAtItsPlaceAndTheMendedSheetGoesOn) {
  WriteSheets({"CREATE TABLE t(a INT);\nINSERT INTO t VALUES (1);\n\nSELECT *\n  FROM nowhere;"});
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(Has(run.out, "sheets/1.sql:5:8")) << run.out;
  EXPECT_TRUE(Has(run.out, "42S02: Table unknown NOWHERE")) << run.out;
  folder_.Write("sheets/1.sql",
                "CREATE TABLE t(a INT);\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);");
  const Ended mended = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(mended.code, 0) << mended.out << mended.err;
  EXPECT_EQ(Ask("SELECT a FROM t ORDER BY a"), "1,2");
}

TEST_F(FirebirdTest, CommandsOfTheClientAreRefused) {
  for (const char* sheet : {"SHELL touch pwned;", "IN '/etc/passwd';", "OUT 'pwned';", "COMMIT;",
                            "CONNECT 'other.fdb';", "SET AUTODDL ON;", "DROP DATABASE;"}) {
    SCOPED_TRACE(sheet);
    WriteSheets({sheet});
    EXPECT_EQ(Lockstep(folder_, {"run", "plan.json"}).code, 3);
  }
}

// Of the runner alone: its client is the engine here, and 3.0.11, killed while it commits DDL, can
// leave a table without its columns.
TEST_F(FirebirdTest, WhenTheRunnerIsKilledEachStatementRunsOnce) {
  WriteSheets(
      {"CREATE TABLE log(a INT);\nINSERT INTO log VALUES (1);\nCREATE TABLE u(a INT);\nINSERT "
       "INTO log VALUES (2);\nALTER TABLE u ADD b INT;\nINSERT INTO log VALUES (3);",
       "INSERT INTO log VALUES (4);\nCREATE INDEX by_a ON log(a);\nINSERT INTO log VALUES (5);"});
  base::Prng random(static_cast<std::uint64_t>(getpid()));
  int code = -1;
  Words words = {"run", "plan.json"};
  for (int round = 0; code != 0 && round < 40; ++round) {
    Victim victim(folder_, words);
    if (round < 12) {
      usleep(static_cast<useconds_t>(random.Below(120'000)));
      kill(victim.pid(), SIGKILL);
    }
    code = victim.Wait();
    words = code == 1                ? Words{"retry", "--failed"}
            : code == 2 || code == 5 ? Words{"run", "plan.json"}
                                     : Words{"resume"};
  }
  EXPECT_EQ(code, 0) << folder_.Read("output");
  EXPECT_EQ(Ask("SELECT a FROM log ORDER BY a"), "1,2,3,4,5");
  EXPECT_EQ(Ask("SELECT COUNT(*), COUNT(done_at) FROM lockstep_history"), "2,2");
}

}  // namespace
}  // namespace lockstep::e2e
