#include "native/task_table.h"

#include <map>
#include <set>
#include <tuple>

#include "core/base/text.h"

namespace lockstep::native {

using rollout::Task;
using rollout::TaskIndex;
using rollout::TaskType;

TaskTable::TaskTable(const api::Workspace& workspace, const rollout::Rollout& rollout,
                     std::string folder, connection::ClientPrograms programs)
    : workspace_(workspace),
      rollout_(rollout),
      folder_(std::move(folder)),
      programs_(std::move(programs)) {
  const inventory::Inventory& inventory = workspace_.checked()->inventory();
  for (const rollout::Database& database : rollout_.databases) {
    places_.push_back(MakePlace(connection::TargetOf(
        inventory, inventory.FindDatabase(database.name), folder_, programs_)));
  }
  std::set<std::string> created_files;
  for (const TaskIndex task : rollout_.tasks.indices()) {
    const Task& t = rollout_.tasks[task];
    if (t.type != TaskType::kDatabaseCreate) continue;
    const inventory::InstanceIndex instance =
        inventory.FindInstance(rollout_.instances[t.instance].name);
    const plan::Spec& spec = workspace_.plan()->specs[plan::SpecIndex(t.spec)];
    created_[task.value()] = places_.size();
    places_.push_back(MakePlace(connection::NewTargetOf(
        inventory, instance, workspace_.plan()->creates[spec.config.create].database.value, folder_,
        programs_)));
    created_files.insert(places_.back().target.database);
  }
  for (Place& place : places_)
    place.will_be_created = created_files.contains(place.target.database);
}

TaskTable::Place TaskTable::MakePlace(const base::Result<client::Target>& target) const {
  Place place;
  if (target.ok()) {
    place.target = *target;
  } else {
    place.problem = target.error().message;
    place.unreachable = target.error().code != base::ErrorCode::kInvalidArgument;
  }
  return place;
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

TaskTable::SheetView TaskTable::SheetOf(TaskIndex task) const {
  const check::CheckedPlan& checked = *workspace_.checked();
  const check::CheckedSpec& spec = checked.spec(plan::SpecIndex(rollout_.tasks[task].spec));
  if (!spec.sheet.valid()) return {};
  const check::Sheet& sheet = checked.sheet(spec.sheet);
  if (!sheet.text.valid()) return {};
  return {sheet.name, sheet.sha256, workspace_.sources()[sheet.text].text(),
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
  script.sheet_name = sheet.name;
  script.sheet_sha256 = sheet.sha256;
  script.sheet = sheet.text;
  script.split = sheet.split;
  return script;
}

std::string TaskTable::ProblemOfSheet(TaskIndex task) const {
  const client::TaskScript script = ScriptOf(task);
  const auto problem = ClientOf(task).WhyNotRunnable(script);
  if (!problem) return {};
  std::string text = script.sheet_name;
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
    if (const auto why = client::WhyNotExecutable(type, EngineOf(task))) {
      say(problems.not_executable, rollout_.TaskName(task) + ": " + *why);
      continue;
    }
    const std::string_view sheet = SheetOf(task).name;
    if (sheets.emplace(sheet, EngineOf(task), type).second) {
      say(problems.not_executable, ProblemOfSheet(task));
    }
    Place& place = places_[PlaceOf(task)];
    if (std::exchange(looked[PlaceOf(task)], 1) != 0) continue;
    if (place.problem.empty()) {
      const base::Status reachable =
          connection::CheckReachable(place.target, place.will_be_created);
      if (reachable.ok()) continue;
      place.problem = reachable.error().message;
      place.unreachable = true;
    }
    say(place.unreachable ? problems.unreachable : problems.not_executable, place.problem);
  }
  FindClients(loop, problems.unreachable);
  return problems;
}

void TaskTable::FindClients(process::Loop& loop, std::vector<std::string>& problems) {
  std::map<std::string, std::string> found;  // as asked for -> path; "" when unusable
  for (Place& place : places_) {
    if (!place.problem.empty()) continue;
    const auto [at, is_new] = found.try_emplace(place.target.program);
    if (is_new) {
      const auto path = connection::FindProgram(place.target.program);
      if (path.ok()) {
        at->second = *path;
      } else {
        problems.push_back(path.error().message);
      }
    }
    if (!at->second.empty()) place.target.program = at->second;
    if (!is_new || at->second.empty()) continue;
    const client::Client& client = *client::ClientFor(place.target.engine);
    const client::ClientCommand command = client.MakeVersionProbe(place.target);
    std::string out, err;
    process::ExitStatus end;
    const auto child = loop.Spawn(
        {command.program, command.args, command.env, command.script, command.working_folder},
        {[&](process::Stream s, std::string_view bytes) {
           (s == process::Stream::kOut ? out : err) += bytes;
         },
         [&](const process::ExitStatus& status) { end = status; }});
    if (!child.ok()) {
      problems.push_back(child.error().message);
      continue;
    }
    const process::TimerId limit = loop.After(base::Seconds(10), [&] { loop.Kill(*child); });
    while (loop.running() > 0) loop.Run(base::Seconds(1));
    loop.CancelTimer(limit);
    const client::Version version = client.InterpretVersion({end.code, end.signal, err}, out);
    if (version.refusal) problems.push_back(at->second + ": " + *version.refusal);
  }
}

}  // namespace lockstep::native
