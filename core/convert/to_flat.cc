// From the older form to the flat one: steps vanish, environments take their place.
#include <algorithm>
#include <map>

#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/convert/writing.h"
#include "core/names/resource_name.h"

namespace lockstep::convert {
namespace {

using base::Quote;
using plan::ChangeType;
using plan::ConfigKind;
using plan::StepIndex;

/// A spec of the flat plan: one of the older, or several that are merged.
struct Entry {
  SpecIndex spec;
  std::vector<std::string_view> targets;
};

class Flattener {
 public:
  Flattener(const check::CheckedPlan& checked, bool merge, Losses& losses)
      : checked_(checked), plan_(checked.plan()), merge_(merge), losses_(losses) {}

  base::Result<std::string> Write();

 private:
  void TellPlan();
  void TellSteps();
  void TellStage(StepIndex step, const std::vector<EnvironmentIndex>& environments);
  void TellSpec(const plan::Spec& spec);
  void TellBackup(SpecIndex index);
  void AddEntry(SpecIndex spec);
  std::size_t FindMergeable(SpecIndex spec) const;
  std::string KeyOf(const plan::Spec& spec) const;
  std::vector<EnvironmentIndex> EnvironmentsOf(StepIndex step) const;
  std::string TitleOf(EnvironmentIndex environment) const;
  void WriteEntry(const Entry& entry);
  void WriteChange(const Entry& entry);

