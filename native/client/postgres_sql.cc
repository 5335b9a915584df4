#include "native/client/postgres_sql.h"

#include <algorithm>

#include "native/client/script.h"

namespace lockstep::client::postgres {
namespace {

std::string DatabaseIs(const NewDatabase& database) {
  return "FROM pg_catalog.pg_database WHERE datname = " + SqlQuote(database.name);
}

std::string List(const std::vector<std::string>& texts) {
  std::string list = "''";
  for (const std::string& text : texts) list += ", " + SqlQuote(text);
  return list;
}

/// A row of the same spec for the same text, whose sheet had another name then.
std::string SameChange(const TaskScript& task) {
  if (task.spec_id.empty() || task.sheet_sha256.empty()) return "false";
  const std::string prefix = task.spec_id + " ";  // names have no blanks
  // "!" is behind " ".
  return "(sheet_sha256 = " + SqlQuote(task.sheet_sha256) + " AND task >= " + SqlQuote(prefix) +
         " AND task < " + SqlQuote(task.spec_id + "!") +
         " AND pg_catalog.length(task) - pg_catalog.length(pg_catalog.replace(task, ' ', '')) = " +
         std::to_string(std::count(prefix.begin(), prefix.end(), ' ')) + ")";
}

}  // namespace

std::string Hex(std::string_view expression) {
  return "pg_catalog.encode(pg_catalog.convert_to(" + std::string(expression) + ", 'UTF8'), 'hex')";
}

std::string Time(std::string_view expression) {
  return "pg_catalog.to_char(" + std::string(expression) +
         " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
}

std::string HistoryRow() {
  std::string row = Hex("task");
  for (const char* column : {"sheet", "sheet_sha256", "run", "runner", "statements::text"}) {
    row += " || '.' || " + Hex(column);
  }
  return row + " || '.' || " + Hex(Time("started_at")) + " || '.' || " +
         Hex("coalesce(" + Time("done_at") + ", '')");
}

std::string IsThere(const TaskScript& task) {
  std::string rows = "(task = " + SqlQuote(task.task_key) + " OR " + SameChange(task);
  if (!task.version_key.empty()) rows += " OR task = " + SqlQuote(task.version_key);
  return rows + ")";
}

std::string InsertVersion(const TaskScript& task) {
  return "INSERT INTO public.lockstep_history SELECT " + SqlQuote(task.version_key) +
         ", sheet, sheet_sha256, run, runner, statements, started_at, "
         "pg_catalog.clock_timestamp() FROM public.lockstep_history WHERE task = " +
         SqlQuote(task.task_key) + " ON CONFLICT DO NOTHING";
}

std::string Exists(const NewDatabase& database) {
  return "EXISTS(SELECT 1 " + DatabaseIs(database) + ")";
}

std::string CreateHistory() {
  return "CREATE TABLE public.lockstep_history(task text COLLATE \"C\" NOT NULL PRIMARY KEY, sheet "
         "text NOT "
         "NULL, sheet_sha256 text NOT NULL, run text NOT NULL, runner text NOT NULL, statements "
         "bigint NOT NULL, started_at timestamptz NOT NULL, done_at timestamptz)";
}

std::string CreateSteps() {
  return "CREATE TABLE public.lockstep_step(task text NOT NULL, first bigint NOT NULL, last bigint "
         "NOT NULL, state text NOT NULL, text_digest text NOT NULL, before text NOT NULL, at "
         "timestamptz NOT NULL, PRIMARY KEY (task, first))";
}

std::string Create(const NewDatabase& database) {
  std::string options;
  if (!database.owner.empty()) options += " OWNER " + SqlName(database.owner);
  if (!database.character_set.empty()) options += " ENCODING " + SqlQuote(database.character_set);
  if (!database.collation.empty()) options += " LC_COLLATE " + SqlQuote(database.collation);
  // Only the empty template takes another encoding and order than its own.
  if (!database.character_set.empty() || !database.collation.empty())
    options += " TEMPLATE template0";
  return "CREATE DATABASE " + SqlName(database.name) + options;
}

std::string IsAlike(const NewDatabase& database) {
  std::string alike =
      "NOT EXISTS(SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
      "c.relnamespace WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND "
      "c.relname !~ '^lockstep_')";
  const auto property = [&](std::string_view value, const std::string& condition) {
    if (!value.empty())
      alike += " AND EXISTS(SELECT 1 " + DatabaseIs(database) + " AND " + condition + ")";
  };
  property(database.owner, "pg_catalog.pg_get_userbyid(datdba) = " + SqlQuote(database.owner));
  property(database.character_set,
           "encoding = pg_catalog.pg_char_to_encoding(" + SqlQuote(database.character_set) + ")");
  const auto plain = [](const std::string& name) {  // C.UTF-8 is C.utf8
    return "pg_catalog.lower(pg_catalog.replace(" + name + ", '-', ''))";
  };
  property(database.collation, plain("datcollate") + " = " + plain(SqlQuote(database.collation)));
  return alike;
}

std::string Fingerprint(const std::vector<std::string>& used) {
  const std::string names = List(used);
  return "(SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(coalesce("
         "pg_catalog.string_agg(pg_catalog.concat_ws(',', n.nspname, c.relname, c.relkind, "
         "i.indisvalid, pg_catalog.pg_get_indexdef(i.indexrelid)), ';' ORDER BY n.nspname, "
         "c.relname), ''), 'UTF8')), 'hex') FROM pg_catalog.pg_class c JOIN "
         "pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_index i ON "
         "i.indexrelid = c.oid LEFT JOIN pg_catalog.pg_class t ON t.oid = i.indrelid WHERE "
         "c.relname IN (" +
         names + ") OR t.relname IN (" + names + "))";
}

std::string InvalidIndexes() {
  return "(SELECT coalesce(pg_catalog.string_agg(c.relname || E'\\t' || pg_catalog.format('%I.%I', "
         "n.nspname, c.relname) || E'\\t' || n.nspname || E'\\t' || t.relname, E'\\n'), '') FROM "
         "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
         "JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid JOIN pg_catalog.pg_class t ON "
         "t.oid = i.indrelid WHERE NOT i.indisvalid)";
}

std::string HasInvalidIndex(const std::vector<std::string>& names) {
  return "EXISTS(SELECT 1 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = "
         "i.indexrelid JOIN pg_catalog.pg_class t ON t.oid = i.indrelid WHERE NOT i.indisvalid AND "
         "(c.relname IN (" +
         List(names) + ") OR t.relname IN (" + List(names) + ")))";
}

std::string HolderOf(std::string_view lock) {
  return "FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE "
         "l.locktype = 'advisory' AND l.granted AND (l.classid::bigint, l.objid::bigint) = (" +
         std::string(lock) +
         ") AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = "
         "pg_catalog.current_database())";
}

std::string HolderOfRelation(const std::vector<std::string>& names) {
  return "FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation JOIN "
         "pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE l.granted AND a.pid <> "
         "pg_catalog.pg_backend_pid() AND a.datname = pg_catalog.current_database() AND "
         "c.relname IN (" +
         List(names) + ")";
}

}  // namespace lockstep::client::postgres
