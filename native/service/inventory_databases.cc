// DatabaseService and DatabaseGroupService, as far as they read.
#include "core/base/text.h"
#include "core/service/filter.h"
#include "core/service/inventory_messages.h"
#include "native/service/inventory_now.h"
#include "native/service/methods.h"
#include "native/service/page_answer.h"

namespace lockstep::service {
namespace {

using inventory::DatabaseIndex;
using inventory::InstanceIndex;
using inventory::Inventory;
using Values = std::vector<std::string>;

constexpr std::string_view kDatabaseFields[] = {"name",    "environment", "instance",
                                                "project", "engine",      "labels.*"};

/// `project`: the one that was asked for; databases belong to all.
Values FieldOf(const Inventory& known, DatabaseIndex index, const std::string& project,
               std::string_view field) {
  const inventory::Database& database = known.databases[index];
  const inventory::Instance& instance = known.instances[database.instance];
  if (field == "name") return {std::string(database.database)};
  if (field == "environment") return {std::string(EnvironmentNameOf(known, index))};
  if (field == "instance") return {std::string(instance.name.value)};
  if (field == "project") return {project};
  if (field == "engine") return {std::string(sql::Facts(instance.engine.value).name)};
  for (const inventory::Label& label : database.labels) {
    if (field.substr(std::string_view("labels.").size()) == label.key.value)
      return {std::string(label.value.value)};
  }
  return {};
}

/// `project = projects/sample` among the terms asks as a path with the project does.
std::string ProjectAskedFor(const Filter& filter) {
  for (const Filter::Term& term : filter.terms()) {
    if (term.field == "project" && term.op == Filter::Operator::kEquals && !term.negated)
      return term.values.front();
  }
  return "";
}

/// Whether there is something to be listed of it; "-" is any.
base::Status CheckInstance(const InventoryNow& now, const std::string& id) {
  const std::string name = "instances/" + id;
  if (id == "-" || now.inventory().FindInstance(name).valid()) return {};
  return now.NotFound(name);
}

/// Of that instance ("-": of any), as of that project ("": of none).
Answer ListDatabases(Context& context, const Call& call, const std::string& instance_id,
                     std::string project) {
  const auto now = InventoryNow::Read(context.settings);
  if (!now.ok()) return now.error();
  const Inventory& known = (*now)->inventory();
  if (auto found = CheckInstance(**now, instance_id); !found.ok()) return found.error();
  const auto page = PageOf(call);
  if (!page.ok()) return page.error();
  const auto filter = Filter::Parse(call.Get("filter"), kDatabaseFields);
  if (!filter.ok()) return filter.error();
  if (project.empty()) project = ProjectAskedFor(*filter);
  const InstanceIndex instance = known.FindInstance("instances/" + instance_id);
  std::vector<DatabaseIndex> fitting;
  for (const DatabaseIndex index : known.databases.indices()) {
    if (instance.valid() && known.databases[index].instance != instance) continue;
    if (filter->Matches([&](auto field) { return FieldOf(known, index, project, field); }))
      fitting.push_back(index);
  }
  return WritePage("databases", fitting, *page, [&](auto& writer, DatabaseIndex index) {
    WriteDatabase(writer, known, index, project);
  });
}

/// The databases that the query names, all or an error.
Answer BatchGet(Context& context, const Call& call, const std::string& project) {
  const auto now = InventoryNow::Read(context.settings);
  if (!now.ok()) return now.error();
  const Inventory& known = (*now)->inventory();
  base::JsonWriter writer;
  writer.BeginObject().Key("databases").BeginArray();
  for (const auto& [key, name] : call.query) {
    if (key != "names") continue;
    const DatabaseIndex index = known.FindDatabase(name);
    if (!index.valid()) return (*now)->NotFound(name);
    WriteDatabase(writer, known, index, project);
  }
  return writer.EndArray().EndObject().Take();
}

/// "" for "-".
base::Result<std::string> ProjectOf(const std::string& id) {
  if (id == "-") return std::string();
  if (auto project = CheckProject(id); !project.ok()) return project.error();
  return "projects/" + id;
}

bool IsFull(const Call& call) {
  return call.Get("view") == "DATABASE_GROUP_VIEW_FULL" || call.Get("view") == "2";
}

}  // namespace

Answer GetDatabase(Context& context, const Call& call) {
  const auto now = InventoryNow::Read(context.settings);
  if (!now.ok()) return now.error();
  const std::string name = "instances/" + call.path[0] + "/databases/" + call.path[1];
  const DatabaseIndex index = (*now)->inventory().FindDatabase(name);
  if (!index.valid()) return (*now)->NotFound(name);
  base::JsonWriter writer;
  WriteDatabase(writer, (*now)->inventory(), index, "");
  return writer.Take();
}

Answer ListDatabasesOfInstance(Context& context, const Call& call) {
  return ListDatabases(context, call, call.path[0], "");
}

Answer ListDatabasesOfProject(Context& context, const Call& call) {
  const auto project = ProjectOf(call.path[0]);
  if (!project.ok()) return project.error();
  return ListDatabases(context, call, "-", *project);
}

Answer ListDatabasesOfWorkspace(Context& context, const Call& call) {
  return ListDatabases(context, call, "-", "");
}

Answer BatchGetDatabasesOfInstance(Context& context, const Call& call) {
  return BatchGet(context, call, "");
}

Answer BatchGetDatabasesOfProject(Context& context, const Call& call) {
  const auto project = ProjectOf(call.path[0]);
  if (!project.ok()) return project.error();
  return BatchGet(context, call, *project);
}

Answer GetDatabaseGroup(Context& context, const Call& call) {
  const auto now = InventoryNow::Read(context.settings);
  if (!now.ok()) return now.error();
  const std::string name = "projects/" + call.path[0] + "/databaseGroups/" + call.path[1];
  const inventory::DatabaseGroup* group = (*now)->inventory().FindGroup(name);
  if (group == nullptr) return (*now)->NotFound(name);
  base::JsonWriter writer;
  WriteDatabaseGroup(writer, (*now)->inventory(), *group, IsFull(call));
  return writer.Take();
}

Answer ListDatabaseGroups(Context& context, const Call& call) {
  const auto project = ProjectOf(call.path[0]);
  if (!project.ok()) return project.error();
  const auto now = InventoryNow::Read(context.settings);
  if (!now.ok()) return now.error();
  const auto page = PageOf(call, kEverything);
  if (!page.ok()) return page.error();
  std::vector<const inventory::DatabaseGroup*> groups;
  for (const inventory::DatabaseGroup& group : (*now)->inventory().groups) {
    if (project->empty() || group.name.value.starts_with(*project + "/")) groups.push_back(&group);
  }
  return WritePage("databaseGroups", groups, *page,
                   [&](auto& writer, const inventory::DatabaseGroup* group) {
                     WriteDatabaseGroup(writer, (*now)->inventory(), *group, IsFull(call));
                   });
}

}  // namespace lockstep::service
