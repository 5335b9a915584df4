#include "native/task_table.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/base/text.h"
#include "core/check/executable.h"

namespace lockstep::native {

using rollout::Task;
using rollout::TaskIndex;
using rollout::TaskType;

TaskTable::TaskTable(const api::Workspace& workspace, const rollout::Rollout& rollout,
                     std::string folder, const Execution& execution)
    : workspace_(workspace),
      rollout_(rollout),
      folder_(std::move(folder)),
      execution_(execution),
      passwords_(folder_) {
  const inventory::Inventory& inventory = workspace.checked()->inventory();
  for (const rollout::Database& database : rollout_.databases) {
    const inventory::DatabaseIndex found = inventory.FindDatabase(database.name);
    places_.push_back(MakePlace(std::string(database.name), inventory.databases[found].instance,
                                connection::TargetOf(inventory, found, folder_, passwords_)));
  }
  std::set<std::string> created;  // of SQLite the file: it may have several names
  for (const TaskIndex task : rollout_.tasks.indices()) {
    const Task& t = rollout_.tasks[task];
    if (t.type != TaskType::kDatabaseCreate) continue;
    const std::string instance_name(rollout_.instances[t.instance].name);
    const inventory::InstanceIndex instance = inventory.FindInstance(instance_name);
    const plan::Spec& spec = SpecOf(task);
    const std::string database(workspace_.plan()->creates[spec.config.create].database.value);
    created_[task.value()] = places_.size();
    places_.push_back(
        MakePlace(instance_name + "/databases/" + database, instance,
                  connection::NewTargetOf(inventory, instance, database, folder_, passwords_)));
    created.insert(IdentityOf(places_.back()));
  }
  for (Place& place : places_) place.will_be_created = created.contains(IdentityOf(place));
}

TaskTable::Place TaskTable::MakePlace(std::string name, inventory::InstanceIndex instance,
                                      const base::Result<client::Target>& target) const {
  Place place{.name = std::move(name), .instance = instance, .target = {}, .problem = {}};
  if (target.ok()) {
    place.target = *target;
  } else {
    place.problem = target.error().message;
    place.unreachable = target.error().code != base::ErrorCode::kInvalidArgument;
  }
  return place;
}

std::string TaskTable::IdentityOf(const Place& place) {
  return place.target.engine == sql::Engine::kSqlite ? place.target.database : place.name;
}

std::size_t TaskTable::PlaceOf(TaskIndex task) const {
  const auto created = created_.find(task.value());
  return created != created_.end() ? created->second : rollout_.tasks[task].database.value();
}

sql::Engine TaskTable::EngineOf(TaskIndex task) const {
  const inventory::Inventory& inventory = workspace_.checked()->inventory();
  const auto instance =
      inventory.FindInstance(rollout_.instances[rollout_.tasks[task].instance].name);
  return inventory.instances[instance].engine.value;
}

const client::Client& TaskTable::ClientOf(TaskIndex task) const {
  const client::Client* client = client::ClientFor(EngineOf(task));
  LOCKSTEP_CHECK(client != nullptr, "a task without a client was started");
  return *client;
}

const client::Target& TaskTable::TargetOf(TaskIndex task) const {
  return places_[PlaceOf(task)].target;
}

const plan::Spec& TaskTable::SpecOf(TaskIndex task) const {
  return workspace_.plan()->specs[plan::SpecIndex(rollout_.tasks[task].spec)];
}

TaskTable::SheetView TaskTable::SheetOf(TaskIndex task) const {
  const check::CheckedPlan& checked = *workspace_.checked();
  const check::CheckedSpec& spec = checked.spec(plan::SpecIndex(rollout_.tasks[task].spec));
  if (!spec.sheet.valid()) return {};
  const check::Sheet& sheet = checked.sheet(spec.sheet);
  if (!sheet.text.valid()) return {};
  const diagnostics::Source& source = workspace_.sources()[sheet.text];
  return {sheet.name, sheet.sha256, source.name(), source.text(),
          sheet.SplitFor(sql::Facts(EngineOf(task)).dialect)};
}

client::TaskScript TaskTable::ScriptOf(TaskIndex task) const {
  const SheetView sheet = SheetOf(task);
  const Task& t = rollout_.tasks[task];
  client::TaskScript script;
  script.type = t.type;
  // The same for every attempt, rollout, ledger and name of the plan, so that neither a lost ledger
  // nor a plan that gets its name makes a sheet run twice. With the sheet's name, because a spec
  // that was given another sheet is another change.
  script.spec_id = rollout_.spec_ids[t.spec];
  script.task_key = script.spec_id + " " + std::string(sheet.name);
  const plan::Spec& spec = SpecOf(task);
  if (!spec.config.schema_version.value.empty())
    script.version_key = "schemaVersion " + std::string(spec.config.schema_version.value);
  script.sheet_name = sheet.name;
  script.sheet_sha256 = sheet.sha256;
  script.sheet = sheet.text;
  script.split = sheet.split;
  if (t.type == TaskType::kDatabaseCreate) {
    const plan::Plan& plan = *workspace_.plan();
    const plan::CreateOptions& create = plan.CreateOf(spec);
    script.create = client::NewDatabase{create.database.value, create.character_set.value,
                                        create.collation.value, create.owner.value};
  }
  return script;
}

std::string TaskTable::ProblemOfSheet(TaskIndex task) const {
  const client::TaskScript script = ScriptOf(task);
  const auto problem = client::WhyNotRunnable(script, EngineOf(task));
  if (!problem) return {};
  std::string text(SheetOf(task).file);
  if (problem->line > 0) {
    text += ":" + std::to_string(problem->line) + ":" + std::to_string(problem->column);
  }
  return text + ": " + problem->message;
}

TaskTable::Problems TaskTable::Check(const rollout::State& state, process::Loop& loop) {
  Problems problems;
  std::set<std::string> said;
  const auto say = [&said](std::vector<std::string>& list, std::string text) {
    if (!text.empty() && said.insert(text).second) list.push_back(std::move(text));
  };
  std::vector<char> looked(places_.size(), 0);
  std::set<std::tuple<std::string_view, sql::Engine, TaskType>> sheets;
  for (const TaskIndex task : rollout_.tasks.indices()) {
    if (rollout::Satisfies(state.status(task))) continue;
    const TaskType type = rollout_.tasks[task].type;
    if (const auto why = check::WhyNotExecutable(SpecOf(task).config, EngineOf(task))) {
      say(problems.not_executable, rollout_.TaskName(task) + ": " + why->why);
      continue;
    }
    const std::string_view sheet = SheetOf(task).name;
    if (sheets.emplace(sheet, EngineOf(task), type).second) {
      say(problems.not_executable, ProblemOfSheet(task));
    }
    Place& place = places_[PlaceOf(task)];
    if (std::exchange(looked[PlaceOf(task)], 1) != 0) continue;
    if (place.problem.empty()) {
      if (!connection::IsAllowed(place.target, execution_.allowed_hosts)) {
        say(problems.not_allowed, place.name + " is on " +
                                      base::Quote(connection::HostOf(place.target)) +
                                      ", which no --allow-host names");
        continue;
      }
      const base::Status reachable =
          connection::CheckReachable(place.target, place.will_be_created);
      if (reachable.ok()) continue;
      place.problem = reachable.error().message;
      place.unreachable = true;
    }
    say(place.unreachable ? problems.unreachable : problems.not_executable, place.problem);
  }
  FindClients(problems.unreachable);
  if (!execution_.targets_answered) {
    const bool all_well = problems.unreachable.empty() && problems.not_executable.empty() &&
                          problems.not_allowed.empty();
    if (!all_well || execution_.keep_going) looked.clear();
    Ask(loop, looked, problems.unreachable);
  }
  if (execution_.keep_going) problems.unreachable.clear();
  return problems;
}

/// One program for each engine.
void TaskTable::FindClients(std::vector<std::string>& problems) {
  std::map<sql::Engine, base::Result<std::string>> found;
  for (Place& place : places_) {
    if (!place.problem.empty()) continue;
    const sql::Engine engine = place.target.engine;
    auto at = found.find(engine);
    if (at == found.end()) {
      at = found.emplace(engine, connection::FindClient(engine, execution_.clients)).first;
      if (!at->second.ok()) problems.push_back(at->second.error().message);
    }
    if (at->second.ok()) {
      place.target.program = *at->second;
    } else {
      place.problem = at->second.error().message;
      place.unreachable = true;
    }
  }
}

const std::string& TaskTable::ProblemOf(rollout::TaskIndex task) const {
  return places_[PlaceOf(task)].problem;
}

}  // namespace lockstep::native
