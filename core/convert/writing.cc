#include "core/convert/writing.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"

namespace lockstep::convert {
namespace {

void WriteFlags(JsonWriter& writer, std::string_view key, std::span<const plan::Flag> flags) {
  if (flags.empty()) return;
  writer.Key(key).BeginObject();
  for (const plan::Flag& flag : flags) writer.Member(flag.key.value, flag.value.value);
  writer.EndObject();
}

}  // namespace

void Losses::Add(diagnostics::Span span, std::string message) {
  list_.push_back({{source_, span}, std::move(message), ""});
}

std::vector<diagnostics::Remark> Losses::Take() {
  std::stable_sort(list_.begin(), list_.end(),
                   [](const auto& a, const auto& b) { return a.place < b.place; });
  return std::move(list_);
}

void WriteHead(JsonWriter& writer, const plan::Plan& plan) {
  WriteText(writer, "name", plan.name.value);
  WriteText(writer, "issue", plan.issue.value);
  WriteText(writer, "title", plan.title.value);
  WriteText(writer, "description", plan.description.value);
}

void WriteCreate(JsonWriter& writer, const plan::Plan& plan, const plan::Spec& spec) {
  const plan::CreateOptions& create = plan.CreateOf(spec);
  writer.Key("createDatabaseConfig").BeginObject();
  for (const plan::SpannedText& target : plan.TargetsOf(spec))
    writer.Member("target", target.value);
  WriteText(writer, "database", create.database.value);
  WriteText(writer, "table", create.table.value);
  WriteText(writer, "characterSet", create.character_set.value);
  WriteText(writer, "collation", create.collation.value);
  WriteText(writer, "cluster", create.cluster.value);
  WriteText(writer, "owner", create.owner.value);
  WriteText(writer, "environment", create.environment.value);
  WriteFlags(writer, "labels", plan.LabelsOf(spec));
  writer.EndObject();
}

void WriteGhostFlags(JsonWriter& writer, const plan::Plan& plan, const plan::Spec& spec) {
  WriteFlags(writer, "ghostFlags", plan.GhostFlagsOf(spec));
}

void WriteFormatAndPassword(JsonWriter& writer, const plan::Config& config) {
  if (config.format.present) writer.Member("format", ToString(config.format.value));
  // Absent differs from "".
  if (config.password.present) writer.Member("password", config.password.value);
}

void WriteText(JsonWriter& writer, std::string_view key, std::string_view value) {
  if (!value.empty()) writer.Member(key, value);
}

std::string NameOf(const plan::Spec& spec) {
  return spec.id.value.empty() ? "a spec" : "spec " + base::Quote(spec.id.value);
}

EnvironmentIndex EnvironmentOfNew(const check::CheckedPlan& checked, SpecIndex spec) {
  const std::string_view own =
      checked.plan().CreateOf(checked.plan().specs[spec]).environment.value;
  return checked.inventory().EnvironmentOfNew(checked.spec(spec).instance, own);
}

}  // namespace lockstep::convert
