// The SQLite adapter against the real sqlite3 shell: what a runner is told about each way a run can
// end.
#include "native/client/sqlite.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include "core/base/sha256.h"
#include "native/client/sheet_place.h"
#include "native/client/sqlite_error.h"
#include "native/client/sqlite_script.h"
#include "tests/unit/native/client_harness.h"

namespace lockstep::client {
namespace {

using rollout::TaskType;

constexpr char kNonce[] = "00112233445566778899aabbccddeeff";

/// Another connection in the middle of a write.
class LockHolder {
 public:
  explicit LockHolder(const std::string& path) {
    sqlite3_open(path.c_str(), &database_);
    sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  }
  ~LockHolder() { sqlite3_close(database_); }

 private:
  sqlite3* database_ = nullptr;
};

class SqliteClientTest : public testing::Test {
 protected:
  SqliteClientTest() {
    target_.engine = sql::Engine::kSqlite;
    target_.program = "sqlite3";
    target_.database = folder_ / "hr.db";
    Plain("CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);");
  }

  /// A change outside of Lockstep, and what it prints.
  std::string Plain(const std::string& sql) {
    ClientCommand command;
    command.program = "sqlite3";
    command.args = {"-batch", target_.database};
    command.script = sql;
    return RunToEnd(command, kNonce).raw;
  }

  TaskScript& Task(std::string sheet, TaskType type = TaskType::kSchemaUpdate) {
    sheet_ = std::move(sheet);
    split_ = sql::Split(sql::Dialect::kSqlite, sheet_);
    task_ = TaskScript();
    task_.type = type;
    task_.task_key = "projects/sample/rollouts/1/stages/1/tasks/1";
    task_.run_name = task_.task_key + "/taskRuns/1";
    task_.runner = "test:1";
    task_.nonce = kNonce;
    task_.sheet_name = "projects/sample/sheets/741";
    task_.sheet_sha256 = base::Sha256Hex(sheet_);
    task_.sheet = sheet_;
    task_.split = &split_;
    task_.busy_timeout = base::Milliseconds(50);
    return task_;
  }

  RunVerdict Run(const TaskScript& task) {
    const auto why = WhyNotRunnable(task, sql::Engine::kSqlite);
    EXPECT_FALSE(why) << why->message;
    finished_ = RunToEnd(client_.MakeRun(target_, task), kNonce);
    return client_.Interpret(target_, task, finished_.markers, finished_.end());
  }
  RunVerdict Run(std::string sheet) { return Run(Task(std::move(sheet))); }

  ProbeVerdict Probe(const TaskScript& task) {
    finished_ = RunToEnd(client_.MakeProbe(target_, task), kNonce);
    return client_.InterpretProbe(task, finished_.markers, finished_.end());
  }

