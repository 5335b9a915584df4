#include "core/base/text.h"
#include "core/check/rules.h"
#include "core/names/resource_name.h"

namespace lockstep::check {
namespace {

using base::Quote;
using plan::ChangeType;
using plan::ConfigKind;
using plan::ExportFormat;

bool IsKnown(ChangeType type) {
  switch (type) {
    case ChangeType::kBaseline:
    case ChangeType::kMigrate:
    case ChangeType::kMigrateSdl:
    case ChangeType::kMigrateGhost:
    case ChangeType::kData:
      return true;
    case ChangeType::kUnspecified:
      return false;
  }
  return false;
}

void CheckChangeType(Context& context, const plan::Config& config) {
  if (IsKnown(config.type.value)) return;
  const bool unreadable = !config.type.present && config.type.span != config.span;
  if (unreadable && context.emitter.has_errors()) return;  // a finding of the decoder
  const auto number = static_cast<int>(config.type.value);
  const std::string names = "MIGRATE, DATA, BASELINE, MIGRATE_SDL or MIGRATE_GHOST";
  context.Refuse(
      Rule::kMissingChangeType,
      config.type.present || unreadable ? config.type.span : Opening(config.span),
      number == 0 ? "the change has no type; it is " + names
                  : "no change type has the number " + std::to_string(number) + "; it is " + names);
}

void CheckGroupType(Context& context, const plan::Config& config) {
  const ChangeType type = config.type.value;
  if (!IsKnown(type) || type == ChangeType::kMigrate || type == ChangeType::kData) return;
  for (std::uint32_t at = config.targets.begin; at < config.targets.end; ++at) {
    if (context.TargetAt(at).kind != TargetKind::kGroup) continue;
    context
        .Report(Rule::kGroupChangeType, SpanOrOpening(config.type),
                "Bytebase 3.4 stores a plan with " + std::string(ToString(type)) +
                    " and a database group, and then answers with an internal error")
        .related.push_back(context.RelatedAt(context.plan.targets[at].span, "the group"));
    return;
  }
}

void CheckBaseline(Context& context, const plan::Config& config) {
  if (config.type.value != ChangeType::kBaseline) return;
  const auto sheet = names::ParseSheetName(config.sheet.value);
  if (sheet && names::ParseNumericId(sheet->sheet)) return;
  context.Report(
      Rule::kBaselineWithoutSheet,
      config.sheet.value.empty() ? config.type.span : config.sheet.span,
      "Bytebase 3.4 stores a BASELINE without a well-formed sheet name, and then answers "
      "with an internal error; Lockstep needs none");
}

void CheckRelease(Context& context, const plan::Config& config) {
  if (config.release.value.empty() || config.sheet.value.empty()) return;
  context
      .Report(Rule::kReleaseAndSheet, config.sheet.span,
              "the config has a release already, which brings its own sheets; keep one of the two")
      .related.push_back(context.RelatedAt(config.release.span, "the release"));
}

void CheckExport(Context& context, const plan::Config& config) {
  for (std::uint32_t at = config.targets.begin; at < config.targets.end; ++at) {
    if (context.TargetAt(at).kind != TargetKind::kGroup) continue;
    context.Report(Rule::kExportGroup, context.plan.targets[at].span,
                   "an export reads one database, and " + Quote(context.plan.targets[at].value) +
                       " is a group; write one spec for each database");
  }
  const auto number = static_cast<int>(config.format.value);
  if (number >= 1 && number <= 4) return;
  const bool unreadable = !config.format.present && config.format.span != config.span;
  if (unreadable && context.emitter.has_errors()) return;  // a finding of the decoder
  context.Refuse(Rule::kExportFormat,
                 config.format.present || unreadable ? config.format.span : Opening(config.span),
                 number == 0 ? "the export has no format; it is CSV, JSON, SQL or XLSX"
                             : "no export format has the number " + std::to_string(number) +
                                   "; it is CSV, JSON, SQL or XLSX");
}

// ---- prior backup ----

std::string_view InstanceOf(std::string_view database_name) {
  const auto parsed = names::ParseDatabaseName(database_name);
  return parsed ? parsed->instance : std::string_view();
}

void CheckBackupName(Context& context, SpecIndex spec) {
  const plan::Config& config = context.plan.specs[spec].config;
  const diagnostics::SpannedText& name = config.backup_database;
  if (name.value.empty()) return;
  const auto parsed = names::ParseDatabaseName(name.value);
  if (!parsed || parsed->instance.empty() || parsed->database.empty()) {
    context.Report(Rule::kBackupDatabaseName, name.span,
                   "the backup's database " + Quote(name.value) + " " +
                       (parsed ? "has an empty id in it"
                               : names::ExplainMismatch(
                                     name.value, "instances/{instance}/databases/{database}")));
    return;
  }
  for (const DatabaseIndex database : context.DatabasesOf(spec)) {
    const inventory::Database& target = context.inventory.databases[database];
    const sql::EngineFacts& engine = context.EngineOf(database);
    if (names::ParseDatabaseName(target.name.value) &&
        InstanceOf(target.name.value) != parsed->instance) {
      context.Report(Rule::kBackupOtherInstance, name.span,
                     "the backup is on instance " + Quote(parsed->instance) + ", and " +
                         Quote(target.name.value) + " is not");
      return;
    }
    const bool in_schema = engine.dialect == sql::Dialect::kPostgres;
    if (!context.has_inventory || in_schema || engine.engine == sql::Engine::kUnspecified) continue;
    if (context.inventory.FindDatabase(name.value).valid()) continue;
    context.Report(
        Rule::kUnknownBackupDatabase, name.span,
        "the inventory has no database " + Quote(name.value) + " for the backup; create it first");
    return;
  }
}

}  // namespace

void CheckSpecBackup(Context& context, SpecIndex spec) {
  const plan::Config& config = context.plan.specs[spec].config;
  const bool by_name = !config.backup_database.value.empty();
  if (!by_name && !config.enable_prior_backup.value) return;
  const Span span = by_name ? config.backup_database.span : config.enable_prior_backup.span;
  // Later flat plans have no types, so nobody can tell whether data are meant.
  if (config.type.present && IsKnown(config.type.value) && config.type.value != ChangeType::kData) {
    context
        .Report(Rule::kBackupIgnored, span,
                "there is no backup before a " + std::string(ToString(config.type.value)) +
                    ", only before changes of type DATA")
        .fixes.push_back(
            {"turn the backup off", {{context.PlaceOf(span), by_name ? "\"\"" : "false"}}});
    return;
  }
  for (const DatabaseIndex database : context.DatabasesOf(spec)) {
    const sql::EngineFacts& engine = context.EngineOf(database);
    if (engine.engine == sql::Engine::kUnspecified || engine.supports_prior_backup) continue;
    context.Report(Rule::kBackupEngine, span,
                   Quote(context.inventory.databases[database].name.value) + " is on " +
                       std::string(engine.title) + ", which has no prior backup");
    return;
  }
  CheckBackupName(context, spec);
}

void CheckSpecConfig(Context& context, SpecIndex spec) {
  const plan::Config& config = context.plan.specs[spec].config;
  if (config.kind == ConfigKind::kExportData) {
    CheckExport(context, config);
    return;
  }
  CheckChangeType(context, config);
  CheckGroupType(context, config);
  CheckBaseline(context, config);
  CheckRelease(context, config);
}

}  // namespace lockstep::check
