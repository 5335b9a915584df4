#include "native/client/mariadb_script.h"

#include <algorithm>
#include <set>

#include "core/base/sha256.h"
#include "core/sql/first_words.h"
#include "native/client/mariadb_sql.h"
#include "native/client/mariadb_step.h"

namespace lockstep::client {
namespace {

using mariadb::Name;
using mariadb::Text;
using mariadb::Texts;
using sql::StatementClass;

class MariadbWriter : public ScriptWriter {
 public:
  MariadbWriter(const TaskScript& task, std::string_view database)
      : task_(task),
        database_(database),
        history_(Name(database) + ".lockstep_history"),
        steps_(Name(database) + ".lockstep_step"),
        lock_(
            Text("lockstep:" + (database.size() <= 50 ? std::string(database)
                                                      : base::Sha256Hex(database).substr(0, 50)))),
        marker_(MarkerPrefix(task.nonce)),
        // What no sheet can know ends a statement, so that nothing in one can. The client takes 15
        // bytes at most.
        delimiter_("ls" + task.nonce.substr(0, 12)) {}

  void Delimiter() { Line("DELIMITER " + delimiter_); }
  void Sql(const std::string& sql) { Line(sql + " " + delimiter_); }
  void Marker(const std::string& news) { Sql("SELECT '" + marker_ + news + "'"); }
  /// SELECT of one text per row, as markers of this kind.
  void Tell(const std::string& kind, const std::string& text, const std::string& from = "") {
    Sql("SELECT CONCAT('" + marker_ + kind + " ', " + text + ")" + from);
  }
  /// An error, unless the condition holds: NULL does not fit. Leaves nothing.
  void Demand(const std::string& condition) {
    Sql("START TRANSACTION");
    InsertUnless(condition);
    Sql("ROLLBACK");
  }

  void Settings();
  void CreateDatabase();
  void DemandAlike();
  void Tables();
  void Lock();
  void OldRows();
  void MarkerRow();
  void SettleAssumed();
  void DemandTransactionalTables();
  void Steps();
  void Done();

 private:
  std::string TaskIs() const { return "task = " + Text(task_.task_key); }
  std::string SameChange() const;
  std::string IsThere() const {
    const std::string version =
        task_.version_key.empty() ? "" : " OR task = " + Text(task_.version_key);
    return "(" + TaskIs() + " OR " + SameChange() + version + ")";
  }
  std::string Fingerprint() const {
    return mariadb::Fingerprint(database_, NamesIn(task_, MariadbStepKind));
  }
  void InsertUnless(const std::string& condition) {
    Sql("INSERT INTO " + steps_ +
        "(task, first, last, state, text_digest, held, at) VALUES ('', CONNECTION_ID(), 0, "
        "'begun', '', NULLIF(" +
        condition + ", 0), UTC_TIMESTAMP(3))");
  }
  void DemandWithoutTable(const std::string& condition);
  void InsertStep(const Step& step, bool done);
  void Statement(std::size_t index);
  void Settle(bool applied);
  void TakeOver();

