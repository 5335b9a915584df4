// Sheets that go step by step and stop in the middle: what is mended meanwhile is never taken for
// the sheet's work, nothing is done twice, and what the session knew is not made up.
#include <gtest/gtest.h>

#include "tests/e2e/servers/world.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

class Interrupted : public testing::Test {
 protected:
  Ended Run(tests::Server* server, const Words& sheets) {
    WriteServerRollout(folder_, *server, sheets);
    return Lockstep(folder_, {"run", "plan.json"});
  }
  Ended Retry() { return Lockstep(folder_, {"retry", "--failed"}); }
  Folder folder_;
};

class OnMariadb : public Interrupted {
 protected:
  void SetUp() override {
    if (Mariadb() == nullptr) GTEST_SKIP() << "no server";
  }
  std::string Sql(const std::string& sql) { return Mariadb()->Sql("hr", sql); }
};

class OnPostgres : public Interrupted {
 protected:
  void SetUp() override {
    if (Postgres() == nullptr) GTEST_SKIP() << "no server";
  }
  std::string Sql(const std::string& sql) { return Postgres()->Sql("hr", sql); }
};

TEST_F(OnMariadb, WhatIsMendedIsNotTakenForTheStatementThatFailed) {
  const Ended failed = Run(Mariadb(), {"CREATE TABLE t(a INT);\nALTER TABLE missing ADD b INT;"});
  EXPECT_EQ(failed.code, 1) << failed.out << failed.err;
  Sql("CREATE TABLE missing(a INT)");
  const Ended mended = Retry();
  EXPECT_EQ(mended.code, 0) << mended.out << mended.err;
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'hr' AND "
                "table_name = 'missing'"),
            "2");
}

TEST_F(OnMariadb, AStatementThatFailedMayBeMendedInTheSheet) {
  const Ended failed = Run(Mariadb(), {"CREATE TABLE t(a INT);\nALTER TABLE t ADD b INTT;"});
  EXPECT_EQ(failed.code, 1) << failed.out << failed.err;
  folder_.Write("sheets/1.sql", "CREATE TABLE t(a INT);\nALTER TABLE t ADD b INT;");
  const Ended mended = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(mended.code, 0) << mended.out << mended.err;
}

TEST_F(OnMariadb, AStatementUnderSetStatementIsDoneOnce) {
  const Ended failed = Run(Mariadb(), {"CREATE TABLE t(a INT);\nSET STATEMENT max_statement_time "
                                       "= 60 FOR INSERT INTO t VALUES (1);\nALTER TABLE missing "
                                       "ADD b INT;"});
  EXPECT_EQ(failed.code, 1) << failed.out << failed.err;
  Sql("CREATE TABLE missing(a INT)");
  const Ended mended = Retry();
  EXPECT_EQ(mended.code, 0) << mended.out << mended.err;
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM t"), "1");
}

TEST_F(OnMariadb, AVariableOfTheLostSessionIsNotMadeUp) {
  const Ended failed =
      Run(Mariadb(), {"CREATE TABLE parent(id INT AUTO_INCREMENT PRIMARY KEY);\nCREATE TABLE "
                      "child(parent INT);\nINSERT INTO parent VALUES ();\nSET @id = "
                      "LAST_INSERT_ID();\nALTER TABLE missing ADD b INT;\nINSERT INTO child "
                      "VALUES (@id);"});
  EXPECT_EQ(failed.code, 1) << failed.out << failed.err;
  Sql("CREATE TABLE missing(a INT)");
  const Ended retried = Retry();
  EXPECT_NE(retried.code, 0) << retried.out << retried.err;
  EXPECT_TRUE(Has(retried.out, "kept in the session by statement 4")) << retried.out;
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM child"), "0");
}

TEST_F(OnMariadb, ARenamedSheetThatStoppedHalfWayIsNotBegunAgain) {
  const std::string sheet =
      "CREATE TABLE IF NOT EXISTS t(a INT);\nINSERT INTO t VALUES (1);\nALTER TABLE missing ADD "
      "b INT;";
  const Ended failed = Run(Mariadb(), {sheet});
  EXPECT_EQ(failed.code, 1) << failed.out << failed.err;
  Sql("CREATE TABLE missing(a INT)");
  folder_.Write("sheets/7.sql", sheet);
  WritePlan(folder_, {SpecJson("s1", "server/databases/hr", "7")});
  const Ended renamed = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_NE(renamed.code, 0) << renamed.out << renamed.err;
  EXPECT_TRUE(Has(renamed.out, "was begun as")) << renamed.out << renamed.err;
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM t"), "1");
}

