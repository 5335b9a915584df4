// The adapters of servers without servers: what their clients print, as it was seen, and what is
// made of it; how they are started.
#include <gtest/gtest.h>

#include "core/base/sha256.h"
#include "native/client/client.h"
#include "native/client/firebird_error.h"
#include "native/client/mariadb_error.h"
#include "native/client/mariadb_step.h"
#include "native/client/postgres_error.h"
#include "native/client/postgres_script.h"
#include "native/client/postgres_step.h"

namespace lockstep::client {
namespace {

constexpr char kServerNonce[] = "00112233445566778899aabbccddeeff";

TEST(PostgresError, HasItsParts) {
  const auto error = ReadPostgresError(
      "psql:<stdin>:12: NOTICE:  00000: relation exists, skipping\n"
      "psql:<stdin>:14: ERROR:  23505: duplicate key value violates unique constraint \"t_pkey\"\n"
      "DETAIL:  Key (id)=(1) already exists.\n"
      "SCHEMA NAME:  public\nTABLE NAME:  t\nCONSTRAINT NAME:  t_pkey\n"
      "LOCATION:  _bt_check_unique, nbtinsert.c:670\n");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->line, 14u);
  EXPECT_EQ(error->sqlstate, "23505");
  EXPECT_EQ(error->message, "duplicate key value violates unique constraint \"t_pkey\"");
  EXPECT_EQ(error->detail, "Key (id)=(1) already exists.");
}

TEST(PostgresError, PointsIntoItsStatement) {
  const auto error = ReadPostgresError(
      "psql:<stdin>:9: ERROR:  42703: column \"nix\" does not exist\n"
      "LINE 3:   'ä', nix\n"
      "               ^\n"
      "HINT:  Perhaps you meant another one.\n"
      "LOCATION:  errorMissingColumn, parse_relation.c:3597\n");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->statement_line, 3u);
  EXPECT_EQ(error->hint, "Perhaps you meant another one.");
  const std::string statement = "SELECT\n  1,\n  'ä', nix";
  EXPECT_EQ(LocateInStatement(statement, *error), statement.find("nix"));
}

TEST(PostgresError, OfAConnectionHasNoLine) {
  const struct {
    const char *text, *sqlstate;
  } kinds[] = {{"psql: error: connection to server at \"h\" (1.2.3.4), port 5432 failed: "
                "Connection refused\n"
                "\tIs the server running on that host and accepting TCP/IP connections?\n",
                "08001"},
               {"psql: error: connection to server on socket \"/tmp/s\" failed: FATAL:  password "
                "authentication failed for user \"app\"\n",
                "28P01"},
               {"psql: error: connection to server on socket \"/tmp/s\" failed: FATAL:  database "
                "\"x\" does not "
                "exist\n",
                "3D000"},
               {"psql: error: connection to server on socket \"/tmp/s\" failed: FATAL:  the "
                "database system is "
                "starting up\n",
                "57P03"}};
  for (const auto& kind : kinds) {
    const auto error = ReadPostgresError(kind.text);
    ASSERT_TRUE(error) << kind.text;
    EXPECT_EQ(error->line, 0u);
    EXPECT_EQ(error->sqlstate, kind.sqlstate);
  }
  EXPECT_FALSE(ReadPostgresError("psql:<stdin>:3: NOTICE:  00000: only that\n"));
  EXPECT_FALSE(ReadPostgresError("psql:<stdin>:3: WARNING:  22000: of a RAISE, with any code\n"));
  EXPECT_FALSE(ReadPostgresError("psql:<stdin>:3: NOTICE:  00000: see\npsql: error: nothing\n"))
      << "what a sheet makes the server say";
  EXPECT_FALSE(ReadPostgresError(""));
}

TEST(MariadbError, HasItsParts) {
  const auto error = ReadMariadbError(
      "--------------\nSELECT 1 ANDD 2\n--------------\n\nERROR 1064 (42000) at line 31: You have "
      "an "
      "error in your SQL syntax; check the manual for the right syntax to use near 'ANDD 2' at "
      "line "
      "1\n");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->line, 31u);
  EXPECT_EQ(error->code, 1064);
  EXPECT_EQ(error->sqlstate, "42000");
  EXPECT_EQ(LocateInStatement("SELECT 1 ANDD 2", *error), 9u);
  const auto connection = ReadMariadbError(
      "ERROR 2002 (HY000): Can't connect to local server through socket '/s' (2)\n");
  ASSERT_TRUE(connection);
  EXPECT_EQ(connection->line, 0u);
  EXPECT_EQ(connection->code, 2002);
  EXPECT_FALSE(ReadMariadbError("WARNING: something\n"));
}

