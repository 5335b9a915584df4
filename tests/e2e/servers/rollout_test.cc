// Rollouts on real servers as a person runs them: across engines, and what is said when a server, a
// password, a right or a client is not as it should be.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "tests/e2e/crash/victim.h"
#include "tests/e2e/servers/world.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

class ServerTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    server_ = GetParam() == std::string("postgres") ? Postgres() : Mariadb();
    if (server_ == nullptr) GTEST_SKIP() << "no server";
    postgres_ = server_->engine() == "POSTGRES";
  }
  std::string Sql(const std::string& sql) { return server_->Sql("hr", sql); }
  void Write(const Words& sheets) { WriteServerRollout(folder_, *server_, sheets); }
  /// Waits until the database has this answer.
  void Await(const std::string& sql, const std::string& answer) {
    EXPECT_TRUE(tests::Eventually([&] { return Sql(sql) == answer; })) << sql << ": " << Sql(sql);
  }
  /// How many sessions run a statement with this in it.
  std::string SessionsWith(const std::string& text) const {
    return postgres_ ? "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> "
                       "pg_backend_pid() AND query LIKE '%" +
                           text + "%'"
                     : "SELECT COUNT(*) FROM information_schema.processlist WHERE id <> "
                       "CONNECTION_ID() AND info LIKE '%" +
                           text + "%'";
  }
  /// A sheet that no kept client may have.
  std::string NeedsNewClient() const {
    return std::string("INSERT INTO t VALUES (3);") + (postgres_ ? "\nVACUUM t;" : "");
  }
  std::string Sleep(const std::string& seconds) const {
    return postgres_ ? "INSERT INTO t SELECT 1 FROM pg_sleep(" + seconds + ")"
                     : "INSERT INTO t SELECT 1 FROM (SELECT SLEEP(" + seconds + ")) s";
  }

  Folder folder_;
  tests::Server* server_ = nullptr;
  bool postgres_ = false;
};

INSTANTIATE_TEST_SUITE_P(Servers, ServerTest, testing::Values("postgres", "mariadb"),
                         [](const auto& server) { return std::string(server.param); });

