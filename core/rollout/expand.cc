#include "core/rollout/expand.h"

#include <algorithm>
#include <utility>

#include "core/check/environment_order.h"
#include "core/check/version_order.h"
#include "core/rollout/digest.h"
#include "core/rollout/expand_calendar.h"
#include "core/rollout/expand_sheets.h"

namespace lockstep::rollout {
namespace {

using plan::ChangeType;
using plan::ConfigKind;
using plan::SpecIndex;

// A task before its place is known.
struct Draft {
  std::uint32_t stage = 0;  // key: a step, or a place in the order of environments
  std::uint32_t order =
      0;  // inside the stage; drafts of equal order keep the order of their making
  SpecIndex spec;
  inventory::DatabaseIndex database;
  inventory::InstanceIndex instance;
  inventory::EnvironmentIndex environment;
  TaskType type = TaskType::kSchemaUpdate;
};

bool ChangesSchema(TaskType type) {
  return type == TaskType::kSchemaUpdate || type == TaskType::kSchemaUpdateSdl ||
         type == TaskType::kSchemaUpdateGhost || type == TaskType::kSchemaUpdateGhostSync ||
         type == TaskType::kSchemaUpdateGhostCutover;
}

class Expander {
 public:
  Expander(const check::CheckedPlan& checked, const ExpandOptions& options)
      : checked_(checked),
        plan_(checked.plan()),
        inventory_(checked.inventory()),
        semantics_(options.semantics.value_or(checked.semantics())),
        by_environment_(plan::StagesAreEnvironments(plan_, semantics_)),
        chained_(semantics_.vcs_source_chains && plan_.has_vcs_source),
        max_failures_(options.pace.max_failures) {
    rollout_.name = options.name;
    rollout_.title = plan_.title.value;
    rollout_.policy.parallel = options.pace.parallel.value_or(0);
    rollout_.policy.canary = options.pace.canary.value_or(0);
    rollout_.policy.on_request = options.on_request;
    rollout_.policy.terminal_end_state = inventory_.terminal_end_state;
    rollout_.policy.stage_gate = semantics_.stage_gate == plan::StageGate::kNone
                                     ? Policy::StageGate::kNone
                                     : Policy::StageGate::kPreviousEnded;
  }

  Rollout Expand() {
    environment_order_ = check::EnvironmentOrder(plan_, inventory_);
    drafts_.reserve(plan_.specs.size());
    for (SpecIndex spec : plan_.specs.indices()) DraftTasks(spec);
    const auto before = [](const Draft& a, const Draft& b) {
      return std::pair(a.stage, a.order) < std::pair(b.stage, b.order);
    };
    if (!std::is_sorted(drafts_.begin(), drafts_.end(), before))
      std::stable_sort(drafts_.begin(), drafts_.end(), before);
    MakeStages();
    MakeGroups();
    RankVersions();
    if (max_failures_) rollout_.policy.max_failures = max_failures_->Of(rollout_.tasks.size());
    return std::move(rollout_);
  }

 private:
  std::uint32_t StageKey(SpecIndex spec, inventory::EnvironmentIndex environment) const;
  TaskType TypeOf(const plan::Config& config) const;
  void DraftTasks(SpecIndex spec);
  void MakeStages();
  Stage MakeStage(const Draft& first) const;
  void MakeTask(const Draft& draft);
  InstanceIndex InstanceOf(inventory::InstanceIndex index);
  DatabaseIndex DatabaseOf(inventory::DatabaseIndex index);
  void MakeGroups();
  void AssignGroups(const Stage& stage);
  void ListTasks(const Stage& stage, GroupIndex first);
  void AddDependencies(GroupIndex group);
  void RankVersions();

  const check::CheckedPlan& checked_;
  const plan::Plan& plan_;
  const inventory::Inventory& inventory_;
  const plan::Semantics semantics_;
  const bool by_environment_;
  const bool chained_;
  const std::optional<FailureLimit> max_failures_;

