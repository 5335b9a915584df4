// Each tool's folder as the tool itself reads it: order, names, up parts, and what is told.
#include "core/migrations/migrations.h"

#include <gtest/gtest.h>

#include <map>

#include "core/inventory/inventory.h"
#include "core/json/document.h"

namespace lockstep::migrations {
namespace {

using Files = std::vector<std::pair<std::string, std::string>>;
using Strings = std::vector<std::string>;

constexpr const char* kTarget = "instances/i/databases/d";

struct Made {
  Made(Tool tool, const Files& files, std::optional<sql::Engine> engine = {},
       Strings targets = {kTarget}) {
    Options options;
    options.tool = tool;
    options.targets = std::move(targets);
    options.engine = engine;
    Run(files, nullptr, options);
  }
  void Run(const Files& files, const inventory::Inventory* inventory, const Options& options) {
    std::vector<File> list;
    for (const auto& [path, text] : files)
      list.push_back({path, sources.Add(diagnostics::Source(path, text))});
    auto result = Import(sources, list, inventory, options);
    if (result.ok()) {
      imported = std::move(*result);
    } else {
      error = result.error().message;
    }
  }

  /// "101-name.sql: SQL", line ends as blanks.
  Strings Sheets() const {
    Strings sheets;
    for (const auto& [name, sql] : imported.sheets) {
      std::string text = sql;
      for (char& c : text) c = c == '\n' ? ' ' : c;
      while (text.ends_with(' ')) text.pop_back();
      sheets.push_back(name + ": " + text);
    }
    return sheets;
  }
  Strings Versions() const { return Members("schemaVersion"); }
  Strings Types() const { return Members("type"); }
  Strings Members(const std::string& key) const {
    Strings values;
    const std::string mark = "\"" + key + "\": \"";
    for (std::size_t at = imported.plan.find(mark); at != std::string::npos;
         at = imported.plan.find(mark, at + 1)) {
      const std::size_t begin = at + mark.size();
      values.push_back(imported.plan.substr(begin, imported.plan.find('"', begin) - begin));
    }
    return values;
  }
  static bool Has(const std::vector<diagnostics::Remark>& remarks,
                  const diagnostics::Sources& sources, const std::string& line) {
    const std::string all = diagnostics::RenderRemarks(sources, remarks, "");
    return all.find(line) != std::string::npos;
  }
  /// `line`: "file:line:column: : message" in part.
  bool Notes(const std::string& line) const { return Has(imported.notices, sources, line); }
  bool Fails(const std::string& line) const {
    return imported.plan.empty() && imported.sheets.empty() && Has(imported.errors, sources, line);
  }
  std::string Told() const {
    return diagnostics::RenderRemarks(sources, imported.notices, "note") +
           diagnostics::RenderRemarks(sources, imported.errors, "error") + error;
  }

