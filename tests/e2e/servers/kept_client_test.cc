// Tasks that follow each other in one client: nothing of one is seen by, or put to, the next.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>

#include "tests/e2e/crash/victim.h"
#include "tests/e2e/servers/world.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

class KeptClient : public testing::Test {
 protected:
  void SetUp() override {
    if (Postgres() == nullptr) GTEST_SKIP() << "no server";
  }
  std::string Sql(const std::string& sql) { return Postgres()->Sql("hr", sql); }
  std::string Log(int task) { return Lockstep(folder_, {"logs", std::to_string(task)}).out; }
  Folder folder_;
};

TEST_F(KeptClient, WorksOnForTheNextTask) {
  WriteServerRollout(folder_, *Postgres(),
                     {"CREATE TABLE pids(task INT, pid INT, name TEXT DEFAULT "
                      "current_setting('application_name'));\nINSERT INTO pids VALUES (1, "
                      "pg_backend_pid());",
                      "INSERT INTO pids VALUES (2, pg_backend_pid());",
                      "INSERT INTO pids VALUES (3, pg_backend_pid());\nVACUUM pids;",
                      "INSERT INTO pids VALUES (4, pg_backend_pid());"});
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(Sql("SELECT count(DISTINCT pid) FROM pids WHERE task < 3"), "1");
  EXPECT_EQ(Sql("SELECT count(DISTINCT name) FROM pids WHERE task < 3"), "2")
      << "each task is known by its own name";
  EXPECT_EQ(Sql("SELECT count(DISTINCT pid) FROM pids"), "3") << "not where it goes step by step";
}

// Whoever was asked whether the database can be reached does the tasks.
TEST_F(KeptClient, IsTheOneThatTriedTheConnection) {
  WriteServerRollout(folder_, *Postgres(),
                     {"CREATE TABLE t(a INT);", "SELECT *\n  FROM t WHERE b = 1;"});
  folder_.Write("psql", "#!/bin/sh\necho $* >> " + (folder_ / "starts") +
                            "\nexec $(ls /usr/lib/postgresql/*/bin/psql | tail -1) \"$@\"\n");
  ASSERT_EQ(chmod((folder_ / "psql").c_str(), 0755), 0);
  const Ended run =
      Lockstep(folder_, {"run", "plan.json", "--client", "postgres=" + (folder_ / "psql")});
  EXPECT_EQ(run.code, 1) << run.out << run.err;
  EXPECT_TRUE(Has(run.out, "sheets/2.sql:2:16")) << run.out;
  EXPECT_EQ(Sql("SELECT count(*) FROM t"), "0");
  const std::string starts = folder_.Read("starts");
  EXPECT_EQ(std::count(starts.begin(), starts.end(), '\n'), 2)
      << "one for its version, one for all else: " << starts;
}

TEST_F(KeptClient, TheSessionIsAsNew) {
  WriteServerRollout(folder_, *Postgres(),
                     {"CREATE SCHEMA other;\nSET search_path = other;\nCREATE TABLE t(a INT);\n"
                      "CREATE TEMP TABLE temporary(a INT);\nPREPARE p AS SELECT 1;\n"
                      "SELECT set_config('lockstep.test', 'here', false);",
                      "CREATE TABLE t(a INT);\nINSERT INTO t SELECT 1 WHERE "
                      "to_regclass('temporary') IS NULL AND NOT EXISTS(SELECT 1 FROM "
                      "pg_prepared_statements) AND coalesce(current_setting('lockstep.test', "
                      "true), '') = '';"});
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_EQ(Sql("SELECT a FROM public.t"), "1");
}

TEST_F(KeptClient, WhatItSaysIsPutToItsTask) {
  WriteServerRollout(folder_, *Postgres(),
                     {"DO $$ BEGIN RAISE NOTICE 'first notice'; END $$;\nSELECT 'first row';",
                      "SELECT 'second row';\nDO $$ BEGIN RAISE WARNING 'second notice'; END $$;",
                      "SELECT 1;\n\nSELECT *\n  FROM nowhere;"});
  const Ended run = Lockstep(folder_, {"run", "plan.json"});
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(Has(run.out, "sheets/3.sql:4:8")) << run.out;
  EXPECT_TRUE(Has(Log(1), "first notice") && Has(Log(1), "first row")) << Log(1);
  EXPECT_FALSE(Has(Log(1), "second")) << Log(1);
  EXPECT_TRUE(Has(Log(2), "second notice") && Has(Log(2), "second row")) << Log(2);
  EXPECT_FALSE(Has(Log(2), "first") || Has(Log(2), "@@lockstep")) << Log(2);
}

TEST_F(KeptClient, AnInterruptEndsIt) {
  WriteServerRollout(folder_, *Postgres(),
                     {"CREATE TABLE t(a INT);", "INSERT INTO t SELECT 1 FROM pg_sleep(30);",
                      "INSERT INTO t VALUES (2);"});
  Victim runner(folder_, {"run", "plan.json"});
  EXPECT_TRUE(tests::Eventually([&] {
    return Sql("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE "
               "'INSERT INTO t SELECT%'") == "1";
  }));
  kill(runner.pid(), SIGINT);
  EXPECT_EQ(runner.Wait(), 130) << folder_.Read("output");
  EXPECT_TRUE(Has(folder_.Read("output"), "CANCELED")) << folder_.Read("output");
  EXPECT_EQ(Sql("SELECT count(*) FROM t"), "0");
}

}  // namespace
}  // namespace lockstep::e2e
