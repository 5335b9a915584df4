#include "native/client/sqlite_script.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/sql/refused.h"
#include "core/sql/sqlite_name.h"
#include "native/client/steps.h"

namespace lockstep::client {
namespace {

/// An error that stops the shell: there is no RAISE outside of triggers.
constexpr std::string_view kFail = "abs(-9223372036854775807 - 1)";
constexpr std::string_view kFailWhere = "SELECT abs(-9223372036854775807 - 1) WHERE ";
constexpr std::string_view kSqliteNow = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

class SqliteWriter : public ScriptWriter {
 public:
  explicit SqliteWriter(const TaskScript& task) : task_(task), marker_(MarkerPrefix(task.nonce)) {}

  SqliteWriter& Marker(std::string_view news) {
    Line(".print '" + marker_ + std::string(news) + "'");
    return *this;
  }
  void Statement(std::size_t index);
  void Journal();
  void Precommit(bool in_transaction);

 private:
  std::string DoneText(std::size_t number, int own_rows);

  const TaskScript& task_;
  const std::string marker_;
  bool changed_rows_ = false;
};

/// The marker as an expression: with all rows changed so far, but for the marker row itself.
std::string SqliteWriter::DoneText(std::size_t number, int own_rows) {
  const std::string done = "'" + marker_ + "done " + std::to_string(number);
  if (!std::exchange(changed_rows_, false)) return done + "'";
  return done + " ' || (total_changes() - " + std::to_string(own_rows) + ")";
}

/// The last one of a transaction has its marker with the next news: each costs a way to the runner.
void SqliteWriter::Statement(std::size_t index) {
  Section(ScriptPart::kStatement, index);
  Line(std::string(StatementText(task_, index)) + ";");
  changed_rows_ |= task_.split->statements[index].statement_class == sql::StatementClass::kDml;
  const std::size_t number = index + 1;
  const bool with_next = number == StatementCount(task_) && !RunsWithoutTransaction(task_);
  if (with_next || !IsMarked(task_, number)) return;
  if (changed_rows_) {
    Line("SELECT " + DoneText(number, 1) + ";");
  } else {
    Marker("done " + std::to_string(number));
  }
}

/// With more tasks to come the rollback journal stays as a file, and each commit overwrites its
/// header instead of removing it (sqlite.org/pragma.html#pragma_journal_mode): as safe, and without
/// the changes of the folder, which cost more than all else. A database in WAL mode is left in it:
/// what journal it has is told with the first task of a session. Within the transaction, where
/// nobody can switch to WAL meanwhile; who did so before makes this an error in front of "start",
/// and the next client looks anew.
void SqliteWriter::Journal() {
  const bool keep = task_.more_follow && task_.session == "delete";
  const bool remove = !task_.more_follow && task_.session == "persist";
  if (keep || remove) {
    Line(".separator '|' ''").Line("SELECT '" + marker_ + "journal ';");  // for what pragmas print
    Line(keep ? "PRAGMA journal_mode = PERSIST;" : "PRAGMA journal_mode = DELETE;");
    Line("PRAGMA journal_size_limit = 1048576;");
    Line(".separator '|' \"\\n\"").Line(".print");
  }
  if (keep || (task_.more_follow && task_.session.empty()))
    Line("SELECT '" + marker_ + "fact session ' || hex(journal_mode) FROM pragma_journal_mode;");
}

/// Fails unless the end of the marker row was written just now.
void SqliteWriter::Precommit(bool in_transaction) {
  const std::size_t count = StatementCount(task_);
  const std::string done =
      in_transaction && count > 0 ? DoneText(count, 2) + " || char(10) || " : "";
  Line("SELECT CASE changes() WHEN 1 THEN " + done + "'" + marker_ + "precommit' ELSE " +
       std::string(kFail) + " END;");
}

/// A sheet that switches them off to rebuild a table, as SQLite's own documentation advises
/// (sqlite.org/lang_altertable.html#otheralter), and checks them before it commits.
bool SwitchesForeignKeysOff(const TaskScript& task, std::size_t hoisted) {
  bool off = false;
  for (std::size_t i = 0; i < hoisted; ++i) {
    const std::string text = base::ToLowerAscii(StatementText(task, i));
    if (sql::ReadPragma(text).name != "foreign_keys") continue;
    const std::size_t value_at = text.find_first_of("=(");
    if (value_at == std::string::npos) continue;
    const std::string_view value = std::string_view(text).substr(value_at);
    for (const char* word : {"off", "0", "false", "no"}) off |= value.find(word) != value.npos;
  }
  return off;
}

/// All rows of its spec, found through the key: "!" is behind " ".
std::string IsOfSpec(const TaskScript& task) {
  return "task >= " + SqlQuote(task.spec_id + " ") + " AND task < " + SqlQuote(task.spec_id + "!");
}

/// Of a row of its spec: for the same text, whose sheet had another name then. Names have no
/// blanks.
std::string IsSameChange(const TaskScript& task) {
  const std::string prefix = task.spec_id + " ";
  const std::string size = std::to_string(prefix.size());
  const std::string behind = std::to_string(prefix.size() + 1);
  return "sheet_sha256 = " + SqlQuote(task.sheet_sha256) +
         " AND CAST(substr(CAST(task AS BLOB), 1, " + size + ") AS TEXT) = " + SqlQuote(prefix) +
         " AND instr(substr(CAST(task AS BLOB), " + behind + "), X'20') = 0";
}

/// Rows of other keys by which the task is applied; empty when there can be none.
std::string OtherRows(const TaskScript& task) {
  std::string others;
  if (!task.spec_id.empty() && !task.sheet_sha256.empty())
    others = "(" + IsOfSpec(task) + " AND " + IsSameChange(task) + ")";
  if (task.version_key.empty()) return others;
  return others + (others.empty() ? "" : " OR ") + "task = " + SqlQuote(task.version_key);
}

/// Fails where a row of this task or of the same change stands.
std::string InsertMarkerRow(const TaskScript& task) {
  std::string sql =
      "INSERT INTO main.lockstep_history(task, sheet, sheet_sha256, run, runner, statements, "
      "started_at) VALUES(";
  for (const std::string& text :
       {task.task_key, task.sheet_name, task.sheet_sha256, task.run_name, task.runner}) {
    sql += SqlQuote(text) + ", ";
  }
  std::string count = std::to_string(StatementCount(task));
  const std::string others = OtherRows(task);
  if (!others.empty()) {
    count = "CASE WHEN NOT EXISTS(SELECT 1 FROM main.lockstep_history WHERE task <> " +
            SqlQuote(task.task_key) + " AND (" + others + ")) THEN " + count +
            " END";  // else it is NULL, which the column refuses
  }
  return sql + count + ", " + std::string(kSqliteNow) + ")";
}

void WriteLock(SqliteWriter& writer, const TaskScript& task) {
  writer.Section(ScriptPart::kLock);
  writer.Line("BEGIN IMMEDIATE;");
  writer.Journal();
  writer.Marker("start");
  writer.Section(ScriptPart::kHistory);
  writer.Line(
      "CREATE TABLE IF NOT EXISTS main.lockstep_history(task TEXT NOT NULL PRIMARY KEY, sheet TEXT "
      "NOT NULL, "
      "sheet_sha256 TEXT NOT NULL, run TEXT NOT NULL, runner TEXT NOT NULL, statements INTEGER NOT "
      "NULL, "
      "started_at TEXT NOT NULL, done_at TEXT) WITHOUT ROWID;");
  writer.Line(SelectMarkerRow(task));
}

void WriteDone(SqliteWriter& writer, const TaskScript& task, bool in_transaction) {
  writer.Section(ScriptPart::kDone);
  if (!task.version_key.empty()) {
    writer.Line("INSERT OR IGNORE INTO main.lockstep_history SELECT " + SqlQuote(task.version_key) +
                ", sheet, sheet_sha256, run, runner, statements, started_at, " +
                std::string(kSqliteNow) +
                " FROM main.lockstep_history WHERE task = " + SqlQuote(task.task_key) + ";");
  }
  writer.Line("UPDATE main.lockstep_history SET done_at = " + std::string(kSqliteNow) +
              " WHERE task = " + SqlQuote(task.task_key) + " AND run = " + SqlQuote(task.run_name) +
              " AND done_at IS NULL;");
  writer.Precommit(in_transaction);
  writer.Section(ScriptPart::kCommit);
  writer.Line("COMMIT;");
  writer.Marker("committed");
}

/// All of the sheet and its marker row in one transaction. The savepoint's name is a secret of this
/// process: once the transaction has ended it is gone, and the RELEASE fails before anything says
/// "done".
void WriteTransaction(SqliteWriter& writer, const TaskScript& task, std::size_t hoisted) {
  const std::string savepoint = "\"lockstep_" + task.nonce + "\";";
  WriteLock(writer, task);
  writer.Section(ScriptPart::kMarkerRow);
  writer.Line(InsertMarkerRow(task) + ";");
  if (task.type == rollout::TaskType::kDatabaseCreate) {
    writer.Section(ScriptPart::kMustBeEmpty);
    writer.Line(std::string(kFailWhere) +
                "EXISTS(SELECT 1 FROM main.sqlite_master WHERE tbl_name <> 'lockstep_history');");
  }
  writer.Section(ScriptPart::kSameTransaction);
  writer.Line("SAVEPOINT " + savepoint);
  for (std::size_t i = hoisted; i < StatementCount(task); ++i) writer.Statement(i);
  writer.Section(ScriptPart::kSameTransaction);
  writer.Line("RELEASE " + savepoint);
  if (SwitchesForeignKeysOff(task, hoisted)) {
    writer.Section(ScriptPart::kForeignKeys);
    writer.Line(std::string(kFailWhere) + "EXISTS(SELECT 1 FROM pragma_foreign_key_check);");
  }
  WriteDone(writer, task, true);
}

/// Intent, statements, done. All that such a sheet may hold can be repeated without harm, so a row
/// without its end is taken over.
void WriteSteps(SqliteWriter& writer, const TaskScript& task, std::size_t hoisted) {
  WriteLock(writer, task);
  writer.Section(ScriptPart::kMarkerRow);
  writer.Line(
      InsertMarkerRow(task) +
      " ON CONFLICT(task) DO UPDATE SET run = excluded.run, runner = excluded.runner, started_at = "
      "excluded.started_at WHERE done_at IS NULL AND sheet_sha256 = excluded.sheet_sha256;");
  writer.Line(std::string(kFailWhere) + "changes() <> 1;");
  writer.Line("COMMIT;");
  for (std::size_t i = hoisted; i < StatementCount(task); ++i) writer.Statement(i);
  writer.Section(ScriptPart::kLock);
  writer.Line("BEGIN IMMEDIATE;");
  WriteDone(writer, task, false);
}

}  // namespace

std::string SelectMarkerRow(const TaskScript& task) {
  std::string sql = "SELECT '" + MarkerPrefix(task.nonce) + "row ' || hex(task)";
  for (const char* column : {"sheet", "sheet_sha256", "run", "runner", "statements", "started_at",
                             "coalesce(done_at, '')"}) {
    sql += std::string(" || '.' || hex(") + column + ")";
  }
  const std::string key = SqlQuote(task.task_key);
  sql += " FROM main.lockstep_history WHERE task = " + key;
  const std::string others = OtherRows(task);
  if (others.empty()) return sql + ";";
  return sql + " OR " + others + " ORDER BY task <> " + key +
         ", task = " + SqlQuote(task.version_key) + " LIMIT 1;";
}

std::size_t HoistedPragmas(const TaskScript& task) {
  return task.split == nullptr ? 0 : sql::HoistedPragmas(task.sheet, *task.split);
}

bool RunsWithoutTransaction(const TaskScript& task) {
  return task.split != nullptr && sql::RunsWithoutTransaction(task.sheet, *task.split);
}

Script MakeSqliteScript(const TaskScript& task) {
  SqliteWriter writer(task);
  writer.Section(ScriptPart::kSettings);
  writer.Line(".timeout " + std::to_string(task.busy_timeout.ms));
  const std::size_t hoisted = HoistedPragmas(task);
  for (std::size_t i = 0; i < hoisted; ++i) writer.Statement(i);
  writer.Section(ScriptPart::kSettings);
  // Last, so that no sheet can weaken it. EXTRA also syncs the folder once the rollback journal is
  // removed: else a power failure could take a commit back that the ledger has as DONE.
  writer.Line("PRAGMA synchronous = EXTRA;");
  if (RunsWithoutTransaction(task)) {
    WriteSteps(writer, task, hoisted);
  } else {
    WriteTransaction(writer, task, hoisted);
  }
  return writer.Take();
}

}  // namespace lockstep::client