TEST(FirebirdError, HasItsPartsInBothForms) {
  const auto inside = ReadFirebirdError(
      "Rolling back work.\nStatement failed, SQLSTATE = 42S02\nDynamic SQL Error\n-SQL error code "
      "= "
      "-204\n-Table unknown\n-NOWHERE\n-At line 3, column 3\nAt line 7 in file /dev/stdin\n");
  ASSERT_TRUE(inside);
  EXPECT_EQ(inside->sqlstate, "42S02");
  EXPECT_EQ(inside->message, "Table unknown NOWHERE");
  EXPECT_EQ(inside->line, 7u);
  EXPECT_EQ(LocateInStatement("SELECT *\nFROM\n  nowhere", *inside), 16u);
  const auto behind = ReadFirebirdError(
      "Statement failed, SQLSTATE = 42S01\nunsuccessful metadata update\n-CREATE TABLE T "
      "failed\n-Table "
      "T already exists\nAfter line 3 in file /dev/stdin\n");
  ASSERT_TRUE(behind);
  EXPECT_EQ(behind->line, 4u);
  EXPECT_EQ(behind->message,
            "unsuccessful metadata update CREATE TABLE T failed Table T already exists");
  EXPECT_FALSE(LocateInStatement("CREATE TABLE t(a INT)", *behind));
}

TEST(Versions, ThatCannotBeTrustedAreRefused) {
  const Client& psql = *ClientFor(sql::Engine::kPostgres);
  const struct {
    const char* text;
    bool trusted;
  } versions[] = {{"psql (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", true},
                  {"psql (PostgreSQL) 15.14\n", true},
                  {"psql (PostgreSQL) 15.13\n", false},
                  {"psql (PostgreSQL) 17.6\n", true},
                  {"psql (PostgreSQL) 17.5\n", false},
                  {"psql (PostgreSQL) 18.0\n", true},
                  {"psql (PostgreSQL) 19devel\n", true},
                  {"psql (PostgreSQL) 12.22\n", false},
                  {"bash 5.2\n", false}};
  for (const auto& version : versions) {
    EXPECT_EQ(!psql.InterpretVersion({}, version.text).refusal, version.trusted) << version.text;
  }
  const Client& isql = *ClientFor(sql::Engine::kFirebird);
  EXPECT_FALSE(isql.InterpretVersion({}, "ISQL Version: LI-V3.0.11.33637 Firebird 3.0\n").refusal);
  EXPECT_TRUE(isql.InterpretVersion({}, "ISQL Version: LI-V2.5.9.27139 Firebird 2.5\n").refusal);
  EXPECT_TRUE(isql.InterpretVersion({}, "unixODBC isql\n").refusal);
}

class ServerScript : public testing::Test {
 protected:
  const TaskScript& Task(std::string sheet, sql::Dialect dialect = sql::Dialect::kPostgres) {
    sheet_ = std::move(sheet);
    split_ = sql::Split(dialect, sheet_);
    task_.task_key = "spec projects/p/sheets/1";
    task_.spec_id = "spec";
    task_.run_name = "run";
    task_.runner = "test:1";
    task_.nonce = kServerNonce;
    task_.sheet_name = "projects/p/sheets/1";
    task_.sheet_sha256 = base::Sha256Hex(sheet_);
    task_.sheet = sheet_;
    task_.split = &split_;
    return task_;
  }
  std::string sheet_;
  sql::SplitResult split_;
  TaskScript task_;
};

// Arguments and environment are seen by everybody on the machine.
TEST_F(ServerScript, APasswordIsInAFileOfItsOwn) {
  Target target;
  target.program = "client";
  target.database = "hr";
  target.host = "db.example.com";
  target.username = "app";
  target.password = "secret:\\\"1";
  for (const sql::Engine engine : {sql::Engine::kPostgres, sql::Engine::kMariadb,
                                   sql::Engine::kMysql, sql::Engine::kFirebird}) {
    target.engine = engine;
    const Client& client = *ClientFor(engine);
    for (const ClientCommand& command :
         {client.MakeRun(target, Task("SELECT 1")), client.MakeProbe(target, Task("SELECT 1")),
          client.MakeConnectionProbe(target, false, kServerNonce)}) {
      ASSERT_EQ(command.files.size(), 1u);
      EXPECT_NE(command.files[0].find("secret"), std::string::npos);
      for (const auto* words : {&command.args, &command.env}) {
        for (const std::string& word : *words) EXPECT_EQ(word.find("secret"), std::string::npos);
      }
      EXPECT_EQ(command.script.find("secret"), std::string::npos);
    }
  }
}

