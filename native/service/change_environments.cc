// EnvironmentService and OrgPolicyService, as far as they change the inventory.
#include "core/base/text.h"
#include "core/service/inventory_bodies.h"
#include "core/service/inventory_edit.h"
#include "core/service/inventory_messages.h"
#include "native/service/change_inventory.h"
#include "native/service/methods.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;
using Now = base::Result<std::unique_ptr<InventoryNow>>;

constexpr std::string_view kEnvironmentList = "environments";

std::string NameOf(const Call& call) {
  return "environments/" + call.path[0];
}

Answer EnvironmentAnswer(const Now& now, const std::string& name) {
  if (!now.ok()) return now.error();
  const inventory::Inventory& known = (*now)->inventory();
  base::JsonWriter writer;
  WriteEnvironment(writer, known, known.environment_by_name.at(name));
  return writer.Take();
}

Answer AnswerPolicy(const Now& now, const std::string& environment) {
  if (!now.ok()) return now.error();
  base::JsonWriter writer;
  WriteRolloutPolicy(writer, *(*now)->inventory().FindEnvironment(environment));
  return writer.Take();
}

std::string WithNewEnvironment(const InventoryNow& now, const std::string& name,
                               const EntryBody& body) {
  const std::string entry = NewEntry(name, Chosen(body.settings, nullptr));
  const std::string text = Edited(
      now.text(), [&](InventoryEdit& edit) { edit.Add(kEnvironmentList, entry, body.order); });
  return Edited(text, [](InventoryEdit& edit) { edit.NumberEnvironments(); });
}

std::string WithChanged(const InventoryNow& now, const std::string& name, const EntryBody& body,
                        const UpdateMask& mask) {
  std::string text = Edited(now.text(), [&](InventoryEdit& edit) {
    edit.Set(edit.Find(kEnvironmentList, name)->value, Chosen(body.settings, &mask));
  });
  if (!mask.Has("order")) return text;
  text = Edited(std::move(text), [&](InventoryEdit& edit) {
    const auto entry = edit.Find(kEnvironmentList, name);
    edit.text().Move(entry->list, entry->position, body.order.value_or(0));
  });
  return Edited(std::move(text), [](InventoryEdit& edit) { edit.NumberEnvironments(); });
}

/// What says that it is in this environment.
std::vector<std::string> UsersOf(const inventory::Inventory& known, std::string_view name) {
  std::vector<std::string> users;
  for (const inventory::Instance& instance : known.instances)
    if (instance.environment.value == name) users.emplace_back(instance.name.value);
  for (const inventory::Database& database : known.databases)
    if (database.environment.value == name) users.emplace_back(database.name.value);
  return users;
}

base::Status CheckNoUsers(const inventory::Inventory& known, const std::string& name) {
  constexpr std::size_t kMostNamed = 5;
  std::vector<std::string> users = UsersOf(known, name);
  if (users.empty()) return {};
  const std::size_t more = users.size() - std::min(users.size(), kMostNamed);
  users.resize(users.size() - more);
  if (more > 0) users.push_back(std::to_string(more) + " more");
  return Error{ErrorCode::kFailedPrecondition, base::Quote(name) + " is the environment of " +
                                                   base::Join(users, ", ") +
                                                   "; give them another one first"};
}

/// The environment of a policy's path, which has to name the one that there is.
base::Status CheckPolicyPath(const Call& call) {
  if (call.path.size() < 2 || base::EqualsIgnoreCaseAscii(call.path[1], "rollout_policy"))
    return {};
  return Error{ErrorCode::kNotFound, "there is no policy " + base::Quote(call.path[1]) +
                                         "; environments have a rollout_policy"};
}

bool HasPolicy(json::Value environment) {
  const auto member = FindMember(environment, "rolloutPolicy");
  return member && !member->value.is_null();
}

/// Changes the environment of the path; `must_have`: whether its policy has to be written there.
template <class Do>
Now ChangePolicy(Context& context, const Call& call, std::optional<bool> must_have, Do edit_entry) {
  const std::string name = NameOf(call);
  if (auto path = CheckPolicyPath(call); !path.ok()) return path.error();
  return ChangeInventory(context.settings, [&](const InventoryNow& now) -> Answer {
    if (now.inventory().FindEnvironment(name) == nullptr) return now.NotFound(name);
    base::Status fits;
    std::string text = Edited(now.text(), [&](InventoryEdit& edit) {
      const json::Value entry = edit.Find(kEnvironmentList, name)->value;
      const std::string policy = name + "/policies/rollout_policy";
      if (must_have == false && HasPolicy(entry))
        fits = AlreadyExists(policy);
      else if (must_have == true && !HasPolicy(entry))
        fits =
            Error{ErrorCode::kNotFound, base::Quote(policy) + " is not written; the default holds"};
      else
        edit_entry(edit, entry);
    });
    if (!fits.ok()) return fits.error();
    return text;
  });
}

}  // namespace

