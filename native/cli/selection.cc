#include "native/cli/selection.h"

#include "core/base/text.h"

namespace lockstep::cli {
namespace {

using base::Error;
using base::ErrorCode;
using ledger::Ledger;

// "projects/p/rollouts/101/stages/1/tasks/3" -> "projects/p/rollouts/101"
std::string RolloutOfTask(const std::string& name) {
  return name.starts_with("projects/") ? name.substr(0, name.find("/stages/")) : "";
}

bool IsTaskName(const std::string& word) {
  return word.find("tasks/") != std::string::npos || word.find("stages/") != std::string::npos;
}

base::Result<Selected> ResolveIn(const Ledger& ledger, const Words& words) {
  Selected selected{"", words.tasks};
  const auto choose = [&](const std::string& rollout) {
    const bool fits = selected.rollout.empty() || selected.rollout == rollout;
    selected.rollout = rollout;
    return fits;
  };
  for (const std::string& word : words.positional) {
    std::string rollout = IsTaskName(word) ? RolloutOfTask(word) : word;
    bool is_task = IsTaskName(word);
    if (!is_task) {
      const auto found = ledger.Find(word);
      // What is neither must be told as the rollout that it was most likely meant to be.
      if (!found && word.find('/') != std::string::npos) return found.error();
      is_task = !found;
      rollout = found ? found->name : "";
    }
    if (is_task) selected.tasks.push_back(word);
    if (!rollout.empty() && !choose(rollout)) {
      return Error{ErrorCode::kInvalidArgument, "more than one rollout is named: one at a time"};
    }
  }
  return selected;
}

}  // namespace

Argument RolloutArgument(std::string& rollout) {
  return {.name = "ROLLOUT",
          .target = &rollout,
          .help = "its name or number (default: the newest)",
          .completes = Completes::kRollout};
}

std::vector<Argument> SelectionArguments(Words& words) {
  return {{.name = "ROLLOUT",
           .target = &words.positional,
           .help = "a rollout's name or number (default: the newest), or names of its tasks",
           .completes = Completes::kRollout},
          {.name = "--task",
           .target = &words.tasks,
           .help = "a task's number or name, or a spec's id; may be repeated",
           .value = "TASK",
           .completes = Completes::kTask}};
}

base::Result<Selected> Resolve(const Words& words, const std::string& ledger_path) {
  auto ledger = Ledger::Open(ledger_path, Ledger::Mode::kRead);
  if (!ledger) return ledger.error();
  return ResolveIn(**ledger, words);
}

base::Result<Opened> OpenRollout(const std::string& rollout, const std::string& ledger_path) {
  auto ledger = Ledger::Open(ledger_path, Ledger::Mode::kRead);
  if (!ledger) return ledger.error();
  auto record = (*ledger)->Find(rollout);
  if (!record) return record.error();
  return Opened{std::move(*ledger), std::move(*record), {}};
}

base::Result<Opened> OpenRollout(const Words& words, const std::string& ledger_path) {
  auto selected = Resolve(words, ledger_path);
  if (!selected) return selected.error();
  auto opened = OpenRollout(selected->rollout, ledger_path);
  if (opened) opened->tasks = std::move(selected->tasks);
  return opened;
}

}  // namespace lockstep::cli
