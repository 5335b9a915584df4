#include "native/reach.h"

#include <algorithm>

#include "core/base/text.h"
#include "native/ask.h"
#include "native/client/client.h"
#include "native/connection/redactor.h"
#include "native/connection/target.h"

namespace lockstep::native {
namespace {

/// What was found, for a person: "data/hr.db", "version 15.18; as a superuser, …".
std::string Found(const client::Target& target, const client::MarkerLog& markers) {
  if (target.engine == sql::Engine::kSqlite) return target.database;
  std::string found = "version " + std::string(markers.fact("server"));
  if (markers.fact("superuser") == "on")
    found += "; as a superuser, who may read and write the server's files: use another role";
  return found;
}

/// Where it is, or why it cannot be asked.
base::Result<client::Target> TargetOf(const inventory::Inventory& inventory,
                                      inventory::DatabaseIndex database,
                                      const ReachOptions& options,
                                      connection::Passwords& passwords) {
  const sql::Engine engine =
      inventory.instances[inventory.databases[database].instance].engine.value;
  auto program = options.program(engine);
  if (!program.ok()) return program.error();
  auto target = connection::TargetOf(inventory, database, options.folder, passwords);
  if (!target.ok()) return target.error();
  target->program = std::move(*program);
  if (!connection::IsAllowed(*target, options.allowed_hosts)) {
    return base::Error{
        base::ErrorCode::kPermissionDenied,
        "it is on " + base::Quote(connection::HostOf(*target)) + ", which no --allow-host names"};
  }
  if (auto there = connection::CheckReachable(*target, false); !there.ok()) return there.error();
  return target;
}

Question MakeQuestion(const inventory::Inventory& inventory, inventory::DatabaseIndex database,
                      const client::Target& target) {
  const inventory::InstanceIndex instance = inventory.databases[database].instance;
  const std::int64_t most = inventory.instances[instance].maximum_connections.value;
  const client::Client& client = *client::ClientFor(target.engine);
  return {
      .command = client.MakeConnectionProbe(target, false, kQuestionNonce),
      .nonce = kQuestionNonce,
      .group = instance.value(),
      .group_limit = static_cast<std::uint32_t>(most > 0 ? std::min<std::int64_t>(most, 1000)
                                                         : inventory::kDefaultMaximumConnections)};
}

Reached Interpret(const client::Target& target, const Answer& answer) {
  if (answer.error) return {false, answer.error->message};
  const auto error =
      client::ClientFor(target.engine)->InterpretConnection(answer.markers, answer.end());
  if (!error) return {true, Found(target, answer.markers), answer.took};
  return {false, error->message + (error->hint.empty() ? "" : "; ") + error->hint};
}

}  // namespace

std::vector<Reached> Reach(process::Loop& loop, const inventory::Inventory& inventory,
                           std::span<const inventory::DatabaseIndex> databases,
                           const ReachOptions& options) {
  connection::Passwords passwords(options.folder);
  std::vector<Reached> reached(databases.size());
  std::vector<Question> questions;
  std::vector<std::pair<std::size_t, client::Target>> asked;  // -> databases
  for (std::size_t i = 0; i < databases.size(); ++i) {
    auto target = TargetOf(inventory, databases[i], options, passwords);
    if (!target.ok()) {
      reached[i] = {false, target.error().message};
      continue;
    }
    questions.push_back(MakeQuestion(inventory, databases[i], *target));
    asked.emplace_back(i, std::move(*target));
  }
  const std::vector<Answer> answers = AskAll(loop, std::move(questions), options.stop);
  const connection::Redactor redactor(passwords.values());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    Reached& of_database = reached[asked[i].first];
    of_database = Interpret(asked[i].second, answers[i]);
    of_database.message = redactor.Redact(of_database.message);
  }
  return reached;
}

}  // namespace lockstep::native