TEST(Servers, ARolloutSpansThreeEngines) {
  if (Postgres() == nullptr || Mariadb() == nullptr) GTEST_SKIP() << "no server";
  const Folder folder;
  WriteRollout(folder, {"INSERT INTO t VALUES (1);"});  // for its SQLite database
  Postgres()->MakeDatabase("hr");
  Mariadb()->MakeDatabase("hr");
  const std::string sqlite =
      "{\"name\": \"instances/lite\", \"engine\": \"SQLITE\", \"environment\": "
      "\"environments/test\", \"dataSources\": [{\"type\": \"ADMIN\", \"host\": \"data\"}], "
      "\"databases\": [{\"name\": \"instances/lite/databases/hr\"}]}";
  WriteInventory(folder, {InstanceJson(folder, *Postgres(), "pg", {"hr"}),
                          InstanceJson(folder, *Mariadb(), "my", {"hr"}), sqlite});
  folder.Write("sheets/2.sql",
               "CREATE TABLE person(id INT PRIMARY KEY);\nINSERT INTO person VALUES (7);");
  WritePlan(folder,
            {SpecJson("pg", "pg/databases/hr", "2"), SpecJson("my", "my/databases/hr", "2", {"pg"}),
             SpecJson("lite", "lite/databases/hr", "2", {"my"})});
  const Ended run = Lockstep(folder, {"run", "plan.json"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(Postgres()->Sql("hr", "SELECT id FROM person"), "7");
  EXPECT_EQ(Mariadb()->Sql("hr", "SELECT id FROM person"), "7");
  EXPECT_EQ(Sqlite(folder, "data/hr.db", "SELECT id FROM person"), "7\n");

  // Another ledger knows nothing, the databases do.
  const Ended again = Lockstep(folder, {"run", "plan.json", "--ledger", "other.db"});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_EQ(Postgres()->Sql("hr", "SELECT count(*) FROM person"), "1");
}

TEST_P(ServerTest, AFailureIsShownAtItsPlace) {
  Write(
      {"CREATE TABLE t(a INT PRIMARY KEY);\nINSERT INTO t VALUES (1);\n  INSERT INTO t VALUES "
       "(1);"});
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(Has(run.out, "sheets/1.sql:3:3")) << run.out;
  EXPECT_TRUE(Has(run.out, "statement 3")) << run.out;
  EXPECT_TRUE(Has(run.out, postgres_ ? "23505" : "1062")) << run.out;
  EXPECT_TRUE(Has(run.out, "3 |   INSERT INTO t VALUES (1);\n      |   ^")) << run.out;
}

// On MariaDB the statements before the fault stay: mended, the sheet goes on behind them; changed
// before it, it is refused.
TEST_P(ServerTest, AMendedSheetGoesOnWhereItStopped) {
  Write({"CREATE TABLE t(a INT);\nINSERT INTO nowhere VALUES (1);"});
  EXPECT_EQ(Lockstep(folder_, {"run", "plan.json"}).code, 1);
  folder_.Write("sheets/1.sql", "CREATE TABLE t(b INT);\nINSERT INTO t VALUES (1);");
  const Ended changed = Lockstep(folder_, {"run", "plan.json"});
  if (postgres_) {  // all of it was one transaction
    EXPECT_EQ(changed.code, 0) << changed.out << changed.err;
  } else {
    EXPECT_NE(changed.code, 0);
    EXPECT_TRUE(Has(changed.out, "statement 1")) << changed.out << changed.err;
    folder_.Write("sheets/1.sql", "CREATE TABLE t(a INT);\nINSERT INTO t VALUES (1);");
    const Ended mended = Lockstep(folder_, {"run", "plan.json"});
    EXPECT_EQ(mended.code, 0) << mended.out << mended.err;
  }
  EXPECT_EQ(Sql("SELECT * FROM t"), "1");
}

TEST_P(ServerTest, AWrongPasswordEndsTheRunBeforeItBegins) {
  Write({"CREATE TABLE t(a INT);"});
  folder_.Write("password", "wrong");
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 5);
  EXPECT_TRUE(Has(run.err, postgres_ ? "password authentication failed" : "Access denied"))
      << run.err;
  EXPECT_FALSE(Has(run.out + run.err, "pass word"));
}

TEST_P(ServerTest, AMissingDatabaseEndsTheRunBeforeItBegins) {
  Write({"CREATE TABLE t(a INT);"});
  WriteInventory(folder_, {InstanceJson(folder_, *server_, "server", {"hr", "nowhere"})});
  WritePlan(folder_, {SpecJson("s1", "server/databases/hr", "1"),
                      SpecJson("s2", "server/databases/nowhere", "1")});
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 5);
  EXPECT_TRUE(Has(run.err, "nowhere")) << run.err;
  EXPECT_EQ(Sql(postgres_ ? "SELECT to_regclass('t')" : "SHOW TABLES"), "");
}

TEST_P(ServerTest, AReadOnlyDatabaseEndsTheRunBeforeItBegins) {
  Write({"CREATE TABLE t(a INT);"});
  if (postgres_)
    server_->Sql("postgres", "ALTER DATABASE hr SET default_transaction_read_only = on");
  else
    Sql("SET GLOBAL read_only = 1");
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  if (!postgres_) Sql("SET GLOBAL read_only = 0");
  EXPECT_EQ(run.code, 5);
  EXPECT_TRUE(Has(run.err, "read-only") || Has(run.err, "read_only")) << run.err;
}

TEST_P(ServerTest, OnlyAllowedHostsAreTouched) {
  Write({"CREATE TABLE t(a INT);"});
  const Ended refused = Lockstep(folder_, {"run", "plan.json", "--allow-host", "db-*.example.com"});
  EXPECT_EQ(refused.code, 6) << refused.out << refused.err;
  EXPECT_TRUE(Has(refused.err, server_->host())) << refused.err;
  EXPECT_EQ(Lockstep(folder_, {"run", "plan.json", "--allow-host", "/tmp/*"}).code, 0);
}

TEST_P(ServerTest, WaitsForALockAndGoesOnWhenItIsFree) {
  Write({"UPDATE t SET a = a + 1;"});
  Sql("CREATE TABLE t(a INT); INSERT INTO t VALUES (1);" +
      std::string(postgres_ ? "ALTER TABLE t OWNER TO app" : ""));
  server_->StartSql(
      "hr", postgres_ ? "BEGIN; UPDATE t SET a = a + 10; SELECT pg_sleep(1.5); COMMIT"
                      : "START TRANSACTION; UPDATE t SET a = a + 10; DO sleep(1.5); COMMIT");
  Await(SessionsWith("sleep("), "1");
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(Sql("SELECT a FROM t"), "12");
}

