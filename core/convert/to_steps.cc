// From the flat form to the older one: a step for each environment, a spec for each target.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/base/text.h"
#include "core/base/uuid.h"
#include "core/check/environment_order.h"
#include "core/convert/writing.h"
#include "core/inventory/group_match.h"
#include "core/names/resource_name.h"

namespace lockstep::convert {
namespace {

using base::Quote;
using inventory::DatabaseIndex;
using plan::ChangeType;
using plan::ConfigKind;

/// A spec of the older plan.
struct Item {
  SpecIndex spec;
  std::string_view target;
  std::uint32_t stage = 0;  ///< rank of the environment; those that nobody knows come last
  std::string id;
};

/// What the databases of a group have in common.
struct Group {
  std::vector<DatabaseIndex> databases;
  bool one_environment = true, one_instance = true;
};

class Stepper {
 public:
  Stepper(const check::CheckedPlan& checked, Losses& losses)
      : checked_(checked),
        plan_(checked.plan()),
        inventory_(checked.inventory()),
        ranks_(check::EnvironmentOrder(plan_, inventory_)),
        losses_(losses) {}

  base::Result<std::string> Write();

 private:
  void TellPlan();
  Group Match(std::string_view name) const;
  const Group& GroupOf(std::string_view name);
  bool GroupsFit();
  void AddItems(SpecIndex spec);
  void AddTarget(SpecIndex spec, const plan::SpannedText& target);
  void NameItems(SpecIndex spec, std::size_t first);
  std::uint32_t RankOf(EnvironmentIndex environment) const;
  std::uint32_t RankOfTarget(SpecIndex spec, std::string_view target);
  std::string BackupOf(const Item& item);
  void WriteStep(std::size_t begin, std::size_t end);
  void WriteDependencies(const Item& item);
  void WriteItem(const Item& item);
  void WriteChange(const Item& item);

