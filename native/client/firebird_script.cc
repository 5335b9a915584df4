#include "native/client/firebird_script.h"

#include <algorithm>

#include "core/base/sha256.h"

namespace lockstep::client {
namespace {

using sql::StatementClass;

/// isql has no time with a zone, and a timestamp without one is the server's.
constexpr std::string_view kFirebirdNow = "CURRENT_TIMESTAMP";

class FirebirdWriter : public ScriptWriter {
 public:
  explicit FirebirdWriter(const TaskScript& task)
      : task_(task),
        marker_(MarkerPrefix(task.nonce)),
        terminator_("^ls" + task.nonce.substr(0, 12) + "^"),
        task_is_(KeyIs(task.task_key)),
        version_is_(task.version_key.empty() ? "1 = 0" : KeyIs(task.version_key)) {}

  void Sql(const std::string& sql) { Line(sql + " " + terminator_); }
  void Marker(const std::string& news) { Sql("SELECT '" + marker_ + news + "' FROM RDB$DATABASE"); }
  void Tell(const std::string& news, const std::string& text, const std::string& from) {
    Sql("SELECT '" + marker_ + news + " ' || " + text + " FROM " + from);
  }
  /// An error, unless the condition holds.
  void Demand(const std::string& condition) {
    Sql("EXECUTE BLOCK AS DECLARE n INT; BEGIN n = 1 / (CASE WHEN " + condition +
        " THEN 1 ELSE 0 END); END");
  }

  void Settings();
  void Begin();
  void Commit() { Sql("COMMIT"); }
  void Tables();
  void OldRows();
  void MarkerRow();
  void Steps();
  void Done();

 private:
  void CreateUnlessThere(const std::string& name, const std::string& columns);
  std::string SameChange() const;
  void Statement(std::size_t index);
  void TakeOver();

  const TaskScript& task_;
  static std::string KeyIs(std::string_view key) {
    return "task_sha256 = " + SqlQuote(base::Sha256Hex(key));
  }
  std::string IsThere() const {
    return "(" + task_is_ + " OR " + SameChange() + " OR " + version_is_ + ")";
  }

