#include "native/client/client.h"

#include "core/sql/refused.h"
#include "native/client/firebird.h"
#include "native/client/mariadb.h"
#include "native/client/postgres.h"
#include "native/client/sheet_place.h"
#include "native/client/sqlite.h"
#include "native/client/verdict.h"

namespace lockstep::client {
namespace {

using rollout::TaskError;

TaskError Refused(const TaskScript& script, std::size_t offset, std::string message) {
  TaskError error = PlainError("REFUSED", std::move(message));
  const SheetPlace place = PlaceInSheet(script.sheet, offset);
  error.line = place.line;
  error.column = place.column;
  return error;
}

}  // namespace

const Client* ClientFor(sql::Engine engine) {
  static const Sqlite sqlite;
  static const Postgres postgres;
  static const Firebird firebird;
  static const Mariadb mariadb(sql::Engine::kMariadb), mysql(sql::Engine::kMysql);
  switch (engine) {
    case sql::Engine::kSqlite:
      return &sqlite;
    case sql::Engine::kPostgres:
      return &postgres;
    case sql::Engine::kMariadb:
      return &mariadb;
    case sql::Engine::kMysql:
      return &mysql;
    case sql::Engine::kFirebird:
      return &firebird;
    default:
      return nullptr;
  }
}

std::optional<TaskError> WhyNotRunnable(const TaskScript& script, sql::Engine engine) {
  if (script.split == nullptr) return std::nullopt;
  if (!script.split->problems.empty()) {
    const sql::SplitProblem& problem = script.split->problems.front();
    return Refused(script, problem.span.begin, problem.message);
  }
  const auto refusals = sql::RefusedStatements(engine, script.sheet, *script.split);
  if (refusals.empty()) return std::nullopt;
  const sql::Statement& statement = script.split->statements[refusals.front().statement];
  return Refused(script, statement.span.begin, refusals.front().message);
}

}  // namespace lockstep::client
