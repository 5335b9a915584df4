#include "native/client/postgres_session.h"

#include "native/client/postgres_script.h"
#include "native/client/postgres_sql.h"
#include "native/client/script.h"
#include "native/client/steps.h"

namespace lockstep::client {
namespace {

using postgres::Time;

/// Of a row of pg_stat_activity with `blockers`. What it does not tell is not there, as proto3 JSON
/// leaves out what is optional; times are messages there, and null.
std::string SessionJson() {
  const auto object = [](std::initializer_list<std::pair<const char*, std::string>> members) {
    std::string list;
    for (const auto& [name, value] : members)
      list += (list.empty() ? "" : ", ") + SqlQuote(name) + ", " + value;
    return "pg_catalog.jsonb_build_object(" + list + ")";
  };
  return object({{"pid", "pid::text"},
                 {"blockedByPids", "pg_catalog.to_jsonb(blockers::text[])"},
                 {"query", "coalesce(query, '')"},
                 {"applicationName", "coalesce(application_name, '')"},
                 {"backendStart", Time("backend_start")},
                 {"xactStart", Time("xact_start")},
                 {"queryStart", Time("query_start")}}) +
         " || pg_catalog.jsonb_strip_nulls(" +
         object({{"state", "state"},
                 {"waitEventType", "wait_event_type"},
                 {"waitEvent", "wait_event"},
                 {"datname", "datname"},
                 {"usename", "usename"},
                 {"clientAddr", "pg_catalog.host(client_addr)"},
                 {"clientPort", "client_port::text"}}) +
         ")";
}

/// The newest session of the task: a lost run may have left another one, which then blocks it or
/// is about to end. The same spec may run on other databases of the server, in sessions of the same
/// name; one that makes a database begins in another.
std::string IsOwn(const TaskScript& task) {
  return "application_name = " + SqlQuote(PostgresSessionName(task)) +
         (task.create ? "" : " AND datname = pg_catalog.current_database()") +
         " ORDER BY query_start DESC NULLS LAST LIMIT 1";
}

/// What blocks whom is asked only of sessions that wait, since each such question stops the lock
/// manager for a moment. That other roles' sessions wait is told by pg_locks alone.
std::string Sessions(const TaskScript& task) {
  const auto list = [](const std::string& condition) {
    return "coalesce((SELECT pg_catalog.jsonb_agg(told.session ORDER BY told.pid) FROM told, own "
           "WHERE " +
           condition + "), '[]'::jsonb)";
  };
  return "WITH activity AS (SELECT *, CASE WHEN wait_event_type = 'IPC' OR pid IN "
         "(SELECT pid FROM pg_catalog.pg_locks WHERE NOT granted) THEN "
         "pg_catalog.pg_blocking_pids(pid) ELSE '{}'::int[] END AS blockers FROM "
         "pg_catalog.pg_stat_activity), own AS (SELECT pid, blockers FROM activity WHERE " +
         IsOwn(task) + "), told AS (SELECT pid, blockers, " + SessionJson() +
         " AS session FROM activity) SELECT pg_catalog.jsonb_build_object('session', (SELECT "
         "told.session FROM told, own WHERE told.pid = own.pid), 'blockingSessions', " +
         list("told.pid = ANY (own.blockers)") + ", 'blockedSessions', " +
         list("own.pid = ANY (told.blockers)") + ") AS sessions";
}

/// A script that asks one thing.
std::string TellFact(const TaskScript& task, std::string_view fact, std::string_view expression,
                     const std::string& from) {
  const std::string marker = MarkerPrefix(task.nonce);
  ScriptWriter writer;
  writer.Section(ScriptPart::kSettings);
  writer.Line("SELECT '" + marker + "fact " + std::string(fact) + " ' || " +
              postgres::Hex(expression) + " " + from + ";");
  writer.Line("\\echo '" + marker + "committed'");
  return writer.Take().text;
}

}  // namespace

std::string MakePostgresSessionProbe(const TaskScript& task) {
  return TellFact(task, "sessions", "sessions::text", "FROM (" + Sessions(task) + ") AS asked");
}

std::string MakePostgresHolderProbe(const TaskScript& task, std::uint32_t statement) {
  return TellFact(task, "holder", postgres::kSession,
                  postgres::HolderOfRelation(NamesOf(StatementText(task, statement))) +
                      " ORDER BY a.xact_start LIMIT 1");
}

}  // namespace lockstep::client
