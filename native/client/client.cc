#include "native/client/client.h"

#include "native/client/firebird.h"
#include "native/client/mariadb.h"
#include "native/client/postgres.h"
#include "native/client/sqlite.h"

namespace lockstep::client {

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

std::optional<std::string> WhyNotExecutable(rollout::TaskType type, sql::Engine engine) {
  if (const Client* client = ClientFor(engine)) return client->WhyNotExecutable(type);
  return "tasks on " + std::string(sql::Facts(engine).title) +
         " cannot be executed yet: this version runs PostgreSQL, MariaDB, MySQL, SQLite and "
         "Firebird; "
         "validate and simulate work";
}

}  // namespace lockstep::client
