#include "native/client/postgres_script.h"

#include "core/base/sha256.h"
#include "native/client/postgres_sql.h"
#include "native/client/postgres_step.h"

namespace lockstep::client {
namespace {

using postgres::Hex;
using sql::StatementClass;

/// Of the advisory lock that every task on a database takes: "Lock", "step" as numbers. Advisory
/// locks are per database.
constexpr std::string_view kLockKey = "1282368363, 1937008998";

class PostgresWriter : public ScriptWriter {
 public:
  explicit PostgresWriter(const TaskScript& task)
      : task_(task), marker_(MarkerPrefix(task.nonce)) {}

  void Marker(std::string_view news) { Line("\\echo '" + marker_ + std::string(news) + "'"); }
  /// SELECT of one text per row, as markers of this kind.
  void Tell(std::string_view kind, std::string_view text, std::string_view from) {
    Line("SELECT '" + marker_ + std::string(kind) + " ' || " + std::string(text) + " " +
         std::string(from) + ";");
  }
  /// An error, unless the condition holds: psql stops there.
  void Demand(const std::string& condition) {
    Line("SELECT 1 / (" + condition + ")::int AS lockstep_ignored \\gset");
  }
  void If(const std::string& condition) {
    Line("SELECT " + condition + " AS lockstep_if \\gset");
    Line("\\if :lockstep_if");
  }

  void Settings();
  void CreateDatabase();
  void Connect();
  void DemandAlike();
  void Lock(bool in_transaction);
  void Tables();
  void OldRows();
  void Steps(const std::vector<Step>& steps);
  void Statement(std::size_t index);
  void Finish();
  void InsertRow();
  void TakeOver();
  void SettleAssumed();

 private:
  std::string SettingsList() const;
  void Settle(bool applied);
  std::string TaskIs() const { return "task = " + SqlQuote(task_.task_key); }
  std::string Fingerprint() const {
    return postgres::Fingerprint(NamesIn(task_, PostgresStepKind));
  }
  void InsertStep(const Step& step, bool done);
  void EndOrphan();

