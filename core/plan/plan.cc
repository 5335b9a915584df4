#include "core/plan/plan.h"

namespace lockstep::plan {

std::string_view ToString(ConfigKind kind) {
  switch (kind) {
    case ConfigKind::kNone:
      return "no config";
    case ConfigKind::kChangeDatabase:
      return "changeDatabaseConfig";
    case ConfigKind::kCreateDatabase:
      return "createDatabaseConfig";
    case ConfigKind::kExportData:
      return "exportDataConfig";
  }
  return "no config";
}

std::string_view ToString(ChangeType type) {
  switch (type) {
    case ChangeType::kUnspecified:
      return "TYPE_UNSPECIFIED";
    case ChangeType::kBaseline:
      return "BASELINE";
    case ChangeType::kMigrate:
      return "MIGRATE";
    case ChangeType::kMigrateSdl:
      return "MIGRATE_SDL";
    case ChangeType::kMigrateGhost:
      return "MIGRATE_GHOST";
    case ChangeType::kData:
      return "DATA";
  }
  return "an unknown type";  // a number in the document that no name has
}

std::string_view ToString(ExportFormat format) {
  switch (format) {
    case ExportFormat::kUnspecified:
      return "FORMAT_UNSPECIFIED";
    case ExportFormat::kCsv:
      return "CSV";
    case ExportFormat::kJson:
      return "JSON";
    case ExportFormat::kSql:
      return "SQL";
    case ExportFormat::kXlsx:
      return "XLSX";
  }
  return "an unknown format";  // a number in the document that no name has
}

bool StagesAreEnvironments(const Plan& plan, const Semantics& semantics) {
  if (plan.form == Form::kFlat) return true;
  // Plans that create or export have one stage per step in every version with steps (plan-semantics
  // §4.1); kinds are never mixed in a plan.
  return semantics.stages_from_for_steps == StagesFrom::kEnvironments && !plan.specs.empty() &&
         plan.specs[SpecIndex(0)].config.kind == ConfigKind::kChangeDatabase;
}

}  // namespace lockstep::plan