TEST_F(ServerScript, NothingOfTheSheetIsOutsideOfItsGuards) {
  const std::string script = MakePostgresScript(Task("SELECT 1;\nUPDATE t SET a = 2;")).text;
  const std::string nonce = kServerNonce;
  EXPECT_NE(script.find("\\restrict " + nonce + "\nUPDATE t SET a = 2;\n\\unrestrict " + nonce),
            std::string::npos)
      << script;
  // The final marker is behind the commit, which psql sends whatever a statement holds back: there
  // it would fail. A semicolon ends nothing behind an open parenthesis.
  const std::size_t commit = script.find("COMMIT \\g\n", script.rfind("\\unrestrict"));
  ASSERT_NE(commit, std::string::npos) << script;
  EXPECT_LT(commit, script.find("committed", script.rfind("\\unrestrict")));
}

TEST_F(ServerScript, KindsOfStatements) {
  const struct {
    const char* statement;
    StepKind kind;
  } postgres[] = {{"CREATE INDEX CONCURRENTLY i ON t(a)", StepKind::kVisible},
                  {"DROP INDEX CONCURRENTLY i", StepKind::kVisible},
                  {"VACUUM t", StepKind::kRepeatable},
                  {"REINDEX INDEX CONCURRENTLY i", StepKind::kRepeatable},
                  {"CREATE DATABASE d", StepKind::kOpaque},
                  {"SET work_mem = '1MB'", StepKind::kSession},
                  {"UPDATE t SET a = 1", StepKind::kAtomic}};
  for (const auto& [statement, kind] : postgres)
    EXPECT_EQ(PostgresStepKind(Task(statement), 0), kind) << statement;
  const struct {
    const char* statement;
    StepKind kind;
  } mariadb[] = {
      {"ALTER TABLE t ADD c INT", StepKind::kVisible},
      {"CREATE TABLE other.t(a INT)", StepKind::kOpaque},
      {"DROP TABLE a, b", StepKind::kOpaque},
      {"TRUNCATE t", StepKind::kOpaque},
      {"CALL p()", StepKind::kOpaque},
      {"OPTIMIZE TABLE t", StepKind::kRepeatable},
      {"ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u", StepKind::kOpaque},
      {"ALTER TABLE t TRUNCATE PARTITION p", StepKind::kOpaque},
      {"CREATE OR REPLACE TABLE t(a INT)", StepKind::kOpaque},
      {"CREATE OR REPLACE VIEW v AS SELECT 1", StepKind::kVisible},
      {"ALTER SEQUENCE s RESTART 1", StepKind::kOpaque},
      {"CREATE EVENT e ON SCHEDULE AT NOW() DO DELETE FROM t", StepKind::kOpaque},
      {"SET @a = 1", StepKind::kSession},
      {"SET @a = f()", StepKind::kAtomic},
      {"SELECT 1 INTO @a", StepKind::kAtomic},
      {"SET STATEMENT max_statement_time=1 FOR DELETE FROM t", StepKind::kAtomic},
      {"SET STATEMENT max_statement_time=1 FOR ALTER TABLE t ADD b INT", StepKind::kOpaque},
      {"INSERT INTO t VALUES (1)", StepKind::kAtomic},
      {"SELECT 1 INTO OUTFILE '/x'", StepKind::kOpaque},
      {"CREATE VIEW v AS SELECT o.a FROM other.o", StepKind::kVisible}};
  for (const auto& [statement, kind] : mariadb)
    EXPECT_EQ(MariadbStepKind(Task(statement, sql::Dialect::kMysql), 0), kind) << statement;
}

TEST_F(ServerScript, NoNameOfADatabaseIsAnOption) {
  Target target;
  target.engine = sql::Engine::kMariadb;
  target.database = "--force";
  const auto args = ClientFor(target.engine)->MakeRun(target, Task("SELECT 1")).args;
  EXPECT_EQ(std::count(args.begin(), args.end(), "--force"), 0);
}

TEST_F(ServerScript, AnErrorFromBeforeTheCommitIsNotHowItEnded) {
  const Client& psql = *ClientFor(sql::Engine::kPostgres);
  const std::string lost =
      "psql:<stdin>:9: WARNING:  22000: mind the gap\npsql:<stdin>:20: error: connection to server "
      "was lost\n";
  MarkerLog markers;
  markers.started = markers.precommit = true;
  const RunVerdict verdict =
      psql.Interpret({}, Task("SELECT 1;"), markers, {.exit_code = 2, .standard_error = lost});
  EXPECT_EQ(verdict.state, RunState::kLost);
}

