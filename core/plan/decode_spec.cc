#include "core/plan/decode_spec.h"

#include "core/plan/decode_config.h"

namespace lockstep::plan {
namespace {

using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;
using json::Value;

struct SpecFrame {
  Plan& plan;
  Spec& spec;
};

void ReadId(Reader&, SpecFrame& frame, const Member& member) {
  frame.spec.id = Reader::Text(member.value);
}

void ReadDependsOn(Reader& reader, SpecFrame& frame, const Member& member) {
  std::vector<SpannedText>& pool = frame.plan.dependencies;
  frame.spec.depends_on_span = member.value.span();
  frame.spec.depends_on.begin = static_cast<std::uint32_t>(pool.size());
  reader.ReadTextList(member.value, pool);
  frame.spec.depends_on.end = static_cast<std::uint32_t>(pool.size());
  if (!frame.spec.depends_on.empty()) NoteForm(reader, frame.plan, Form::kSteps, member);
}

void ReadEarliest(Reader& reader, SpecFrame& frame, const Member& member) {
  const Span span = member.value.span();
  frame.spec.earliest_allowed_time_span = span;
  const std::optional<base::Timestamp> time = reader.Timestamp(member.value);
  // The server tests seconds > 0, so the epoch and all before it say "no limit".
  if (!time || time->seconds <= 0) return;
  frame.spec.earliest_allowed_time = {*time, span, true};
  NoteForm(reader, frame.plan, Form::kSteps, member);
}

void ReadReleaseFile(Reader&, SpecFrame& frame, const Member& member) {
  frame.spec.release_file = Reader::Text(member.value);
}

constexpr Field<SpecFrame> kSpecReleaseSourceFields[] = {
    {"file", "file", Shape::kText, &ReadReleaseFile},
};
constexpr Message<SpecFrame> kSpecReleaseSource{"specReleaseSource", kSpecReleaseSourceFields};

void ReadSpecReleaseSource(Reader& reader, SpecFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kSpecReleaseSource, frame);
}

template <auto kDecode>
void ReadConfig(Reader& reader, SpecFrame& frame, const Member& member) {
  kDecode(reader, frame.plan, frame.spec, member);
}

constexpr Field<SpecFrame> kSpecFields[] = {
    {"earliestAllowedTime", "earliest_allowed_time", Shape::kTimestamp, &ReadEarliest},
    {"id", "id", Shape::kText, &ReadId},
    {"dependsOnSpecs", "depends_on_specs", Shape::kList, &ReadDependsOn},
    {"specReleaseSource", "spec_release_source", Shape::kObject, &ReadSpecReleaseSource},
    {"createDatabaseConfig", "create_database_config", Shape::kObject, &ReadConfig<&DecodeCreate>},
    {"changeDatabaseConfig", "change_database_config", Shape::kObject, &ReadConfig<&DecodeChange>},
    {"exportDataConfig", "export_data_config", Shape::kObject, &ReadConfig<&DecodeExport>},
};
constexpr Message<SpecFrame> kSpec{"a spec", kSpecFields};

}  // namespace

void DecodeSpec(Reader& reader, Value object, Plan& plan, Spec& spec) {
  spec.span = object.span();
  spec.id.span = spec.span;
  spec.earliest_allowed_time.span = spec.span;
  spec.release_file.span = spec.span;
  SpecFrame frame{plan, spec};
  reader.ReadObject(object, kSpec, frame);
  if (spec.config.kind == ConfigKind::kNone) SetConfigAbsent(spec);
}

void AppendSpecTables(std::vector<json::MessageFields>& tables) {
  tables.insert(tables.end(), {Describe(kSpec), Describe(kSpecReleaseSource)});
  AppendConfigTables(tables);
}

}  // namespace lockstep::plan