  const TaskScript& task_;
  const std::string marker_;
};

/// A list of expressions. The server looks whether its client is still there, and gives up when it
/// is not: asked for by its name, since pg_settings makes all of them.
std::string PostgresWriter::SettingsList() const {
  std::string list;
  for (const auto& [name, value] :
       {std::pair("standard_conforming_strings", std::string("on")),
        std::pair("application_name", PostgresSessionName(task_)),
        std::pair("lock_timeout", std::to_string(task_.busy_timeout.ms))}) {
    list += "pg_catalog.set_config('" + std::string(name) + "', " + SqlQuote(value) +
            ", false) AS lockstep_ignored_" + name + ", ";
  }
  return list +
         "CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) <> '' "
         "THEN pg_catalog.set_config('client_connection_check_interval', '500', false) END AS "
         "lockstep_ignored";
}

void PostgresWriter::Settings() {
  Section(ScriptPart::kSettings);
  Line("SELECT " + SettingsList() + " \\gset");
}

/// From the database that every server has. Whether it was there before is kept for later.
void PostgresWriter::CreateDatabase() {
  const NewDatabase& database = *task_.create;
  Section(ScriptPart::kCreate);
  Line("SELECT " + postgres::Exists(database) + " AS lockstep_there \\gset");
  Line("\\if :lockstep_there").Line("\\else");
  Line(postgres::Create(database) + ";").Line("\\endif");
}

/// The server, user and password stay.
void PostgresWriter::Connect() {
  std::string name = "dbname='";
  for (const char c : task_.create->name) {
    if (c == '\'' || c == '\\') name += '\\';
    name += c;
  }
  Line("\\connect -reuse-previous=on " + SqlName(name + "'"));
}

/// What was there before is taken for what would be made only if nobody can tell the difference.
void PostgresWriter::DemandAlike() {
  Section(ScriptPart::kMustBeEmpty);
  Line("\\if :lockstep_there");
  Demand("(" + postgres::IsAlike(*task_.create) + ")");
  Line("\\endif");
}

/// Another session of this very task is nobody's any more: this runner holds the rollout's lease.
void PostgresWriter::EndOrphan() {
  Line(
      "SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(pid)) AS lockstep_ignored FROM "
      "pg_catalog.pg_stat_activity WHERE application_name = " +
      SqlQuote(PostgresSessionName(task_)) +
      " AND datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid() \\gset");
}

/// Tried, never waited for: a session that waits in a transaction holds up CREATE INDEX
/// CONCURRENTLY. One question with all that can be asked for with it, since each costs a way to the
/// server and back.
void PostgresWriter::Lock(bool in_transaction) {
  Section(ScriptPart::kLock);
  if (task_.cancel_orphans) EndOrphan();
  const std::string kind = in_transaction ? "xact_lock" : "lock";
  // The session that failed just now may not have ended yet.
  const bool wait = task_.assume == Assumption::kFailed;
  const std::string lock =
      std::string(wait ? "pg_catalog.pg_advisory_" : "pg_catalog.pg_try_advisory_") + kind + "(" +
      std::string(kLockKey) + (wait ? ") IS NOT NULL" : ")");
  Line((in_transaction ? "BEGIN\\; SELECT " : "SELECT ") + SettingsList() + ", " + lock +
       " AS lockstep_if, pg_catalog.to_regclass('public.lockstep_history') IS NULL AS "
       "lockstep_new" +
       (in_transaction ? ", pg_catalog.txid_current() AS lockstep_xid" : "") + " \\gset");
  Line("\\if :lockstep_if");
  Line("\\else");
  Tell("fact busy", Hex("'1'"), "");
  Tell("fact holder", Hex(postgres::kSession), postgres::HolderOf(kLockKey) + " LIMIT 1");
  Line("\\q").Line("\\endif");
  Marker("start");
}

void PostgresWriter::Tables() {
  Section(ScriptPart::kHistory);
  Line("\\if :lockstep_new").Line(postgres::CreateHistory() + ";").Line("\\endif");
  if (!IsStepwiseOnPostgres(task_)) return;
  If("pg_catalog.to_regclass('public.lockstep_step') IS NULL");
  Line(postgres::CreateSteps() + ";").Line("\\endif");
}

void PostgresWriter::OldRows() {
  const std::string where = " FROM public.lockstep_history WHERE " + postgres::IsThere(task_);
  Tell("row", postgres::HistoryRow(),
       where + " ORDER BY task <> " + SqlQuote(task_.task_key) +
           ", task = " + SqlQuote(task_.version_key) + " LIMIT 1");
  if (!IsStepwiseOnPostgres(task_)) return;
  If("pg_catalog.to_regclass('public.lockstep_step') IS NOT NULL");
  const std::string steps = "FROM public.lockstep_step WHERE " + TaskIs();
  Tell("step", "first || ' ' || last || ' ' || state || ' ' || text_digest || ' ' || before",
       steps + " ORDER BY first");
  const std::string begun = "WHERE EXISTS(SELECT 1 " + steps + " AND state = 'begun')";
  Tell("fact fingerprint", Hex(Fingerprint()), begun);
  Tell("fact invalid_indexes", Hex(postgres::InvalidIndexes()), begun);
  Line("\\endif");
}

/// Tells of the rows that are there instead, and ends.
void PostgresWriter::InsertRow() {
  Section(ScriptPart::kMarkerRow);
  std::string values;
  for (const std::string& text :
       {task_.task_key, task_.sheet_name, task_.sheet_sha256, task_.run_name, task_.runner}) {
    values += SqlQuote(text) + ", ";
  }
  Line(
      "INSERT INTO public.lockstep_history(task, sheet, sheet_sha256, run, runner, statements, "
      "started_at) SELECT " +
      values + std::to_string(StatementCount(task_)) +
      ", pg_catalog.clock_timestamp() WHERE NOT EXISTS(SELECT 1 FROM public.lockstep_history "
      "WHERE " +
      postgres::IsThere(task_) + ");");
  Line("\\if :ROW_COUNT").Line("\\else");
  OldRows();
  Line("\\q").Line("\\endif");
}

void PostgresWriter::Settle(bool applied) {
  const std::string which = " WHERE " + TaskIs() + " AND state = 'begun';";
  Line(applied ? "UPDATE public.lockstep_step SET state = 'done'" + which
               : "DELETE FROM public.lockstep_step" + which);
}

/// So that the next run knows what a person told this one.
void PostgresWriter::SettleAssumed() {
  if (task_.assume == Assumption::kNothing) return;
  std::string when = "pg_catalog.to_regclass('public.lockstep_step') IS NOT NULL";
  // An index that the failure has left invalid is found by the row.
  if (task_.assume == Assumption::kFailed)
    when += " AND NOT " + postgres::HasInvalidIndex(NamesIn(task_, PostgresStepKind));
  If(when);
  Settle(task_.assume == Assumption::kDone);
  Line("\\endif");
}

/// Goes on with what an earlier run began, if it is still as it was seen.
void PostgresWriter::TakeOver() {
  const ResumePoint& resume = *task_.resume;
  Section(ScriptPart::kMarkerRow);
  const std::string rows =
      "(SELECT pg_catalog.count(*) FROM public.lockstep_step WHERE " + TaskIs();
  Demand(rows + " AND state = 'done') = " + std::to_string(resume.steps) + " AND " + rows +
         " AND state = 'begun' AND first = " + std::to_string(resume.begun) +
         ") = " + (resume.begun > 0 ? "1" : "0"));
  if (!resume.invalid_index.empty())
    Line("DROP INDEX CONCURRENTLY IF EXISTS " + resume.invalid_index + ";");
  Line("BEGIN;");
  if (resume.begun > 0) Settle(resume.begun_is_applied);
  Line("UPDATE public.lockstep_history SET run = " + SqlQuote(task_.run_name) +
       ", runner = " + SqlQuote(task_.runner) + ", sheet_sha256 = " + SqlQuote(task_.sheet_sha256) +
       ", statements = " + std::to_string(StatementCount(task_)) + " WHERE " + TaskIs() +
       " AND done_at IS NULL;");
  Demand(":ROW_COUNT = 1");
  Line("COMMIT;");
}

void PostgresWriter::Statement(std::size_t index) {
  Section(ScriptPart::kStatement, index);
  const bool portions = IsPlainQuery(task_, index);
  if (portions) Line("\\set FETCH_COUNT 1000");
  Line("\\restrict " + task_.nonce);
  Line(std::string(StatementText(task_, index)) + ";");
  Line("\\unrestrict " + task_.nonce);
  if (portions) Line("\\unset FETCH_COUNT");
  const bool changes = task_.split->statements[index].statement_class == StatementClass::kDml;
  if (!IsMarked(task_, index + 1)) return;
  const std::string done = "done " + std::to_string(index + 1);
  Line("\\echo '" + marker_ + done + (changes ? " +':ROW_COUNT" : "'"));
}

void PostgresWriter::InsertStep(const Step& step, bool done) {
  Section(ScriptPart::kStep, step.first - 1);
  const std::string before = step.kind == StepKind::kVisible ? Fingerprint() : "''";
  Line("INSERT INTO public.lockstep_step VALUES (" + SqlQuote(task_.task_key) + ", " +
       std::to_string(step.first) + ", " + std::to_string(step.last) + ", " +
       (done ? "'done'" : "'begun'") + ", " +
       SqlQuote(DigestOfStatements(task_, step.first, step.last)) + ", " + before +
       ", pg_catalog.clock_timestamp());");
}

void PostgresWriter::Steps(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    switch (step.kind) {
      case StepKind::kSession:
        Statement(step.first - 1);
        break;
      case StepKind::kAtomic:
      case StepKind::kAlone:
        Section(ScriptPart::kStep, step.first - 1);
        Line("BEGIN;").Line("SELECT pg_catalog.txid_current() AS lockstep_xid \\gset");
        InsertStep(step, true);
        for (std::uint32_t i = step.first; i <= step.last; ++i) Statement(i - 1);
        Section(ScriptPart::kSameTransaction);
        Demand("pg_catalog.txid_current() = :lockstep_xid");
        Section(ScriptPart::kStep, step.first - 1);
        Line("COMMIT;");
        break;
      case StepKind::kVisible:
      case StepKind::kRepeatable:
      case StepKind::kOpaque:
        InsertStep(step, false);
        // Its waits let everybody else read and write, and giving up leaves an invalid index.
        Line("SET lock_timeout = 0;");
        Statement(step.first - 1);
        Section(ScriptPart::kStep, step.first - 1);
        Line("SET lock_timeout = '" + std::to_string(task_.busy_timeout.ms) + "ms';");
        Line("UPDATE public.lockstep_step SET state = 'done' WHERE " + TaskIs() +
             " AND first = " + std::to_string(step.first) + ";");
        Demand(":ROW_COUNT = 1");
        break;
    }
  }
}

/// The end of the marker row and the commit go to the server as one: it does all or nothing. \g
/// sends them (a semicolon would not, behind an open parenthesis, while commands of psql went on)
/// together with what a statement has left in psql: a syntax error. An INSERT of no row is a
/// question that fails unless this transaction made the marker row, and that prints nothing.
void PostgresWriter::Finish() {
  const std::string same = IsStepwiseOnPostgres(task_)
                               ? std::string("true")
                               : "(pg_catalog.txid_current() = :lockstep_xid)";
  Marker("precommit");
  Section(ScriptPart::kCommit);
  std::string end = "RESET SESSION AUTHORIZATION\\; RESET ROLE\\; ";
  if (IsStepwiseOnPostgres(task_))
    end += "BEGIN\\; DELETE FROM public.lockstep_step WHERE " + TaskIs() + "\\; ";
  if (!task_.version_key.empty()) end += postgres::InsertVersion(task_) + "\\; ";
  Line(end +
       "WITH lockstep_done AS (UPDATE public.lockstep_history SET done_at = "
       "pg_catalog.clock_timestamp() WHERE " +
       TaskIs() + " AND run = " + SqlQuote(task_.run_name) + " AND done_at IS NULL AND " + same +
       " RETURNING 1) INSERT INTO public.lockstep_history(task) SELECT NULL WHERE (SELECT CASE "
       "pg_catalog.count(*) WHEN 1 THEN 0 ELSE (" +
       SqlQuote(kNotDone) + " || " + same +
       " || pg_catalog.count(*))::int END FROM lockstep_done) = 1\\; COMMIT \\g");
  Line("\\warn '" + marker_ + "committed'");
  Marker("committed");
}

/// All of the sheet and its marker row.
void WriteTransaction(PostgresWriter& writer, const TaskScript& task) {
  writer.Lock(true);
  writer.Tables();
  writer.InsertRow();
  if (task.create) writer.DemandAlike();
  for (std::size_t i = 0; i < StatementCount(task); ++i) writer.Statement(i);
  writer.Finish();
}

void WriteSteps(PostgresWriter& writer, const TaskScript& task) {
  writer.Lock(false);
  writer.Tables();
  task.resume ? writer.TakeOver() : writer.InsertRow();
  writer.Steps(StepsFrom(task, task.resume ? task.resume->next() : 0, PostgresStepKind));
  writer.Finish();
}

}  // namespace

