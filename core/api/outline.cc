#include "core/api/outline.h"

#include <algorithm>

#include "core/diagnostics/render.h"

namespace lockstep::api {
namespace {

using base::JsonWriter;
using plan::SpecIndex;

void WriteSpec(JsonWriter& writer, const Workspace& workspace, SpecIndex index) {
  const plan::Plan& plan = *workspace.plan();
  const plan::Spec& spec = plan.specs[index];
  writer.BeginObject().Member("index", index.value()).Member("id", spec.id.value);
  diagnostics::WriteRange(writer, workspace.sources()[plan.source], spec.span);
  writer.Member("kind", plan::ToString(spec.config.kind));
  writer.Member("type", spec.config.type.present ? plan::ToString(spec.config.type.value) : "");
  writer.Key("targets").BeginArray();
  for (const plan::SpannedText& target : plan.TargetsOf(spec)) writer.String(target.value);
  writer.EndArray().Member("sheet", spec.config.sheet.value).EndObject();
}

void WriteSteps(JsonWriter& writer, const Workspace& workspace) {
  const plan::Plan& plan = *workspace.plan();
  writer.Key("steps").BeginArray();
  for (const plan::Step& step : plan.steps) {
    writer.BeginObject().Member("title", step.title.value);
    diagnostics::WriteRange(writer, workspace.sources()[plan.source], step.span);
    writer.Key("specs").BeginArray();
    for (SpecIndex spec : step.specs) WriteSpec(writer, workspace, spec);
    writer.EndArray().EndObject();
  }
  writer.EndArray();
}

template <class List>
void WriteItemNames(JsonWriter& writer, std::string_view key, const List& list) {
  writer.Key(key).BeginArray();
  for (const auto& item : list) writer.String(item.name.value);
  writer.EndArray();
}

void WriteInventory(JsonWriter& writer, const Workspace& workspace) {
  static const inventory::Inventory kNoInventory;
  const inventory::Inventory& inventory =
      workspace.inventory() == nullptr ? kNoInventory : *workspace.inventory();
  WriteItemNames(writer, "environments", inventory.environments);
  WriteItemNames(writer, "instances", inventory.instances);
  WriteItemNames(writer, "databases", inventory.databases);
  WriteItemNames(writer, "groups", inventory.groups);
}

/// The engines that run each sheet of the plan.
std::vector<std::vector<sql::Engine>> EnginesOfSheets(const check::CheckedPlan& checked) {
  std::vector<std::vector<sql::Engine>> engines(checked.sheets().size());
  for (SpecIndex spec : checked.plan().specs.indices()) {
    const check::SheetIndex sheet = checked.spec(spec).sheet;
    if (!sheet.valid()) continue;
    std::vector<sql::Engine>& known = engines[sheet.value()];
    for (inventory::DatabaseIndex database : checked.DatabasesOf(spec)) {
      const inventory::Inventory& inventory = checked.inventory();
      const sql::Engine engine =
          inventory.instances[inventory.databases[database].instance].engine.value;
      if (std::find(known.begin(), known.end(), engine) == known.end()) known.push_back(engine);
    }
  }
  return engines;
}

void WriteSheets(JsonWriter& writer, const check::CheckedPlan* checked) {
  writer.Key("sheets").BeginArray();
  if (checked != nullptr) {
    const auto engines = EnginesOfSheets(*checked);
    for (check::SheetIndex sheet : checked->sheets().indices()) {
      writer.BeginObject().Member("name", checked->sheet(sheet).name);
      writer.Key("engines").BeginArray();
      for (sql::Engine engine : engines[sheet.value()]) writer.String(sql::Facts(engine).name);
      writer.EndArray().EndObject();
    }
  }
  writer.EndArray();
}

}  // namespace

void WriteOutline(JsonWriter& writer, const Workspace& workspace) {
  if (workspace.plan() == nullptr) return void(writer.Null());
  writer.BeginObject();
  WriteSteps(writer, workspace);
  WriteInventory(writer, workspace);
  WriteSheets(writer, workspace.checked());
  writer.EndObject();
}

}  // namespace lockstep::api
