// The adapters of servers against real ones: where errors are said to be, what a sheet cannot make
// a client do although the splitter let it through, and that a script that is cut never commits.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "core/base/sha256.h"
#include "native/client/client.h"
#include "tests/e2e/servers/world.h"
#include "tests/unit/native/client_harness.h"

namespace lockstep::client {
namespace {

using e2e::Mariadb;
using e2e::Postgres;

constexpr char kNonce[] = "00112233445566778899aabbccddeeff";

/// A task on the database "adapter" of a server.
class Bench {
 public:
  explicit Bench(tests::Server& server)
      : server_(server), postgres_(server.engine() == "POSTGRES") {
    target_.engine = postgres_ ? sql::Engine::kPostgres : sql::Engine::kMariadb;
    client_ = ClientFor(target_.engine);
    target_.program = client_->default_programs().back();
    target_.database = "adapter";
    target_.host = server.host();
    target_.username = "app";
    target_.password = tests::Server::kPassword;
    server.MakeDatabase("adapter");
    server.Sql("adapter", std::string(postgres_ ? "SET ROLE app; " : "") +
                              "CREATE TABLE person(id INT PRIMARY KEY, name VARCHAR(20) NOT NULL)");
  }

  TaskScript& Task(std::string sheet) {
    sheet_ = std::move(sheet);
    split_ = sql::Split(postgres_ ? sql::Dialect::kPostgres : sql::Dialect::kMysql, sheet_);
    return Reset();
  }
  /// As if the splitter had taken all of it for one statement, and a harmless one.
  TaskScript& Forged(std::string sheet) {
    sheet_ = std::move(sheet);
    split_ = sql::SplitResult();
    sql::Statement statement;
    statement.span = {0, static_cast<std::uint32_t>(sheet_.size())};
    statement.statement_class = sql::StatementClass::kDml;
    split_.statements.push_back(statement);
    return Reset();
  }

  RunVerdict Run(const TaskScript& task) { return Run(task, client_->MakeRun(target_, task)); }
  RunVerdict Run(const TaskScript& task, const ClientCommand& command) {
    finished_ = RunToEnd(command, kNonce);
    return client_->Interpret(target_, task, finished_.markers, finished_.end());
  }
  ProbeVerdict Probe(const TaskScript& task) {
    finished_ = RunToEnd(client_->MakeProbe(target_, task), kNonce);
    return client_->InterpretProbe(task, finished_.markers, finished_.end());
  }
  std::string Sql(const std::string& sql) { return server_.Sql("adapter", sql); }
  const Client& client() const { return *client_; }
  sql::Engine engine() const { return target_.engine; }
  const Target& target() const { return target_; }
  const Finished& finished() const { return finished_; }
  bool postgres() const { return postgres_; }

 private:
  TaskScript& Reset() {
    task_ = TaskScript();
    task_.task_key = "projects/p/specs/s projects/p/sheets/1";
    task_.run_name = "projects/p/rollouts/1/stages/1/tasks/1/taskRuns/1";
    task_.runner = "test:1";
    task_.nonce = kNonce;
    task_.sheet_name = "projects/p/sheets/1";
    task_.sheet_sha256 = base::Sha256Hex(sheet_);
    task_.sheet = sheet_;
    task_.split = &split_;
    task_.busy_timeout = base::Milliseconds(200);
    return task_;
  }

  tests::Server& server_;
  const bool postgres_;
  const Client* client_ = nullptr;
  Target target_;
  std::string sheet_;
  sql::SplitResult split_;
  TaskScript task_;
  Finished finished_;
};

class AdapterTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    tests::Server* server = GetParam() == std::string("postgres") ? Postgres() : Mariadb();
    if (server == nullptr) GTEST_SKIP() << "no server";
    bench_ = std::make_unique<Bench>(*server);
  }
  std::unique_ptr<Bench> bench_;
};

struct Fault {
  const char* sheet;
  const char* code;
  std::uint32_t statement, line, column;
  const char* says;
};