std::string PostgresSessionName(const TaskScript& task) {
  return "lockstep " + base::Sha256Hex(task.task_key).substr(0, 32);
}

Script MakePostgresScript(const TaskScript& task) {
  PostgresWriter writer(task);
  if (task.create) {
    writer.Settings();
    writer.CreateDatabase();
    writer.Connect();
  }
  if (IsStepwiseOnPostgres(task)) {
    WriteSteps(writer, task);
  } else {
    WriteTransaction(writer, task);
  }
  return writer.Take();
}

std::string MakePostgresProbe(const TaskScript& task) {
  PostgresWriter writer(task);
  if (task.create) {
    writer.If("NOT " + postgres::Exists(*task.create));
    writer.Marker("start");
    writer.Marker("committed");
    writer.Line("\\q").Line("\\endif");
    writer.Connect();
  }
  writer.Lock(true);
  writer.If("pg_catalog.to_regclass('public.lockstep_history') IS NOT NULL");
  writer.OldRows();
  writer.SettleAssumed();
  writer.Line("\\endif").Line("COMMIT;");
  writer.Marker("committed");
  return writer.Take().text;
}

std::string MakePostgresConnectionProbe(std::string_view nonce, std::string_view will_be_created) {
  TaskScript task;
  task.nonce = nonce;
  PostgresWriter writer(task);
  writer.Section(ScriptPart::kSettings);
  writer.Marker("start");
  writer.Tell("fact server", Hex("pg_catalog.current_setting('server_version')"), "");
  writer.Tell("fact read_only", Hex("pg_catalog.current_setting('transaction_read_only')"), "");
  writer.Tell("fact superuser", Hex("pg_catalog.current_setting('is_superuser')"), "");
  if (!will_be_created.empty()) {
    writer.Tell("fact can_create",
                Hex("(rolcreatedb OR rolsuper OR EXISTS(SELECT 1 FROM pg_catalog.pg_database WHERE "
                    "datname = " +
                    SqlQuote(will_be_created) + "))::text"),
                "FROM pg_catalog.pg_roles WHERE rolname = current_user");
    writer.Marker("committed");
    return writer.Take().text;
  }
  writer.Tell("fact can_mark",
              Hex("(coalesce(pg_catalog.has_schema_privilege('public', 'CREATE'), false) OR "
                  "pg_catalog.to_regclass('public.lockstep_history') IS NOT NULL)::text"),
              "FROM pg_catalog.pg_namespace WHERE nspname = 'public'");
  writer.Marker("committed");
  return writer.Take().text;
}

}  // namespace lockstep::client