  const check::CheckedPlan& checked_;
  const plan::Plan& plan_;
  const inventory::Inventory& inventory_;
  const std::vector<std::uint32_t> ranks_;
  Losses& losses_;
  JsonWriter writer_{2};
  std::map<std::string_view, Group> groups_;
  bool groups_fit_ = true;
  std::vector<Item> items_;
  base::IndexVector<SpecIndex, std::vector<std::size_t>> items_of_;  // in items_, as sorted
};

// ---- groups ----

// Without an inventory nobody knows what a group matches.
Group Stepper::Match(std::string_view name) const {
  Group group;
  const inventory::DatabaseGroup* known = inventory_.FindGroup(name);
  if (known == nullptr) return group;
  const auto expression = inventory::GroupExpression::Parse(known->expression.value);
  if (!expression.ok()) return group;
  group.databases = expression->Match(inventory_);
  for (const DatabaseIndex database : group.databases) {
    const DatabaseIndex first = group.databases[0];
    if (inventory_.EnvironmentOf(database) != inventory_.EnvironmentOf(first))
      group.one_environment = false;
    if (inventory_.databases[database].instance != inventory_.databases[first].instance)
      group.one_instance = false;
  }
  return group;
}

const Group& Stepper::GroupOf(std::string_view name) {
  const auto [known, is_new] = groups_.try_emplace(name);
  if (is_new) known->second = Match(name);
  return known->second;
}

/// A step is one environment and a backup has one place, so a group has to fit into both. Groups
/// and databases cannot be mixed in one plan: when one group does not fit, none stays.
bool Stepper::GroupsFit() {
  for (const plan::Spec& spec : plan_.specs) {
    for (const plan::SpannedText& target : plan_.TargetsOf(spec)) {
      if (!names::ParseDatabaseGroupName(target.value)) continue;
      const Group& group = GroupOf(target.value);
      if (!group.one_environment) return false;
      if (spec.config.enable_prior_backup.value && !group.one_instance) return false;
    }
  }
  return true;
}

// ---- specs for each target ----

std::uint32_t Stepper::RankOf(EnvironmentIndex environment) const {
  return environment.valid() ? ranks_[environment.value()]
                             : static_cast<std::uint32_t>(ranks_.size());
}

std::uint32_t Stepper::RankOfTarget(SpecIndex spec, std::string_view target) {
  if (plan_.specs[spec].config.kind == ConfigKind::kCreateDatabase) {
    return RankOf(EnvironmentOfNew(checked_, spec));
  }
  if (const DatabaseIndex database = inventory_.FindDatabase(target); database.valid()) {
    return RankOf(inventory_.EnvironmentOf(database));
  }
  const Group& group = GroupOf(target);
  return group.databases.empty() ? RankOf({})
                                 : RankOf(inventory_.EnvironmentOf(group.databases[0]));
}

void Stepper::AddTarget(SpecIndex spec, const plan::SpannedText& target) {
  const bool group = names::ParseDatabaseGroupName(target.value).has_value();
  if (!group || groups_fit_) {
    items_.push_back({spec, target.value, RankOfTarget(spec, target.value), ""});
    return;
  }
  const std::vector<DatabaseIndex>& databases = GroupOf(target.value).databases;
  losses_.Add(target.span,
              Quote(target.value) + " becomes the " + base::Plural(databases.size(), "database") +
                  " that it matches now: a step has one environment, a backup one instance, and "
                  "not all groups of this plan lie within");
  for (const DatabaseIndex database : databases) {
    items_.push_back({spec, inventory_.databases[database].name.value,
                      RankOf(inventory_.EnvironmentOf(database)), ""});
  }
}

/// A spec with one target keeps its id; else each gets one that is made of the spec's and the
/// target.
void Stepper::NameItems(SpecIndex index, std::size_t first) {
  const plan::Spec& spec = plan_.specs[index];
  if (items_.size() == first + 1) {
    items_[first].id = spec.id.value;
    return;
  }
  for (std::size_t at = first; at < items_.size(); ++at) {
    base::Sha256 digest;
    digest.Field("lockstep convert").Field(spec.id.value).Field(items_[at].target);
    items_[at].id = base::UuidOf(digest);
  }
  losses_.Add(spec.id.span, NameOf(spec) + " becomes " + std::to_string(items_.size() - first) +
                                " specs, one for each target, with ids of their own");
}

void Stepper::AddItems(SpecIndex index) {
  const plan::Spec& spec = plan_.specs[index];
  const plan::Config& config = spec.config;
  if (config.kind == ConfigKind::kChangeDatabase && config.sheet.value.empty() &&
      !config.release.value.empty()) {
    losses_.Add(config.release.span, NameOf(spec) + " is left out: the older form has no release " +
                                         Quote(config.release.value) +
                                         "; name its files as sheets, a spec for each");
    return;
  }
  if (!config.release.value.empty()) {
    losses_.Add(config.release.span, "the release of " + NameOf(spec) + ": only its sheet stays");
  }
  const std::size_t first = items_.size();
  for (const plan::SpannedText& target : plan_.TargetsOf(spec)) AddTarget(index, target);
  // A target may be named twice, by itself or through groups; it is changed once.
  std::set<std::string_view> seen;
  const auto again = [&](const Item& item) { return !seen.insert(item.target).second; };
  items_.erase(
      std::remove_if(items_.begin() + static_cast<std::ptrdiff_t>(first), items_.end(), again),
      items_.end());
  NameItems(index, first);
}

// ---- the document ----

void Stepper::TellPlan() {
  if (!KnowsEnvironments(checked_)) {
    losses_.Add({plan_.span.begin, plan_.span.begin + 1},
                "all specs go into one step: steps would be the environments of the databases, "
                "and without an inventory nobody knows them");
  }
  if (!plan_.deployment_environments.empty() && !KnowsEnvironments(checked_)) {
    losses_.Add(plan_.deployment_environments[0].span,
                "the order of environments: steps take their place");
  }
}

/// "" for none.
std::string Stepper::BackupOf(const Item& item) {
  const plan::Config& config = plan_.specs[item.spec].config;
  if (!config.backup_database.value.empty()) return std::string(config.backup_database.value);
  if (!config.enable_prior_backup.value) return "";
  if (config.type.value != ChangeType::kData) {
    losses_.Add(config.enable_prior_backup.span,
                "enablePriorBackup of " + NameOf(plan_.specs[item.spec]) +
                    ": in the older form it has an effect on changes of type DATA only, and this "
                    "is " +
                    std::string(plan::ToString(config.type.value)));
  }
  auto database = names::ParseDatabaseName(item.target);
  if (!database && !GroupOf(item.target).databases.empty()) {
    const DatabaseIndex first = GroupOf(item.target).databases[0];
    database = names::ParseDatabaseName(inventory_.databases[first].name.value);
  }
  if (database) return names::FormatDatabaseName(database->instance, kBackupDatabase);
  losses_.Add(config.enable_prior_backup.span,
              "enablePriorBackup on " + Quote(item.target) +
                  ": the older form names the instance of a backup, and without an inventory "
                  "nobody knows where the group lies");
  return "";
}

void Stepper::WriteChange(const Item& item) {
  const plan::Spec& spec = plan_.specs[item.spec];
  const plan::Config& config = spec.config;
  writer_.Key("changeDatabaseConfig").BeginObject().Member("target", item.target);
  WriteText(writer_, "sheet", config.sheet.value);
  const bool ghost = config.enable_ghost.value || config.type.value == ChangeType::kMigrateGhost;
  writer_.Member("type", plan::ToString(ghost ? ChangeType::kMigrateGhost : config.type.value));
  WriteText(writer_, "schemaVersion", config.schema_version.value);
  WriteGhostFlags(writer_, plan_, spec);
  if (const std::string backup = BackupOf(item); !backup.empty()) {
    writer_.Key("preUpdateBackupDetail").BeginObject().Member("database", backup).EndObject();
  }
  writer_.EndObject();
}

/// Fields of the older form that Lockstep obeys in a flat plan, too. Within a step: stages order
/// the rest.
void Stepper::WriteDependencies(const Item& item) {
  const plan::Spec& spec = plan_.specs[item.spec];
  std::vector<std::string_view> ids;
  for (const SpecIndex dependency : checked_.DependenciesOf(item.spec)) {
    for (const std::size_t at : items_of_[dependency]) {
      if (items_[at].stage == item.stage) ids.push_back(items_[at].id);
    }
  }
  if (!ids.empty()) {
    writer_.Key("dependsOnSpecs").BeginArray();
    for (const std::string_view id : ids) writer_.String(id);
    writer_.EndArray();
  }
  if (spec.earliest_allowed_time.present) {
    writer_.Member("earliestAllowedTime",
                   base::FormatInstant(base::ToInstant(spec.earliest_allowed_time.value)));
  }
}

void Stepper::WriteItem(const Item& item) {
  const plan::Spec& spec = plan_.specs[item.spec];
  writer_.BeginObject().Member("id", item.id);
  WriteDependencies(item);
  if (spec.config.kind == ConfigKind::kCreateDatabase) {
    WriteCreate(writer_, plan_, spec);
  } else if (spec.config.kind == ConfigKind::kExportData) {
    writer_.Key("exportDataConfig").BeginObject().Member("target", item.target);
    WriteText(writer_, "sheet", spec.config.sheet.value);
    WriteFormatAndPassword(writer_, spec.config);
    writer_.EndObject();
  } else {
    WriteChange(item);
  }
  writer_.EndObject();
}

/// Without a title a stage is called as its environment, as it is in the flat form.
void Stepper::WriteStep(std::size_t begin, std::size_t end) {
  writer_.BeginObject().Key("specs").BeginArray();
  for (std::size_t at = begin; at < end; ++at) WriteItem(items_[at]);
  writer_.EndArray().EndObject();
}

base::Result<std::string> Stepper::Write() {
  TellPlan();
  groups_fit_ = GroupsFit();
  for (const SpecIndex spec : plan_.specs.indices()) AddItems(spec);
  if (items_.empty()) {
    return base::Error{base::ErrorCode::kFailedPrecondition,
                       "nothing is left to convert: all specs are releases, which the older form "
                       "has not"};
  }
  std::stable_sort(items_.begin(), items_.end(),
                   [](const Item& a, const Item& b) { return a.stage < b.stage; });
  items_of_.resize(plan_.specs.size());
  for (std::size_t at = 0; at < items_.size(); ++at) items_of_[items_[at].spec].push_back(at);
  writer_.BeginObject();
  WriteHead(writer_, plan_);
  writer_.Key("steps").BeginArray();
  for (std::size_t begin = 0, end = 0; begin < items_.size(); begin = end) {
    while (end < items_.size() && items_[end].stage == items_[begin].stage) ++end;
    WriteStep(begin, end);
  }
  return writer_.EndArray().EndObject().Take();
}

}  // namespace

base::Result<std::string> WriteSteps(const check::CheckedPlan& checked, Losses& losses) {
  return Stepper(checked, losses).Write();
}

}  // namespace lockstep::convert
