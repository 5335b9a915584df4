// import: folders of each tool become plans without errors, and those of two really run.
#include <gtest/gtest.h>

#include "tests/e2e/program.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

constexpr const char* kTarget = "instances/i/databases/hr";

constexpr const char* kOneDatabase = R"({
  "environments": [{"name": "environments/test"}],
  "instances": [{"name": "instances/i", "engine": "SQLITE", "environment": "environments/test",
    "dataSources": [{"type": "ADMIN", "host": "data"}],
    "databases": [{"name": "instances/i/databases/hr"}]}]})";

void WriteMigrations(const Folder& folder, const std::string& tool) {
  const std::string create = "CREATE TABLE t (a int);\n", fill = "INSERT INTO t VALUES (1);\n";
  if (tool == "flyway") {
    folder.Write("m/V1__create.sql", create);
    folder.Write("m/V1.1__fill.sql", fill);
    folder.Write("m/R__view.sql", "CREATE VIEW v AS SELECT a FROM t;\n");
  } else if (tool == "dbmate") {
    folder.Write("m/20240101000000_create.sql",
                 "-- migrate:up\n" + create + "-- migrate:down\nDROP TABLE t;\n");
    folder.Write("m/20240102000000_fill.sql", "-- migrate:up\n" + fill + "-- migrate:down\n");
  } else if (tool == "golang-migrate") {
    folder.Write("m/000001_create.up.sql", create);
    folder.Write("m/000001_create.down.sql", "DROP TABLE t;");
    folder.Write("m/000002_fill.up.sql", "BEGIN;\n" + fill + "COMMIT;\n");
  } else if (tool == "goose") {
    folder.Write("m/00001_create.sql", "-- +goose Up\n" + create + "-- +goose Down\n");
    folder.Write("m/00002_fill.sql", "-- +goose Up\n-- +goose StatementBegin\n" + fill +
                                         "-- +goose StatementEnd\n-- +goose Down\n");
  } else if (tool == "sqitch") {
    folder.Write("m/sqitch.plan",
                 "%syntax-version=1.0.0\n%project=x\n\ncreate 2024-01-01T00:00:00Z A <a@b.c>\n"
                 "fill [create] 2024-01-02T00:00:00Z A <a@b.c> # rows\n");
    folder.Write("m/deploy/create.sql", "BEGIN;\n" + create + "COMMIT;\n");
    folder.Write("m/deploy/fill.sql", "BEGIN;\n" + fill + "COMMIT;\n");
  } else {
    folder.Write("m/changes.sql", "--liquibase formatted sql\n--changeset a:1\n" + create +
                                      "--rollback DROP TABLE t;\n--changeset a:2\n" + fill);
  }
}

