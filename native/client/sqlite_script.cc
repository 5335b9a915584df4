#include "native/client/sqlite_script.h"

#include <algorithm>

#include "core/base/text.h"
#include "native/client/steps.h"

namespace lockstep::client {
namespace {

/// An error that stops the shell, unless the condition is false: there is no RAISE outside of
/// triggers.
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

 private:
  const TaskScript& task_;
  const std::string marker_;
  bool changed_rows_ = false;
};

void SqliteWriter::Statement(std::size_t index) {
  Section(ScriptPart::kStatement, index);
  Line(std::string(StatementText(task_, index)) + ";");
  changed_rows_ |= task_.split->statements[index].statement_class == sql::StatementClass::kDml;
  if (!IsMarked(task_, index + 1)) return;
  const std::string done = "done " + std::to_string(index + 1);
  if (changed_rows_) {  // all so far, but for the marker row
    Line("SELECT '" + marker_ + done + " ' || (total_changes() - 1);");
  } else {
    Marker(done);
  }
  changed_rows_ = false;
}

/// A sheet that switches them off to rebuild a table, as SQLite's own documentation advises
/// (sqlite.org/lang_altertable.html#otheralter), and checks them before it commits.
bool SwitchesForeignKeysOff(const TaskScript& task, std::size_t hoisted) {
  bool off = false;
  for (std::size_t i = 0; i < hoisted; ++i) {
    const std::string text = base::ToLowerAscii(StatementText(task, i));
    if (PragmaName(text) != "foreign_keys") continue;
    const std::size_t value_at = text.find_first_of("=(");
    if (value_at == std::string::npos) continue;
    const std::string_view value = std::string_view(text).substr(value_at);
    for (const char* word : {"off", "0", "false", "no"}) off |= value.find(word) != value.npos;
  }
  return off;
}

std::string InsertMarkerRow(const TaskScript& task) {
  std::string sql =
      "INSERT INTO main.lockstep_history(task, sheet, sheet_sha256, run, runner, statements, "
      "started_at) VALUES(";
  for (const std::string& text :
       {task.task_key, task.sheet_name, task.sheet_sha256, task.run_name, task.runner}) {
    sql += SqlQuote(text) + ", ";
  }
  return sql + std::to_string(StatementCount(task)) + ", " + std::string(kSqliteNow) + ")";
}

/// A row of the same spec for the same text, whose sheet had another name then. Names have no
/// blanks.
std::string SameChange(const TaskScript& task) {
  if (task.spec_id.empty() || task.sheet_sha256.empty()) return {};
  const std::string prefix = task.spec_id + " ";
  const std::string behind = std::to_string(prefix.size() + 1);
  // "!" is behind " ": found through the key.
  return "(task >= " + SqlQuote(prefix) + " AND task < " + SqlQuote(task.spec_id + "!") +
         " AND sheet_sha256 = " + SqlQuote(task.sheet_sha256) +
         " AND CAST(substr(CAST(task AS BLOB), 1, " + std::to_string(prefix.size()) +
         ") AS TEXT) = " + SqlQuote(prefix) + " AND instr(substr(CAST(task AS BLOB), " + behind +
         "), X'20') = 0)";
}

/// Fails where a row of the same change stands under another name.
void RefuseSameChange(SqliteWriter& writer, const TaskScript& task) {
  const std::string same = SameChange(task);
  if (same.empty()) return;
  writer.Line(std::string(kFailWhere) +
              "EXISTS(SELECT 1 FROM main.lockstep_history WHERE task <> " +
              SqlQuote(task.task_key) + " AND " + same + ");");
}

void WriteLock(SqliteWriter& writer, const TaskScript& task) {
  writer.Section(ScriptPart::kLock);
  writer.Line("BEGIN IMMEDIATE;");
  writer.Marker("start");
  writer.Section(ScriptPart::kHistory);
  writer.Line(
      "CREATE TABLE IF NOT EXISTS main.lockstep_history(task TEXT NOT NULL PRIMARY KEY, sheet TEXT "
      "NOT NULL, "
      "sheet_sha256 TEXT NOT NULL, run TEXT NOT NULL, runner TEXT NOT NULL, statements INTEGER NOT "
      "NULL, "
      "started_at TEXT NOT NULL, done_at TEXT);");
  writer.Line(SelectMarkerRow(task));
}

void WriteDone(SqliteWriter& writer, const TaskScript& task) {
  writer.Section(ScriptPart::kDone);
  writer.Line("UPDATE main.lockstep_history SET done_at = " + std::string(kSqliteNow) +
              " WHERE task = " + SqlQuote(task.task_key) + " AND run = " + SqlQuote(task.run_name) +
              " AND done_at IS NULL;");
  writer.Line(std::string(kFailWhere) + "changes() <> 1;");
  writer.Marker("precommit");
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
  RefuseSameChange(writer, task);
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
  WriteDone(writer, task);
}

/// Intent, statements, done. All that such a sheet may hold can be repeated without harm, so a row
/// without its end is taken over.
void WriteSteps(SqliteWriter& writer, const TaskScript& task, std::size_t hoisted) {
  WriteLock(writer, task);
  writer.Section(ScriptPart::kMarkerRow);
  RefuseSameChange(writer, task);
  writer.Line(
      InsertMarkerRow(task) +
      " ON CONFLICT(task) DO UPDATE SET run = excluded.run, runner = excluded.runner, started_at = "
      "excluded.started_at WHERE done_at IS NULL AND sheet_sha256 = excluded.sheet_sha256;");
  writer.Line(std::string(kFailWhere) + "changes() <> 1;");
  writer.Line("COMMIT;");
  for (std::size_t i = hoisted; i < StatementCount(task); ++i) writer.Statement(i);
  writer.Section(ScriptPart::kLock);
  writer.Line("BEGIN IMMEDIATE;");
  WriteDone(writer, task);
}

void SkipBlanksAndComments(std::string_view& rest) {
  for (;;) {
    const std::size_t blanks = rest.find_first_not_of(" \t\r\n\f");
    rest.remove_prefix(std::min(blanks, rest.size()));
    const bool line = rest.starts_with("--");
    if (!line && !rest.starts_with("/*")) return;
    const std::size_t end = line ? rest.find('\n') : rest.find("*/", 2);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + (line ? 1 : 2));
  }
}

