// Plan: what a plan document says, decoded and nothing more. Shape is checked (decode.h), meaning
// is not (core/check). Fields and names: Bytebase proto/v1/plan_service.proto@3.4.0 and the flat
// form of 3.7+.
//
// Strings are views into the json::Document (or the Source) that the plan was decoded from.
// Lists of all specs share pools, so that 100,000 specs are a few allocations.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/index.h"
#include "core/base/time.h"
#include "core/diagnostics/source.h"
#include "core/plan/semantics.h"

namespace lockstep::plan {

using diagnostics::Span;
using diagnostics::Spanned;
using diagnostics::SpannedText;

using StepIndex = base::Index<struct StepTag>;
using SpecIndex = base::Index<struct SpecTag>;
using CreateIndex = base::Index<struct CreateTag>;

/// Which of the two forms the document has (plan-semantics §9.1).
enum class Form { kSteps, kFlat };

enum class ConfigKind { kNone, kChangeDatabase, kCreateDatabase, kExportData };
std::string_view ToString(ConfigKind kind);  ///< "changeDatabaseConfig", …

/// Numbers of Plan.ChangeDatabaseConfig.Type; the flat form's DATABASE_MIGRATE etc. are folded into
/// these.
enum class ChangeType : int {
  kUnspecified = 0,
  kBaseline = 1,
  kMigrate = 2,
  kMigrateSdl = 3,
  kMigrateGhost = 4,
  kData = 6
};
std::string_view ToString(ChangeType type);  ///< "MIGRATE", …

enum class ExportFormat : int { kUnspecified = 0, kCsv = 1, kJson = 2, kSql = 3, kXlsx = 4 };
std::string_view ToString(ExportFormat format);  ///< "CSV", …

struct Flag {  ///< an entry of ghostFlags or labels
  SpannedText key;
  SpannedText value;
};

/// What only createDatabaseConfig has; its target is targets[0], an instance.
struct CreateOptions {
  SpannedText database, table, character_set, collation, cluster, owner, environment;
  base::Slice labels;  ///< Plan::flags
  Span labels_span;
};

/// The three configs share one struct: a spec has exactly one of them, and rules read a field only
/// after looking at `kind`. Fields that a kind does not have stay absent. Kept small, for there are
/// 100,000 of them: what few plans have lies in Plan::creates.
struct Config {
  ConfigKind kind = ConfigKind::kNone;
  Span key_span;  ///< the key "changeDatabaseConfig"
  Span span;      ///< the config object
  base::Slice
      targets;  ///< Plan::targets: one in the older form; `targets` or `target` in the flat form
  bool has_targets = false;  ///< the key was there, even if the list is empty
  SpannedText sheet;
  // changeDatabaseConfig
  Spanned<ChangeType> type;  ///< value may be a number that no enumerator has
  SpannedText release;       ///< flat form
  SpannedText schema_version;
  Span ghost_flags_span;
  base::Slice ghost_flags;            ///< Plan::flags
  SpannedText backup_database;        ///< preUpdateBackupDetail.database; "" = off
  Spanned<bool> enable_prior_backup;  ///< flat form
  Spanned<bool> enable_ghost;         ///< flat form 3.13
  // createDatabaseConfig
  CreateIndex create;  ///< Plan::creates; valid for this kind only
  // exportDataConfig
  Spanned<ExportFormat> format;
  SpannedText password;  ///< presence kept: absent differs from ""
};

struct Spec {
  StepIndex step;  ///< in the flat form every spec has step 0
  Span span;
  SpannedText id;
  Span depends_on_span;    ///< the array
  base::Slice depends_on;  ///< Plan::dependencies
  Spanned<base::Timestamp>
      earliest_allowed_time;        ///< present only when it sets a limit (seconds > 0)
  Span earliest_allowed_time_span;  ///< non-empty when written at all, even as epoch
  SpannedText release_file;         ///< specReleaseSource.file
  Config config;
};

struct Step {
  Span span;
  SpannedText title;
  base::IndexRange<SpecIndex> specs;
};

struct Plan {
  diagnostics::SourceId source;
  Form form = Form::kSteps;
  Span span;
  SpannedText name, title, description, issue;
  bool has_vcs_source =
      false;  ///< presence alone chains tasks per database on Bytebase 2.23 to 3.4
  Span vcs_source_span;
  SpannedText release;  ///< releaseSource.release
  std::vector<SpannedText>
      deployment_environments;  ///< deployment.environments: order of stages (flat form)
  base::IndexVector<StepIndex, Step> steps;  ///< flat form: one step that holds all specs
  base::IndexVector<SpecIndex, Spec> specs;  ///< in document order
  base::IndexVector<CreateIndex, CreateOptions> creates;  ///< pool
  std::vector<SpannedText> targets;                       ///< pool
  std::vector<SpannedText> dependencies;                  ///< pool
  std::vector<Flag> flags;                                ///< pool

  std::span<const SpannedText> TargetsOf(const Spec& spec) const {
    return spec.config.targets.Of(targets);
  }
  std::span<const SpannedText> DependenciesOf(const Spec& spec) const {
    return spec.depends_on.Of(dependencies);
  }
  std::span<const Flag> GhostFlagsOf(const Spec& spec) const {
    return spec.config.ghost_flags.Of(flags);
  }
  /// REQUIRES a createDatabaseConfig.
  const CreateOptions& CreateOf(const Spec& spec) const { return creates[spec.config.create]; }
  std::span<const Flag> LabelsOf(const Spec& spec) const { return CreateOf(spec).labels.Of(flags); }
};

/// Whether a stage is an environment, and not a step.
bool StagesAreEnvironments(const Plan& plan, const Semantics& semantics);

}  // namespace lockstep::plan