  diagnostics::Sources sources;
  Imported imported;
  std::string error;
};

TEST(Flyway, VersionsCompareByPartsAndRepeatablesComeLast) {
  const Made made(Tool::kFlyway, {{"V1__create.sql", "CREATE TABLE t (a int);"},
                                  {"sub/V1.10__ten.sql", "ALTER TABLE t ADD b int;"},
                                  {"V1_9__nine.sql", "INSERT INTO t VALUES (1);"},
                                  {"V2.0__two words.sql", "CREATE TABLE u (a int);"},
                                  {"R__views_b.sql", "CREATE VIEW b AS SELECT 1;"},
                                  {"R__views_a.sql", "CREATE VIEW a AS SELECT ${one};"},
                                  {"U1__create.sql", "DROP TABLE t;"},
                                  {"B1__base.sql", "CREATE TABLE t (a int);"},
                                  {"v3__lower.sql", "SELECT 1;"},
                                  {"afterMigrate.sql", "SELECT 1;"},
                                  {"V4__java.java", ""},
                                  {"readme.md", ""}});
  EXPECT_EQ(made.Sheets(), Strings({"101-create.sql: CREATE TABLE t (a int);",
                                    "102-nine.sql: INSERT INTO t VALUES (1);",
                                    "103-ten.sql: ALTER TABLE t ADD b int;",
                                    "104-two-words.sql: CREATE TABLE u (a int);",
                                    "105-views-a.sql: CREATE VIEW a AS SELECT ${one};",
                                    "106-views-b.sql: CREATE VIEW b AS SELECT 1;"}));
  EXPECT_EQ(made.Versions(), Strings({"1", "1.9", "1.10", "2"}));
  EXPECT_EQ(made.Types(), Strings({"MIGRATE", "DATA", "MIGRATE", "MIGRATE", "MIGRATE", "MIGRATE"}));
  EXPECT_TRUE(made.Notes("U1__create.sql:1:1: : is left out: an undo")) << made.Told();
  EXPECT_TRUE(made.Notes("B1__base.sql:1:1: : is left out: a baseline"));
  EXPECT_TRUE(made.Notes("v3__lower.sql:1:1: : is left out, as Flyway does: prefixes are upper"));
  EXPECT_TRUE(made.Notes("afterMigrate.sql:1:1: : is left out: a callback"));
  EXPECT_TRUE(made.Notes("V4__java.java:1:1: : is left out: a migration in Java"));
  EXPECT_TRUE(made.Notes("R__views_a.sql:1:25: : the placeholder \"${one}\" stays"));
  EXPECT_TRUE(made.Notes("R__views_b.sql:1:1: : runs once"));
  EXPECT_EQ(made.imported.notices.size(), 8u) << made.Told();
}

TEST(Flyway, MistakesAreToldAndNothingIsMade) {
  const Made equal(Tool::kFlyway, {{"V1.0__a.sql", "SELECT 1;"}, {"V001__b.sql", "SELECT 1;"}});
  EXPECT_TRUE(equal.Fails("is that of \"V001__b.sql\", too")) << equal.Told();
  const Made names(Tool::kFlyway, {{"V1.x__a.sql", "SELECT 1;"}, {"R1__b.sql", "SELECT 1;"}});
  EXPECT_TRUE(names.Fails("V1.x__a.sql:1:1: : \"1.x\" is no version")) << names.Told();
  EXPECT_TRUE(names.Fails("R1__b.sql:1:1: : a repeatable migration has no version"));
  const Made none(Tool::kFlyway, {{"create.sql", "SELECT 1;"}});
  EXPECT_NE(none.error.find("no V1.2__name.sql"), std::string::npos) << none.error;
}

TEST(Dbmate, TakesTheUpBlock) {
  const Made made(
      Tool::kDbmate,
      {{"20240102000000_rows.sql",
        "-- a comment\n-- migrate:up transaction:false\nINSERT INTO t VALUES (1);\n\n"
        "-- migrate:down\nDELETE FROM t;\n"},
       {"20240101000000_create.sql", "--migrate:up\nCREATE TABLE t (a int);\n-- migrate:upper\n"},
       {"notes.sql", "SELECT 1;"},
       {"old/20230101000000_x.sql", "-- migrate:up\nSELECT 1;"}});
  EXPECT_EQ(made.Sheets(), Strings({"101-create.sql: CREATE TABLE t (a int); -- migrate:upper",
                                    "102-rows.sql: INSERT INTO t VALUES (1);"}));
  EXPECT_EQ(made.Versions(), Strings({"20240101000000", "20240102000000"}));
  EXPECT_EQ(made.Types(), Strings({"MIGRATE", "DATA"}));
  EXPECT_TRUE(made.Notes("20240102000000_rows.sql:2:1: : transaction:false"));
  EXPECT_TRUE(made.Notes("notes.sql:1:1: : is left out, as dbmate does: its name"));
  EXPECT_TRUE(made.Notes("old/20230101000000_x.sql:1:1: : is left out, as dbmate does: it lies"));
}

TEST(Dbmate, MistakesHaveTheirPlaces) {
  const Made made(Tool::kDbmate, {{"1_a.sql", "SELECT 1;\n"},
                                  {"2_b.sql", "-- migrate:down\n-- migrate:up\n"},
                                  {"3_c.sql", "\n-- x\n"},
                                  {"4_d.sql", "-- migrate:up\nSELECT 1;"},
                                  {"4_e.sql", "-- migrate:up\nSELECT 1;"}});
  EXPECT_TRUE(made.Fails("1_a.sql:1:1: : a statement stands before")) << made.Told();
  EXPECT_TRUE(made.Fails("2_b.sql:1:1: : \"-- migrate:down\" stands before"));
  EXPECT_TRUE(made.Fails("3_c.sql:1:1: : there is no \"-- migrate:up\""));
  EXPECT_TRUE(made.Fails("4_e.sql:2:1: : version \"4\" is that of \"4_d.sql\""));
}

// dbmate goes by names, Lockstep's versions by numbers.
TEST(Dbmate, VersionsThatContradictTheOrderAreLeftOut) {
  const Made made(Tool::kDbmate, {{"9_a.sql", "-- migrate:up\nSELECT 1;"},
                                  {"10_b.sql", "-- migrate:up\nSELECT 2;"}});
  EXPECT_EQ(made.Sheets(), Strings({"101-b.sql: SELECT 2;", "102-a.sql: SELECT 1;"}));
  EXPECT_EQ(made.Versions(), Strings());
  EXPECT_TRUE(made.Notes("9_a.sql:2:1: : comes after version \"10\"")) << made.Told();
}

TEST(GolangMigrate, PairsOfFilesByNumber) {
  const Made made(Tool::kGolangMigrate,
                  {{"000010_index.up.sql", "BEGIN;\nCREATE INDEX i ON t (a);\nCOMMIT;\n"},
                   {"000010_index.down.sql", "DROP INDEX i;"},
                   {"000002_create.up.sql", "CREATE TABLE t (a int);"},
                   {"000003_only.down.sql", "SELECT 1;"},
                   {"000004_empty.up.sql", "-- nothing yet\n"},
                   {"schema.sql", ""}});
  EXPECT_EQ(made.Sheets(), Strings({"101-create.sql: CREATE TABLE t (a int);",
                                    "102-index.sql:  CREATE INDEX i ON t (a);"}));
  EXPECT_EQ(made.Versions(), Strings({"2", "10"}));
  EXPECT_TRUE(made.Notes("000010_index.up.sql:1:1: : BEGIN and COMMIT")) << made.Told();
  EXPECT_TRUE(made.Notes("000003_only.down.sql:1:1: : version \"3\" has no up file"));
  EXPECT_TRUE(made.Notes("000004_empty.up.sql:1:1: : is left out: it has no statement"));
  EXPECT_TRUE(made.Notes("schema.sql:1:1: : is left out, as migrate does"));
  const Made equal(Tool::kGolangMigrate, {{"01_a.up.sql", "SELECT 1;"},
                                          {"1_b.up.sql", "SELECT 1;"},
                                          {"99999999999999999999_c.up.sql", "SELECT 1;"}});
  EXPECT_TRUE(equal.Fails("1_b.up.sql:1:1: : version \"1\" is that of \"01_a.up.sql\""));
  EXPECT_TRUE(equal.Fails("99999999999999999999_c.up.sql:1:1: : version"));
}

constexpr const char* kRoutine =
    "-- +goose Up\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN 1; END $$;\n-- +goose StatementEnd\n-- +goose Down\nDROP FUNCTION f;\n";

TEST(Goose, AnnotationsVanish) {
  const Made made(Tool::kGoose,
                  {{"00002_routine.sql", kRoutine},
                   {"00001_create.sql",
                    "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE TABLE t (a int);\n"
                    "-- +goose ENVSUB ON\nINSERT INTO t VALUES (${A});\n"},
                   {"00003_code.go", "package main"},
                   {"helper.go", "package main"}});
  EXPECT_EQ(made.Sheets(),
            Strings({"101-create.sql: CREATE TABLE t (a int); INSERT INTO t VALUES (${A});",
                     "102-routine.sql: CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ "
                     "BEGIN RETURN 1; END $$;"}));
  EXPECT_EQ(made.Versions(), Strings({"1", "2"}));
  EXPECT_TRUE(made.Notes("00001_create.sql:1:1: : NO TRANSACTION")) << made.Told();
  EXPECT_TRUE(made.Notes("00001_create.sql:4:1: : variables stay"));
  EXPECT_TRUE(made.Notes("00003_code.go:1:1: : is left out: a migration in Go"));
  EXPECT_EQ(made.imported.notices.size(), 3u) << made.Told();
}

TEST(Goose, MysqlIsToldWhereARoutineEnds) {
  const Made made(Tool::kGoose,
                  {{"1_p.sql",
                    "-- +goose Up\n-- +goose StatementBegin\nCREATE PROCEDURE p() BEGIN SELECT 1; "
                    "END;\n-- +goose StatementEnd\nSELECT 2;\n"}},
                  sql::Engine::kMysql);
  EXPECT_EQ(made.Sheets(), Strings({"101-p.sql: DELIMITER // CREATE PROCEDURE p() BEGIN SELECT 1; "
                                    "END; // DELIMITER ; SELECT 2;"}));
  EXPECT_TRUE(made.Notes("1_p.sql:4:1: : DELIMITER //"));
}

TEST(Goose, MistakesHaveTheirPlaces) {
  const Made made(Tool::kGoose, {{"1_a.sql", "SELECT 1;\n-- +goose Up\n"},
                                 {"2_b.sql", "-- +goose Down\n"},
                                 {"3_c.sql", "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n"},
                                 {"4_d.sql", "-- nothing\n"},
                                 {"5_e.sql", "-- +goose Up\n-- +goose Upp\n"},
                                 {"6_f.sql", "-- +goose Up\n-- +goose Up\n"},
                                 {"7_g.sql", "-- +goose Up\nSELECT 1;"},
                                 {"07_h.sql", "-- +goose Up\nSELECT 1;"},
                                 {"0_zero.sql", "-- +goose Up\nSELECT 1;"},
                                 {"name.sql", "-- +goose Up\nSELECT 1;"}});
  for (const char* line :
       {"1_a.sql:1:1: : a statement stands before", "2_b.sql:1:1: : \"-- +goose Down\" has no",
        "3_c.sql:2:1: : \"-- +goose StatementEnd\" is missing", "4_d.sql:1:1: : there is no",
        "5_e.sql:2:1: : goose has no annotation \"Upp\"", "6_f.sql:2:1: : \"-- +goose Up\" stands",
        ": version \"7\" is that of", "0_zero.sql:1:1: : the name has no version",
        "name.sql:1:1: : the name has no version"}) {
    EXPECT_TRUE(made.Fails(line)) << line << "\n" << made.Told();
  }
}

constexpr const char* kSqitchPlan =
    "%syntax-version=1.0.0\n%project=flipr\n\n"
    "appschema 2024-01-01T00:00:00Z A <a@b.c> # Adds it all. # twice\n"
    "users [appschema] 2024-01-02T00:00:00Z A <a@b.c>\n"
    "@v1 2024-01-03T00:00:00Z A <a@b.c> # first\n"
    "@v1.1 2024-01-03T00:00:00Z A <a@b.c>\n\n"
    "+ users [users@v1 !nope other:x] 2024-01-04T00:00:00Z A <a@b.c>\n"
    "sub/views [users] 2024-01-05T00:00:00Z A <a@b.c>\n";

Files SqitchFiles(const std::string& plan) {
  return {{"sqitch.plan", plan},
          {"sqitch.conf", "[core]\n"},
          {"deploy/appschema.sql",
           "-- Deploy flipr:appschema to pg\n\nBEGIN;\n\nCREATE SCHEMA s;\n\n"
           "COMMIT;\n"},
          {"deploy/users@v1.1.sql", "BEGIN; CREATE TABLE s.u (a int); COMMIT;"},
          {"deploy/users.sql", "BEGIN; ALTER TABLE s.u ADD b int; COMMIT;"},
          {"deploy/sub/views.sql", "CREATE VIEW s.v AS SELECT 1;"},
          {"revert/users.sql", "DROP TABLE s.u;"}};
}

TEST(Sqitch, FollowsThePlanWithItsReworks) {
  const Made made(Tool::kSqitch, SqitchFiles(kSqitchPlan));
  EXPECT_EQ(made.Sheets(),
            Strings({"101-appschema.sql: -- Deploy flipr:appschema to pg    CREATE SCHEMA s;",
                     "102-users.sql:  CREATE TABLE s.u (a int);",
                     "103-users.sql:  ALTER TABLE s.u ADD b int;",
                     "104-sub-views.sql: CREATE VIEW s.v AS SELECT 1;"}))
      << made.Told();
  EXPECT_EQ(made.Versions(), Strings());
  EXPECT_TRUE(made.Notes("sqitch.plan:9:1: : nobody looks whether the conflict \"nope\""));
  EXPECT_TRUE(made.Notes("sqitch.plan:9:1: : \"users\" requires \"other:x\" of another project"));
  EXPECT_TRUE(made.Notes("deploy/appschema.sql:1:1: : BEGIN and COMMIT around it are left out"));
  EXPECT_EQ(made.Members("id").size(), 4u);
}

TEST(Sqitch, MistakesStandInThePlan) {
  const Made made(Tool::kSqitch, SqitchFiles("a [b] 2024-01-01T00:00:00Z A <a@b.c>\n"
                                             "b 2024-01-01T00:00:00Z A <a@b.c>\n"
                                             "b 2024-01-01T00:00:00Z A <a@b.c>\n"
                                             "- b 2024-01-01T00:00:00Z A <a@b.c>\n"
                                             "@t\n@t\nappschema [@x]\n"));
  for (const char* line :
       {"sqitch.plan:1:1: : \"a\" requires \"b\", which does not stand before it",
        "sqitch.plan:3:1: : the change \"b\" is there already", "sqitch.plan:4:1: : a change that",
        "sqitch.plan:6:1: : the tag \"t\"", "sqitch.plan:7:1: : \"appschema\" requires \"@x\"",
        "sqitch.plan:1:1: : there is no \"deploy/a.sql\" of the change \"a\""}) {
    EXPECT_TRUE(made.Fails(line)) << line << "\n" << made.Told();
  }
  Files two = SqitchFiles(kSqitchPlan);
  two.push_back({"pg/sqitch.plan", ""});
  EXPECT_TRUE(Made(Tool::kSqitch, two).Fails("there is a sqitch.plan in"));
}

constexpr const char* kChangelog =
    "--liquibase formatted sql\n\nSELECT 'lost';\n"
    "--changeset ann:1 labels:x runAlways:true splitStatements:false\n"
    "--comment: makes it\n--preconditions onFail:HALT\n"
    "--precondition-sql-check expectedResult:0 SELECT 1\n"
    "CREATE TABLE t (a int); -- stays\n--rollback DROP TABLE t;\n"
    "-- changeset \"bob b\":\"two words\" dbms:mysql,h2 context:\"a and b\"\n"
    "INSERT INTO t VALUES (1);\n/* liquibase rollback\nDELETE FROM t;\n*/\n"
    "--ignoreLines:start\nSELECT 1;\n--ignoreLines:end\n--ignoreLines:1\nSELECT 2;\n"
    "--changeset cat:3 ignore:true\nSELECT 3;\n";

TEST(LiquibaseSql, EachChangesetIsAMigration) {
  const Made made(Tool::kLiquibaseSql,
                  {{"b.sql", kChangelog},
                   {"a.sql",
                    "-- LIQUIBASE FORMATTED SQL\n--changeset x:a/b\nCREATE TABLE u (a "
                    "int);\n"},
                   {"plain.sql", "SELECT 1;"}});
  EXPECT_EQ(made.Sheets(), Strings({"101-a-a-b.sql: CREATE TABLE u (a int);",
                                    "102-b-1.sql: CREATE TABLE t (a int); -- stays",
                                    "103-b-two-words.sql: INSERT INTO t VALUES (1);"}))
      << made.Told();
  EXPECT_EQ(made.Types(), Strings({"MIGRATE", "MIGRATE", "DATA"}));
  for (const char* line :
       {"b.sql:3:1: : is left out: it stands before", "b.sql:4:1: : \"labels:x\" is left out",
        "b.sql:4:1: : \"runAlways:true\" is left out", "b.sql:6:1: : a precondition",
        "b.sql:7:1: : a precondition", "b.sql:10:1: : \"dbms:mysql,h2\" is left out",
        "b.sql:10:1: : \"context:a and b\" is left out", "b.sql:20:1: : \"ignore:true\" leaves",
        "plain.sql:1:1: : is left out: it does not begin"}) {
    EXPECT_TRUE(made.Notes(line)) << line << "\n" << made.Told();
  }
  EXPECT_EQ(made.imported.notices.size(), 9u) << made.Told();
  // With an engine, dbms decides.
  EXPECT_EQ(Made(Tool::kLiquibaseSql, {{"b.sql", kChangelog}}, sql::Engine::kMysql).Sheets().size(),
            2u);
  EXPECT_EQ(
      Made(Tool::kLiquibaseSql, {{"b.sql", kChangelog}}, sql::Engine::kPostgres).Sheets().size(),
      1u);
}

TEST(LiquibaseSql, MistakesHaveTheirPlaces) {
  const Made made(Tool::kLiquibaseSql, {{"a.sql",
                                         "--liquibase formatted sql\n--changeset nobody\n"
                                         "-changeset a:1\n--changeset a:1\nSELECT 1;\n"
                                         "--changeset a:1\nSELECT 1;\n--ignoreLines:x\n"
                                         "--ignoreLines:start\n"}});
  for (const char* line :
       {"a.sql:2:1: : a changeset is named", "a.sql:3:1: : a changeset begins with two dashes",
        "a.sql:6:1: : the changeset \"a:1\" is there already", "a.sql:8:1: : ignoreLines takes",
        "a.sql:9:1: : \"--ignoreLines:end\" is missing"}) {
    EXPECT_TRUE(made.Fails(line)) << line << "\n" << made.Told();
  }
}

TEST(Import, ChainsEachDatabaseAndGivesTheSameIdsAgain) {
  const Files files = {{"1_a.up.sql", "CREATE TABLE t (a int);"},
                       {"2_b.up.sql", "INSERT INTO t VALUES (1);"}};
  const Strings targets = {"instances/i/databases/d", "instances/j/databases/d"};
  const Made made(Tool::kGolangMigrate, files, sql::Engine::kSqlite, targets);
  const Strings ids = made.Members("id");
  ASSERT_EQ(ids.size(), 4u);
  EXPECT_EQ(made.Members("target"), Strings({targets[0], targets[1], targets[0], targets[1]}));
  EXPECT_EQ(made.Members("sheet"),
            Strings({"projects/migrations/sheets/101", "projects/migrations/sheets/101",
                     "projects/migrations/sheets/102", "projects/migrations/sheets/102"}));
  const std::string wait = "\"dependsOnSpecs\": [\n            \"";
  const std::size_t first = made.imported.plan.find(wait + ids[0]);
  const std::size_t second = made.imported.plan.find(wait + ids[1]);
  EXPECT_NE(first, std::string::npos) << made.imported.plan;
  EXPECT_LT(first, second);
  EXPECT_EQ(Made(Tool::kGolangMigrate, files, sql::Engine::kSqlite, targets).imported.plan,
            made.imported.plan);
  EXPECT_NE(made.imported.inventory.find("\"engine\": \"SQLITE\""), std::string::npos);
  EXPECT_EQ(made.imported.summary, "4 specs, 2 migrations on 2 targets");
}

TEST(Import, AnInventorySaysEnginesAndStages) {
  diagnostics::Sources sources;
  diagnostics::Emitter emitter;
  const auto id = sources.Add(diagnostics::Source("inventory.json", R"({
    "environments": [{"name": "environments/test"}, {"name": "environments/prod"}],
    "instances": [
      {"name": "instances/p", "engine": "MYSQL", "environment": "environments/prod",
       "databases": [{"name": "instances/p/databases/d"}]},
      {"name": "instances/t", "engine": "MYSQL", "environment": "environments/test",
       "databases": [{"name": "instances/t/databases/d"}]}]})"));
  const auto document = json::Document::Parse(id, sources[id], {}, emitter);
  const auto inventory = inventory::DecodeInventory(*document, false, emitter);
  Options options;
  options.tool = Tool::kGoose;
  options.targets = {"instances/p/databases/d", "instances/t/databases/d"};
  Made made(Tool::kGoose, {});
  made.Run({{"1_a.sql", "-- +goose Up\n# a comment of MySQL\nINSERT INTO t VALUES (1);"}},
           &*inventory, options);
  EXPECT_EQ(made.Members("target"),
            Strings({"instances/t/databases/d", "instances/p/databases/d"}));
  EXPECT_EQ(made.Types(), Strings({"DATA", "DATA"}));
  EXPECT_EQ(made.imported.plan.find("dependsOnSpecs"), std::string::npos);
  EXPECT_EQ(made.imported.inventory, "");
}

TEST(Import, TargetsAndProjectsAreLookedAt) {
  const Files files = {{"1_a.up.sql", "SELECT 1;"}};
  for (const auto& [target, said] :
       std::map<std::string, std::string>{{"hr", "is neither instances/"},
                                          {"instances//databases/d", "is neither"},
                                          {"instances/i", "is neither"}}) {
    const Made made(Tool::kGolangMigrate, files, {}, {target});
    EXPECT_NE(made.error.find(said), std::string::npos) << made.error;
  }
  EXPECT_NE(Made(Tool::kGolangMigrate, files, {}, {kTarget, kTarget}).error.find("twice"),
            std::string::npos);
  EXPECT_NE(Made(Tool::kGolangMigrate, files, {}, {}).error.find("no targets"), std::string::npos);
  Options options;
  options.targets = {kTarget};
  options.project = "My Project";
  Made made(Tool::kGoose, {});
  made.Run(files, nullptr, options);
  EXPECT_NE(made.error.find("\"My Project\""), std::string::npos);
}

}  // namespace
}  // namespace lockstep::migrations