TEST_P(ServerTest, ALockThatStaysEndsTheTask) {
  Write({"CREATE TABLE before_it(a INT);\nUPDATE t SET a = a + 1;"});
  Sql("CREATE TABLE t(a INT); INSERT INTO t VALUES (1);" +
      std::string(postgres_ ? "ALTER TABLE t OWNER TO app" : ""));
  const pid_t holder = server_->StartSql(
      "hr", postgres_ ? "BEGIN; UPDATE t SET a = a + 10; SELECT pg_sleep(60);"
                      : "START TRANSACTION; UPDATE t SET a = a + 10; DO sleep(60);");
  Await(SessionsWith("sleep("), "1");
  const Ended run = Lockstep(folder_, {"run", "plan.json", "--busy-timeout", "1s"});
  kill(holder, SIGKILL);
  EXPECT_EQ(run.code, 1) << run.out << run.err;
  EXPECT_TRUE(Has(run.out, postgres_ ? "55P03" : "1205")) << run.out;
  EXPECT_TRUE(Has(run.out, "sheets/1.sql:2:1")) << run.out;
  if (postgres_) {
    EXPECT_TRUE(Has(run.out, "what statement 2 needs is locked by session ")) << run.out;
    EXPECT_TRUE(Has(run.out, "locked by session ")) << run.out;
    EXPECT_TRUE(Has(run.out, " (postgres")) << run.out;
  }
  EXPECT_EQ(Sql("SELECT a FROM t"), "1");
}

TEST_P(ServerTest, ADeadlockIsTriedAgain) {
  Write({"UPDATE t SET a = a + 1 WHERE id = 2;\n" +
         std::string(postgres_ ? "SELECT pg_sleep(0.6);\n" : "DO sleep(0.6);\n") +
         "UPDATE t SET a = a + 1 WHERE id = 1;"});
  if (!postgres_) {
    // DO is opaque there, and what it is between is not one transaction.
    folder_.Write("sheets/1.sql",
                  "UPDATE t SET a = a + 1 WHERE id = 2;\nUPDATE t SET a = a + SLEEP(0.6) + 1 WHERE "
                  "id = 3;\nUPDATE t SET a = a + 1 WHERE id = 1;");
  }
  Sql("CREATE TABLE t(id INT PRIMARY KEY, a INT); INSERT INTO t VALUES (1, 0), (2, 0), (3, 0);" +
      std::string(postgres_ ? "ALTER TABLE t OWNER TO app" : ""));
  // It has much to lose, so that the task is the victim.
  const std::string begin =
      postgres_ ? "BEGIN; UPDATE t SET a = a + 10 WHERE id = 1; SELECT pg_sleep(0.3); "
                : "CREATE TABLE much(a INT); START TRANSACTION; INSERT INTO much SELECT seq FROM "
                  "seq_1_to_1000; UPDATE t SET a = a + 10 WHERE id = 1; DO sleep(0.3); ";
  server_->StartSql("hr", begin + "UPDATE t SET a = a + 10 WHERE id = 2; COMMIT");
  Await(SessionsWith("sleep("), "1");
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  const std::string rows = Sql("SELECT a FROM t WHERE id IN (1, 2) ORDER BY id");
  EXPECT_TRUE(rows == "11\n11" || rows == "1\n1") << rows;
}

// The statement was in a transaction that no COMMIT was sent for: that it left nothing is sure.
TEST_P(ServerTest, AServerThatDiesInAStatementFailsTheTaskAndNothingIsDoubtful) {
  Write({"CREATE TABLE t(a INT);", Sleep("30") + ";"});
  Victim runner(folder_, {"run", "plan.json"});
  Await(SessionsWith("INSERT INTO t SELECT"), "1");
  server_->Kill();
  EXPECT_EQ(runner.Wait(), 1) << folder_.Read("output");
  EXPECT_TRUE(Has(folder_.Read("output"), "nothing of this sheet is committed"));
  const Ended gone = Lockstep(folder_, {"retry", "--failed"});
  EXPECT_EQ(gone.code, 5) << gone.out << gone.err;
  server_->Start();
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM t"), "0");
  folder_.Write("sheets/2.sql", Sleep("0") + ";");
  const Ended again = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM t"), "1");
}

