#include "tests/scheduler/player.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/rollout/expand.h"
#include "tests/scheduler/player_text.h"
#include "tests/scheduler/script.h"

namespace lockstep::scheduler_test {

using namespace rollout;  // NOLINT: this is about nothing else

Player::Player(const Setup& setup) : workspace_(setup.Read()) {
  if (workspace_->checked() == nullptr) return;
  rollout_ = Expand(*workspace_->checked(), {.name = "projects/sample/rollouts/1",
                                             .pace = setup.pace(),
                                             .on_request = setup.on_request()});
  scheduler_.emplace(*rollout_);
  fold_.emplace(*rollout_);
  NameTasks();
}

void Player::NameTasks() {
  std::map<std::string_view, int> tasks_of_spec;
  for (const Task& task : rollout_->tasks) {
    if (task.type != TaskType::kSchemaUpdateGhostCutover)
      ++tasks_of_spec[rollout_->spec_ids[task.spec]];
  }
  for (const Task& task : rollout_->tasks) {
    std::string name = rollout_->spec_ids[task.spec];
    if (tasks_of_spec[rollout_->spec_ids[task.spec]] > 1) {
      const std::string& database = rollout_->databases[task.database].name;
      name += "@" + database.substr(database.rfind('/') + 1);
    }
    if (task.type == TaskType::kSchemaUpdateGhostSync) name += ".sync";
    if (task.type == TaskType::kSchemaUpdateGhostCutover) name += ".cutover";
    names_.push_back(std::move(name));
  }
}

std::optional<Player::Run> Player::FindRun(const std::string& word) const {
  const std::size_t slash = std::min(word.find('/'), word.size());
  for (TaskIndex task : rollout_->tasks.indices()) {
    if (names_[task] != word.substr(0, slash)) continue;
    if (slash == word.size()) return Run{task, scheduler_->state().attempt(task)};
    return Run{task, static_cast<std::uint32_t>(std::stoul(word.substr(slash + 1)))};
  }
  return std::nullopt;
}

// ---- commands ----

std::string Player::Do(const std::string& command) {
  Arguments words = Words(command);
  if (words[0] == "check") return Check();
  if (!rollout_) return "refused\n";
  if (words[0] == "waiting") return WaitingTasks();
  if (words[0] == "status") return Status();
  if (words[0] == "tasks") return Tasks();
  if (words[0] == "crash") return Crash(words);
  return DoTimed(std::move(words));
}

std::string Player::DoTimed(Arguments words) {
  if (words[0] == "at" && words.size() > 2) {
    now_ = ParseMoment(words[1]);
    words.erase(words.begin(), words.begin() + 2);
  }
  if (words[0] == "tick") {
    if (words.size() == 1 && wakeup_ == base::kNever) return "there is no wakeup\n";
    now_ = words.size() == 1 ? wakeup_ : ParseMoment(words[1]);
  }
  const std::optional<std::vector<Input>> inputs = InputsOf(words);
  if (inputs) return Step(*inputs);
  ADD_FAILURE() << "not a command: " << words[0];
  return "not a command\n";
}

// One input for the whole command, or one per task that it names.
std::optional<std::vector<Input>> Player::InputsOf(const Arguments& words) {
  const std::string& verb = words[0];
  if (verb == "tick") return std::vector<Input>{Tick{}};
  if (verb == "pause") {
    const bool cancel = words.size() > 1 && words[1] == "cancel";
    return std::vector<Input>{Pause{"interrupted", cancel}};
  }
  std::vector<Run> runs;
  std::vector<TaskIndex> tasks;
  std::string text;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (const std::optional<Run> run = FindRun(words[i])) {
      runs.push_back(*run);
      tasks.push_back(run->task);
    } else {
      text = words[i];
    }
  }
  if (verb == "begin") {
    Begin begin{"scripts"};
    for (const Run& run : runs) begin.at_work.push_back({run.task, run.attempt});
    return std::vector<Input>{std::move(begin)};
  }
  if (runs.empty()) return std::nullopt;
  if (verb == "run") return std::vector<Input>{RunTasks{tasks}};
  if (verb == "retry") return std::vector<Input>{Retry{tasks}};
  if (verb == "skip") return std::vector<Input>{Skip{tasks, text}};
  if (verb == "cancel") return std::vector<Input>{Cancel{tasks, text}};
  std::vector<Input> inputs;
  for (const Run& run : runs) {
    const std::optional<Input> input = InputAbout(verb, run, text);
    if (!input) return std::nullopt;
    inputs.push_back(*input);
  }
  return inputs;
}

std::optional<Input> Player::InputAbout(const std::string& verb, const Run& run,
                                        const std::string& text) const {
  const auto ended = [&](Outcome outcome) {
    TaskError error;
    if (outcome == Outcome::kFailed) error.message = text.empty() ? "boom" : text;
    return RunEnded{run.task, run.attempt, outcome, error, outcome == Outcome::kFailed ? "" : text};
  };
  if (verb == "busy") return RunWaiting{run.task, run.attempt, text};
  if (verb == "done") return ended(Outcome::kSucceeded);
  if (verb == "fail") return ended(Outcome::kFailed);
  if (verb == "canceled") return ended(Outcome::kCanceled);
  if (verb == "lose") return ended(Outcome::kLost);
  if (verb == "unresolved") return RunUnresolved{run.task, run.attempt, text};
  if (verb != "resolve") return std::nullopt;
  for (const Resolution resolution :
       {Resolution::kCommitted, Resolution::kNotApplied, Resolution::kFailed}) {
    if (text == ToString(resolution)) return RunResolved{run.task, run.attempt, resolution, ""};
  }
  return std::nullopt;
}

// As Drive does it: step through all inputs of a turn, then persist, then perform.
std::string Player::Step(const std::vector<Input>& inputs) {
  std::string events, actions, rest;
  for (const Input& input : inputs) {
    const Ready ready = scheduler_->Step(now_, input);
    for (const Event& event : ready.events) events += Write(event);
    for (const Action& action : ready.actions) actions += Write(action);
    wakeup_ = ready.next_wakeup;
    rest = ready.ended ? "at rest: " + std::string(ToString(fold_->rollout_status())) + "\n" : "";
  }
  EXPECT_TRUE(*fold_ == scheduler_->state()) << "the fold of the events is another state";
  if (wakeup_ != base::kNever) rest = "wakeup at " + Moment(wakeup_) + "\n" + rest;
  const std::string answer = events + actions + rest;
  return answer.empty() ? "nothing\n" : answer;
}

std::string Player::Crash(const Arguments& words) {
  if (words.size() == 3 && words[1] == "after") ledger_.resize(std::stoul(words[2]));
  std::vector<Event> events;
  for (const std::string& line : ledger_) events.push_back(FromJson(line, *rollout_).value());
  base::Result<Scheduler> resumed = Scheduler::Resume(*rollout_, events);
  scheduler_.emplace(std::move(resumed.value()));
  fold_.emplace(*rollout_);
  for (const Event& event : events) fold_->Apply(event);
  EXPECT_TRUE(*fold_ == scheduler_->state());
  return Status();
}

}  // namespace lockstep::scheduler_test