  const std::string marker_, terminator_, task_is_, version_is_;
};

void FirebirdWriter::Settings() {
  Section(ScriptPart::kSettings);
  Line("SET HEADING OFF;").Line("SET TERM " + terminator_ + " ;");
}

/// A transaction that is alone: everybody's first deed is the same row.
void FirebirdWriter::Begin() {
  const std::int64_t seconds = std::max<std::int64_t>((task_.busy_timeout.ms + 999) / 1000, 1);
  Sql("SET TRANSACTION READ COMMITTED RECORD_VERSION LOCK TIMEOUT " + std::to_string(seconds));
  Sql("UPDATE lockstep_lock SET holder = " + SqlQuote(task_.runner));
}

void FirebirdWriter::CreateUnlessThere(const std::string& name, const std::string& columns) {
  std::string upper = name;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  Sql("EXECUTE BLOCK AS BEGIN IF (NOT EXISTS(SELECT 1 FROM RDB$RELATIONS WHERE "
      "RDB$RELATION_NAME = '" +
      upper + "')) THEN EXECUTE STATEMENT 'CREATE TABLE " + name + "(" + columns + ")'; END");
  Commit();
}

/// Without keys: whoever holds the lock is alone.
void FirebirdWriter::Tables() {
  Section(ScriptPart::kHistory);
  CreateUnlessThere("lockstep_history",
                    "task_sha256 CHAR(64) NOT NULL, task VARCHAR(2000), sheet "
                    "VARCHAR(2000), sheet_sha256 CHAR(64), run VARCHAR(2000), runner "
                    "VARCHAR(255), statements BIGINT, started_at TIMESTAMP, done_at TIMESTAMP");
  CreateUnlessThere("lockstep_step",
                    "task_sha256 CHAR(64) NOT NULL, first_ INT NOT NULL, last_ INT NOT NULL, "
                    "text_digest CHAR(32), done_at TIMESTAMP");
  CreateUnlessThere("lockstep_lock", "holder VARCHAR(255)");
  Sql("INSERT INTO lockstep_lock SELECT '' FROM RDB$DATABASE WHERE NOT EXISTS(SELECT 1 FROM "
      "lockstep_lock)");
  Commit();
}

/// A row of the same spec for the same text, whose sheet had another name then. Names have no
/// blanks.
std::string FirebirdWriter::SameChange() const {
  if (task_.spec_id.empty() || task_.sheet_sha256.empty()) return "1 = 0";
  const std::string prefix = task_.spec_id + " ";
  return "(sheet_sha256 = " + SqlQuote(task_.sheet_sha256) + " AND task STARTING WITH " +
         SqlQuote(prefix) + " AND POSITION(' ' IN SUBSTRING(task FROM CHAR_LENGTH(" +
         SqlQuote(prefix + "|") + "))) = 0)";
}

void FirebirdWriter::OldRows() {
  const std::string from =
      "lockstep_history WHERE task_sha256 = (SELECT FIRST 1 task_sha256 FROM "
      "lockstep_history WHERE " +
      IsThere() + " ORDER BY CASE WHEN " + task_is_ + " THEN 0 WHEN " + version_is_ +
      " THEN 2 ELSE 1 END)";
  for (const char* column :
       {"task", "sheet", "sheet_sha256", "run", "runner", "statements", "started_at", "done_at"}) {
    Tell(std::string("column ") + column,
         "COALESCE(CAST(" + std::string(column) + " AS VARCHAR(2000)), '')", from);
  }
  Tell("step", "first_ || ' ' || last_ || ' done ' || text_digest",
       "lockstep_step WHERE " + task_is_ + " ORDER BY first_");
}

void FirebirdWriter::MarkerRow() {
  Section(ScriptPart::kMarkerRow);
  if (task_.resume) return TakeOver();
  Demand("NOT EXISTS(SELECT 1 FROM lockstep_history WHERE " + IsThere() + ")");
  std::string values = SqlQuote(base::Sha256Hex(task_.task_key));
  for (const std::string& text :
       {task_.task_key, task_.sheet_name, task_.sheet_sha256, task_.run_name, task_.runner}) {
    values += ", " + SqlQuote(text);
  }
  Sql("INSERT INTO lockstep_history VALUES (" + values + ", " +
      std::to_string(StatementCount(task_)) + ", " + std::string(kFirebirdNow) + ", NULL)");
  Commit();
}

/// Goes on with what an earlier run began, if it is still as it was seen.
void FirebirdWriter::TakeOver() {
  Demand("(SELECT COUNT(*) FROM lockstep_step WHERE " + task_is_ +
         ") = " + std::to_string(task_.resume->steps) +
         " AND EXISTS(SELECT 1 FROM lockstep_history WHERE " + task_is_ + " AND done_at IS NULL)");
  Sql("UPDATE lockstep_history SET run = " + SqlQuote(task_.run_name) +
      ", runner = " + SqlQuote(task_.runner) + ", sheet_sha256 = " + SqlQuote(task_.sheet_sha256) +
      ", statements = " + std::to_string(StatementCount(task_)) + " WHERE " + task_is_);
  Commit();
}

/// Its first line is that of the sheet, so that places in it are places in the statement.
void FirebirdWriter::Statement(std::size_t index) {
  Section(ScriptPart::kStatement, index);
  Line(std::string(StatementText(task_, index)));
  Line(terminator_);
  if (IsMarked(task_, index + 1)) Marker("done " + std::to_string(index + 1));
}

void FirebirdWriter::Steps() {
  for (const Step& step :
       StepsFrom(task_, task_.resume ? task_.resume->next() : 0, FirebirdStepKind)) {
    Section(ScriptPart::kStep, step.first - 1);
    Begin();
    // Nobody else works on this task meanwhile.
    Demand("EXISTS(SELECT 1 FROM lockstep_history WHERE " + task_is_ +
           " AND run = " + SqlQuote(task_.run_name) + " AND done_at IS NULL)");
    Sql("INSERT INTO lockstep_step VALUES (" + SqlQuote(base::Sha256Hex(task_.task_key)) + ", " +
        std::to_string(step.first) + ", " + std::to_string(step.last) + ", '" +
        DigestOfStatements(task_, step.first, step.last) + "', " + std::string(kFirebirdNow) + ")");
    for (std::uint32_t i = step.first; i <= step.last; ++i) Statement(i - 1);
    Section(ScriptPart::kStep, step.first - 1);
    Commit();
  }
}

void FirebirdWriter::Done() {
  Section(ScriptPart::kDone);
  Begin();
  Demand("EXISTS(SELECT 1 FROM lockstep_history WHERE " + task_is_ +
         " AND run = " + SqlQuote(task_.run_name) + " AND done_at IS NULL)");
  Sql("UPDATE lockstep_history SET done_at = " + std::string(kFirebirdNow) + " WHERE " + task_is_);
  if (!task_.version_key.empty()) {
    Sql("INSERT INTO lockstep_history SELECT " + SqlQuote(base::Sha256Hex(task_.version_key)) +
        ", " + SqlQuote(task_.version_key) +
        ", sheet, sheet_sha256, run, runner, statements, started_at, done_at FROM "
        "lockstep_history WHERE " +
        task_is_ + " AND NOT EXISTS(SELECT 1 FROM lockstep_history WHERE " + version_is_ + ")");
  }
  Sql("DELETE FROM lockstep_step WHERE " + task_is_);
  Marker("precommit");
  Section(ScriptPart::kCommit);
  Commit();
  Marker("committed");
}

}  // namespace

StepKind FirebirdStepKind(const TaskScript& task, std::size_t index) {
  const StatementClass of = task.split->statements[index].statement_class;
  const bool rows = of == StatementClass::kDml || of == StatementClass::kQuery;
  return rows ? StepKind::kAtomic : StepKind::kAlone;
}

Script MakeFirebirdScript(const TaskScript& task) {
  FirebirdWriter writer(task);
  writer.Settings();
  writer.Tables();
  writer.Section(ScriptPart::kLock);
  writer.Begin();
  writer.Marker("start");
  if (!task.resume) writer.OldRows();
  writer.MarkerRow();
  writer.Steps();
  writer.Done();
  return writer.Take();
}

std::string MakeFirebirdProbe(const TaskScript& task) {
  FirebirdWriter writer(task);
  writer.Settings();
  writer.Section(ScriptPart::kLock);
  writer.Begin();
  writer.Marker("start");
  writer.OldRows();
  writer.Marker("committed");
  return writer.Take().text;
}

std::string MakeFirebirdConnectionProbe(std::string_view nonce) {
  TaskScript task;
  task.nonce = nonce;
  FirebirdWriter writer(task);
  writer.Settings();
  writer.Marker("start");
  // The digit's own hex code.
  writer.Tell("fact read_only", "('3' || MON$READ_ONLY)", "MON$DATABASE");
  writer.Marker("committed");
  return writer.Take().text;
}

}  // namespace lockstep::client
