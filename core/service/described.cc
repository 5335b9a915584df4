#include "core/service/described.h"

#include "core/service/described_parts.h"
#include "core/sql/engine.h"

namespace lockstep::service::described {
namespace {

constexpr Field kOfStatus[] = {
    {"code", Type::kInt32, 0, "", "a number of google.rpc.Code"},
    {"message", Type::kText},
    {"details", Type::kAny, kList},
};
constexpr Field kOfActuatorInfo[] = {
    {"version", Type::kText, 0, "", "of Bytebase, whose API this is"},
    {"gitCommit", Type::kText},
    {"saas", Type::kBool},
    {"demo", Type::kBool},
    {"lockstep", Type::kText, 0, "", "the version of Lockstep"},
};
constexpr Message kCommonMessages[] = {
    {"Status", kOfStatus},
    {"Empty", {}},
    {"ActuatorInfo", kOfActuatorInfo},
};

Enum Engines() {
  Enum engines{"Engine", {}};
  for (const sql::EngineFacts& facts : sql::AllEngines()) engines.values.push_back(facts.name);
  return engines;
}

}  // namespace

std::vector<Message> Messages() {
  std::vector<Message> all;
  for (const std::span<const Message> part :
       {std::span<const Message>(kCommonMessages), PlanMessages(), RolloutMessages(),
        IssueMessages(), InventoryMessages()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::vector<Enum> Enums() {
  std::vector<Enum> all{Engines(), {"State", {"STATE_UNSPECIFIED", "ACTIVE", "DELETED"}}};
  for (std::vector<Enum> part : {PlanEnums(), RolloutEnums(), IssueEnums(), InventoryEnums()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace lockstep::service::described