  const TaskScript& task_;
  const std::string_view database_;
  const std::string history_, steps_, lock_, marker_, delimiter_;
};

void MariadbWriter::Settings() {
  Section(ScriptPart::kSettings);
  Delimiter();
  const std::string seconds =
      std::to_string(std::max<std::int64_t>((task_.busy_timeout.ms + 999) / 1000, 1));
  Sql("SET SESSION autocommit = 1, lock_wait_timeout = " + seconds +
      ", innodb_lock_wait_timeout = " + seconds + ", group_concat_max_len = 16777216");
}

/// Two rows where one may be: an error that needs no table, unless the condition holds.
void MariadbWriter::DemandWithoutTable(const std::string& condition) {
  Sql("SET @lockstep_two = (SELECT 1 FROM (SELECT 1 UNION SELECT 2) AS two WHERE NOT (" +
      condition + "))");
}

void MariadbWriter::CreateDatabase() {
  const NewDatabase& database = *task_.create;
  const std::string schema = " WHERE table_schema = " + Text(database.name);
  Section(ScriptPart::kMustBeEmpty);
  // One with markers says later whose work it is.
  DemandWithoutTable("NOT EXISTS(SELECT 1 FROM information_schema.tables" + schema +
                     ") OR EXISTS(SELECT 1 FROM information_schema.tables" + schema +
                     " AND table_name = 'lockstep_history')");
  Section(ScriptPart::kCreate);
  std::string options;
  if (!database.character_set.empty()) options += " CHARACTER SET " + Name(database.character_set);
  if (!database.collation.empty()) options += " COLLATE " + Name(database.collation);
  Sql("CREATE DATABASE IF NOT EXISTS " + Name(database.name) + options);
}

/// What was there before is taken for what would be made only if nobody can tell the difference.
void MariadbWriter::DemandAlike() {
  const NewDatabase& database = *task_.create;
  Section(ScriptPart::kMustBeEmpty);
  std::string alike = "NOT EXISTS(SELECT 1 FROM information_schema.tables WHERE table_schema = " +
                      Text(database.name) + " AND table_name NOT LIKE 'lockstep!_%' ESCAPE '!')";
  const auto property = [&](std::string_view value, const std::string& column) {
    if (value.empty()) return;
    alike += " AND EXISTS(SELECT 1 FROM information_schema.schemata WHERE schema_name = " +
             Text(database.name) + " AND " + column + " = " + Text(value) + ")";
  };
  property(database.character_set, "default_character_set_name");
  property(database.collation, "default_collation_name");
  Demand(alike);
}

void MariadbWriter::Tables() {
  Section(ScriptPart::kHistory);
  const std::string binary = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL";
  Sql("CREATE TABLE IF NOT EXISTS " + history_ + "(task VARCHAR(700)" + binary +
      " PRIMARY KEY, sheet TEXT" + binary + ", sheet_sha256 CHAR(64)" + binary + ", run TEXT" +
      binary + ", runner TEXT" + binary +
      ", statements BIGINT NOT NULL, started_at DATETIME(3) NOT NULL, done_at DATETIME(3)) "
      "ENGINE=InnoDB");
  Sql("CREATE TABLE IF NOT EXISTS " + steps_ + "(task VARCHAR(700)" + binary +
      ", first BIGINT NOT NULL, last BIGINT NOT NULL, state CHAR(5)" + binary +
      ", text_digest CHAR(32)" + binary +
      ", fingerprint CHAR(32), held INT NOT NULL, at DATETIME(3) NOT NULL, PRIMARY KEY (task, "
      "first)) ENGINE=InnoDB");
}

/// Tried, never waited for. The session that holds it works, or its server does for a client that
/// is gone.
void MariadbWriter::Lock() {
  Section(ScriptPart::kLock);
  const std::string orphan = "IS_USED_LOCK(" + lock_ + ")";
  if (task_.cancel_orphans) {
    // Only a session that runs a statement of this very task. KILL takes no expression: so it is
    // prepared, or nothing is.
    Sql("SET @lockstep_kill = (SELECT CONCAT('KILL ', id) FROM information_schema.processlist "
        "WHERE id = " +
        orphan + " AND id <> CONNECTION_ID() AND INSTR(info, " +
        Text("/*" + MariadbTag(task_) + "/") + ") > 0)");
    Sql("SET @lockstep_kill = IFNULL(@lockstep_kill, 'DO 0')");
    Sql("PREPARE lockstep_kill FROM @lockstep_kill");
    Sql("EXECUTE lockstep_kill");
    Sql("DEALLOCATE PREPARE lockstep_kill");
  }
  Tell("fact holder",
       "HEX(CONVERT(CONCAT('session ', id, ' (', user, ', ', command, ' since ', time, ' s): ', "
       "LEFT(IFNULL(info, ''), 200)) USING utf8mb4))",
       " FROM information_schema.processlist WHERE id = " + orphan + " AND id <> CONNECTION_ID()");
  // The session that failed just now may not have ended yet.
  Demand("GET_LOCK(" + lock_ + (task_.assume == Assumption::kFailed ? ", 5)" : ", 0)"));
  Marker("start");
}

/// A row of the same spec for the same text, whose sheet had another name then. Names have no
/// blanks.
std::string MariadbWriter::SameChange() const {
  if (task_.spec_id.empty() || task_.sheet_sha256.empty()) return "FALSE";
  const std::string prefix = task_.spec_id + " ";
  // "!" is behind " ": found through the key.
  return "(task >= " + Text(prefix) + " AND task < " + Text(task_.spec_id + "!") +
         " AND sheet_sha256 = " + Text(task_.sheet_sha256) + " AND LEFT(task, CHAR_LENGTH(" +
         Text(prefix) + ")) = " + Text(prefix) +
         " AND CHAR_LENGTH(task) - CHAR_LENGTH(REPLACE(task, ' ', '')) = " +
         std::to_string(std::count(prefix.begin(), prefix.end(), ' ')) + ")";
}

void MariadbWriter::OldRows() {
  std::string row = "HEX(task)";
  for (const char* column :
       {"sheet", "sheet_sha256", "run", "runner", "statements",
        "CONCAT(DATE_FORMAT(started_at, '%Y-%m-%dT%H:%i:%s.'), LPAD(MICROSECOND(started_at) DIV "
        "1000, 3, '0'), 'Z')",
        "IFNULL(CONCAT(DATE_FORMAT(done_at, '%Y-%m-%dT%H:%i:%s.'), LPAD(MICROSECOND(done_at) DIV "
        "1000, 3, '0'), 'Z'), '')"}) {
    // Without CONVERT the digits of a number would be taken for a number.
    row += ", '.', HEX(CONVERT(" + std::string(column) + " USING utf8mb4))";
  }
  Tell("row", row,
       " FROM " + history_ + " WHERE " + IsThere() + " ORDER BY task <> " + Text(task_.task_key) +
           ", task = " + Text(task_.version_key) + " LIMIT 1");
  Tell("step", "CONCAT_WS(' ', first, last, state, text_digest, IFNULL(fingerprint, ''))",
       " FROM " + steps_ + " WHERE " + TaskIs() + " ORDER BY first");
  Tell("fact fingerprint", "HEX(" + Fingerprint() + ")",
       " FROM (SELECT 1) AS one WHERE EXISTS(SELECT 1 FROM " + steps_ + " WHERE " + TaskIs() +
           " AND state = 'begun')");
}

void MariadbWriter::MarkerRow() {
  Section(ScriptPart::kMarkerRow);
  if (task_.resume) return TakeOver();
  Demand("NOT EXISTS(SELECT 1 FROM " + history_ + " WHERE " + IsThere() + ")");
  std::string values;
  for (const std::string& text :
       {task_.task_key, task_.sheet_name, task_.sheet_sha256, task_.run_name, task_.runner}) {
    values += Text(text) + ", ";
  }
  Sql("INSERT INTO " + history_ +
      "(task, sheet, sheet_sha256, run, runner, statements, started_at) VALUES (" + values +
      std::to_string(StatementCount(task_)) + ", UTC_TIMESTAMP(3))");
}

void MariadbWriter::Settle(bool applied) {
  const std::string which = " WHERE " + TaskIs() + " AND state = 'begun'";
  Sql(applied ? "UPDATE " + steps_ + " SET state = 'done'" + which
              : "DELETE FROM " + steps_ + which);
}

/// So that the next run knows what a person told this one.
void MariadbWriter::SettleAssumed() {
  if (task_.assume != Assumption::kNothing) Settle(task_.assume == Assumption::kDone);
}

/// Goes on with what an earlier run began, if it is still as it was seen.
void MariadbWriter::TakeOver() {
  const ResumePoint& resume = *task_.resume;
  const std::string rows = "(SELECT COUNT(*) FROM " + steps_ + " AS seen WHERE " + TaskIs();
  Demand(rows + " AND state = 'done') = " + std::to_string(resume.steps) + " AND " + rows +
         " AND state = 'begun' AND first = " + std::to_string(resume.begun) +
         ") = " + (resume.begun > 0 ? "1" : "0") + " AND EXISTS(SELECT 1 FROM " + history_ +
         " WHERE " + TaskIs() + " AND done_at IS NULL)");
  Sql("START TRANSACTION");
  if (resume.begun > 0) Settle(resume.begun_is_applied);
  Sql("UPDATE " + history_ + " SET run = " + Text(task_.run_name) +
      ", runner = " + Text(task_.runner) + ", sheet_sha256 = " + Text(task_.sheet_sha256) +
      ", statements = " + std::to_string(StatementCount(task_)) + " WHERE " + TaskIs() +
      " AND done_at IS NULL");
  Sql("COMMIT");
}

/// What stands in front of a dot: databases, and what is none of them. Tables that are written to
/// come before any list or text.
void AddQualifiers(std::string_view text, std::set<std::string>& names) {
  text = text.substr(0, std::min<std::size_t>(text.find_first_of("('\""), 512));
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos;
       dot = text.find('.', dot + 1)) {
    std::size_t end = dot;
    while (end > 0 && (text[end - 1] == '`' || text[end - 1] == ' ')) --end;
    std::size_t begin = end;
    while (begin > 0 && (sql::IsNameByte(text[begin - 1]) || text[begin - 1] == '-')) --begin;
    if (begin < end) names.emplace(text.substr(begin, end - begin));
  }
}

/// A table that knows no transactions keeps what was done to it when the marker is taken back.
void MariadbWriter::DemandTransactionalTables() {
  std::set<std::string> names, qualifiers;
  for (std::size_t i = 0; i < StatementCount(task_); ++i) {
    if (task_.split->statements[i].statement_class != StatementClass::kDml) continue;
    // The tables stand in front; values may go on for megabytes.
    AddQualifiers(StatementText(task_, i), qualifiers);
    for (std::string& word : sql::FirstWords(StatementText(task_, i), 64)) {
      if (word.size() <= 256) names.insert(std::move(word));
    }
  }
  if (names.empty()) return;
  Section(ScriptPart::kRollbackable);
  qualifiers.emplace(database_);
  const std::vector<std::string> used(names.begin(), names.end());
  std::string all = "TRUE";
  for (const std::string& database : qualifiers)
    all += " AND " + mariadb::AllKnowTransactions(database, used);
  Demand(all);
}

/// Its first line is that of the sheet, so that lines of errors are lines of the statement.
void MariadbWriter::Statement(std::size_t index) {
  Section(ScriptPart::kStatement, index);
  Line("/*" + MariadbTag(task_) + "/" + std::to_string(index + 1) + "*/ " +
       std::string(StatementText(task_, index)));
  Line(delimiter_);
  if (!IsMarked(task_, index + 1)) return;
  const std::string done = marker_ + "done " + std::to_string(index + 1);
  if (task_.split->statements[index].statement_class == StatementClass::kDml) {
    Sql("SELECT CONCAT('" + done + " +', GREATEST(ROW_COUNT(), 0))");
  } else {
    Sql("SELECT '" + done + "'");
  }
}

void MariadbWriter::InsertStep(const Step& step, bool done) {
  const std::string fingerprint = step.kind == StepKind::kVisible ? Fingerprint() : "NULL";
  Sql("INSERT INTO " + steps_ + " VALUES (" + Text(task_.task_key) + ", " +
      std::to_string(step.first) + ", " + std::to_string(step.last) + ", " +
      (done ? "'done'" : "'begun'") + ", '" + DigestOfStatements(task_, step.first, step.last) +
      "', " + fingerprint + ", NULLIF(IS_USED_LOCK(" + lock_ +
      ") = CONNECTION_ID(), 0), UTC_TIMESTAMP(3))");
}

void MariadbWriter::Steps() {
  for (const Step& step :
       StepsFrom(task_, task_.resume ? task_.resume->next() : 0, MariadbStepKind)) {
    if (step.kind == StepKind::kSession) {
      Statement(step.first - 1);
      continue;
    }
    const bool atomic = step.kind == StepKind::kAtomic;
    Section(ScriptPart::kStep, step.first - 1);
    if (atomic) Sql("START TRANSACTION");
    InsertStep(step, atomic);
    for (std::uint32_t i = step.first; i <= step.last; ++i) Statement(i - 1);
    Section(ScriptPart::kStep, step.first - 1);
    Sql(atomic ? "COMMIT"
               : "UPDATE " + steps_ + " SET state = 'done' WHERE " + TaskIs() +
                     " AND first = " + std::to_string(step.first));
  }
}

void MariadbWriter::Done() {
  Section(ScriptPart::kDone);
  Sql("START TRANSACTION");
  Sql("UPDATE " + history_ + " SET done_at = UTC_TIMESTAMP(3) WHERE " + TaskIs() +
      " AND run = " + Text(task_.run_name) + " AND done_at IS NULL");
  InsertUnless("ROW_COUNT() = 1");
  if (!task_.version_key.empty()) {
    const std::string version = Text(task_.version_key);
    Sql("INSERT INTO " + history_ + " SELECT " + version +
        ", sheet, sheet_sha256, run, runner, statements, started_at, done_at FROM " + history_ +
        " AS own WHERE " + TaskIs() + " AND NOT EXISTS(SELECT 1 FROM " + history_ +
        " AS other WHERE other.task = " + version + ")");
  }
  Sql("DELETE FROM " + steps_ + " WHERE " + TaskIs() +
      " OR (task = '' AND first = CONNECTION_ID())");
  Marker("precommit");
  Section(ScriptPart::kCommit);
  Sql("COMMIT");
  Marker("committed");
}

}  // namespace

