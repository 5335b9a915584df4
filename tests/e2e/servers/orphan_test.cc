// A client that is gone while its server works on, and what a person found out about it.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/e2e/crash/victim.h"
#include "tests/e2e/servers/world.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

constexpr char kWorking[] =
    "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%SLEEP%' AND id <> "
    "CONNECTION_ID()";

/// MariaDB does not see that a client is gone until it has something to say to it.
class OrphanTest : public testing::Test {
 protected:
  void SetUp() override {
    if (Mariadb() == nullptr) GTEST_SKIP() << "no server";
  }
  std::string Sql(const std::string& sql) { return Mariadb()->Sql("hr", sql); }
  /// Runs it until the server works on its slow statement, then kills runner and client.
  void LeaveOrphan(const Words& sheets) {
    WriteServerRollout(folder_, *Mariadb(), sheets);
    Victim runner(folder_, {"run", "plan.json"});
    EXPECT_TRUE(tests::Eventually([this] { return Sql(kWorking) == "1"; }));
    const std::vector<pid_t> clients = runner.Clients();
    kill(runner.pid(), SIGSTOP);  // so that it does not see its client die
    for (const pid_t client : clients) kill(client, SIGKILL);
    kill(runner.pid(), SIGKILL);
    runner.Wait();
    EXPECT_EQ(Sql(kWorking), "1");
  }
  Folder folder_;
};

TEST_F(OrphanTest, IsWaitedForAndNamed) {
  LeaveOrphan({"CREATE TABLE t(a INT);\nINSERT INTO t SELECT 1 FROM (SELECT SLEEP(2)) s;"});
  const Ended resumed = Lockstep(folder_, {"resume"});
  EXPECT_TRUE(Has(resumed.out + resumed.err, "session ")) << resumed.out << resumed.err;
  EXPECT_TRUE(Has(resumed.out + resumed.err, "SLEEP(2)")) << resumed.out << resumed.err;
  EXPECT_EQ(resumed.code, 0) << resumed.out << resumed.err;
  EXPECT_EQ(Sql("SELECT a FROM t"), "1");
}

TEST_F(OrphanTest, IsEndedWhenAPersonSaysSo) {
  LeaveOrphan({"CREATE TABLE t(a INT);\nINSERT INTO t SELECT 1 FROM (SELECT SLEEP(100)) s;"});
  const Ended busy = Lockstep(folder_, {"resume", "--busy-timeout", "300ms"});
  EXPECT_EQ(busy.code, 4) << busy.out << busy.err;
  EXPECT_TRUE(Has(busy.out + busy.err, "--cancel-orphans")) << busy.out << busy.err;
  folder_.Write("sheets/1.sql", "CREATE TABLE t(a INT);\nINSERT INTO t SELECT 1;");
  const Ended ended =
      Lockstep(folder_, {"resume", "--cancel-orphans", "--statement-timeout", "1s"});
  EXPECT_EQ(Sql(kWorking), "0");
  // What it runs is the text of then, which is too slow for this limit.
  EXPECT_EQ(ended.code, 1) << ended.out << ended.err;
  EXPECT_TRUE(Has(ended.out, "TIMEOUT")) << ended.out << ended.err;
  EXPECT_EQ(Sql("SELECT COUNT(*) FROM t"), "0");
}

// Nobody sees from outside what a procedure did before it was cut off.
class DoubtTest : public OrphanTest {
 protected:
  /// A sheet that calls p(), which the server loses in the middle of.
  void LeaveDoubt() {
    WriteServerRollout(folder_, *Mariadb(),
                       {"INSERT INTO t VALUES (1);\nCALL p();\nINSERT INTO t VALUES (3);"});
    Sql("CREATE TABLE t(a INT);");
    Sql("CREATE PROCEDURE p() INSERT INTO t SELECT 2 FROM (SELECT SLEEP(30)) s");
    Victim runner(folder_, {"run", "plan.json"});
    EXPECT_TRUE(tests::Eventually([this] { return Sql(kWorking) == "1"; }));
    Mariadb()->Kill();
    const int code = runner.Wait();
    EXPECT_EQ(code, 4) << folder_.Read("output");
    Mariadb()->Start();
    Sql("DROP PROCEDURE p; CREATE PROCEDURE p() INSERT INTO t VALUES (2)");
  }
};

TEST_F(DoubtTest, APersonSaysThatItWasNotApplied) {
  LeaveDoubt();
  const Ended doubt = Lockstep(folder_, {"resume"});
  EXPECT_EQ(doubt.code, 4);
  EXPECT_TRUE(Has(doubt.out + doubt.err, "--assume")) << doubt.out << doubt.err;
  EXPECT_EQ(Sql("SELECT GROUP_CONCAT(a ORDER BY a) FROM t"), "1");
  const Ended told = Lockstep(folder_, {"resume", "--assume", "1=notapplied"});
  EXPECT_EQ(told.code, 1) << told.out << told.err;
  EXPECT_EQ(Lockstep(folder_, {"retry", "--failed"}).code, 0);
  EXPECT_EQ(Sql("SELECT GROUP_CONCAT(a ORDER BY a) FROM t"), "1,2,3");
}

TEST_F(DoubtTest, APersonSaysThatItWasDone) {
  LeaveDoubt();
  Sql("INSERT INTO t VALUES (2)");
  const Ended told = Lockstep(folder_, {"resume", "--assume", "1=done"});
  EXPECT_EQ(told.code, 1) << told.out << told.err;
  EXPECT_EQ(Lockstep(folder_, {"retry", "--failed"}).code, 0);
  EXPECT_EQ(Sql("SELECT GROUP_CONCAT(a ORDER BY a) FROM t"), "1,2,3");
}

}  // namespace
}  // namespace lockstep::e2e