void ExpectFaults(Bench& bench, const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    SCOPED_TRACE(fault.sheet);
    const RunVerdict verdict = bench.Run(bench.Task(fault.sheet));
    EXPECT_EQ(verdict.state, RunState::kFailed);
    EXPECT_EQ(verdict.error.code, fault.code);
    EXPECT_EQ(verdict.error.statement, fault.statement);
    EXPECT_EQ(verdict.error.line, fault.line);
    EXPECT_EQ(verdict.error.column, fault.column);
    EXPECT_NE((verdict.error.message + verdict.error.detail + verdict.error.hint).find(fault.says),
              std::string::npos)
        << verdict.error.message << "\n"
        << verdict.error.detail << "\n"
        << verdict.error.hint;
    bench.Sql("DELETE FROM lockstep_history");
    if (!bench.postgres()) bench.Sql("DELETE FROM lockstep_step");
  }
}

TEST_P(AdapterTest, ErrorsAreAtTheirPlaceInTheSheet) {
  if (bench_->postgres()) {
    ExpectFaults(
        *bench_,
        {{"SELECT 1;\n\n  -- what follows is wrong\nSELECT *\nFROM person\nWHERE id = 1 ANDD true;",
          "42601", 2, 6, 14, "ANDD"},
         {"SELECT 1; SELECT nix FROM person;", "42703", 2, 1, 18, "nix"},
         {"-- α\nSELECT 'ä', nix FROM person;", "42703", 1, 2, 13, "nix"},
         {"SELECT 1,\n\n\n       '\n\n', nix\nFROM person;", "42703", 1, 6, 4, "nix"},
         {"INSERT INTO person VALUES (1, 'a');\nINSERT INTO person\n  VALUES (1, 'b');", "23505", 2,
          2, 1, "Key (id)=(1) already exists"},
         {"SELECT perso.id FROM person;", "42P01", 1, 1, 8, "perso"},
         {"UPDATE person SET name = nam;", "42703", 1, 1, 26, "name"},
         {"SELECT 1;\nDO $$\nBEGIN\n  RAISE EXCEPTION 'no way' USING HINT = 'another way';\nEND\n"
          "$$;",
          "P0001", 2, 2, 1, "another way"},
         {"CREATE TABLE a(x INT);\nCREATE INDEX CONCURRENTLY i ON nowhere(x);", "42P01", 2, 2, 1,
          "nowhere"}});
  } else {
    ExpectFaults(
        *bench_,
        {{"SELECT 1;\n\n  -- what follows is wrong\nSELECT *\nFROM person\nWHERE id = 1 ANDD 1;",
          "1064", 2, 6, 14, "ANDD"},
         {"SELECT 1; SELECT nix FROM person;", "1054", 2, 1, 18, "nix"},
         {"INSERT INTO person VALUES (1, 'a');\nINSERT INTO person\n  VALUES (1, 'b');", "1062", 2,
          2, 1, "Duplicate entry '1'"},
         {"SELECT 1;\nSELECT '\n\n' FROM person WHER 1;", "1064", 2, 4, 20, "near '1'"},
         {"SELECT 1;\nSELECT * FROM nowhere;", "1146", 2, 2, 15, "nowhere"},
         {"ALTER TABLE person ADD COLUMN id INT;", "1060", 1, 1, 1, "Duplicate column name 'id'"},
         {"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no way';", "1644", 1, 1, 1, "no way"}});
  }
}

TEST_P(AdapterTest, AFailureTellsWhatIsLeft) {
  const RunVerdict atomic = bench_->Run(
      bench_->Task("INSERT INTO person VALUES (1, 'a'); INSERT INTO nowhere VALUES (1)"));
  EXPECT_TRUE(atomic.nothing_done);
  EXPECT_EQ(bench_->Sql("SELECT COUNT(*) FROM person"), "0");
  EXPECT_EQ(bench_->Run(bench_->Task("INSERT INTO person VALUES (1, 'a')")).state,
            bench_->postgres() ? RunState::kSucceeded : RunState::kResumable)
      << "on MariaDB the row stays, and says that nothing of it is applied";
}

