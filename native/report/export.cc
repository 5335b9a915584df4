#include "native/report/export.h"

#include "core/base/json_writer.h"
#include "native/report/outputs.h"

namespace lockstep::report {
namespace {

using ledger::Document;

std::string_view ToString(Document::Role role) {
  switch (role) {
    case Document::Role::kPlan:
      return "plan";
    case Document::Role::kInventory:
      return "inventory";
    case Document::Role::kSheet:
      return "sheet";
    case Document::Role::kScenario:
      return "scenario";
  }
  return "";
}

}  // namespace

base::Result<std::string> ExportJson(const ledger::Ledger& ledger,
                                     const ledger::RolloutRecord& record) {
  const auto documents = ledger.Documents(record.id);
  if (!documents) return documents.error();
  const auto events = ledger.Events(record.id);
  if (!events) return events.error();
  const auto outputs = ledger.Outputs(record.id, "");
  if (!outputs) return outputs.error();
  base::JsonWriter writer;
  writer.BeginObject().Member("rollout", record.name).Member("digest", record.digest);
  writer.Key("documents").BeginArray();
  for (const Document& document : *documents) {
    writer.BeginObject().Member("role", ToString(document.role)).Member("name", document.name);
    writer.Member("path", document.path).Member("text", document.bytes).EndObject();
  }
  writer.EndArray().Key("events").BeginArray();
  for (const ledger::EventRow& event : *events) writer.Raw(event.json);
  writer.EndArray().Key("outputs");
  WriteJson(writer, *outputs);
  return writer.EndObject().Take();
}

}  // namespace lockstep::report
