// One spec over many databases: canaries, the limit of failures, failures told together.
#include <gtest/gtest.h>

#include "tests/e2e/program.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

/// Ten databases in a group; those in `broken` have no table t.
void WriteMany(const Folder& folder, const std::string& broken) {
  std::string databases;
  for (int i = 0; i < 10; ++i) {
    const std::string name = "instances/lite/databases/d" + std::to_string(i);
    databases += (i > 0 ? ", " : "") + ("{\"name\": \"" + name + "\"}");
    folder.Write("data/d" + std::to_string(i) + ".db", "");
    if (broken.find(std::to_string(i)) == std::string::npos)
      Sqlite(folder, "data/d" + std::to_string(i) + ".db", "CREATE TABLE t(a INT)");
  }
  folder.Write("inventory.json",
               "{\"environments\": [{\"name\": \"environments/test\"}], \"instances\": [{\"name\": "
               "\"instances/lite\", \"engine\": \"SQLITE\", \"environment\": "
               "\"environments/test\", \"dataSources\": [{\"type\": \"ADMIN\", \"host\": "
               "\"data\"}], \"databases\": [" +
                   databases +
                   "]}], \"databaseGroups\": [{\"name\": \"projects/p/databaseGroups/all\", "
                   "\"databaseExpr\": {\"expression\": "
                   "\"resource.database_name.startsWith(\\\"d\\\")\"}}]}");
  folder.Write("plan.json",
               "{\"steps\": [{\"specs\": [{\"id\": \"all\", \"changeDatabaseConfig\": {\"target\": "
               "\"projects/p/databaseGroups/all\", \"sheet\": \"projects/p/sheets/1\", \"type\": "
               "\"MIGRATE\"}}]}]}");
  folder.Write("sheets/1.sql", "INSERT INTO t VALUES (1);\n");
}

TEST(ManyDatabases, FailuresThatAreTheSameAreToldTogether) {
  const Folder folder;
  WriteMany(folder, "359");
  const Ended run = Lockstep(folder, {"run", "plan.json"});
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(Has(run.out, "the same: 2 more tasks: lite/d5 (6), lite/d9 (10)")) << run.out;
  EXPECT_TRUE(Has(run.out, "10 tasks: 7 DONE, 3 FAILED")) << run.out;
  const std::size_t first = run.out.find("sheets/1.sql:1:1");
  EXPECT_NE(first, std::string::npos) << run.out;
  EXPECT_EQ(run.out.find("sheets/1.sql:1:1", first + 1), std::string::npos) << run.out;
}

TEST(ManyDatabases, ACanaryThatFailsKeepsTheOthersFromIt) {
  const Folder folder;
  WriteMany(folder, "1");
  const Ended run = Lockstep(folder, {"run", "plan.json", "--canary", "2"});
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(Has(run.out, "10 tasks: 8 BLOCKED, 1 DONE, 1 FAILED")) << run.out;
  EXPECT_TRUE(Has(run.out, "holds up 8 tasks")) << run.out;
  Sqlite(folder, "data/d1.db", "CREATE TABLE t(a INT)");
  const Ended retry = Lockstep(folder, {"retry", "--failed"});
  EXPECT_EQ(retry.code, 0) << retry.out;
  EXPECT_EQ(Sqlite(folder, "data/d9.db", "SELECT a FROM t"), "1\n");
}

TEST(ManyDatabases, TooManyFailuresStopIt) {
  const Folder folder;
  WriteMany(folder, "012");
  const Ended run =
      Lockstep(folder, {"run", "plan.json", "--parallel", "1", "--max-failures", "10%"});
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(Has(run.out, "10 tasks: 2 FAILED, 8 PENDING")) << run.out;
  EXPECT_TRUE(Has(run.out, "2 tasks failed, and --max-failures allows 1")) << run.out;
  EXPECT_TRUE(Has(run.out, "lockstep retry --failed 101")) << run.out;
  const Ended resume = Lockstep(folder, {"resume"});
  EXPECT_EQ(resume.code, 1);
  EXPECT_TRUE(Has(resume.out, "--max-failures allows 1")) << resume.out;
  EXPECT_EQ(Lockstep(folder, {"skip", "1", "2", "--reason", "not there"}).code, 0);
  const Ended rest = Lockstep(folder, {"resume"});
  EXPECT_EQ(rest.code, 1);
  EXPECT_TRUE(Has(rest.out, "10 tasks: 7 DONE, 1 FAILED, 2 SKIPPED")) << rest.out;
}

TEST(ManyDatabases, ALimitThatIsNoneIsRefused) {
  const Folder folder;
  WriteMany(folder, "");
  const Ended run = Lockstep(folder, {"run", "plan.json", "--max-failures", "many"});
  EXPECT_EQ(run.code, 2);
  EXPECT_TRUE(Has(run.err, "2%")) << run.err;
}

}  // namespace
}  // namespace lockstep::e2e
