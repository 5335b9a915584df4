#include "native/task_table.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/base/text.h"
#include "native/ask.h"
#include "native/connection/redactor.h"

namespace lockstep::native {

namespace {

/// Nothing is changed, so nobody gains by guessing it.
constexpr char kQuestionNonce[] = "00000000000000000000000000000000";

}  // namespace

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
    const plan::Spec& spec = workspace_.plan()->specs[plan::SpecIndex(t.spec)];
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
  if (t.type == TaskType::kDatabaseCreate) {
    const plan::Plan& plan = *workspace_.plan();
    const plan::CreateOptions& create = plan.CreateOf(plan.specs[plan::SpecIndex(t.spec)]);
    script.create = client::NewDatabase{create.database.value, create.character_set.value,
                                        create.collation.value, create.owner.value};
  }
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
  FindClients(loop, problems.unreachable);
  const bool all_well = problems.unreachable.empty() && problems.not_executable.empty() &&
                        problems.not_allowed.empty();
  if (all_well && !execution_.targets_answered && !execution_.keep_going)
    AskServers(loop, looked, problems.unreachable);
  return problems;
}

void TaskTable::FindClients(process::Loop& loop, std::vector<std::string>& problems) {
  std::map<sql::Engine, std::string> found;     // "": unusable
  std::map<sql::Engine, std::string> unusable;  // why
  struct Asked {
    std::string program;
    sql::Engine engine;
  };
  std::vector<Asked> asked;
  std::vector<Question> questions;
  for (Place& place : places_) {
    if (!place.problem.empty()) continue;
    const auto [at, is_new] = found.try_emplace(place.target.engine);
    if (is_new) {
      const auto program = connection::FindClient(place.target.engine, execution_.clients);
      if (program.ok())
        at->second = *program;
      else
        unusable[place.target.engine] = program.error().message;
    }
    place.target.program = at->second;
    if (!is_new || at->second.empty()) continue;
    const client::Client* client = client::ClientFor(place.target.engine);
    asked.push_back({at->second, place.target.engine});
    questions.push_back({.command = client->MakeVersionProbe(place.target), .nonce = {}});
  }
  const std::vector<Answer> answers = AskAll(loop, std::move(questions));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& [program, engine] = asked[i];
    const client::Client* client = client::ClientFor(engine);
    if (answers[i].error) {
      unusable[engine] = answers[i].error->message;
      continue;
    }
    const client::Version version = client->InterpretVersion(answers[i].end(), answers[i].out);
    if (version.refusal) unusable[engine] = program + ": " + *version.refusal;
  }
  for (const auto& [engine, why] : unusable) problems.push_back(why);
  for (Place& place : places_) {
    const auto why = unusable.find(place.target.engine);
    if (why == unusable.end() || !place.problem.empty()) continue;
    place.problem = why->second;
    place.unreachable = true;
  }
}

const std::string& TaskTable::ProblemOf(rollout::TaskIndex task) const {
  return places_[PlaceOf(task)].problem;
}

/// Databases of files were looked at without their client.
void TaskTable::AskServers(process::Loop& loop, const std::vector<char>& needed,
                           std::vector<std::string>& problems) const {
  std::vector<const Place*> asked;
  std::vector<Question> questions;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    if (needed[i] == 0 || place.target.engine == sql::Engine::kSqlite) continue;
    const client::Client& client = *client::ClientFor(place.target.engine);
    const std::int64_t most =
        workspace_.checked()->inventory().instances[place.instance].maximum_connections.value;
    asked.push_back(&place);
    questions.push_back(
        {.command = client.MakeConnectionProbe(place.target, place.will_be_created, kQuestionNonce),
         .nonce = kQuestionNonce,
         .group = place.instance.value(),
         .group_limit =
             static_cast<std::uint32_t>(most > 0 ? std::min<std::int64_t>(most, 1000)
                                                 : inventory::kDefaultMaximumConnections)});
  }
  const std::vector<Answer> answers = AskAll(loop, std::move(questions));
  const connection::Redactor redactor(Secrets());
  std::map<std::string, std::pair<std::string, std::size_t>> by_message;  // -> first, how many
  std::vector<std::string> order;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    std::string message;
    if (answers[i].error) {
      message = answers[i].error->message;
    } else if (const auto error = client::ClientFor(asked[i]->target.engine)
                                      ->InterpretConnection(answers[i].markers, answers[i].end())) {
      message = error->message + (error->hint.empty() ? "" : "; " + error->hint);
    } else {
      continue;
    }
    message = redactor.Redact(message);
    const auto [at, is_new] = by_message.try_emplace(message, asked[i]->name, 0);
    ++at->second.second;
    if (is_new) order.push_back(message);
  }
  for (const std::string& message : order) {
    const auto& [first, count] = by_message[message];
    problems.push_back(first + (count > 1 ? " and " + std::to_string(count - 1) + " more" : "") +
                       ": " + message);
  }
}

}  // namespace lockstep::native