std::string MariadbTag(const TaskScript& task) {
  return "lockstep " + base::Sha256Hex(task.task_key).substr(0, 32);
}

Script MakeMariadbScript(const TaskScript& task, std::string_view database) {
  MariadbWriter writer(task, database);
  writer.Settings();
  if (task.create) writer.CreateDatabase();
  writer.Tables();
  writer.Lock();
  if (!task.resume) writer.OldRows();
  if (task.create && !task.resume) writer.DemandAlike();
  writer.MarkerRow();
  writer.DemandTransactionalTables();
  writer.Steps();
  writer.Done();
  return writer.Take();
}

std::string MakeMariadbProbe(const TaskScript& task, std::string_view database) {
  MariadbWriter writer(task, database);
  writer.Settings();
  writer.Lock();
  writer.OldRows();
  writer.SettleAssumed();
  writer.Marker("committed");
  return writer.Take().text;
}

std::string MakeMariadbConnectionProbe(std::string_view nonce) {
  TaskScript task;
  task.nonce = nonce;
  MariadbWriter writer(task, "");
  writer.Section(ScriptPart::kSettings);
  writer.Delimiter();
  writer.Marker("start");
  writer.Tell("fact server", "HEX(CONVERT(VERSION() USING utf8mb4))");
  writer.Tell("fact read_only", "HEX(IF(@@global.read_only, 'on', 'off'))");
  writer.Tell("fact database", "HEX(CONVERT(IFNULL(DATABASE(), '') USING utf8mb4))");
  writer.Marker("committed");
  return writer.Take().text;
}

}  // namespace lockstep::client