  std::vector<std::uint32_t> environment_order_;  // by EnvironmentIndex
  std::vector<Draft> drafts_;
  Rollout rollout_;
  std::vector<InstanceIndex> instance_of_;  // by inventory::InstanceIndex
  std::vector<DatabaseIndex> database_of_;  // by inventory::DatabaseIndex
  // The groups of each spec in the stage at hand: one, or one a task for gh-ost's pairs and when
  // chained.
  struct Chain {
    GroupIndex first, last;
  };
  std::vector<Chain> groups_of_;
  base::IndexVector<GroupIndex, GroupIndex> next_of_spec_;
  base::IndexVector<DatabaseIndex, TaskIndex> last_on_;  // when chained: the task seen last on it
};

// ---- which stage ----

// Tasks without a known environment come last, together.
std::uint32_t Expander::StageKey(SpecIndex spec, inventory::EnvironmentIndex environment) const {
  if (!by_environment_) return plan_.specs[spec].step.value();
  return environment.valid() ? environment_order_[environment.value()]
                             : static_cast<std::uint32_t>(environment_order_.size());
}

// ---- which tasks ----

// Of a gh-ost pair, that of its first task.
TaskType Expander::TypeOf(const plan::Config& config) const {
  if (config.kind == ConfigKind::kCreateDatabase) return TaskType::kDatabaseCreate;
  if (config.kind == ConfigKind::kExportData) return TaskType::kDataExport;
  if (config.enable_ghost.value || config.type.value == ChangeType::kMigrateGhost) {
    return semantics_.ghost_is_two_tasks ? TaskType::kSchemaUpdateGhostSync
                                         : TaskType::kSchemaUpdateGhost;
  }
  switch (config.type.value) {
    case ChangeType::kBaseline:
      return TaskType::kSchemaBaseline;
    case ChangeType::kMigrateSdl:
      return TaskType::kSchemaUpdateSdl;
    case ChangeType::kData:
      return TaskType::kDataUpdate;
    default:
      return TaskType::kSchemaUpdate;
  }
}

void Expander::DraftTasks(SpecIndex spec) {
  const plan::Config& config = plan_.specs[spec].config;
  const TaskType type = TypeOf(config);
  if (config.kind == ConfigKind::kCreateDatabase) {
    const inventory::InstanceIndex instance = checked_.spec(spec).instance;
    const std::string_view own = plan_.CreateOf(plan_.specs[spec]).environment.value;
    const auto environment = inventory_.EnvironmentOfNew(instance, own);
    drafts_.push_back({StageKey(spec, environment), 0, spec, {}, instance, environment, type});
    return;
  }
  // The server's stages hold, for each of their databases in turn, all its specs (plan-semantics
  // §4.3).
  const bool by_database = by_environment_ && plan_.form == plan::Form::kSteps;
  for (inventory::DatabaseIndex database : checked_.DatabasesOf(spec)) {
    const inventory::InstanceIndex instance = inventory_.databases[database].instance;
    const inventory::EnvironmentIndex environment = inventory_.EnvironmentOf(database);
    const std::uint32_t stage = StageKey(spec, environment);
    const std::uint32_t order = by_database ? database.value() : 0;
    drafts_.push_back({stage, order, spec, database, instance, environment, type});
    if (type == TaskType::kSchemaUpdateGhostSync) {
      drafts_.push_back({stage, order, spec, database, instance, environment,
                         TaskType::kSchemaUpdateGhostCutover});
    }
  }
}

// ---- stages and tasks ----

Stage Expander::MakeStage(const Draft& first) const {
  Stage stage;
  std::string environment_title;
  if (first.environment.valid()) {
    const inventory::Environment& environment = inventory_.environments[first.environment];
    stage.environment = environment.name.value;
    environment_title = environment.title.value.empty()
                            ? environment.name.value.substr(environment.name.value.rfind('/') + 1)
                            : environment.title.value;
  }
  // As Bytebase titles them (plan-semantics §1.6).
  if (!by_environment_) stage.title = plan_.steps[plan::StepIndex(first.stage)].title.value;
  if (stage.title.empty() && !environment_title.empty()) stage.title = environment_title + " Stage";
  stage.calendar = CalendarOf(checked_, stage.title, first.environment);
  return stage;
}

void Expander::MakeStages() {
  instance_of_.resize(inventory_.instances.size());
  database_of_.resize(inventory_.databases.size());
  rollout_.tasks.reserve(drafts_.size());
  rollout_.spec_ids.reserve(plan_.specs.size());
  for (const plan::Spec& spec : plan_.specs) rollout_.spec_ids.emplace_back(spec.id.value);
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    if (i == 0 || drafts_[i].stage != drafts_[i - 1].stage) {
      Stage stage = MakeStage(drafts_[i]);
      stage.tasks = {rollout_.tasks.next(), rollout_.tasks.next()};
      rollout_.stages.push_back(std::move(stage));
    }
    MakeTask(drafts_[i]);
    rollout_.stages.back().tasks.last = rollout_.tasks.next();
  }
}

void Expander::MakeTask(const Draft& draft) {
  const plan::Spec& spec = plan_.specs[draft.spec];
  Task task;
  task.stage = StageIndex(rollout_.stages.size() - 1);
  task.spec = draft.spec.value();
  task.instance = InstanceOf(draft.instance);
  if (draft.database.valid()) task.database = DatabaseOf(draft.database);
  task.type = draft.type;
  task.serial = semantics_.serial_data_tasks || ChangesSchema(draft.type);
  if (spec.earliest_allowed_time.present)
    task.earliest = base::ToInstant(spec.earliest_allowed_time.value);
  rollout_.tasks.push_back(task);
}

InstanceIndex Expander::InstanceOf(inventory::InstanceIndex index) {
  InstanceIndex& known = instance_of_[index.value()];
  if (known.valid()) return known;
  const inventory::Instance& instance = inventory_.instances[index];
  const std::int64_t cap = instance.maximum_connections.value > 0
                               ? instance.maximum_connections.value
                               : inventory::kDefaultMaximumConnections;
  Instance made{std::string(instance.name.value),
                static_cast<std::uint32_t>(std::min<std::int64_t>(cap, 0x7fffffff))};
  return known = rollout_.instances.push_back(std::move(made));
}

DatabaseIndex Expander::DatabaseOf(inventory::DatabaseIndex index) {
  DatabaseIndex& known = database_of_[index.value()];
  if (known.valid()) return known;
  const inventory::Database& database = inventory_.databases[index];
  return known = rollout_.databases.push_back(
             {std::string(database.name.value), InstanceOf(database.instance)});
}

// ---- groups and dependencies ----

void Expander::MakeGroups() {
  groups_of_.resize(plan_.specs.size());
  last_on_.resize(rollout_.databases.size());
  for (const Stage& stage : rollout_.stages) {
    const GroupIndex first = rollout_.groups.next();
    AssignGroups(stage);
    ListTasks(stage, first);
    for (GroupIndex group = first; group < rollout_.groups.next(); ++group) AddDependencies(group);
    // An edge never crosses stages: the stage barrier orders them (and the server drops such
    // edges).
    for (TaskIndex index : stage.tasks) groups_of_[rollout_.tasks[index].spec] = {};
  }
}

void Expander::AssignGroups(const Stage& stage) {
  for (TaskIndex index : stage.tasks) {
    Task& task = rollout_.tasks[index];
    Chain& chain = groups_of_[task.spec];
    // A cutover waits for the sync on its own database, and for no other.
    const bool alone = chained_ || task.type == TaskType::kSchemaUpdateGhostSync ||
                       task.type == TaskType::kSchemaUpdateGhostCutover;
    if (alone || !chain.last.valid()) {
      const GroupIndex group = rollout_.groups.push_back({});
      next_of_spec_.push_back(GroupIndex());
      (chain.last.valid() ? next_of_spec_[chain.last] : chain.first) = group;
      chain.last = group;
    }
    task.group = chain.last;
    ++rollout_.groups[task.group].tasks.end;  // a count, until ListTasks
  }
}

// A counting sort of the stage's tasks by group.
void Expander::ListTasks(const Stage& stage, GroupIndex first) {
  auto begin = static_cast<std::uint32_t>(rollout_.group_tasks.size());
  for (GroupIndex group = first; group < rollout_.groups.next(); ++group) {
    base::Slice& tasks = rollout_.groups[group].tasks;
    const std::uint32_t count = tasks.end;
    tasks = {begin, begin};
    begin += count;
  }
  rollout_.group_tasks.resize(begin);
  for (TaskIndex index : stage.tasks)
    rollout_.group_tasks[rollout_.groups[rollout_.tasks[index].group].tasks.end++] = index;
}

void Expander::AddDependencies(GroupIndex group) {
  std::vector<GroupIndex>& pool = rollout_.dependencies;
  const auto begin = static_cast<std::uint32_t>(pool.size());
  const TaskIndex index = rollout_.groups[group].tasks.Of(rollout_.group_tasks).front();
  const Task& task = rollout_.tasks[index];
  for (SpecIndex dependency : checked_.DependenciesOf(SpecIndex(task.spec))) {
    for (GroupIndex on = groups_of_[dependency.value()].first; on.valid(); on = next_of_spec_[on])
      pool.push_back(on);
  }
  if (task.type == TaskType::kSchemaUpdateGhostCutover) {
    pool.push_back(rollout_.tasks[TaskIndex(index.value() - 1)].group);  // its sync
  }
  if (chained_ && task.database.valid()) {
    // Groups are tasks then, and come in the order of tasks.
    TaskIndex& before = last_on_[task.database];
    if (before.valid() && rollout_.tasks[before].stage == task.stage) {
      const GroupIndex edge = rollout_.tasks[before].group;
      if (std::find(pool.begin() + begin, pool.end(), edge) == pool.end()) pool.push_back(edge);
    }
    before = index;
  }
  rollout_.groups[group].depends_on = {begin, static_cast<std::uint32_t>(pool.size())};
}

// ---- versions ----

void Expander::RankVersions() {
  struct Versioned {
    DatabaseIndex database;
    std::string_view version;
    TaskIndex task;
  };
  std::vector<Versioned> versioned;
  for (TaskIndex index : rollout_.tasks.indices()) {
    const Task& task = rollout_.tasks[index];
    const std::string_view version = plan_.specs[SpecIndex(task.spec)].config.schema_version.value;
    // The cutover carries no version (plan-semantics §4.4).
    if (version.empty() || !task.database.valid() ||
        task.type == TaskType::kSchemaUpdateGhostCutover)
      continue;
    versioned.push_back({task.database, version, index});
  }
  const auto compare = [&](const Versioned& a, const Versioned& b) {
    return check::CompareVersions(semantics_.version_order, a.version, b.version);
  };
  std::stable_sort(versioned.begin(), versioned.end(), [&](const Versioned& a, const Versioned& b) {
    return a.database != b.database ? a.database < b.database : compare(a, b) < 0;
  });
  std::uint32_t rank = 0;
  for (std::size_t i = 0; i < versioned.size(); ++i) {
    const bool same_database = i > 0 && versioned[i].database == versioned[i - 1].database;
    if (!same_database) rank = 1;
    if (same_database && compare(versioned[i - 1], versioned[i]) != 0) ++rank;
    rollout_.tasks[versioned[i].task].version_rank = rank;
  }
}

}  // namespace

Rollout Expand(const check::CheckedPlan& plan, const ExpandOptions& options) {
  Rollout rollout = Expander(plan, options).Expand();
  DescribeSheets(plan, rollout);
  rollout.digest = Digest(plan, rollout, options.version);
  return rollout;
}

}  // namespace lockstep::rollout
