// DatabaseService, as far as it changes databases of the inventory.
#include <set>

#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "core/service/inventory_bodies.h"
#include "core/service/inventory_edit.h"
#include "core/service/inventory_messages.h"
#include "core/service/message.h"
#include "native/service/change_inventory.h"
#include "native/service/methods.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;

/// What is asked of one database.
struct DatabaseChange {
  std::string name;
  EntryBody body;
  UpdateMask mask;
  bool allow_missing = false;  ///< it is made when the inventory has none of that name
};

base::Result<DatabaseChange> ReadChange(std::string name, const std::string& body,
                                        const std::optional<std::string>& mask,
                                        bool allow_missing) {
  const Paths paths = PathsOfDatabase();
  auto parsed = UpdateMask::Parse(mask, body, paths.known, paths.read_only);
  if (!parsed.ok()) return parsed.error();
  auto read = ReadDatabaseBody(body);
  if (!read.ok()) return read.error();
  if (!read->project.empty()) {
    const auto project = names::ParseProjectName(read->project);
    if (!project)
      return Error{ErrorCode::kInvalidArgument, "invalid project " + base::Quote(read->project) +
                                                    ": expected projects/{project}"};
    if (auto valid = CheckProject(*project); !valid.ok()) return valid.error();
  }
  return DatabaseChange{std::move(name), std::move(*read), std::move(*parsed), allow_missing};
}

/// A database that the inventory does not have, in its instance.
Answer WithNewDatabase(const InventoryNow& now, std::string text, const DatabaseChange& change) {
  const auto ids = names::ParseDatabaseName(change.name);
  if (!ids || ids->database.empty())
    return Error{ErrorCode::kInvalidArgument, "invalid database name " + base::Quote(change.name)};
  const std::string instance = "instances/" + std::string(ids->instance);
  if (!now.inventory().FindInstance(instance).valid()) return now.NotFound(instance);
  return Edited(std::move(text), [&](InventoryEdit& edit) {
    edit.AddDatabase(edit.Find("instances", instance)->value,
                     NewEntry(change.name, Chosen(change.body.settings, nullptr)));
  });
}

/// All of them or none. REQUIRES different names.
base::Result<std::unique_ptr<InventoryNow>> ChangeAll(Context& context,
                                                      const std::vector<DatabaseChange>& changes) {
  return ChangeInventory(context.settings, [&](const InventoryNow& now) -> Answer {
    std::map<std::string_view, const DatabaseChange*> known;
    std::vector<std::string> names;
    for (const DatabaseChange& change : changes) {
      if (now.inventory().FindDatabase(change.name).valid()) {
        known.emplace(change.name, &change);
        names.push_back(change.name);
      } else if (!change.allow_missing) {
        return now.NotFound(change.name);
      }
    }
    std::string text = Edited(now.text(), [&](InventoryEdit& edit) {
      for (const InventoryEdit::Entry& entry : edit.FindDatabases(names)) {
        const DatabaseChange& change = *known.at(TextOf(entry.value, "name"));
        edit.Set(entry.value, Chosen(change.body.settings, &change.mask));
      }
    });
    for (const DatabaseChange& change : changes) {
      if (known.count(change.name)) continue;
      auto added = WithNewDatabase(now, std::move(text), change);
      if (!added.ok()) return added.error();
      text = std::move(*added);
    }
    return text;
  });
}

/// Databases belong to every project: that of the request is one of them.
void Write(base::JsonWriter& writer, const InventoryNow& now, const DatabaseChange& change) {
  WriteDatabase(writer, now.inventory(), now.inventory().FindDatabase(change.name),
                change.body.project);
}

// ---- batchUpdate ----

struct UpdateRequest {
  std::string database, name;  ///< the message, and its name
  std::optional<std::string> mask;
  bool allow_missing = false;
};
struct BatchRequest {
  std::vector<UpdateRequest> requests;
};