  Folder folder_;
  Sqlite client_;
  Target target_;
  std::string sheet_;
  sql::SplitResult split_;
  TaskScript task_;
  Finished finished_;
};

TEST_F(SqliteClientTest, SuccessIsCommittedWithItsRow) {
  const RunVerdict verdict =
      Run("INSERT INTO person VALUES(1, 'a'), (2, 'b');\nSELECT name FROM person; -- who\n");
  ASSERT_EQ(verdict.state, RunState::kSucceeded) << finished_.error;
  EXPECT_EQ(verdict.statements_done, 2u);
  EXPECT_EQ(finished_.markers.rows, 2);
  EXPECT_EQ(finished_.output, "a\nb\n");
  EXPECT_EQ(Plain("SELECT task, sheet, length(sheet_sha256), run, runner, statements, done_at IS "
                  "NOT NULL FROM lockstep_history"),
            "projects/sample/rollouts/1/stages/1/tasks/1|projects/sample/sheets/741|64|"
            "projects/sample/rollouts/1/stages/1/tasks/1/taskRuns/1|test:1|2|1\n");
  EXPECT_EQ(Probe(task_).state, ProbeState::kCommitted);
}

TEST_F(SqliteClientTest, ASecondRunChangesNothing) {
  ASSERT_EQ(Run("INSERT INTO person VALUES(1, 'a');").state, RunState::kSucceeded);
  const RunVerdict verdict = Run(Task("INSERT INTO person VALUES(2, 'b');"));
  EXPECT_EQ(verdict.state, RunState::kAlreadyApplied);
  ASSERT_TRUE(verdict.row);
  EXPECT_EQ(verdict.row->runner, "test:1");
  EXPECT_EQ(verdict.row->sheet_sha256, base::Sha256Hex("INSERT INTO person VALUES(1, 'a');"));
  EXPECT_EQ(Plain("SELECT count(*) FROM person"), "1\n");
}

TEST_F(SqliteClientTest, ConstraintErrorRollsBackAll) {
  const RunVerdict verdict =
      Run("INSERT INTO person VALUES(1, 'a');\n\n  INSERT INTO person\n  VALUES(2, 'a');\n");
  ASSERT_EQ(verdict.state, RunState::kFailed);
  EXPECT_TRUE(verdict.nothing_done);
  EXPECT_EQ(verdict.error.code, "SQLITE_CONSTRAINT");
  EXPECT_EQ(verdict.error.message, "UNIQUE constraint failed: person.name");
  EXPECT_EQ(verdict.error.statement, 2u);
  EXPECT_EQ(verdict.error.line, 3u);
  EXPECT_EQ(verdict.error.column, 3u);
  EXPECT_EQ(verdict.statements_done, 1u);
  EXPECT_EQ(Plain("SELECT count(*) FROM person"), "0\n");
  EXPECT_EQ(Probe(task_).state, ProbeState::kNotApplied);
}

TEST_F(SqliteClientTest, DeferredConstraintFailsAtCommit) {
  const RunVerdict verdict =
      Run("PRAGMA foreign_keys = ON;\nCREATE TABLE pet(owner REFERENCES person(id) DEFERRABLE "
          "INITIALLY DEFERRED);\n"
          "INSERT INTO pet VALUES(99);");
  ASSERT_EQ(verdict.state, RunState::kFailed) << finished_.error;
  EXPECT_TRUE(verdict.nothing_done);
  EXPECT_EQ(verdict.error.code, "SQLITE_CONSTRAINT");
  EXPECT_EQ(Plain("SELECT count(*) FROM sqlite_master WHERE name = 'pet'"), "0\n");
}

struct SyntaxCase {
  const char* name;
  std::string sheet;
  std::string marked;  ///< the text whose first occurrence is the error's place
};

class SqliteSyntaxTest : public SqliteClientTest, public testing::WithParamInterface<SyntaxCase> {};

TEST_P(SqliteSyntaxTest, TellsLineAndColumnOfTheSheet) {
  const SyntaxCase& c = GetParam();
  const RunVerdict verdict = Run(c.sheet);
  ASSERT_EQ(verdict.state, RunState::kFailed);
  const std::size_t at = c.sheet.find(c.marked);
  ASSERT_NE(at, std::string::npos);
  const SheetPlace place = PlaceInSheet(c.sheet, at);
  EXPECT_EQ(verdict.error.line, place.line) << finished_.error;
  EXPECT_EQ(verdict.error.column, place.column) << finished_.error;
}

INSTANTIATE_TEST_SUITE_P(
    Places, SqliteSyntaxTest,
    testing::Values(
        SyntaxCase{"short_one", "SELECT 1;\nSELECT  FORM t;", "FORM"},
        SyntaxCase{"at_the_start", "-- c\n\n  SELEC 1;", "SELEC"},
        SyntaxCase{"middle_of_a_long_one",
                   "CREATE TABLE a(x);\n/* two\nlines */ CREATE TABLE wide(\n  a INTEGER,\n  b "
                   "TEXT DEFAULT 'x;y',\n"
                   "  c TEXT, -- here; too\n  d TEXT NOT NUL,\n  e TEXT\n);\nSELECT 2;",
                   "NUL,"},
        SyntaxCase{"unknown_column_after_wide_characters",
                   "SELECT 'äöü日本語 äöü日本語 äöü日本語 äöü日本語',\n  'äöü', nope FROM person;",
                   "nope"},
        SyntaxCase{"windows_lines",
                   "SELECT 1;\r\nSELECT\r\n  name,\r\n  id,\r\n  "
                   "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',\r\n  oops\r\nFROM person;\r\n",
                   "oops"},
        SyntaxCase{"inside_a_trigger",
                   "CREATE TRIGGER tr AFTER INSERT ON person BEGIN\n  UPDATE person SET name = 'x' "
                   "WHERE id = 1;\n"
                   "  DELETE FRM person;\nEND;",
                   "FRM"},
        SyntaxCase{"byte_order_mark", "\xEF\xBB\xBFSELECT 1;\nSELECT nope;", "nope"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(SqliteClientTest, OutputCannotForgeMarkers) {
  const RunVerdict verdict =
      Run("SELECT '@@lockstep:ffffffffffffffffffffffffffffffff committed';\n"
          "SELECT '@@lockstep:' || 'x';\nINSERT INTO person VALUES(1, NULL);");
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_EQ(finished_.output,
            "@@lockstep:ffffffffffffffffffffffffffffffff committed\n@@lockstep:x\n");
}

TEST_F(SqliteClientTest, AMissingFileIsNotCreated) {
  target_.database = folder_ / "none.db";
  const RunVerdict verdict = Run("SELECT 1;");
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_TRUE(verdict.nothing_done);
  EXPECT_EQ(verdict.error.code, "SQLITE_CANTOPEN");
  EXPECT_FALSE(std::filesystem::exists(target_.database));
}

TEST_F(SqliteClientTest, NotADatabase) {
  WriteFile(target_.database,
            "this is a text file, and long enough to be looked at as a database header....");
  const RunVerdict verdict = Run("SELECT 1;");
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_EQ(verdict.error.code, "SQLITE_NOTADB");
  EXPECT_TRUE(verdict.nothing_done);
}

TEST_F(SqliteClientTest, AReadOnlyFile) {
  using std::filesystem::perms;
  std::filesystem::permissions(target_.database, perms::owner_read | perms::others_read);
  if (::geteuid() == 0) {  // who may write everything: so let it be somebody else
    std::filesystem::permissions(folder_ / ".",
                                 perms::owner_all | perms::others_read | perms::others_exec);
    target_.program = folder_ / "sqlite3";
    WriteFile(
        target_.program,
        "#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups sqlite3 \"$@\"\n");
    std::filesystem::permissions(target_.program, perms::all);
  }
  const RunVerdict verdict = Run("SELECT 1;");
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_EQ(verdict.error.code, "SQLITE_READONLY");
}

TEST_F(SqliteClientTest, ALockedDatabaseIsWorthAnotherAttempt) {
  const LockHolder holder(target_.database);
  const RunVerdict verdict = Run("INSERT INTO person VALUES(1, 'a');");
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_TRUE(verdict.lock_busy);
  EXPECT_TRUE(verdict.nothing_done);
  EXPECT_EQ(verdict.error.code, "SQLITE_BUSY");
  EXPECT_EQ(Probe(task_).state, ProbeState::kBusy);
}

TEST_F(SqliteClientTest, DatabaseCreate) {
  target_.database = folder_ / "new #1?.db";
  ASSERT_EQ(Probe(Task("", TaskType::kDatabaseCreate)).state, ProbeState::kNotApplied);
  EXPECT_EQ(Run(task_).state, RunState::kSucceeded) << finished_.error;
  EXPECT_TRUE(std::filesystem::exists(target_.database));
  EXPECT_EQ(Probe(task_).state, ProbeState::kCommitted);
  EXPECT_EQ(Run(task_).state, RunState::kAlreadyApplied);
}

TEST_F(SqliteClientTest, DatabaseCreateOfOneThatIsThere) {
  const RunVerdict verdict = Run(Task("", TaskType::kDatabaseCreate));
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_EQ(verdict.error.code, "DATABASE_EXISTS");
  EXPECT_EQ(Probe(task_).state, ProbeState::kNotApplied);
}

TEST_F(SqliteClientTest, BaselineOnlyMarks) {
  Task("", TaskType::kSchemaBaseline).split = nullptr;
  EXPECT_EQ(Run(task_).state, RunState::kSucceeded);
  EXPECT_EQ(Probe(task_).state, ProbeState::kCommitted);
}

TEST_F(SqliteClientTest, VacuumRunsOutsideATransactionAndCanBeRepeated) {
  Task("PRAGMA journal_mode = WAL;\nVACUUM;");
  ASSERT_EQ(Run(task_).state, RunState::kSucceeded) << finished_.error;
  EXPECT_EQ(client_.EndSession("wal"), "");
  EXPECT_EQ(Plain("PRAGMA journal_mode"), "wal\n");
  EXPECT_EQ(Run(task_).state, RunState::kAlreadyApplied);
  Plain("UPDATE lockstep_history SET done_at = NULL");  // as if it had been killed in VACUUM
  EXPECT_EQ(Probe(task_).state, ProbeState::kRepeatable);
  EXPECT_EQ(Run(task_).state, RunState::kSucceeded);
}

TEST_F(SqliteClientTest, ForeignKeysAreSwitchedBeforeTheTransaction) {
  Plain(
      "CREATE TABLE pet(owner REFERENCES person(id)); PRAGMA foreign_keys = ON; INSERT INTO person "
      "VALUES(1, 'a'); INSERT INTO pet VALUES(1);");
  EXPECT_EQ(Run("PRAGMA foreign_keys = ON;\nDELETE FROM person;").state, RunState::kFailed);
  // A table rebuilt as sqlite.org/lang_altertable.html advises, with what stays behind checked.
  EXPECT_EQ(Run("PRAGMA foreign_keys = OFF;\nCREATE TABLE other AS SELECT * FROM person;\nDROP "
                "TABLE person;\nALTER TABLE other RENAME TO person;\nCREATE UNIQUE INDEX i ON "
                "person(id);\nPRAGMA foreign_keys = ON;")
                .state,
            RunState::kSucceeded)
      << finished_.error;
}

TEST_F(SqliteClientTest, RowsThatBreakForeignKeysAreFoundBeforeTheCommit) {
  Plain(
      "CREATE TABLE pet(owner REFERENCES person(id)); INSERT INTO person VALUES(1, 'a'); INSERT "
      "INTO pet VALUES(1);");
  for (const char* pragma : {"PRAGMA foreign_keys = OFF", "pragma main.\"foreign_keys\"(0)",
                             "PRAGMA /* = */ foreign_keys = false"}) {
    const RunVerdict verdict = Run(std::string(pragma) + ";\nDELETE FROM person;");
    EXPECT_EQ(verdict.state, RunState::kFailed) << pragma;
    EXPECT_EQ(verdict.error.code, "FOREIGN_KEYS") << pragma;
    EXPECT_EQ(Plain("SELECT count(*) FROM person"), "1\n") << pragma;
  }
  EXPECT_EQ(Run("PRAGMA foreign_keys;\nDELETE FROM person;").state, RunState::kSucceeded)
      << "asks, and switches nothing";
}

TEST_F(SqliteClientTest, APragmaIsKnownInQuotesAndBehindComments) {
  EXPECT_TRUE(WhyNotRunnable(Task("PRAGMA \"writable_schema\" = 1;"), sql::Engine::kSqlite));
}

TEST_F(SqliteClientTest, CommandsOfTheShellAreRefusedWhereverTheyStand) {
  for (const char* sheet : {" .bail off\nSELECT 1;", "SELECT 1; .trace x", "/* c */ .quit",
                            "SELECT 1;\n-- c\n  .read other\n", "SELECT 1;#x"}) {
    const auto why = WhyNotRunnable(Task(sheet), sql::Engine::kSqlite);
    ASSERT_TRUE(why) << sheet;
    EXPECT_EQ(why->code, "REFUSED");
  }
  EXPECT_FALSE(WhyNotRunnable(Task("SELECT 1.5, .5,\n.5;"), sql::Engine::kSqlite));
}

TEST_F(SqliteClientTest, AMessageOfSeveralLinesIsReadWhole) {
  Plain(
      "CREATE TRIGGER no BEFORE INSERT ON person BEGIN SELECT RAISE(ABORT, 'first\nsecond'); END");
  const RunVerdict verdict = Run("INSERT INTO person VALUES(1, 'a');");
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_EQ(verdict.error.message, "first\nsecond");
  EXPECT_EQ(verdict.error.code, "SQLITE_CONSTRAINT");
}

// A limit for one statement is measured between markers.
TEST_F(SqliteClientTest, EachStatementHasItsMarkerWhenStatementsAreLimited) {
  std::string sheet;
  for (int i = 0; i < 2500; ++i) sheet += "SELECT 1;\n";
  const auto markers = [&](TaskScript& task) {
    const std::string text = MakeSqliteScript(task).text;
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(" done ", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  EXPECT_LE(markers(Task(sheet)), 1001u);
  TaskScript& task = Task(sheet);
  task.limits.statement_timeout = base::Milliseconds(1000);
  EXPECT_EQ(markers(task), 2500u);
}

// Its spec had the same text under another sheet name: CI numbers sheets as it likes.
TEST_F(SqliteClientTest, TheSameTextOfTheSameSpecIsAppliedOnce) {
  const auto with_key = [&](const char* spec, const char* sheet) -> TaskScript& {
    TaskScript& task = Task("INSERT INTO person VALUES(1, 'a');");
    task.spec_id = spec;
    task.task_key = std::string(spec) + " projects/p/sheets/" + sheet;
    return task;
  };
  ASSERT_EQ(Run(with_key("s%_", "1")).state, RunState::kSucceeded) << finished_.error;
  EXPECT_EQ(Run(with_key("s%_", "2")).state, RunState::kAlreadyApplied) << finished_.error;
  EXPECT_EQ(Probe(task_).state, ProbeState::kCommitted);
  EXPECT_EQ(Run(with_key("s%", "1")).state, RunState::kFailed) << "another spec: it runs";
  EXPECT_EQ(Probe(task_).state, ProbeState::kNotApplied);
}

TEST_F(SqliteClientTest, AnUnfinishedRowNeedsAPerson) {
  ASSERT_EQ(Run("INSERT INTO person VALUES(1, 'a');").state, RunState::kSucceeded);
  Plain("UPDATE lockstep_history SET done_at = NULL");
  EXPECT_EQ(Probe(task_).state, ProbeState::kPartial);
  EXPECT_EQ(Run(task_).state, RunState::kPartial);
}

// The lexer refuses COMMIT; should one ever slip through it, the script notices.
TEST_F(SqliteClientTest, ASheetThatEndsItsTransactionIsNoticed) {
  Task("INSERT INTO person VALUES(1, 'a'); COMMIT;");
  finished_ = RunToEnd(client_.MakeRun(target_, task_), kNonce);
  const RunVerdict verdict = client_.Interpret(target_, task_, finished_.markers, finished_.end());
  EXPECT_EQ(verdict.state, RunState::kPartial);
  EXPECT_EQ(verdict.error.code, "TRANSACTION_ENDED");
  EXPECT_EQ(Probe(task_).state, ProbeState::kPartial);
}

TEST_F(SqliteClientTest, ASheetMayNotTouchItsOwnRow) {
  const RunVerdict verdict =
      Run("INSERT INTO person VALUES(1, 'a'); DELETE FROM lockstep_history;");
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_EQ(verdict.error.code, "MARKER_CHANGED");
  EXPECT_EQ(Plain("SELECT count(*) FROM person"), "0\n");
}

TEST_F(SqliteClientTest, WhatCannotRunIsSaidBefore) {
  const auto why = [&](std::string sheet) {
    const auto error = WhyNotRunnable(Task(std::move(sheet)), sql::Engine::kSqlite);
    return error ? std::to_string(error->line) + ":" + std::to_string(error->column) + " " +
                       error->message
                 : "";
  };
  EXPECT_EQ(why("SELECT 1; SAVEPOINT a; RELEASE a;"), "");
  EXPECT_EQ(why("SELECT 1;\n  COMMIT;").substr(0, 3), "2:3");
  EXPECT_EQ(why("SELECT 1;\nROLLBACK;").substr(0, 3), "2:1");
  EXPECT_EQ(why("SELECT 1;\n.shell id\n").substr(0, 3), "2:1");
  EXPECT_EQ(why("CREATE TABLE a(b);\nVACUUM;").substr(0, 3), "2:1");
  EXPECT_EQ(why("VACUUM;\nCREATE TABLE a(b);").substr(0, 3), "2:1");
  EXPECT_EQ(why("VACUUM/* x */INTO '/tmp/x';").substr(0, 3), "1:1");
  EXPECT_EQ(why("ATTACH 'x' AS y;").substr(0, 3), "1:1");
  EXPECT_EQ(why("SELECT 1;\nPRAGMA foreign_keys = OFF;\nSELECT 2;").substr(0, 3), "2:1");
}

TEST_F(SqliteClientTest, TheShellCannotReachOutside) {
  const std::string secret = folder_ / "secret";
  WriteFile(secret, "secret");
  const RunVerdict verdict = Run("SELECT 1;\nSELECT readfile('" + secret + "');");
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_EQ(finished_.output, "1\n");
  EXPECT_EQ(verdict.error.line, 2u);
}

TEST_F(SqliteClientTest, ADeadShellBeforeItsCommitHasDoneNothing) {
  Task("SELECT 1;");
  MarkerLog markers;
  markers.started = true;
  RunVerdict verdict = client_.Interpret(target_, task_, markers, {0, 9, ""});
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_TRUE(verdict.nothing_done);
  markers.precommit = true;
  verdict = client_.Interpret(target_, task_, markers, {0, 9, ""});
  EXPECT_EQ(verdict.state, RunState::kLost);
  verdict = client_.Interpret(target_, task_, markers, {0, 0, ""});
  EXPECT_EQ(verdict.state, RunState::kLost);  // exit 0 alone is no success
  markers.precommit = false;
  verdict = client_.Interpret(target_, task_, markers, {0, 0, ""});
  EXPECT_EQ(verdict.state, RunState::kFailed);
  EXPECT_TRUE(verdict.nothing_done);
}

TEST_F(SqliteClientTest, Connection) {
  const auto ask = [&] {
    const Finished f = RunToEnd(client_.MakeConnectionProbe(target_, false, kNonce), kNonce);
    return client_.InterpretConnection(f.markers, f.end());
  };
  EXPECT_FALSE(ask());
  const std::string before = ReadFile(target_.database);
  EXPECT_FALSE(ask());
  EXPECT_EQ(ReadFile(target_.database), before);
  target_.database = folder_ / "none.db";
  ASSERT_TRUE(ask());
  EXPECT_EQ(ask()->code, "SQLITE_CANTOPEN");
}

TEST_F(SqliteClientTest, VersionOfTheClient) {
  const Finished f = RunToEnd(client_.MakeVersionProbe(target_), kNonce);
  const Version version = client_.InterpretVersion(f.end(), f.raw);
  EXPECT_FALSE(version.refusal) << *version.refusal;
  EXPECT_FALSE(version.text.empty());
  EXPECT_FALSE(client_.InterpretVersion({0, 0, ""}, "3.37.0 2021-11-27\n").refusal);
  EXPECT_TRUE(client_.InterpretVersion({0, 0, ""}, "3.36.0 2021-06-18\n").refusal);
  EXPECT_TRUE(client_.InterpretVersion({0, 0, ""}, "hello\n").refusal);
}

TEST(SqliteScript, IsExactlyThis) {
  const std::string sheet =
      "-- note\nPRAGMA foreign_keys = OFF;\nCREATE TABLE a(\n  b TEXT\n);\nINSERT INTO a "
      "VALUES('it''s');\n";
  const sql::SplitResult split = sql::Split(sql::Dialect::kSqlite, sheet);
  TaskScript task;
  task.task_key = "t'1";
  task.run_name = "t'1/taskRuns/1";
  task.runner = "host:7";
  task.nonce = kNonce;
  task.sheet_name = "projects/p/sheets/1";
  task.sheet_sha256 = "abc";
  task.sheet = sheet;
  task.split = &split;
  EXPECT_EQ(MakeSqliteScript(task).text, R"SQL(.timeout 5000
PRAGMA foreign_keys = OFF;
.print '@@lockstep:00112233445566778899aabbccddeeff done 1'
PRAGMA synchronous = EXTRA;
BEGIN IMMEDIATE;
.print '@@lockstep:00112233445566778899aabbccddeeff start'
CREATE TABLE IF NOT EXISTS main.lockstep_history(task TEXT NOT NULL PRIMARY KEY, sheet TEXT NOT NULL, sheet_sha256 TEXT NOT NULL, run TEXT NOT NULL, runner TEXT NOT NULL, statements INTEGER NOT NULL, started_at TEXT NOT NULL, done_at TEXT) WITHOUT ROWID;
SELECT '@@lockstep:00112233445566778899aabbccddeeff row ' || hex(task) || '.' || hex(sheet) || '.' || hex(sheet_sha256) || '.' || hex(run) || '.' || hex(runner) || '.' || hex(statements) || '.' || hex(started_at) || '.' || hex(coalesce(done_at, '')) FROM main.lockstep_history WHERE task = 't''1';
INSERT INTO main.lockstep_history(task, sheet, sheet_sha256, run, runner, statements, started_at) VALUES('t''1', 'projects/p/sheets/1', 'abc', 't''1/taskRuns/1', 'host:7', 3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
SAVEPOINT "lockstep_00112233445566778899aabbccddeeff";
CREATE TABLE a(
  b TEXT
);
.print '@@lockstep:00112233445566778899aabbccddeeff done 2'
INSERT INTO a VALUES('it''s');
RELEASE "lockstep_00112233445566778899aabbccddeeff";
SELECT abs(-9223372036854775807 - 1) WHERE EXISTS(SELECT 1 FROM pragma_foreign_key_check);
UPDATE main.lockstep_history SET done_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE task = 't''1' AND run = 't''1/taskRuns/1' AND done_at IS NULL;
SELECT CASE changes() WHEN 1 THEN '@@lockstep:00112233445566778899aabbccddeeff done 3 ' || (total_changes() - 2) || char(10) || '@@lockstep:00112233445566778899aabbccddeeff precommit' ELSE abs(-9223372036854775807 - 1) END;
COMMIT;
.print '@@lockstep:00112233445566778899aabbccddeeff committed'
)SQL");
}

TEST_F(SqliteClientTest, ALongSheetHasFewMarkers) {
  std::string sheet;
  for (int i = 0; i < 5000; ++i)
    sheet +=
        "INSERT INTO person VALUES(" + std::to_string(i) + ", 'n" + std::to_string(i) + "');\n";
  EXPECT_EQ(Run(sheet).state, RunState::kSucceeded);
  EXPECT_EQ(finished_.markers.statements_done, 5000u);
  EXPECT_EQ(finished_.markers.rows, 5000);
  EXPECT_LT(finished_.raw.size(), 100000u);
}

TEST(SqliteScript, CommandLine) {
  TaskScript task;
  Target target;
  target.program = "/opt/sqlite3";
  target.database = "/data/50%?.db";
  const ClientCommand command = Sqlite().MakeRun(target, task);
  EXPECT_EQ(command.program, "/opt/sqlite3");
  EXPECT_EQ(command.args,
            (std::vector<std::string>{"-batch", "-bail", "-safe", "-nofollow", "-init", "/dev/null",
                                      "file:/data/50%25%3F.db?mode=rw"}));
  // -safe refuses VACUUM; a sheet of such statements can reach nothing (WhyNotRunnable).
  task.sheet = "VACUUM";
  const sql::SplitResult split = sql::Split(sql::Dialect::kSqlite, task.sheet);
  task.split = &split;
  EXPECT_EQ(Sqlite().MakeRun(target, task).args[2], "-nofollow");
  EXPECT_EQ(command.env, (std::vector<std::string>{"HOME=/nonexistent", "LC_ALL=C.UTF-8",
                                                   "PATH=/usr/bin:/bin"}));
}

// A client that is kept has its script through a pipe, which may break anywhere.
class SqliteCutTest : public SqliteClientTest, public testing::WithParamInterface<const char*> {};

TEST_P(SqliteCutTest, AScriptThatIsCutCommitsAllOrNothing) {
  TaskScript& task = Task(
      "INSERT INTO person VALUES (1, 'a');\nUPDATE person SET name = 'b' WHERE id = 1;\n"
      "DELETE FROM person\nWHERE id > 1;\nINSERT INTO person VALUES (2, 'c');\n");
  task.session = GetParam();
  task.more_follow = true;
  ASSERT_TRUE(client_.MayShareClient(task));
  const ClientCommand whole = client_.MakeRun(target_, task);
  const char* every = std::getenv("LOCKSTEP_CUT_EVERY");
  const std::size_t stride = every == nullptr ? 13 : std::strtoul(every, nullptr, 10);
  int committed = 0;
  for (std::size_t cut = 0; cut <= whole.script.size(); cut += stride) {
    ClientCommand command = whole;
    command.script.resize(cut);
    finished_ = RunToEnd(command, kNonce);
    const RunVerdict verdict = client_.Interpret(target_, task, finished_.markers, finished_.end());
    const std::string rows = Plain("SELECT id, name FROM person ORDER BY id;");
    if (rows == "1|b\n2|c\n") {
      ++committed;
      EXPECT_TRUE(verdict.state == RunState::kSucceeded ||
                  Probe(task).state == ProbeState::kCommitted)
          << cut;
    } else {
      EXPECT_EQ(rows, "") << cut << ": a part of it";
      EXPECT_NE(verdict.state, RunState::kSucceeded) << cut;
    }
    Plain("DELETE FROM person; DROP TABLE IF EXISTS lockstep_history;");
  }
  EXPECT_GE(committed, 1);
}

INSTANTIATE_TEST_SUITE_P(OfASession, SqliteCutTest, testing::Values("", "delete"));

// Between the tasks of a client the journal stays as a file, unless the database is in WAL mode.
TEST_F(SqliteClientTest, AKeptSessionKeepsItsJournal) {
  const std::string journal = target_.database + "-journal";
  const auto script = [&](int number, std::string session, bool more_follow) {
    TaskScript& task = Task("INSERT INTO person VALUES (" + std::to_string(number) + ", 'n" +
                            std::to_string(number) + "');");
    task.task_key = "t " + std::to_string(number);
    task.session = std::move(session);
    task.more_follow = more_follow;
    return client_.MakeRun(target_, task);
  };
  const auto run = [&](ClientCommand command, std::string_view more = "") {
    command.script += more;
    finished_ = RunToEnd(command, kNonce);
    EXPECT_EQ(finished_.error, "");
    EXPECT_EQ(finished_.output, more.empty() ? "" : "delete\n") << "of a farewell nobody hears";
    return std::string(finished_.markers.fact("session"));
  };
  EXPECT_EQ(run(script(1, "", true)), "delete");
  EXPECT_NE(access(journal.c_str(), F_OK), 0);
  EXPECT_EQ(run(script(2, "delete", true)), "persist");
  EXPECT_EQ(access(journal.c_str(), F_OK), 0) << "the rest of it";
  EXPECT_EQ(Plain("SELECT count(*) FROM person"), "2\n") << "which nobody takes for a hot one";
  EXPECT_EQ(run(script(3, "persist", false)), "");
  EXPECT_NE(access(journal.c_str(), F_OK), 0) << "the last one takes it away";
  run(script(4, "delete", true), client_.EndSession("persist"));
  EXPECT_NE(access(journal.c_str(), F_OK), 0) << "and so does a client that nothing came for";
  EXPECT_EQ(Plain("SELECT count(*), count(DISTINCT name) FROM person"), "4|4\n");

  Plain("PRAGMA journal_mode = WAL;");
  EXPECT_EQ(run(script(5, "", true)), "wal");
  EXPECT_EQ(run(script(6, "wal", true)), "");
  EXPECT_EQ(run(script(7, "wal", false)), "");
  EXPECT_EQ(client_.EndSession("wal"), "");
  EXPECT_EQ(Plain("PRAGMA journal_mode"), "wal\n");
  // Who switched to WAL behind its back is not overruled: it ends before it has begun.
  finished_ = RunToEnd(script(8, "delete", true), kNonce);
  EXPECT_FALSE(finished_.markers.started);
  EXPECT_EQ(Plain("PRAGMA journal_mode; SELECT count(*) FROM person"), "wal\n7\n");
}

TEST_F(SqliteClientTest, WhatLeavesSomethingInTheSessionSharesNoClient) {
  EXPECT_TRUE(client_.MayShareClient(Task("INSERT INTO person VALUES (1, 'a')")));
  for (const char* sheet :
       {"CREATE TEMP TABLE t(a)", "PRAGMA foreign_keys = OFF; INSERT INTO person VALUES (1, 'a')",
        "PRAGMA case_sensitive_like = ON", "VACUUM"}) {
    EXPECT_FALSE(client_.MayShareClient(Task(sheet))) << sheet;
  }
  EXPECT_FALSE(client_.MayShareClient(Task("", TaskType::kDatabaseCreate)));
}

TEST(ClientFor, HasTheEnginesThatTheCoreSaysItHas) {
  for (const sql::EngineFacts& facts : sql::AllEngines())
    EXPECT_EQ(ClientFor(facts.engine) != nullptr, facts.has_client) << facts.title;
}

TEST(MarkerFilter, IsTheSameForEveryWayToCutAStream) {
  const std::string stream =
      "a@@b\n@@lockstep:" + std::string(kNonce) +
      " start\nrow\n@@lockstep:bad start\n@@lockstep:" + std::string(kNonce) +
      " done 1 7\n@@lock@@lockstep:" + std::string(kNonce) + " done 2 3\nend@@lockstep:";
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (const std::size_t step : {1u, 2u, 5u, 64u, 1000u}) {
      MarkerFilter filter(kNonce);
      std::string output;
      filter.Feed(std::string_view(stream).substr(0, first), output);
      for (std::size_t at = first; at < stream.size(); at += step) {
        filter.Feed(std::string_view(stream).substr(at, step), output);
      }
      filter.Finish(output);
      ASSERT_EQ(output, "a@@b\nrow\n@@lockstep:bad start\n@@lockend@@lockstep:");
      EXPECT_TRUE(filter.log().started);
      EXPECT_EQ(filter.log().statements_done, 2u);
      EXPECT_EQ(filter.log().rows, 3);
    }
  }
}

}  // namespace
}  // namespace lockstep::client
