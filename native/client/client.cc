#include "native/client/client.h"

#include "native/client/sqlite.h"

namespace lockstep::client {

const Client* ClientFor(sql::Engine engine) {
  static const Sqlite sqlite;
  return engine == sql::Engine::kSqlite ? &sqlite : nullptr;
}

std::optional<std::string> WhyNotExecutable(rollout::TaskType type, sql::Engine engine) {
  if (const Client* client = ClientFor(engine)) return client->WhyNotExecutable(type);
  return "tasks on " + std::string(sql::Facts(engine).title) +
         " cannot be executed yet: this version runs SQLite only; validate and simulate work";
}

}  // namespace lockstep::client