void ReadDatabase(json::Reader&, UpdateRequest& request, const json::Member& member) {
  base::JsonWriter writer;
  WriteValue(writer, member.value);
  request.database = writer.Take();
  request.name = TextOf(member.value, "name");
}
void ReadMask(json::Reader&, UpdateRequest& request, const json::Member& member) {
  request.mask = std::string(member.value.AsString());
}
constexpr json::Field<UpdateRequest> kUpdateFields[] = {
    {"database", "database", json::Shape::kObject, &ReadDatabase},
    {"updateMask", "update_mask", json::Shape::kText, &ReadMask},
    {"allowMissing", "allow_missing", json::Shape::kBool, &ReadBool<&UpdateRequest::allow_missing>},
};
constexpr json::Message<UpdateRequest> kUpdate{"a request", kUpdateFields};
void ReadRequests(json::Reader& reader, BatchRequest& batch, const json::Member& member) {
  reader.ReadList(member.value, json::Shape::kObject, [&](json::Value element) {
    reader.ReadObject(element, kUpdate, batch.requests.emplace_back());
  });
}
constexpr json::Field<BatchRequest> kBatchFields[] = {
    {"requests", "requests", json::Shape::kList, &ReadRequests},
};
constexpr json::Message<BatchRequest> kBatch{"the request", kBatchFields};

/// `instance`: whose databases they have to be; "-": of any.
base::Result<std::vector<DatabaseChange>> ReadBatch(const std::string& body,
                                                    const std::string& instance) {
  constexpr std::size_t kMost = 1000;  // as the server
  const auto batch = ReadMessage(body, kBatch);
  if (!batch.ok()) return batch.error();
  const auto refuse = [](std::string message) {
    return Error{ErrorCode::kInvalidArgument, std::move(message)};
  };
  if (batch->requests.empty()) return refuse("requests must be set");
  if (batch->requests.size() > kMost)
    return refuse("at most " + std::to_string(kMost) + " databases in one batch");
  std::vector<DatabaseChange> changes;
  std::set<std::string> seen;
  for (const UpdateRequest& request : batch->requests) {
    const auto ids = names::ParseDatabaseName(request.name);
    if (!ids || (instance != "-" && ids->instance != instance))
      return refuse("invalid database name " + base::Quote(request.name) + ": expected instances/" +
                    (instance == "-" ? "{instance}" : instance) + "/databases/{database}");
    if (!seen.insert(request.name).second)
      return refuse(base::Quote(request.name) + " is in the batch twice");
    auto change = ReadChange(request.name, request.database, request.mask, request.allow_missing);
    if (!change.ok()) return change.error();
    changes.push_back(std::move(*change));
  }
  return changes;
}

}  // namespace

Answer UpdateDatabase(Context& context, const Call& call) {
  auto change = ReadChange("instances/" + call.path[0] + "/databases/" + call.path[1], call.body,
                           call.Find("updateMask"), call.Is("allowMissing"));
  if (!change.ok()) return change.error();
  std::vector<DatabaseChange> changes;
  changes.push_back(std::move(*change));
  const auto now = ChangeAll(context, changes);
  if (!now.ok()) return now.error();
  base::JsonWriter writer;
  Write(writer, **now, changes[0]);
  return writer.Take();
}

Answer BatchUpdateDatabases(Context& context, const Call& call) {
  const auto changes = ReadBatch(call.body, call.path[0]);
  if (!changes.ok()) return changes.error();
  const auto now = ChangeAll(context, *changes);
  if (!now.ok()) return now.error();
  base::JsonWriter writer;
  writer.BeginObject().Key("databases").BeginArray();
  for (const DatabaseChange& change : *changes) Write(writer, **now, change);
  return writer.EndArray().EndObject().Take();
}

/// Lockstep's own: a server forgets a database by itself when its instance has it no more.
Answer DeleteDatabase(Context& context, const Call& call) {
  const std::string name = "instances/" + call.path[0] + "/databases/" + call.path[1];
  const auto after = ChangeInventory(context.settings, [&](const InventoryNow& now) -> Answer {
    if (!now.inventory().FindDatabase(name).valid()) return now.NotFound(name);
    const auto unused = CheckUnused(context, name, [&](const rollout::Rollout& rollout) {
      for (const rollout::Task& task : rollout.tasks)
        if (rollout.TargetName(task) == name) return true;
      return false;
    });
    if (!unused.ok()) return unused.error();
    return Edited(now.text(),
                  [&](InventoryEdit& edit) { edit.Remove(edit.FindDatabases({name})); });
  });
  if (!after.ok()) return after.error();
  return std::string("{}");
}

}  // namespace lockstep::service