  const check::CheckedPlan& checked_;
  const plan::Plan& plan_;
  const bool merge_;
  Losses& losses_;
  JsonWriter writer_{2};
  std::vector<EnvironmentIndex> stages_;        // in the order of the steps
  std::map<std::uint32_t, StepIndex> step_of_;  // by environment: the first step there
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t> entry_of_key_;         // the last one
  std::map<std::string_view, std::size_t> last_on_target_;  // the last entry that has it
};

// ---- what is lost ----

void Flattener::TellPlan() {
  if (plan_.has_vcs_source) {
    losses_.Add(plan_.vcs_source_span,
                "vcsSource: a flat plan has none, so Bytebase no longer chains the tasks of each "
                "database");
  }
  if (!plan_.release.value.empty()) {
    losses_.Add(plan_.release.span,
                "releaseSource: a flat plan has none; a spec names its release by itself");
  }
}

std::vector<EnvironmentIndex> Flattener::EnvironmentsOf(StepIndex step) const {
  std::vector<EnvironmentIndex> environments;
  const auto add = [&](EnvironmentIndex environment) {
    if (std::find(environments.begin(), environments.end(), environment) == environments.end())
      environments.push_back(environment);
  };
  for (const SpecIndex spec : plan_.steps[step].specs) {
    if (plan_.specs[spec].config.type.value == ChangeType::kBaseline) continue;  // left out
    if (plan_.specs[spec].config.kind == ConfigKind::kCreateDatabase) {
      add(EnvironmentOfNew(checked_, spec));
    }
    for (const inventory::DatabaseIndex database : checked_.DatabasesOf(spec)) {
      add(checked_.inventory().EnvironmentOf(database));
    }
  }
  return environments;
}

std::string Flattener::TitleOf(EnvironmentIndex environment) const {
  if (!environment.valid()) return "no known environment";
  return Quote(checked_.inventory().environments[environment].name.value);
}

void Flattener::TellStage(StepIndex step, const std::vector<EnvironmentIndex>& environments) {
  const std::string name = "step " + std::to_string(step.value() + 1);
  const diagnostics::Span span = plan_.steps[step].span;
  if (environments.size() > 1) {
    losses_.Add(span, name + " has databases of " + TitleOf(environments[0]) + " and of " +
                          TitleOf(environments[1]) +
                          ", which are stages one after the other in the flat form");
  }
  for (const EnvironmentIndex environment : environments) {
    const auto [first, is_new] = step_of_.try_emplace(environment.value(), step);
    if (is_new && environment.valid()) stages_.push_back(environment);
    if (is_new && !environment.valid() && KnowsEnvironments(checked_) &&
        step.value() + 1 < plan_.steps.size()) {
      losses_.Add(span, name +
                            " has databases of no known environment, which come last in the "
                            "flat form");
    }
    if (is_new) continue;
    const std::string other = "step " + std::to_string(first->second.value() + 1);
    losses_.Add(span, name + " joins the stage of " + other + " and no longer waits for it: " +
                          (KnowsEnvironments(checked_)
                               ? "both are in " + TitleOf(environment) +
                                     ", and the flat form has one stage for each environment"
                               : "stages of the flat form are environments, and without an "
                                 "inventory nobody knows them"));
  }
}

void Flattener::TellSteps() {
  for (const StepIndex step : plan_.steps.indices()) {
    const plan::SpannedText& title = plan_.steps[step].title;
    if (!title.value.empty()) {
      losses_.Add(title.span, "the title of the step " + Quote(title.value) +
                                  ": stages of the flat form are called as their environments");
    }
    TellStage(step, EnvironmentsOf(step));
  }
}

void Flattener::TellSpec(const plan::Spec& spec) {
  const std::string name = NameOf(spec);
  const plan::Config& config = spec.config;
  if (const auto dependencies = plan_.DependenciesOf(spec); !dependencies.empty()) {
    std::vector<std::string> names;
    for (const plan::SpannedText& id :
         dependencies.first(std::min<std::size_t>(dependencies.size(), 3)))
      names.push_back(Quote(id.value));
    if (dependencies.size() > 3) names.push_back(std::to_string(dependencies.size() - 3) + " more");
    losses_.Add(spec.depends_on_span, name + " no longer waits for " + base::Join(names, ", ") +
                                          ": the flat form has no dependsOnSpecs");
  }
  if (spec.earliest_allowed_time.present) {
    losses_.Add(spec.earliest_allowed_time.span,
                name +
                    " no longer waits for its earliestAllowedTime: Bytebase takes such a time "
                    "when tasks are run (runTime), not from a flat plan");
  }
  if (!config.schema_version.value.empty()) {
    losses_.Add(config.schema_version.span,
                "schemaVersion " + Quote(config.schema_version.value) + " of " + name +
                    ": a flat plan has versions in releases only, so nothing orders by it and "
                    "nothing is passed over because it is there already");
  }
  if (!spec.release_file.value.empty()) {
    losses_.Add(spec.release_file.span,
                "specReleaseSource of " + name + ": a flat spec names a release as a whole");
  }
  if (config.type.value == ChangeType::kMigrateSdl) {
    losses_.Add(config.type.span,
                "MIGRATE_SDL of " + name +
                    " stays as it is, but Bytebase 3.9 and later want a declarative release");
  }
}

void Flattener::TellBackup(SpecIndex index) {
  const plan::Config& config = plan_.specs[index].config;
  if (config.backup_database.value.empty()) return;
  const auto backup = names::ParseDatabaseName(config.backup_database.value);
  bool same = backup && backup->database == kBackupDatabase;
  for (const inventory::DatabaseIndex database : checked_.DatabasesOf(index)) {
    const auto name = names::ParseDatabaseName(checked_.inventory().databases[database].name.value);
    if (name && backup && name->instance != backup->instance) same = false;
  }
  if (same) return;
  losses_.Add(config.backup_database.span,
              "the place of the backup " + Quote(config.backup_database.value) +
                  ": a flat plan's backups are in " + Quote(kBackupDatabase) +
                  " on the instance of each database");
}

// ---- merging ----

/// Everything of a spec that its flat form says beside id and targets.
std::string Flattener::KeyOf(const plan::Spec& spec) const {
  const plan::Config& config = spec.config;
  base::Sha256 key;
  key.Field(config.sheet.value).Field(std::to_string(static_cast<int>(config.type.value)));
  key.Field(config.backup_database.value.empty() ? "" : "backup");
  for (const plan::Flag& flag : plan_.GhostFlagsOf(spec))
    key.Field(flag.key.value).Field(flag.value.value);
  return key.HexDigest();
}

// An entry of the same key, when no entry behind it (or itself) has a target of `spec`: then
// nothing changes place on any database. Else entries_.size().
std::size_t Flattener::FindMergeable(SpecIndex index) const {
  const plan::Spec& spec = plan_.specs[index];
  const std::size_t none = entries_.size();
  if (spec.config.kind != ConfigKind::kChangeDatabase) return none;
  const auto found = entry_of_key_.find(KeyOf(spec));
  if (found == entry_of_key_.end()) return none;
  for (const plan::SpannedText& target : plan_.TargetsOf(spec)) {
    if (!names::ParseDatabaseName(target.value)) return none;  // groups share databases
    const auto last = last_on_target_.find(target.value);
    if (last != last_on_target_.end() && last->second >= found->second) return none;
  }
  return found->second;
}

void Flattener::AddEntry(SpecIndex index) {
  const plan::Spec& spec = plan_.specs[index];
  const std::size_t at = merge_ ? FindMergeable(index) : entries_.size();
  if (at == entries_.size()) {
    entries_.push_back({index, {}});
    if (merge_) entry_of_key_[KeyOf(spec)] = at;
  } else {
    losses_.Add(spec.id.span, NameOf(spec) + " becomes targets of " +
                                  NameOf(plan_.specs[entries_[at].spec]) + "; its id is gone");
  }
  for (const plan::SpannedText& target : plan_.TargetsOf(spec)) {
    entries_[at].targets.push_back(target.value);
    if (!merge_) continue;
    std::size_t& last = last_on_target_.try_emplace(target.value, at).first->second;
    last = std::max(last, at);
  }
}

// ---- the document ----

void Flattener::WriteChange(const Entry& entry) {
  const plan::Spec& spec = plan_.specs[entry.spec];
  const plan::Config& config = spec.config;
  writer_.Key("changeDatabaseConfig").BeginObject().Key("targets").BeginArray();
  for (const std::string_view target : entry.targets) writer_.String(target);
  writer_.EndArray();
  WriteText(writer_, "sheet", config.sheet.value);
  WriteText(writer_, "release", config.release.value);
  const bool ghost = config.enable_ghost.value || config.type.value == ChangeType::kMigrateGhost;
  writer_.Member("type", plan::ToString(ghost ? ChangeType::kMigrateGhost : config.type.value));
  if (ghost) writer_.MemberBool("enableGhost", true);
  WriteGhostFlags(writer_, plan_, spec);
  if (!config.backup_database.value.empty() || config.enable_prior_backup.value) {
    writer_.MemberBool("enablePriorBackup", true);
  }
  writer_.EndObject();
}

void Flattener::WriteEntry(const Entry& entry) {
  const plan::Spec& spec = plan_.specs[entry.spec];
  writer_.BeginObject().Member("id", spec.id.value);
  if (spec.config.kind == ConfigKind::kCreateDatabase) {
    WriteCreate(writer_, plan_, spec);
  } else if (spec.config.kind == ConfigKind::kExportData) {
    writer_.Key("exportDataConfig").BeginObject().Key("targets").BeginArray();
    for (const std::string_view target : entry.targets) writer_.String(target);
    writer_.EndArray();
    WriteText(writer_, "sheet", spec.config.sheet.value);
    WriteFormatAndPassword(writer_, spec.config);
    writer_.EndObject();
  } else {
    WriteChange(entry);
  }
  writer_.EndObject();
}

base::Result<std::string> Flattener::Write() {
  TellPlan();
  TellSteps();
  for (const SpecIndex index : plan_.specs.indices()) {
    const plan::Spec& spec = plan_.specs[index];
    if (spec.config.type.value == ChangeType::kBaseline) {
      losses_.Add(spec.config.type.span,
                  NameOf(spec) + " is left out: the flat form has no BASELINE");
      continue;
    }
    TellSpec(spec);
    TellBackup(index);
    AddEntry(index);
  }
  if (entries_.empty()) {
    return base::Error{base::ErrorCode::kFailedPrecondition,
                       "nothing is left to convert: all specs are of type BASELINE, which the "
                       "flat form has not"};
  }
  writer_.BeginObject();
  WriteHead(writer_, plan_);
  if (stages_.size() > 1) {  // the order of the steps, whatever that of the inventory is
    writer_.Key("deployment").BeginObject().Key("environments").BeginArray();
    for (const EnvironmentIndex environment : stages_)
      writer_.String(checked_.inventory().environments[environment].name.value);
    writer_.EndArray().EndObject();
  }
  writer_.Key("specs").BeginArray();
  for (const Entry& entry : entries_) WriteEntry(entry);
  return writer_.EndArray().EndObject().Take();
}

}  // namespace

base::Result<std::string> WriteFlat(const check::CheckedPlan& checked, bool merge, Losses& losses) {
  return Flattener(checked, merge, losses).Write();
}

}  // namespace lockstep::convert