// What client-behaviour of psql and mariadb has: each would leave a file, end the script early, eat
// the protocol, or leave the transaction.
TEST_P(AdapterTest, WhatTheSplitterLetThroughTheClientRefuses) {
  ASSERT_EQ(bench_->Run(bench_->Task("SELECT 1")).state, RunState::kSucceeded);  // makes the tables
  bench_->Sql("DELETE FROM lockstep_history");
  const Folder folder;
  const std::string file = folder / "pwned";
  std::vector<std::string> attacks;
  if (bench_->postgres()) {
    attacks = {"\\! touch " + file,
               "SELECT 1; \\! touch " + file,
               "SELECT 1\n\\! touch " + file,
               "\\set x `touch " + file + "`",
               "\\o | touch " + file,
               "SELECT 1 \\g | touch " + file,
               "SELECT 1 \\g " + file,
               "\\w " + file,
               "\\copy person to program 'touch " + file + "'",
               "\\copy person to '" + file + "'",
               "SELECT 'INSERT INTO person VALUES (7, ''x'')' \\gexec",
               "\\i /etc/passwd",
               "\\connect postgres",
               "\\q",
               "\\setenv PATH /tmp",
               "\\unrestrict wrong\n\\! touch " + file,
               "\\restrict x\n\\unrestrict x\n\\! touch " + file,
               "\\if false\nSELECT 1",
               "SELECT 1 \\gset lockstep_",
               "SELECT (1",
               "INSERT INTO person VALUES (7, 'x'); SELECT (1",
               "CREATE FUNCTION f() RETURNS INT BEGIN ATOMIC SELECT 1",
               "SELECT 'open",
               "SELECT /* open",
               "SELECT $a$ open",
               "SELECT (1",
               "INSERT INTO person VALUES (7, 'x'",
               "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1",
               "COPY person FROM stdin;\n1\ta\n\\.\n\\! touch " + file,
               "COMMIT; INSERT INTO person VALUES (7, 'x')",
               "ROLLBACK; BEGIN; INSERT INTO person VALUES (7, 'x')"};
  } else {
    attacks = {"\\! touch " + file,
               "SELECT 'open",
               "SELECT /* open",
               "SELECT `open",
               "SELECT 1; \\! touch " + file,
               "system touch " + file,
               "\\. /etc/passwd",
               "source /etc/passwd",
               "tee " + file,
               "\\T " + file,
               "pager touch " + file,
               "\\P touch " + file,
               "edit",
               "SELECT 1\\G",
               "\\q",
               "quit",
               "exit",
               "connect mysql",
               "\\u mysql",
               "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE person",
               "delimiter ;\nDROP TABLE person;",
               "SELECT 1 INTO OUTFILE '" + file + "'"};
  }
  for (const std::string& attack : attacks) {
    SCOPED_TRACE(attack);
    const TaskScript& task = bench_->Forged(attack);
    const RunVerdict verdict = bench_->Run(task);
    EXPECT_NE(verdict.state, RunState::kSucceeded) << bench_->finished().raw;
    EXPECT_FALSE(std::filesystem::exists(file));
    EXPECT_EQ(bench_->Sql("SELECT COUNT(*) FROM lockstep_history WHERE done_at IS NOT NULL"), "0");
    if (!bench_->postgres()) {
      EXPECT_EQ(bench_->Sql("SELECT COUNT(*) FROM person"), "0");
    }
    bench_->Sql("DELETE FROM lockstep_history");
    bench_->Sql("DELETE FROM person");
    if (!bench_->postgres()) bench_->Sql("DELETE FROM lockstep_step");
  }
}