/// The next name, bare or in any of SQLite's quotes; "" when none comes.
std::string TakeName(std::string_view& rest) {
  SkipBlanksAndComments(rest);
  if (rest.empty()) return {};
  constexpr std::string_view kOpening = "\"'`[", kClosing = "\"'`]";
  const std::size_t quote = kOpening.find(rest.front());
  std::size_t size = 0;
  if (quote != std::string_view::npos) {
    rest.remove_prefix(1);
    size = std::min(rest.find(kClosing[quote]), rest.size());
  } else {
    while (size < rest.size() && IsNameByte(rest[size])) ++size;
  }
  const std::string name(rest.substr(0, size));
  rest.remove_prefix(std::min(size + (quote != std::string_view::npos ? 1 : 0), rest.size()));
  return name;
}

}  // namespace

std::string SelectMarkerRow(const TaskScript& task) {
  std::string sql = "SELECT '" + MarkerPrefix(task.nonce) + "row ' || hex(task)";
  for (const char* column : {"sheet", "sheet_sha256", "run", "runner", "statements", "started_at",
                             "coalesce(done_at, '')"}) {
    sql += std::string(" || '.' || hex(") + column + ")";
  }
  sql += " FROM main.lockstep_history WHERE task = " + SqlQuote(task.task_key);
  if (const std::string same = SameChange(task); !same.empty()) {
    sql += " OR " + same + " ORDER BY task <> " + SqlQuote(task.task_key) + " LIMIT 1";
  }
  return sql + ";";
}

std::string PragmaName(std::string_view statement) {
  if (!base::EqualsIgnoreCaseAscii(TakeName(statement), "pragma")) return {};
  std::string name = TakeName(statement);
  SkipBlanksAndComments(statement);
  if (statement.starts_with('.')) {  // the schema was first
    statement.remove_prefix(1);
    name = TakeName(statement);
  }
  return base::ToLowerAscii(name);
}

std::size_t HoistedPragmas(const TaskScript& task) {
  std::size_t count = 0;
  while (count < StatementCount(task)) {
    const std::string name = PragmaName(StatementText(task, count));
    if (name != "foreign_keys" && name != "synchronous" && name != "temp_store") break;
    ++count;
  }
  return count;
}

bool RunsWithoutTransaction(const TaskScript& task) {
  const std::size_t hoisted = HoistedPragmas(task);
  return StatementCount(task) > hoisted && task.split->statements[hoisted].not_in_transaction;
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