TEST_F(OnMariadb, TablesWithoutTransactionsAreFoundBehindNamesViewsAndTriggers) {
  Mariadb()->MakeDatabase("other");
  const std::string refused = "NOT_TRANSACTIONAL";
  const char* const kBefore =
      "CREATE TABLE log(a INT) ENGINE=MyISAM; CREATE TABLE t(a INT); CREATE VIEW v AS SELECT a "
      "FROM "
      "log; CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (NEW.a);";
  for (const std::string sheet : {"INSERT INTO other.log VALUES (1);", "INSERT INTO v VALUES (1);",
                                  "INSERT INTO t VALUES (1);"}) {
    WriteServerRollout(folder_, *Mariadb(), {sheet});
    Sql(kBefore);
    Mariadb()->Sql("other", "CREATE TABLE IF NOT EXISTS log(a INT) ENGINE=MyISAM");
    const Ended run = Lockstep(folder_, {"run", "plan.json"});
    EXPECT_EQ(run.code, 1) << sheet << run.out << run.err;
    EXPECT_TRUE(Has(run.out, refused)) << sheet << run.out;
  }
}

TEST_F(OnMariadb, CharactersThatNoNameHasAreNoTrouble) {
  const Ended run =
      Run(Mariadb(), {"CREATE TABLE t(v VARCHAR(20)) CHARACTER SET utf8mb4;\nINSERT INTO t VALUES "
                      "('party 😀');\nALTER TABLE t COMMENT '🚀';"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(Sql("SELECT HEX(v) FROM t"), "706172747920F09F9880");
}

TEST_F(OnPostgres, WhatIsMendedIsNotTakenForTheStatementThatFailed) {
  WriteServerRollout(folder_, *Postgres(),
                     {"CREATE TABLE t(a INT);\nCREATE INDEX CONCURRENTLY i ON missing(a);"});
  Sql("CREATE TABLE other(a INT); CREATE INDEX o ON other(a); UPDATE pg_index SET indisvalid = "
      "false WHERE indexrelid = 'o'::regclass");  // somebody else's
  const Ended failed = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(failed.code, 1) << failed.out << failed.err;
  Sql("SET ROLE app; CREATE TABLE missing(a INT)");
  const Ended mended = Retry();
  EXPECT_EQ(mended.code, 0) << mended.out << mended.err;
  EXPECT_EQ(Sql("SELECT count(*) FROM pg_indexes WHERE indexname = 'i'"), "1");
}

// Another table's index of the same name is none of its business.
TEST_F(OnPostgres, OnlyTheInvalidIndexOfTheStatementIsMadeAnew) {
  const Ended failed = Run(
      Postgres(), {"CREATE SCHEMA s1;\nCREATE SCHEMA s2;\nCREATE TABLE s1.t AS SELECT 1 AS a FROM "
                   "generate_series(1, 2);\nCREATE TABLE s2.u AS SELECT 1 AS a FROM "
                   "generate_series(1, 2);\nVACUUM s1.t;\nCREATE UNIQUE INDEX CONCURRENTLY i ON "
                   "s2.u(a);"});
  EXPECT_EQ(failed.code, 1) << failed.out << failed.err;
  Sql("CREATE INDEX i ON s1.t(a); UPDATE pg_index SET indisvalid = false WHERE indexrelid = "
      "'s1.i'::regclass; DELETE FROM s2.u; INSERT INTO s2.u VALUES (1)");
  const Ended mended = Retry();
  EXPECT_EQ(mended.code, 0) << mended.out << mended.err;
  EXPECT_EQ(Sql("SELECT count(*) FROM pg_class WHERE relname = 'i'"), "2");
  EXPECT_EQ(Sql("SELECT indisvalid FROM pg_index WHERE indexrelid = 's2.i'::regclass"), "t");
}

TEST_F(OnPostgres, NewDefaultsHoldForTheNextSheet) {
  const Ended run = Run(Postgres(), {"CREATE SCHEMA app AUTHORIZATION app;\nALTER DATABASE hr SET "
                                     "search_path = app, public;",
                                     "CREATE TABLE person(id INT);"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(Sql("SELECT schemaname FROM pg_tables WHERE tablename = 'person'"), "app");
}

TEST_F(OnPostgres, TheRunnersLockIsNotGivenUp) {
  const Ended run = Run(Postgres(), {"DISCARD ALL;"});
  EXPECT_EQ(run.code, 3) << run.out << run.err;
  EXPECT_TRUE(Has(run.out + run.err, "gives up the lock")) << run.out << run.err;
}

}  // namespace
}  // namespace lockstep::e2e