TEST_P(AdapterTest, ASheetThatWorksAgainstItsOwnMarkerIsTold) {
  if (!bench_->postgres()) GTEST_SKIP() << "there the sheet is no transaction";
  const RunVerdict changed = bench_->Run(
      bench_->Task("INSERT INTO person VALUES (7, 'x');\nDELETE FROM lockstep_history;"));
  EXPECT_EQ(changed.state, RunState::kFailed);
  EXPECT_EQ(changed.error.code, "MARKER_CHANGED") << bench_->finished().raw;
  EXPECT_TRUE(changed.nothing_done);
  EXPECT_EQ(bench_->Sql("SELECT COUNT(*) FROM person"), "0");
  for (const char* sheet : {"COMMIT", "COMMIT; BEGIN"}) {
    const RunVerdict ended = bench_->Run(bench_->Forged(sheet));
    EXPECT_EQ(ended.state, RunState::kPartial) << bench_->finished().raw;
    EXPECT_EQ(ended.error.code, "TRANSACTION_ENDED") << bench_->finished().raw;
    EXPECT_EQ(bench_->Sql("SELECT COUNT(*) FROM lockstep_history WHERE done_at IS NULL"), "1");
    bench_->Sql("DELETE FROM lockstep_history");
  }
}

TEST_P(AdapterTest, TheSplitterRefusesThemBefore) {
  std::vector<std::string> attacks = {"\\! id", "SELECT 1; \\! id", "SELECT 'open"};
  if (bench_->postgres()) {
    for (const char* more :
         {"\\copy person to '/tmp/x'", "SELECT 1 \\gexec", "\\connect postgres",
          "COPY person FROM stdin;\n1\ta\n\\.\n", "COMMIT", "BEGIN",
          "SET standard_conforming_strings = off", "SELECT $a$ open", "SELECT (1"})
      attacks.push_back(more);
  } else {
    for (const char* more : {"source /etc/passwd", "system id", "tee /tmp/x",
                             "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE person",
                             "USE mysql", "COMMIT", "START TRANSACTION", "SET autocommit = 0",
                             "SET sql_mode = 'ANSI_QUOTES'", "LOCK TABLES person WRITE"})
      attacks.push_back(more);
  }
  for (const std::string& attack : attacks) {
    SCOPED_TRACE(attack);
    const auto why = WhyNotRunnable(bench_->Task(attack), bench_->engine());
    ASSERT_TRUE(why);
    EXPECT_GT(why->line, 0u);
    EXPECT_GT(why->column, 0u);
  }
}

// kill -9 of the runner while it writes the script, a full disk: wherever the script ends, the
// sheet is applied as a whole or, where it goes step by step, up to a statement that the markers
// know of.
TEST_P(AdapterTest, AScriptThatIsCutNeverCommitsHalfAStatement) {
  TaskScript& task = bench_->Task(
      "INSERT INTO person VALUES (1, 'a');\nUPDATE person SET name = 'b' WHERE id = 1;\n"
      "DELETE FROM person\nWHERE id > 1;\nINSERT INTO person VALUES (2, 'c');\n");
  const ClientCommand whole = bench_->client().MakeRun(bench_->target(), task);
  const char* every = std::getenv("LOCKSTEP_CUT_EVERY");
  const std::size_t stride = every == nullptr ? 37 : std::strtoul(every, nullptr, 10);
  const char* from = std::getenv("LOCKSTEP_CUT_FROM");
  const std::size_t statements = whole.script.find("VALUES (1, 'a')") - 100;
  for (std::size_t cut = from == nullptr ? 0 : std::strtoul(from, nullptr, 10);
       cut < whole.script.size(); cut += cut < statements ? 3 * stride : stride) {
    ClientCommand command = whole;
    command.script.resize(cut);
    const RunVerdict verdict = bench_->Run(task, command);
    const bool told_committed = verdict.state == RunState::kSucceeded;
    const std::string rows = bench_->Sql("SELECT id, name FROM person ORDER BY id");
    if (rows == "1|b\n2|c") {
      // All that can be missing is the news of it.
      EXPECT_TRUE(told_committed || bench_->Probe(task).state == ProbeState::kCommitted ||
                  bench_->Probe(task).state == ProbeState::kResumable)
          << cut;
    } else {
      EXPECT_FALSE(told_committed) << cut;
      EXPECT_EQ(rows, "") << cut << ": a part of one transaction";
      EXPECT_NE(bench_->Probe(task).state, ProbeState::kCommitted) << cut;
    }
    bench_->Sql("DELETE FROM person; DELETE FROM lockstep_history");
    if (!bench_->postgres()) bench_->Sql("DELETE FROM lockstep_step");
  }
}