// Whether it was committed nobody knows until the server answers.
TEST(Servers, AServerThatDiesInACommitLeavesTheTaskInDoubt) {
  if (Postgres() == nullptr) GTEST_SKIP() << "no server";
  tests::Server& server = *Postgres();
  const Folder folder;
  WriteServerRollout(folder, server, {"INSERT INTO t VALUES (1);"});
  server.Sql("hr",
             "CREATE TABLE t(a INT); ALTER TABLE t OWNER TO app; CREATE FUNCTION wait() RETURNS "
             "trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END'; CREATE "
             "CONSTRAINT TRIGGER wait AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
             "EXECUTE FUNCTION wait()");
  Victim runner(folder, {"run", "plan.json"});
  EXPECT_TRUE(tests::Eventually([&] {
    return server.Sql("hr",
                      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'RESET %; COMMIT%' "
                      "AND state = 'active'") == "1";
  }));
  server.Kill();
  EXPECT_EQ(runner.Wait(), 4) << folder.Read("output");
  server.Start();
  server.Sql("hr", "DROP TRIGGER wait ON t");
  const Ended resumed = Lockstep(folder, {"resume"});
  EXPECT_EQ(resumed.code, 1) << resumed.out << resumed.err;
  EXPECT_TRUE(Has(resumed.out, "was in doubt: not_applied")) << resumed.out;
  EXPECT_EQ(server.Sql("hr", "SELECT count(*) FROM t"), "0");
  EXPECT_EQ(Lockstep(folder, {"retry", "--failed"}).code, 0);
  EXPECT_EQ(server.Sql("hr", "SELECT count(*) FROM t"), "1");
}

TEST_P(ServerTest, AClientThatVanishesIsAFailureThatSaysSo) {
  Write({"CREATE TABLE t(a INT);", Sleep("1") + ";", NeedsNewClient()});
  const std::string program = std::filesystem::canonical(
      postgres_ ? "/usr/lib/postgresql/15/bin/psql" : "/usr/bin/mariadb");
  std::filesystem::copy_file(program, folder_ / "client");
  Victim runner(folder_, {"run", "plan.json", "--client",
                          (postgres_ ? "postgres=" : "mariadb=") + (folder_ / "client")});
  Await(SessionsWith("INSERT INTO t SELECT"), "1");
  std::filesystem::remove(folder_ / "client");
  EXPECT_EQ(runner.Wait(), 1) << folder_.Read("output");
  EXPECT_TRUE(Has(folder_.Read("output"), "client")) << folder_.Read("output");
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM t"), "1");
  const Ended retry = Lockstep(folder_, {"retry", "--failed"});
  EXPECT_EQ(retry.code, 0) << retry.out << retry.err;
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM t"), "2");
}

TEST_P(ServerTest, APasswordThatExpiresMidRolloutIsAFailureThatSaysSo) {
  Write({"CREATE TABLE t(a INT);", Sleep("1") + ";", NeedsNewClient()});
  Victim runner(folder_, {"run", "plan.json"});
  Await(SessionsWith("INSERT INTO t SELECT"), "1");
  const auto password = [&](const std::string& text) {
    Sql(postgres_ ? "ALTER ROLE app PASSWORD '" + text + "'"
                  : "SET PASSWORD FOR app@localhost = PASSWORD('" + text + "')");
  };
  password("another");
  EXPECT_EQ(runner.Wait(), 1) << folder_.Read("output");
  password(tests::Server::kPassword);
  EXPECT_TRUE(
      Has(folder_.Read("output"), postgres_ ? "password authentication failed" : "Access denied"))
      << folder_.Read("output");
  const Ended retry = Lockstep(folder_, {"retry", "--failed"});
  EXPECT_EQ(retry.code, 0) << retry.out << retry.err;
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM t"), "2");
}

TEST_P(ServerTest, ALimitOnATaskEndsItsStatementOnTheServerToo) {
  Write({"CREATE TABLE t(a INT);", Sleep("30") + ";"});
  const Ended run = Lockstep(folder_, {"run", "plan.json", "--statement-timeout", "500ms"});
  EXPECT_EQ(run.code, 1) << run.out << run.err;
  EXPECT_TRUE(Has(run.out, "TIMEOUT")) << run.out;
  EXPECT_TRUE(Has(run.out, "sheets/2.sql:1:1")) << run.out;
  Await(SessionsWith("INSERT INTO t SELECT"), "0");
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM t"), "0");
}

TEST_P(ServerTest, AnInterruptStopsTheStatementOnTheServerToo) {
  Write({"CREATE TABLE t(a INT);", Sleep("30") + ";"});
  Victim runner(folder_, {"run", "plan.json"});
  Await(SessionsWith("INSERT INTO t SELECT"), "1");
  kill(runner.pid(), SIGTERM);
  EXPECT_EQ(runner.Wait(), 143) << folder_.Read("output");
  Await(SessionsWith("INSERT INTO t SELECT"), "0");
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM t"), "0");
}

}  // namespace
}  // namespace lockstep::e2e
