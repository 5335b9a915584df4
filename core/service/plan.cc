#include "core/service/plan.h"

#include "core/plan/decode.h"
#include "core/service/message.h"

namespace lockstep::service {
namespace {

using base::JsonWriter;
using plan::ConfigKind;

class PlanWriter {
 public:
  PlanWriter(JsonWriter& writer, const plan::Plan& plan, const json::Document& document)
      : writer_(writer), plan_(plan), root_(document.root()) {}

  void Write(const PlanFacts& facts);
  void WriteSpec(const plan::Spec& spec);

 private:
  bool flat() const { return plan_.form == plan::Form::kFlat; }
  void WriteFlags(std::string_view key, std::span<const plan::Flag> flags);
  void WriteTargets(const plan::Spec& spec);
  void WriteChange(const plan::Spec& spec);
  void WriteCreate(const plan::Spec& spec);
  void WriteExport(const plan::Spec& spec);
  void WriteSteps();
  void WriteSource(const plan::Plan& plan, json::Value root);

  JsonWriter& writer_;
  const plan::Plan& plan_;
  json::Value root_;
};

void PlanWriter::WriteFlags(std::string_view key, std::span<const plan::Flag> flags) {
  writer_.Key(key).BeginObject();
  for (const plan::Flag& flag : flags) writer_.Member(flag.key.value, flag.value.value);
  writer_.EndObject();
}

void PlanWriter::WriteTargets(const plan::Spec& spec) {
  const auto targets = plan_.TargetsOf(spec);
  if (!flat()) {
    writer_.Member("target", targets.empty() ? "" : targets[0].value);
    return;
  }
  writer_.Key("targets").BeginArray();
  for (const plan::SpannedText& target : targets) writer_.String(target.value);
  writer_.EndArray();
}

void PlanWriter::WriteChange(const plan::Spec& spec) {
  const plan::Config& config = spec.config;
  writer_.Key("changeDatabaseConfig").BeginObject();
  WriteTargets(spec);
  writer_.Member("sheet", config.sheet.value);
  if (flat()) writer_.Member("release", config.release.value);
  writer_.Member("type", plan::ToString(config.type.value));
  if (!flat()) writer_.Member("schemaVersion", config.schema_version.value);
  WriteFlags("ghostFlags", plan_.GhostFlagsOf(spec));
  if (flat()) {
    writer_.MemberBool("enablePriorBackup", config.enable_prior_backup.value);
    writer_.MemberBool("enableGhost", config.enable_ghost.value);
  } else {
    writer_.Key("preUpdateBackupDetail").BeginObject();
    writer_.Member("database", config.backup_database.value).EndObject();
  }
  writer_.EndObject();
}

void PlanWriter::WriteCreate(const plan::Spec& spec) {
  const plan::CreateOptions& create = plan_.CreateOf(spec);
  const auto targets = plan_.TargetsOf(spec);
  writer_.Key("createDatabaseConfig").BeginObject();
  writer_.Member("target", targets.empty() ? "" : targets[0].value);
  writer_.Member("database", create.database.value).Member("table", create.table.value);
  writer_.Member("characterSet", create.character_set.value);
  writer_.Member("collation", create.collation.value).Member("cluster", create.cluster.value);
  writer_.Member("owner", create.owner.value).Member("environment", create.environment.value);
  WriteFlags("labels", plan_.LabelsOf(spec));
  writer_.EndObject();
}

void PlanWriter::WriteExport(const plan::Spec& spec) {
  writer_.Key("exportDataConfig").BeginObject();
  WriteTargets(spec);
  writer_.Member("sheet", spec.config.sheet.value);
  writer_.Member("format", plan::ToString(spec.config.format.value));
  // That there is one, and not what it is: nothing here exports, so nothing needs to know it.
  if (spec.config.password.present) writer_.Member("password", "");
  writer_.EndObject();
}

void PlanWriter::WriteSpec(const plan::Spec& spec) {
  writer_.BeginObject().Member("id", spec.id.value).Key("dependsOnSpecs").BeginArray();
  for (const plan::SpannedText& id : plan_.DependenciesOf(spec)) writer_.String(id.value);
  writer_.EndArray();
  WriteTime(writer_, "earliestAllowedTime",
            spec.earliest_allowed_time.present ? base::ToInstant(spec.earliest_allowed_time.value)
                                               : base::Instant{0});
  if (!flat())
    writer_.Key("specReleaseSource")
        .BeginObject()
        .Member("file", spec.release_file.value)
        .EndObject();
  switch (spec.config.kind) {
    case ConfigKind::kChangeDatabase:
      WriteChange(spec);
      break;
    case ConfigKind::kCreateDatabase:
      WriteCreate(spec);
      break;
    case ConfigKind::kExportData:
      WriteExport(spec);
      break;
    case ConfigKind::kNone:
      break;
  }
  writer_.EndObject();
}

void PlanWriter::WriteSteps() {
  if (flat()) {
    writer_.Key("specs").BeginArray();
    for (const plan::Spec& spec : plan_.specs) WriteSpec(spec);
    writer_.EndArray().Key("deployment").BeginObject().Key("environments").BeginArray();
    for (const plan::SpannedText& name : plan_.deployment_environments) writer_.String(name.value);
    writer_.EndArray().EndObject();
    return;
  }
  writer_.Key("steps").BeginArray();
  for (const plan::Step& step : plan_.steps) {
    writer_.BeginObject().Member("title", step.title.value).Key("specs").BeginArray();
    for (const plan::SpecIndex spec : step.specs) WriteSpec(plan_.specs[spec]);
    writer_.EndArray().EndObject();
  }
  writer_.EndArray();
}

/// What it came from, by what was sent: presence of vcsSource has a meaning on old servers.
void PlanWriter::WriteSource(const plan::Plan& plan, json::Value root) {
  writer_.Key("vcsSource");
  bool written = false;
  for (const json::Member& member : root.members()) {
    if (written || (member.key != "vcsSource" && member.key != "vcs_source")) continue;
    WriteFields(writer_, member.value);
    written = true;
  }
  if (!written) writer_.Null();
  writer_.Key("releaseSource").BeginObject().Member("release", plan.release.value).EndObject();
}

void PlanWriter::Write(const PlanFacts& facts) {
  writer_.BeginObject().Member("name", facts.name).Member("issue", facts.issue);
  writer_.Member("title", facts.title).Member("description", facts.description);
  WriteSteps();
  if (facts.source != nullptr)
    WriteSource(facts.source->plan(), facts.source->document().root());
  else
    WriteSource(plan_, root_);
  writer_.Member("creator", facts.creator);
  WriteTime(writer_, "createTime", facts.created);
  WriteTime(writer_, "updateTime", facts.updated);
  writer_.Key("planCheckRunStatusCount").BeginObject();
  for (const auto& [status, count] : facts.check_counts) writer_.Member(status, count);
  writer_.EndObject().Key("deploymentConfigSnapshot").Null().EndObject();
}

}  // namespace

void WritePlan(base::JsonWriter& writer, const plan::Plan& plan, const json::Document& document,
               const PlanFacts& facts) {
  PlanWriter(writer, plan, document).Write(facts);
}

std::map<std::string, std::string> SpecMessages(const plan::Plan& plan,
                                                const json::Document& document) {
  std::map<std::string, std::string> messages;
  for (const plan::Spec& spec : plan.specs) {
    JsonWriter writer;
    PlanWriter(writer, plan, document).WriteSpec(spec);
    messages[std::string(spec.id.value)] = writer.Take();
  }
  return messages;
}

base::Result<PlanText> PlanText::Read(std::string_view json) {
  auto body = Body::Parse(json);
  if (!body.ok()) return body.error();
  PlanText text;
  text.body_ = std::move(*body);
  text.plan_ = plan::Decode(text.body_->document(), /*lenient=*/true, text.body_->emitter());
  if (auto problem = text.body_->Problem(); !problem.ok()) return problem.error();
  LOCKSTEP_CHECK(text.plan_.has_value(), "a plan that is nothing has no error");
  return text;
}

}  // namespace lockstep::service
