#include "native/client/sqlite_script.h"

#include <algorithm>

#include "core/base/text.h"

namespace lockstep::client {
namespace {

/// An error that stops the shell, unless the condition is false: there is no RAISE outside of
/// triggers.
constexpr std::string_view kFailWhere = "SELECT abs(-9223372036854775807 - 1) WHERE ";
constexpr std::string_view kNow = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

/// About so many markers at most: the shell flushes at each of its lines, which for 200,000 small
/// statements costs more than the statements themselves.
constexpr std::size_t kMarkedStatements = 1000;

class Writer {
 public:
  explicit Writer(const TaskScript& task) : task_(task), marker_(MarkerPrefix(task.nonce)) {}

  void Section(SqlitePart part, std::size_t statement = 0) {
    lines_ += static_cast<std::uint32_t>(
        std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_), text_.end(), '\n'));
    counted_ = text_.size();
    sections_.push_back({lines_ + 1, part, static_cast<std::uint32_t>(statement)});
  }
  Writer& Line(std::string_view line) {
    text_.append(line).append("\n");
    return *this;
  }
  Writer& Marker(std::string_view news) {
    return Line(".print '" + marker_ + std::string(news) + "'");
  }
  void Statement(std::size_t index);

  SqliteScript Take() { return {std::move(text_), std::move(sections_)}; }

 private:
  const TaskScript& task_;
  const std::string marker_;
  std::string text_;
  std::vector<SqliteSection> sections_;
  std::size_t counted_ = 0;
  std::uint32_t lines_ = 0;
  bool changed_rows_ = false;
};

std::string_view TextOf(const TaskScript& task, std::size_t index) {
  const diagnostics::Span span = task.split->statements[index].span;
  return task.sheet.substr(span.begin, span.end - span.begin);
}

std::size_t CountOf(const TaskScript& task) {
  return task.split == nullptr ? 0 : task.split->statements.size();
}

void Writer::Statement(std::size_t index) {
  Section(SqlitePart::kStatement, index);
  text_.append(TextOf(task_, index)).append(";\n");
  changed_rows_ |= task_.split->statements[index].statement_class == sql::StatementClass::kDml;
  const std::size_t number = index + 1;
  const std::size_t count = CountOf(task_);
  if (number % (1 + count / kMarkedStatements) != 0 && number != count) return;
  const std::string done = "done " + std::to_string(number);
  if (changed_rows_) {  // all so far, but for the marker row
    Line("SELECT '" + marker_ + done + " ' || (total_changes() - 1);");
  } else {
    Marker(done);
  }
  changed_rows_ = false;
}

std::string InsertMarkerRow(const TaskScript& task) {
  std::string sql =
      "INSERT INTO main.lockstep_history(task, sheet, sheet_sha256, run, runner, statements, "
      "started_at) VALUES(";
  for (const std::string& text :
       {task.task_key, task.sheet_name, task.sheet_sha256, task.run_name, task.runner}) {
    sql += SqliteQuote(text) + ", ";
  }
  return sql + std::to_string(CountOf(task)) + ", " + std::string(kNow) + ")";
}

void WriteLock(Writer& writer, const TaskScript& task) {
  writer.Section(SqlitePart::kLock);
  writer.Line("BEGIN IMMEDIATE;").Marker("start");
  writer.Section(SqlitePart::kHistory);
  writer.Line(
      "CREATE TABLE IF NOT EXISTS main.lockstep_history(task TEXT NOT NULL PRIMARY KEY, sheet TEXT "
      "NOT NULL, "
      "sheet_sha256 TEXT NOT NULL, run TEXT NOT NULL, runner TEXT NOT NULL, statements INTEGER NOT "
      "NULL, "
      "started_at TEXT NOT NULL, done_at TEXT);");
  writer.Line(SelectMarkerRow(task));
}

void WriteDone(Writer& writer, const TaskScript& task) {
  writer.Section(SqlitePart::kDone);
  writer.Line("UPDATE main.lockstep_history SET done_at = " + std::string(kNow) +
              " WHERE task = " + SqliteQuote(task.task_key) +
              " AND run = " + SqliteQuote(task.run_name) + " AND done_at IS NULL;");
  writer.Line(std::string(kFailWhere) + "changes() <> 1;");
  writer.Marker("precommit");
  writer.Section(SqlitePart::kCommit);
  writer.Line("COMMIT;").Marker("committed");
}

