// InstanceService, as far as it changes instances of the inventory.
#include "core/base/text.h"
#include "core/service/data_source_edit.h"
#include "core/service/inventory_messages.h"
#include "native/service/change_inventory.h"
#include "native/service/methods.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kInstanceList = "instances";

Answer InstanceAnswer(const base::Result<std::unique_ptr<InventoryNow>>& now,
                      const std::string& name) {
  if (!now.ok()) return now.error();
  const inventory::Inventory& known = (*now)->inventory();
  base::JsonWriter writer;
  WriteInstance(writer, known.instances[known.FindInstance(name)]);
  return writer.Take();
}

std::string WithNewInstance(const InventoryNow& now, const std::string& name,
                            const InstanceBody& body) {
  std::vector<Setting> settings = Chosen(body.settings, nullptr);
  base::JsonWriter sources;
  sources.BeginArray();
  for (const SourceBody& source : body.sources) sources.Raw(NewSource(source));
  sources.EndArray();
  if (!body.sources.empty()) settings.push_back({"dataSources", "dataSources", sources.Take()});
  return Edited(now.text(),
                [&](InventoryEdit& edit) { edit.Add(kInstanceList, NewEntry(name, settings)); });
}

std::string WithChanged(const InventoryNow& now, const std::string& name, const InstanceBody& body,
                        const UpdateMask& mask) {
  return Edited(now.text(), [&](InventoryEdit& edit) {
    const json::Value entry = edit.Find(kInstanceList, name)->value;
    // The older place of the limit, where that is how it is written.
    std::vector<Setting> chosen = Chosen(body.settings, &mask);
    const auto options = FindMember(entry, "options");
    const bool is_older = options && options->value.kind() == json::Kind::kObject &&
                          FindMember(options->value, "maximumConnections");
    for (Setting& setting : chosen) {
      if (is_older && setting.key == "maximumConnections")
        setting.key = "options.maximumConnections";
    }
    edit.Set(entry, chosen);
    if (mask.Has("dataSources")) SetSources(edit, entry, body.sources);
  });
}

std::vector<std::string> DatabasesOf(const inventory::Inventory& known,
                                     inventory::InstanceIndex instance) {
  std::vector<std::string> names;
  for (const inventory::Database& database : known.databases)
    if (database.instance == instance) names.emplace_back(database.name.value);
  return names;
}

/// With its databases, those under it and those in the list of all.
std::string Without(const InventoryNow& now, const std::string& name,
                    const std::vector<std::string>& databases) {
  return Edited(now.text(), [&](InventoryEdit& edit) {
    const InventoryEdit::Entry instance = *edit.Find(kInstanceList, name);
    const diagnostics::Span span = instance.value.span();
    std::vector<InventoryEdit::Entry> removed = edit.FindDatabases(databases);
    std::erase_if(removed, [&](const InventoryEdit::Entry& entry) {
      return entry.value.span().begin > span.begin && entry.value.span().end < span.end;
    });
    removed.push_back(instance);
    edit.Remove(removed);
  });
}

}  // namespace

Answer CreateInstance(Context& context, const Call& call) {
  const std::string id = call.Get("instanceId"), name = "instances/" + id;
  if (auto valid = CheckNewId("instance", id); !valid.ok()) return valid.error();
  const auto body = ReadInstanceBody(call.body);
  if (!body.ok()) return body.error();
  const auto change = [&](const InventoryNow& now) -> Answer {
    if (now.inventory().FindInstance(name).valid()) return AlreadyExists(name);
    return WithNewInstance(now, name, *body);
  };
  return InstanceAnswer(ChangeInventory(context.settings, change, call.Is("validateOnly")), name);
}

Answer UpdateInstance(Context& context, const Call& call) {
  const std::string name = "instances/" + call.path[0];
  const Paths paths = PathsOfInstance();
  const auto mask =
      UpdateMask::Parse(call.Find("updateMask"), call.body, paths.known, paths.read_only);
  if (!mask.ok()) return mask.error();
  const auto body = ReadInstanceBody(call.body);
  if (!body.ok()) return body.error();
  if (mask->Has("activation") && !body->is_active)
    return Error{ErrorCode::kInvalidArgument, "activation: every instance is active"};
  const auto change = [&](const InventoryNow& now) -> Answer {
    if (now.inventory().FindInstance(name).valid()) return WithChanged(now, name, *body, *mask);
    if (!call.Is("allowMissing")) return now.NotFound(name);
    if (auto valid = CheckNewId("instance", call.path[0]); !valid.ok()) return valid.error();
    return WithNewInstance(now, name, *body);
  };
  return InstanceAnswer(ChangeInventory(context.settings, change), name);
}

Answer DeleteInstance(Context& context, const Call& call) {
  const std::string name = "instances/" + call.path[0];
  const auto after = ChangeInventory(context.settings, [&](const InventoryNow& now) -> Answer {
    const inventory::InstanceIndex instance = now.inventory().FindInstance(name);
    if (!instance.valid()) return now.NotFound(name);
    const std::vector<std::string> databases = DatabasesOf(now.inventory(), instance);
    if (!databases.empty() && !call.Is("force")) {
      return Error{ErrorCode::kFailedPrecondition,
                   base::Quote(name) + " has " + base::Plural(databases.size(), "database") +
                       ", such as " + databases.front() + "; force=true deletes them with it"};
    }
    const auto unused = CheckUnused(context, name, [&](const rollout::Rollout& rollout) {
      for (const rollout::Task& task : rollout.tasks) {
        const std::string& target = rollout.TargetName(task);
        if (target == name || target.starts_with(name + "/")) return true;
      }
      return false;
    });
    if (!unused.ok()) return unused.error();
    return Without(now, name, databases);
  });
  if (!after.ok()) return after.error();
  return std::string("{}");
}

Answer Undelete(Context&, const Call&) {
  return Error{ErrorCode::kUnimplemented,
               "what was deleted is gone from the inventory file: create it again, or take it from "
               "the file's history"};
}

}  // namespace lockstep::service
