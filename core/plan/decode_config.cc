#include "core/plan/decode_config.h"

#include "core/base/text.h"

namespace lockstep::plan {
namespace {

using diagnostics::Rule;
using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;
using json::Value;

struct ConfigFrame {
  Plan& plan;
  Config& config;
};

struct CreateFrame {
  Plan& plan;
  CreateOptions& create;
};

// ---- fields that all configs share ----

template <SpannedText Config::*kField>
void ReadConfigText(Reader&, ConfigFrame& frame, const Member& member) {
  frame.config.*kField = Reader::Text(member.value);
}

template <SpannedText Config::*kField, Form kForm>
void ReadTextOfForm(Reader& reader, ConfigFrame& frame, const Member& member) {
  ReadConfigText<kField>(reader, frame, member);
  if (!(frame.config.*kField).value.empty()) NoteForm(reader, frame.plan, kForm, member);
}

template <Spanned<bool> Config::*kField>
void ReadFlatBool(Reader& reader, ConfigFrame& frame, const Member& member) {
  frame.config.*kField = Reader::Bool(member.value);
  if ((frame.config.*kField).value) NoteForm(reader, frame.plan, Form::kFlat, member);
}

void ReadTarget(Reader&, ConfigFrame& frame, const Member& member) {
  frame.config.has_targets = true;
  frame.plan.targets.push_back(Reader::Text(member.value));
}

void ReadTargetOfSteps(Reader& reader, ConfigFrame& frame, const Member& member) {
  ReadTarget(reader, frame, member);
  if (!frame.plan.targets.back().value.empty()) NoteForm(reader, frame.plan, Form::kSteps, member);
}

void ReadTargets(Reader& reader, ConfigFrame& frame, const Member& member) {
  frame.config.has_targets = true;
  reader.ReadTextList(member.value, frame.plan.targets);
  if (member.value.size() > 0) NoteForm(reader, frame.plan, Form::kFlat, member);
}

base::Slice ReadFlagMap(Reader& reader, std::vector<Flag>& pool, Value object) {
  base::Slice slice;
  slice.begin = static_cast<std::uint32_t>(pool.size());
  reader.ReadMap(object, Shape::kText, [&](const Member& entry) {
    pool.push_back({{entry.key, entry.key_span, true}, Reader::Text(entry.value)});
  });
  slice.end = static_cast<std::uint32_t>(pool.size());
  return slice;
}

// ---- changeDatabaseConfig ----

constexpr json::EnumName kChangeTypes[] = {
    {"TYPE_UNSPECIFIED", 0}, {"BASELINE", 1},      {"MIGRATE", 2},
    {"MIGRATE_SDL", 3},      {"MIGRATE_GHOST", 4}, {"DATA", 6},
};

// Bytebase 3.7 to 3.12 kept the older names; later versions have one kind of migration and one of
// SDL.
constexpr json::EnumName kFlatChangeTypes[] = {
    {"TYPE_UNSPECIFIED", 0}, {"MIGRATE", 2}, {"MIGRATE_SDL", 3},
    {"MIGRATE_GHOST", 4},    {"DATA", 6},    {"DATABASE_MIGRATE", 2},
    {"DATABASE_SDL", 3},     {"SDL", 3},     {"BASELINE", 1},
};

void ReadType(Reader& reader, ConfigFrame& frame, const Member& member) {
  const bool flat = frame.plan.form == Form::kFlat;
  const auto names = flat ? std::span<const json::EnumName>(kFlatChangeTypes)
                          : std::span<const json::EnumName>(kChangeTypes);
  if (const std::optional<int> number = reader.Enum(member.value, names)) {
    frame.config.type = {static_cast<ChangeType>(*number), member.value.span(), true};
  } else {
    frame.config.type.span = member.value.span();  // written, and refused: rules stay silent
  }
}

constexpr Field<ConfigFrame> kBackupFields[] = {
    {"database", "database", Shape::kText, &ReadConfigText<&Config::backup_database>},
};
constexpr Message<ConfigFrame> kBackup{"preUpdateBackupDetail", kBackupFields};

void ReadBackup(Reader& reader, ConfigFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kBackup, frame);
}

void ReadRetired(Reader& reader, ConfigFrame&, const Member& member) {
  const Value value = member.value;
  const bool is_set = value.kind() == json::Kind::kBool     ? value.AsBool()
                      : value.kind() == json::Kind::kObject ? value.size() > 0
                                                            : true;
  if (!is_set) return;
  reader.Report(Rule::kFieldWithoutEffect, member.key_span,
                base::Quote(member.key) +
                    " was removed from plans in May 2024 and does nothing; use "
                    "preUpdateBackupDetail to be able to go back");
}

void ReadGhostFlags(Reader& reader, ConfigFrame& frame, const Member& member) {
  frame.config.ghost_flags_span = member.value.span();
  frame.config.ghost_flags = ReadFlagMap(reader, frame.plan.flags, member.value);
}

constexpr Field<ConfigFrame> kChangeFields[] = {
    {"target", "target", Shape::kText, &ReadTargetOfSteps},
    {"targets", "targets", Shape::kList, &ReadTargets},
    {"sheet", "sheet", Shape::kText, &ReadConfigText<&Config::sheet>},
    {"release", "release", Shape::kText, &ReadTextOfForm<&Config::release, Form::kFlat>},
    {"type", "type", Shape::kEnum, &ReadType},
    {"schemaVersion", "schema_version", Shape::kText,
     &ReadTextOfForm<&Config::schema_version, Form::kSteps>},
    {"ghostFlags", "ghost_flags", Shape::kObject, &ReadGhostFlags},
    {"preUpdateBackupDetail", "pre_update_backup_detail", Shape::kObject, &ReadBackup},
    {"enablePriorBackup", "enable_prior_backup", Shape::kBool,
     &ReadFlatBool<&Config::enable_prior_backup>},
    {"enableGhost", "enable_ghost", Shape::kBool, &ReadFlatBool<&Config::enable_ghost>},
    {"rollbackEnabled", "rollback_enabled", Shape::kBool, &ReadRetired},
    {"rollbackDetail", "rollback_detail", Shape::kObject, &ReadRetired},
};
constexpr Message<ConfigFrame> kChange{"changeDatabaseConfig", kChangeFields};

// ---- createDatabaseConfig ----

template <SpannedText CreateOptions::*kField>
void ReadCreateText(Reader&, CreateFrame& frame, const Member& member) {
  frame.create.*kField = Reader::Text(member.value);
}

void ReadInstanceTarget(Reader&, CreateFrame& frame, const Member& member) {
  frame.plan.targets.push_back(Reader::Text(member.value));
}

void ReadLabels(Reader& reader, CreateFrame& frame, const Member& member) {
  frame.create.labels_span = member.value.span();
  frame.create.labels = ReadFlagMap(reader, frame.plan.flags, member.value);
}

constexpr Field<CreateFrame> kCreateFields[] = {
    {"target", "target", Shape::kText, &ReadInstanceTarget},
    {"database", "database", Shape::kText, &ReadCreateText<&CreateOptions::database>},
    {"table", "table", Shape::kText, &ReadCreateText<&CreateOptions::table>},
    {"characterSet", "character_set", Shape::kText, &ReadCreateText<&CreateOptions::character_set>},
    {"collation", "collation", Shape::kText, &ReadCreateText<&CreateOptions::collation>},
    {"cluster", "cluster", Shape::kText, &ReadCreateText<&CreateOptions::cluster>},
    {"owner", "owner", Shape::kText, &ReadCreateText<&CreateOptions::owner>},
    {"environment", "environment", Shape::kText, &ReadCreateText<&CreateOptions::environment>},
    {"labels", "labels", Shape::kObject, &ReadLabels},
};
constexpr Message<CreateFrame> kCreate{"createDatabaseConfig", kCreateFields};

// ---- exportDataConfig ----

constexpr json::EnumName kExportFormats[] = {
    {"FORMAT_UNSPECIFIED", 0}, {"CSV", 1}, {"JSON", 2}, {"SQL", 3}, {"XLSX", 4},
};

void ReadFormat(Reader& reader, ConfigFrame& frame, const Member& member) {
  if (const std::optional<int> number = reader.Enum(member.value, kExportFormats)) {
    frame.config.format = {static_cast<ExportFormat>(*number), member.value.span(), true};
  } else {
    frame.config.format.span = member.value.span();  // written, and refused: rules stay silent
  }
}

constexpr Field<ConfigFrame> kExportFields[] = {
    {"target", "target", Shape::kText, &ReadTargetOfSteps},
    {"targets", "targets", Shape::kList, &ReadTargets},
    {"sheet", "sheet", Shape::kText, &ReadConfigText<&Config::sheet>},
    {"format", "format", Shape::kEnum, &ReadFormat},
    {"password", "password", Shape::kText, &ReadConfigText<&Config::password>},
};
constexpr Message<ConfigFrame> kExport{"exportDataConfig", kExportFields};

// ---- the config of a spec ----

/// What the document does not say points at the enclosing object.
void SetAbsent(Config& config, Span span) {
  for (SpannedText Config::*field : {&Config::sheet, &Config::release, &Config::schema_version,
                                     &Config::backup_database, &Config::password}) {
    (config.*field).span = span;
  }
  config.type.span = span;
  config.enable_prior_backup.span = span;
  config.enable_ghost.span = span;
  config.format.span = span;
}

void SetAbsent(CreateOptions& create, Span span) {
  for (SpannedText CreateOptions::*field :
       {&CreateOptions::database, &CreateOptions::table, &CreateOptions::character_set,
        &CreateOptions::collation, &CreateOptions::cluster, &CreateOptions::owner,
        &CreateOptions::environment}) {
    (create.*field).span = span;
  }
}

/// The flat form's later versions have no type: a change is a migration, and enableGhost says how.
void FoldFlatType(Config& config) {
  if (config.type.value == ChangeType::kUnspecified) config.type.value = ChangeType::kMigrate;
  if (config.enable_ghost.value && config.type.value == ChangeType::kMigrate) {
    config.type.value = ChangeType::kMigrateGhost;
  }
}

/// Starts the config of a spec; false when it has one already.
bool BeginConfig(Reader& reader, Plan& plan, Spec& spec, const Member& member, ConfigKind kind) {
  Config& config = spec.config;
  if (config.kind != ConfigKind::kNone) {
    reader
        .Report(Rule::kSeveralConfigs, member.key_span,
                "this spec has " + base::Quote(ToString(config.kind)) + " and " +
                    base::Quote(ToString(kind)) + ", but a spec has exactly one config")
        .related.push_back(reader.RelatedAt(config.key_span, "the first config"));
    return false;
  }
  config.kind = kind;
  config.key_span = member.key_span;
  config.span = member.value.span();
  SetAbsent(config, config.span);
  config.targets.begin = static_cast<std::uint32_t>(plan.targets.size());
  return true;
}

void EndConfig(Plan& plan, Spec& spec) {
  spec.config.targets.end = static_cast<std::uint32_t>(plan.targets.size());
}

}  // namespace