/// All of the sheet and its marker row in one transaction. The savepoint's name is a secret of this
/// process: once the transaction has ended it is gone, and the RELEASE fails before anything says
/// "done".
void WriteTransaction(Writer& writer, const TaskScript& task, std::size_t hoisted) {
  const std::string savepoint = "\"lockstep_" + task.nonce + "\";";
  WriteLock(writer, task);
  writer.Section(SqlitePart::kMarkerRow);
  writer.Line(InsertMarkerRow(task) + ";");
  if (task.type == rollout::TaskType::kDatabaseCreate) {
    writer.Section(SqlitePart::kMustBeEmpty);
    writer.Line(std::string(kFailWhere) +
                "EXISTS(SELECT 1 FROM main.sqlite_master WHERE tbl_name <> 'lockstep_history');");
  }
  writer.Section(SqlitePart::kSameTransaction);
  writer.Line("SAVEPOINT " + savepoint);
  for (std::size_t i = hoisted; i < CountOf(task); ++i) writer.Statement(i);
  writer.Section(SqlitePart::kSameTransaction);
  writer.Line("RELEASE " + savepoint);
  WriteDone(writer, task);
}

/// Intent, statements, done. All that such a sheet may hold can be repeated without harm, so a row
/// without its end is taken over.
void WriteSteps(Writer& writer, const TaskScript& task, std::size_t hoisted) {
  WriteLock(writer, task);
  writer.Section(SqlitePart::kMarkerRow);
  writer.Line(
      InsertMarkerRow(task) +
      " ON CONFLICT(task) DO UPDATE SET run = excluded.run, runner = excluded.runner, started_at = "
      "excluded.started_at WHERE done_at IS NULL AND sheet_sha256 = excluded.sheet_sha256;");
  writer.Line(std::string(kFailWhere) + "changes() <> 1;");
  writer.Line("COMMIT;");
  for (std::size_t i = hoisted; i < CountOf(task); ++i) writer.Statement(i);
  writer.Section(SqlitePart::kLock);
  writer.Line("BEGIN IMMEDIATE;");
  WriteDone(writer, task);
}

}  // namespace

std::string SqliteQuote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

std::string SelectMarkerRow(const TaskScript& task) {
  std::string sql = "SELECT '" + MarkerPrefix(task.nonce) + "row ' || hex(task)";
  for (const char* column : {"sheet", "sheet_sha256", "run", "runner", "statements", "started_at",
                             "coalesce(done_at, '')"}) {
    sql += std::string(" || '.' || hex(") + column + ")";
  }
  return sql + " FROM main.lockstep_history WHERE task = " + SqliteQuote(task.task_key) + ";";
}

std::string PragmaName(std::string_view statement) {
  constexpr std::string_view kPragma = "pragma";
  if (!base::EqualsIgnoreCaseAscii(statement.substr(0, kPragma.size()), kPragma)) return {};
  const std::size_t begin = statement.find_first_not_of(" \t\r\n", kPragma.size());
  if (begin == kPragma.size() || begin == std::string_view::npos) return {};
  std::string_view name = statement.substr(begin);
  name = name.substr(0, name.find_first_of(" \t\r\n=(;"));
  if (const std::size_t dot = name.find('.'); dot != std::string_view::npos)
    name.remove_prefix(dot + 1);
  return base::ToLowerAscii(name);
}

std::size_t HoistedPragmas(const TaskScript& task) {
  std::size_t count = 0;
  while (count < CountOf(task)) {
    const std::string name = PragmaName(TextOf(task, count));
    if (name != "foreign_keys" && name != "synchronous" && name != "temp_store") break;
    ++count;
  }
  return count;
}

bool RunsWithoutTransaction(const TaskScript& task) {
  const std::size_t hoisted = HoistedPragmas(task);
  return CountOf(task) > hoisted && task.split->statements[hoisted].not_in_transaction;
}

SqliteScript MakeSqliteScript(const TaskScript& task) {
  Writer writer(task);
  writer.Section(SqlitePart::kSettings);
  writer.Line(".timeout " + std::to_string(task.busy_timeout.ms));
  const std::size_t hoisted = HoistedPragmas(task);
  for (std::size_t i = 0; i < hoisted; ++i) writer.Statement(i);
  writer.Section(SqlitePart::kSettings);
  // Last, so that no sheet can weaken it: the marker row must be as durable as the change.
  writer.Line("PRAGMA synchronous = FULL;");
  if (RunsWithoutTransaction(task)) {
    WriteSteps(writer, task, hoisted);
  } else {
    WriteTransaction(writer, task, hoisted);
  }
  return writer.Take();
}

SqliteSection SqliteScript::At(std::uint32_t line) const {
  SqliteSection found = sections.front();
  for (const SqliteSection& section : sections) {
    if (section.line > line) break;
    found = section;
  }
  return found;
}

}  // namespace lockstep::client