Answer CreateEnvironment(Context& context, const Call& call) {
  const std::string id = call.Get("environmentId"), name = "environments/" + id;
  if (auto valid = CheckNewId("environment", id); !valid.ok()) return valid.error();
  const auto body = ReadEnvironmentBody(call.body);
  if (!body.ok()) return body.error();
  const auto change = [&](const InventoryNow& now) -> Answer {
    if (now.inventory().FindEnvironment(name) != nullptr) return AlreadyExists(name);
    return WithNewEnvironment(now, name, *body);
  };
  return EnvironmentAnswer(ChangeInventory(context.settings, change, call.Is("validateOnly")),
                           name);
}

Answer UpdateEnvironment(Context& context, const Call& call) {
  const std::string name = NameOf(call);
  const Paths paths = PathsOfEnvironment();
  const auto mask =
      UpdateMask::Parse(call.Find("updateMask"), call.body, paths.known, paths.read_only);
  if (!mask.ok()) return mask.error();
  const auto body = ReadEnvironmentBody(call.body);
  if (!body.ok()) return body.error();
  const auto change = [&](const InventoryNow& now) -> Answer {
    if (now.inventory().FindEnvironment(name) != nullptr)
      return WithChanged(now, name, *body, *mask);
    if (!call.Is("allowMissing")) return now.NotFound(name);
    if (auto valid = CheckNewId("environment", call.path[0]); !valid.ok()) return valid.error();
    return WithNewEnvironment(now, name, *body);
  };
  return EnvironmentAnswer(ChangeInventory(context.settings, change), name);
}

Answer DeleteEnvironment(Context& context, const Call& call) {
  const std::string name = NameOf(call);
  const auto after = ChangeInventory(context.settings, [&](const InventoryNow& now) -> Answer {
    if (now.inventory().FindEnvironment(name) == nullptr) return now.NotFound(name);
    if (auto users = CheckNoUsers(now.inventory(), name); !users.ok()) return users.error();
    const auto unused = CheckUnused(context, name, [&](const rollout::Rollout& rollout) {
      for (const rollout::Stage& stage : rollout.stages)
        if (stage.environment == name) return true;
      return false;
    });
    if (!unused.ok()) return unused.error();
    return Edited(now.text(),
                  [&](InventoryEdit& edit) { edit.Remove({*edit.Find(kEnvironmentList, name)}); });
  });
  if (!after.ok()) return after.error();
  return std::string("{}");
}

Answer CreatePolicy(Context& context, const Call& call) {
  const auto settings = ReadPolicyBody(call.body);
  if (!settings.ok()) return settings.error();
  const auto now = ChangePolicy(context, call, false, [&](InventoryEdit& edit, json::Value entry) {
    edit.Set(entry, *settings);
  });
  return AnswerPolicy(now, NameOf(call));
}

/// One that is not written is the default, so that there is always one to be changed.
Answer UpdatePolicy(Context& context, const Call& call) {
  constexpr std::string_view kKnown[] = {"rolloutPolicy", "enforce"};
  constexpr std::string_view kReadOnly[] = {"type", "inheritFromParent", "resourceType", "uid",
                                            "resourceUid"};
  const auto mask = UpdateMask::Parse(call.Find("updateMask"), call.body, kKnown, kReadOnly);
  if (!mask.ok()) return mask.error();
  const auto settings = ReadPolicyBody(call.body);
  if (!settings.ok()) return settings.error();
  const auto now = ChangePolicy(
      context, call, std::nullopt,
      [&](InventoryEdit& edit, json::Value entry) { edit.Set(entry, Chosen(*settings, &*mask)); });
  return AnswerPolicy(now, NameOf(call));
}

Answer DeletePolicy(Context& context, const Call& call) {
  const auto now = ChangePolicy(context, call, true, [](InventoryEdit& edit, json::Value entry) {
    edit.Remove(entry, "rolloutPolicy");
  });
  if (!now.ok()) return now.error();
  return std::string("{}");
}

}  // namespace lockstep::service