void NoteForm(Reader& reader, const Plan& plan, Form form_of_field, const Member& member) {
  if (plan.form == form_of_field) return;
  const bool older = form_of_field == Form::kSteps;
  reader.Report(Rule::kFieldOfOtherForm, member.key_span,
                base::Quote(member.key) + " belongs to the " + (older ? "older" : "flat") +
                    " form of a plan, and this one has " + (older ? "\"specs\"" : "\"steps\"") +
                    ": Bytebase drops it, Lockstep obeys it");
}

void DecodeChange(Reader& reader, Plan& plan, Spec& spec, const Member& member) {
  if (!BeginConfig(reader, plan, spec, member, ConfigKind::kChangeDatabase)) return;
  ConfigFrame config_frame{plan, spec.config};
  reader.ReadObject(member.value, kChange, config_frame);
  EndConfig(plan, spec);
  if (plan.form == Form::kFlat) FoldFlatType(spec.config);
}

void DecodeCreate(Reader& reader, Plan& plan, Spec& spec, const Member& member) {
  if (!BeginConfig(reader, plan, spec, member, ConfigKind::kCreateDatabase)) return;
  CreateOptions create;
  SetAbsent(create, member.value.span());
  CreateFrame create_frame{plan, create};
  reader.ReadObject(member.value, kCreate, create_frame);
  EndConfig(plan, spec);
  spec.config.has_targets = !spec.config.targets.empty();
  spec.config.create = plan.creates.push_back(create);
}

void DecodeExport(Reader& reader, Plan& plan, Spec& spec, const Member& member) {
  if (!BeginConfig(reader, plan, spec, member, ConfigKind::kExportData)) return;
  ConfigFrame config_frame{plan, spec.config};
  reader.ReadObject(member.value, kExport, config_frame);
  EndConfig(plan, spec);
}

void SetConfigAbsent(Spec& spec) {
  spec.config.key_span = spec.config.span = spec.span;
  SetAbsent(spec.config, spec.span);
}

void AppendConfigTables(std::vector<json::MessageFields>& tables) {
  tables.insert(tables.end(),
                {Describe(kChange), Describe(kBackup), Describe(kCreate), Describe(kExport)});
}

}  // namespace lockstep::plan