TEST(Import, EveryToolsPlanIsValid) {
  for (const char* tool :
       {"flyway", "dbmate", "golang-migrate", "goose", "sqitch", "liquibase-sql"}) {
    SCOPED_TRACE(tool);
    Folder folder;
    WriteMigrations(folder, tool);
    folder.Write("out/inventory.json", kOneDatabase);
    const Ended ended = Lockstep(folder, {"import", tool, "m", "--targets", kTarget, "-o", "out"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_TRUE(Has(ended.out, "wrote out/sheets/101-")) << ended.out;
    EXPECT_TRUE(Has(ended.out, "wrote out/plan.json\n")) << ended.out;
    const std::string plan = folder.Read("out/plan.json");
    EXPECT_TRUE(Has(plan, "\"type\": \"DATA\"")) << plan;
    const Ended valid = Lockstep(folder, {"validate", "out/plan.json"});
    EXPECT_EQ(valid.code, 0) << valid.out;
    EXPECT_FALSE(Has(valid.out, "warning")) << valid.out;
    // Again: refused, and with --force the same.
    const Words again = {"import", tool, "m", "--targets", kTarget, "-o", "out"};
    const Ended refused = Lockstep(folder, again);
    EXPECT_NE(refused.code, 0);
    EXPECT_TRUE(Has(refused.err, "is there already; --force")) << refused.err;
    Words forced = again;
    forced.push_back("--force");
    EXPECT_EQ(Lockstep(folder, forced).code, 0);
    EXPECT_EQ(folder.Read("out/plan.json"), plan);
  }
}

TEST(Import, RunsOnSqlite) {
  for (const char* tool : {"flyway", "dbmate"}) {
    SCOPED_TRACE(tool);
    Folder folder;
    WriteMigrations(folder, tool);
    folder.Write("inventory.json", kOneDatabase);
    folder.Write("data/.keep", "");
    Sqlite(folder, "data/hr.db", "CREATE TABLE before (a int);");
    EXPECT_EQ(Lockstep(folder, {"import", tool, "m", "--targets", kTarget}).code, 0);
    const Ended ended = Lockstep(folder, {"run", "plan.json"});
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
    EXPECT_EQ(Sqlite(folder, "data/hr.db", "SELECT a FROM t;"), "1\n");
    EXPECT_TRUE(Has(Lockstep(folder, {"run", "plan.json"}).out, "is done already"));
  }
}

TEST(Import, MistakesWriteNothing) {
  Folder folder;
  folder.Write("m/1_a.sql", "SELECT 1;\n");
  const Ended ended = Lockstep(folder, {"import", "goose", "m", "--targets", kTarget, "-o", "out"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err,
            "m/1_a.sql:1:1: error: a statement stands before \"-- +goose Up\"; move it "
            "behind\n");
  EXPECT_EQ(folder.Read("out/plan.json"), "");
  const Ended json = Lockstep(
      folder, {"import", "goose", "m", "--targets", kTarget, "-o", "out", "--format", "json"});
  EXPECT_TRUE(Has(json.out,
                  "{\"written\":[],\"summary\":\"\",\"notices\":[],\"errors\":[{\"file\":"
                  "\"m/1_a.sql\",\"message\":\"a statement"))
      << json.out;
  const Ended nothing = Lockstep(folder, {"import", "flyway", "m", "--targets", kTarget});
  EXPECT_EQ(nothing.code, 2) << nothing.err;
  EXPECT_TRUE(Has(nothing.err, "there is nothing of flyway to import")) << nothing.err;
  const Ended nowhere = Lockstep(folder, {"import", "flyway", "none", "--targets", kTarget});
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_TRUE(Has(nowhere.err, "cannot read \"none\"")) << nowhere.err;
}

TEST(Import, SheetsOfAnotherNameAreNotMixedIn) {
  Folder folder;
  WriteMigrations(folder, "dbmate");
  folder.Write("sheets/101-other.sql", "SELECT 1;");
  const Ended ended = Lockstep(folder, {"import", "dbmate", "m", "--targets", kTarget, "--force"});
  EXPECT_EQ(ended.code, 6);
  EXPECT_TRUE(Has(ended.err, "101-other.sql\" has the number of the new sheet")) << ended.err;
  EXPECT_EQ(folder.Read("plan.json"), "");
}

TEST(Import, AFirstInventoryOnlyWithTheEngine) {
  Folder folder;
  WriteMigrations(folder, "dbmate");
  EXPECT_EQ(Lockstep(folder, {"import", "dbmate", "m", "--targets", kTarget, "-o", "a"}).code, 0);
  EXPECT_EQ(folder.Read("a/inventory.json"), "");
  const Ended ended = Lockstep(
      folder, {"import", "dbmate", "m", "--targets", kTarget, "-o", "b", "--engine", "sqlite"});
  EXPECT_TRUE(Has(ended.out, "wrote b/inventory.json\n")) << ended.out;
  EXPECT_TRUE(Has(folder.Read("b/inventory.json"), "\"engine\": \"SQLITE\""));
  EXPECT_EQ(Lockstep(folder, {"validate", "b/plan.json"}).code, 0);
}

}  // namespace
}  // namespace lockstep::e2e
