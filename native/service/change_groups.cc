// DatabaseGroupService, as far as it changes the inventory.
#include "core/service/inventory_bodies.h"
#include "core/service/inventory_edit.h"
#include "core/service/inventory_messages.h"
#include "native/service/change_inventory.h"
#include "native/service/methods.h"

namespace lockstep::service {
namespace {

constexpr std::string_view kGroupList = "databaseGroups";

Answer GroupAnswer(const base::Result<std::unique_ptr<InventoryNow>>& now, const std::string& name,
                   bool full) {
  if (!now.ok()) return now.error();
  base::JsonWriter writer;
  WriteDatabaseGroup(writer, (*now)->inventory(), *(*now)->inventory().FindGroup(name), full);
  return writer.Take();
}

std::string WithNewGroup(const InventoryNow& now, const std::string& name, const EntryBody& body) {
  return Edited(now.text(), [&](InventoryEdit& edit) {
    edit.Add(kGroupList, NewEntry(name, Chosen(body.settings, nullptr)));
  });
}

}  // namespace

Answer CreateDatabaseGroup(Context& context, const Call& call) {
  const std::string id = call.Get("databaseGroupId");
  const std::string name = "projects/" + call.path[0] + "/databaseGroups/" + id;
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  if (auto valid = CheckNewId("database group", id); !valid.ok()) return valid.error();
  const auto body = ReadGroupBody(call.body);
  if (!body.ok()) return body.error();
  const bool validate_only = call.Is("validateOnly");
  const auto change = [&](const InventoryNow& now) -> Answer {
    if (now.inventory().FindGroup(name) != nullptr) return AlreadyExists(name);
    return WithNewGroup(now, name, *body);
  };
  // What is only asked for is asked for what it would match.
  return GroupAnswer(ChangeInventory(context.settings, change, validate_only), name, validate_only);
}

Answer UpdateDatabaseGroup(Context& context, const Call& call) {
  const std::string name = "projects/" + call.path[0] + "/databaseGroups/" + call.path[1];
  const Paths paths = PathsOfGroup();
  const auto mask =
      UpdateMask::Parse(call.Find("updateMask"), call.body, paths.known, paths.read_only);
  if (!mask.ok()) return mask.error();
  const auto body = ReadGroupBody(call.body);
  if (!body.ok()) return body.error();
  const auto change = [&](const InventoryNow& now) -> Answer {
    if (now.inventory().FindGroup(name) != nullptr) {
      return Edited(now.text(), [&](InventoryEdit& edit) {
        edit.Set(edit.Find(kGroupList, name)->value, Chosen(body->settings, &*mask));
      });
    }
    if (!call.Is("allowMissing")) return now.NotFound(name);
    if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
    if (auto valid = CheckNewId("database group", call.path[1]); !valid.ok()) return valid.error();
    return WithNewGroup(now, name, *body);
  };
  return GroupAnswer(ChangeInventory(context.settings, change), name, false);
}

/// Rollouts keep the databases that it matched; a plan that still names it gets none.
Answer DeleteDatabaseGroup(Context& context, const Call& call) {
  const std::string name = "projects/" + call.path[0] + "/databaseGroups/" + call.path[1];
  const auto after = ChangeInventory(context.settings, [&](const InventoryNow& now) -> Answer {
    if (now.inventory().FindGroup(name) == nullptr) return now.NotFound(name);
    return Edited(now.text(),
                  [&](InventoryEdit& edit) { edit.Remove({*edit.Find(kGroupList, name)}); });
  });
  if (!after.ok()) return after.error();
  return std::string("{}");
}

}  // namespace lockstep::service
