// CheckRelease: what the core says about each file of a release on each target, before anybody
// makes a release of them.
#include <map>

#include "core/base/text.h"
#include "core/service/findings.h"
#include "core/service/release.h"
#include "native/service/inventory_now.h"
#include "native/service/methods.h"
#include "native/service/target_databases.h"

namespace lockstep::service {
namespace {

struct CheckRequest {
  Release release;
  std::vector<std::string> targets;
};

void ReadRelease(json::Reader& reader, CheckRequest& request, const json::Member& member) {
  reader.ReadObject(member.value, kReleaseMessage, request.release);
}
constexpr json::Field<CheckRequest> kCheckFields[] = {
    {"parent", "parent", json::Shape::kText},
    {"release", "release", json::Shape::kObject, &ReadRelease},
    {"targets", "targets", json::Shape::kList, &ReadStrings<&CheckRequest::targets>},
};
constexpr json::Message<CheckRequest> kCheckMessage{"the request", kCheckFields};

/// A statement is checked under a name that no sheet can have: "-" is no project.
std::string SheetOf(const ReleaseFile& file, std::size_t index) {
  return file.sheet.empty() ? "projects/-/sheets/" + std::to_string(index + 1) : file.sheet;
}

/// The plan that the release would be on this database.
std::string MakeUpPlan(const Release& release, const std::string& database) {
  base::JsonWriter writer;
  writer.BeginObject().Key("steps").BeginArray().BeginObject().Key("specs").BeginArray();
  for (std::size_t i = 0; i < release.files.size(); ++i) {
    const ReleaseFile& file = release.files[i];
    writer.BeginObject().Member("id", std::to_string(i)).Key("dependsOnSpecs").BeginArray();
    if (i > 0) writer.String(std::to_string(i - 1));  // files of a release follow each other
    writer.EndArray().Key("changeDatabaseConfig").BeginObject();
    writer.Member("target", database).Member("type", plan::ToString(ChangeTypeOf(file.change)));
    writer.Member("sheet", SheetOf(file, i)).EndObject().EndObject();
  }
  return writer.EndArray().EndObject().EndArray().EndObject().Take();
}

using FileFindings = base::IndexVector<plan::SpecIndex, std::vector<Finding>>;

base::Result<FileFindings> Check(Context& context, const Release& release,
                                 const std::string& database) {
  std::map<std::string, std::string> texts;
  for (std::size_t i = 0; i < release.files.size(); ++i) {
    const ReleaseFile& file = release.files[i];
    if (file.sheet.empty()) texts[SheetOf(file, i)] = file.statement;
  }
  auto inventory = ReadInventory(context.settings);
  if (!inventory.ok()) return inventory.error();
  const auto workspace =
      ReadPlan(context, "the release", MakeUpPlan(release, database), std::move(*inventory), texts);
  if (!workspace.ok()) return workspace.error();
  if ((*workspace)->plan() == nullptr) return ErrorsOf(**workspace).error();
  return FindingsOf(*(*workspace)->plan(), (*workspace)->sources(), (*workspace)->diagnostics());
}

void WriteResult(base::JsonWriter& writer, const ReleaseFile& file, const std::string& target,
                 const std::vector<Finding>& findings) {
  writer.BeginObject().Member("file", file.path.empty() ? file.version : file.path);
  writer.Member("target", target).Key("advices").BeginArray();
  for (const Finding& finding : findings) {
    writer.BeginObject().Member("status", finding.status).Member("code", finding.code);
    writer.Member("title", finding.title).Member("content", finding.content);
    writer.Member("line", finding.line).Member("column", finding.column).EndObject();
  }
  writer.EndArray().EndObject();
}

/// Databases of one engine have the same findings.
std::string_view EngineOf(const inventory::Inventory* inventory, const std::string& database) {
  if (inventory == nullptr) return "";
  const inventory::DatabaseIndex index = inventory->FindDatabase(database);  // it is there
  const inventory::InstanceIndex instance = inventory->databases[index].instance;
  return sql::Facts(inventory->instances[instance].engine.value).name;
}

}  // namespace

Answer CheckRelease(Context& context, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  auto request = ReadMessage(call.body, kCheckMessage);
  if (!request.ok()) return request.error();
  if (auto checked = request->release.CheckFiles(); !checked.ok()) return checked.error();
  const auto inventory = InventoryNow::Read(context.settings);
  if (!inventory.ok()) return inventory.error();
  const auto databases = DatabasesOf((*inventory)->get(), request->targets);
  if (!databases.ok()) return databases.error();
  std::map<std::string_view, FileFindings> by_engine;
  base::JsonWriter writer;
  writer.BeginObject().Key("results").BeginArray();
  for (const std::string& database : *databases) {
    const auto [found, is_new] = by_engine.try_emplace(EngineOf((*inventory)->get(), database));
    if (is_new) {
      auto findings = Check(context, request->release, database);
      if (!findings.ok()) return findings.error();
      found->second = std::move(*findings);
    }
    for (const plan::SpecIndex file : found->second.indices())
      WriteResult(writer, request->release.files[file.value()], database, found->second[file]);
  }
  return writer.EndArray().EndObject().Take();
}

}  // namespace lockstep::service