TEST_P(AdapterTest, OneTaskIsAppliedOnceAndAnEditedSheetIsNamed) {
  ASSERT_EQ(bench_->Run(bench_->Task("INSERT INTO person VALUES (1, 'a')")).state,
            RunState::kSucceeded)
      << bench_->finished().error;
  const RunVerdict again = bench_->Run(bench_->Task("INSERT INTO person VALUES (1, 'a')"));
  EXPECT_EQ(again.state, RunState::kAlreadyApplied);
  const RunVerdict edited = bench_->Run(bench_->Task("INSERT INTO person VALUES (2, 'a')"));
  EXPECT_EQ(edited.state, RunState::kAlreadyApplied);
  ASSERT_TRUE(edited.row);
  EXPECT_EQ(edited.row->sheet_sha256, base::Sha256Hex("INSERT INTO person VALUES (1, 'a')"));
  EXPECT_EQ(bench_->Sql("SELECT COUNT(*) FROM person"), "1");
}

// Bytebase: the run is DONE, and nothing is executed (plan-semantics 5.9).
TEST_P(AdapterTest, AVersionThatTheDatabaseHasIsNotAppliedAgain) {
  const auto task = [&](std::string spec, std::string version, std::string sheet) {
    TaskScript made = bench_->Task(std::move(sheet));
    made.spec_id = spec;
    made.task_key = spec + " " + made.sheet_name;
    made.version_key = "schemaVersion " + version;
    return made;
  };
  // One of a single transaction, and one that goes step by step.
  const std::string index = bench_->postgres() ? "CREATE INDEX CONCURRENTLY i ON person(name)"
                                               : "CREATE INDEX i ON person(name)";
  ASSERT_EQ(bench_->Run(task("a", "1", "INSERT INTO person VALUES (1, 'a')")).state,
            RunState::kSucceeded)
      << bench_->finished().error;
  ASSERT_EQ(bench_->Run(task("b", "2", "INSERT INTO person VALUES (2, 'b'); " + index)).state,
            RunState::kSucceeded)
      << bench_->finished().error;
  for (const char* version : {"1", "2"}) {
    const TaskScript again = task("c", version, "INSERT INTO person VALUES (3, 'c')");
    const RunVerdict verdict = bench_->Run(again);
    EXPECT_EQ(verdict.state, RunState::kAlreadyApplied);
    ASSERT_TRUE(verdict.row);
    EXPECT_EQ(verdict.row->task, again.version_key);
    EXPECT_FALSE(verdict.row->done_at.empty());
    EXPECT_EQ(bench_->Probe(again).state, ProbeState::kCommitted);
  }
  // Its own row says more than the version's.
  const RunVerdict own = bench_->Run(task("a", "1", "INSERT INTO person VALUES (1, 'a')"));
  ASSERT_TRUE(own.row);
  EXPECT_EQ(own.row->task, "a projects/p/sheets/1");
  // What failed leaves no version.
  ASSERT_EQ(bench_->Run(task("d", "4", "INSERT INTO nowhere VALUES (1)")).state, RunState::kFailed);
  EXPECT_EQ(bench_->Run(task("e", "4", "INSERT INTO person VALUES (4, 'd')")).state,
            RunState::kSucceeded);
  EXPECT_EQ(bench_->Sql("SELECT COUNT(*) FROM person"), "3");
}

INSTANTIATE_TEST_SUITE_P(Servers, AdapterTest, testing::Values("postgres", "mariadb"),
                         [](const auto& server) { return std::string(server.param); });

}  // namespace
}  // namespace lockstep::client