class BegunStep : public ServerScript {
 protected:
  StepsVerdict Decide(const std::string& sheet, std::string_view before, std::string_view invalid,
                      bool as_begun = true) {
    const TaskScript& task = Task(sheet);
    MarkerLog markers;
    markers.row.emplace();
    markers.row->sheet_sha256 = as_begun ? task.sheet_sha256 : "of another text";
    markers.steps.push_back({.first = 1,
                             .last = 1,
                             .done = false,
                             .text_digest = DigestOfStatements(task, 1, 1),
                             .before = std::string(before)});
    markers.facts = {{"fingerprint", "now"}, {"invalid_indexes", std::string(invalid)}};
    return DecideSteps(task, markers, PostgresStepKind);
  }
};

TEST_F(BegunStep, TheFingerprintTellsWhileTheSheetIsAsItWas) {
  const std::string sheet = "CREATE INDEX CONCURRENTLY i ON t(a);\nVACUUM t;";
  EXPECT_TRUE(Decide(sheet, "then", "").resume.begun_is_applied);
  EXPECT_FALSE(Decide(sheet, "now", "").resume.begun_is_applied);
  EXPECT_FALSE(Decide(sheet, "now", "").in_doubt);
  const StepsVerdict changed = Decide(sheet, "then", "", false);
  ASSERT_TRUE(changed.in_doubt);
  EXPECT_EQ(changed.in_doubt->code, "SHEET_CHANGED");
}

TEST_F(BegunStep, OnlyItsOwnInvalidIndexCounts) {
  const std::string create = "CREATE UNIQUE INDEX CONCURRENTLY i ON s.t(a)";
  EXPECT_EQ(Decide(create, "then", "i\ts.i\ts\tt").resume.invalid_index, "s.i");
  EXPECT_TRUE(Decide(create, "then", "i\to.i\to\tt").resume.begun_is_applied);
  EXPECT_TRUE(Decide(create, "then", "i\ts.i\ts\tu").resume.begun_is_applied);
  EXPECT_TRUE(
      Decide("CREATE INDEX CONCURRENTLY i ON t(a)", "then", "i\tr.i\tr\tt\ni\ts.i\ts\tt").in_doubt)
      << "either could be it";
  EXPECT_TRUE(Decide("CREATE INDEX CONCURRENTLY ON t(a)", "then", "x\ts.x\ts\tt").in_doubt);
  const StepsVerdict dropped = Decide("DROP INDEX CONCURRENTLY s.i", "then", "i\ts.i\ts\tt");
  EXPECT_FALSE(dropped.resume.begun_is_applied) << "it is still there, and dropped by the sheet";
  EXPECT_EQ(dropped.resume.invalid_index, "");
  EXPECT_TRUE(
      Decide("DROP INDEX CONCURRENTLY s.i", "then", "i\to.i\to\tt").resume.begun_is_applied);
}

TEST_F(ServerScript, OnlyWhatIsOneTransactionSharesAClient) {
  const Client& psql = *ClientFor(sql::Engine::kPostgres);
  EXPECT_TRUE(psql.MayShareClient(Task("CREATE TEMP TABLE t(a INT); SET search_path = x")));
  EXPECT_FALSE(psql.MayShareClient(Task("VACUUM t")));
  EXPECT_FALSE(psql.MayShareClient(Task("ALTER DATABASE d SET search_path = x")));
  EXPECT_FALSE(ClientFor(sql::Engine::kMariadb)
                   ->MayShareClient(Task("INSERT INTO t VALUES (1)", sql::Dialect::kMysql)));
}

// A client that is kept counts the lines of all that it was given.
TEST_F(ServerScript, PlacesOfALaterTaskAreItsOwn) {
  const Client& psql = *ClientFor(sql::Engine::kPostgres);
  const TaskScript& task = Task("SELECT 1;\n\nSELECT nix;");
  const std::string script = MakePostgresScript(task).text;
  const std::size_t at = script.find("SELECT nix");
  const auto line = static_cast<std::uint32_t>(
      std::count(script.begin(), script.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1);
  const std::string error = "psql:<stdin>:" + std::to_string(line + 1000) +
                            ": ERROR:  42703: column \"nix\" does not exist\nLINE 1: SELECT nix\n" +
                            std::string(15, ' ') + "^\n";
  MarkerLog markers;
  markers.started = true;
  const RunVerdict verdict =
      psql.Interpret({}, task, markers,
                     {.exit_code = 3, .signal = 0, .standard_error = error, .lines_before = 1000});
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_TRUE(verdict.nothing_done);
  EXPECT_EQ(verdict.error.statement, 2u);
  EXPECT_EQ(verdict.error.line, 3u);
  EXPECT_EQ(verdict.error.column, 8u);
}

}  // namespace
}  // namespace lockstep::client
