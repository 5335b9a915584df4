// Player: tells a script to a scheduler and writes down what it answers. It keeps the ledger as the
// runner does, as lines of JSON, and folds each line into a state of its own, which must equal the
// scheduler's after every command.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/rollout/scheduler.h"
#include "tests/scheduler/setup.h"

namespace lockstep::scheduler_test {

class Player {
 public:
  explicit Player(const Setup& setup);

  /// The answer: lines, each with its line end and not indented.
  std::string Do(const std::string& command);
  /// All events so far, a line of JSON each.
  const std::vector<std::string>& ledger() const { return ledger_; }

 private:
  using TaskIndex = rollout::TaskIndex;
  using Arguments = std::vector<std::string>;
  struct Run {
    TaskIndex task;
    std::uint32_t attempt;
  };

  void NameTasks();
  std::optional<Run> FindRun(const std::string& word) const;

  // Commands.
  std::string DoTimed(Arguments words);
  std::optional<std::vector<rollout::Input>> InputsOf(const Arguments& words);
  std::optional<rollout::Input> InputAbout(const std::string& verb, const Run& run,
                                           const std::string& text) const;
  std::string Crash(const Arguments& words);
  std::string Step(const std::vector<rollout::Input>& inputs);

  // What was answered.
  std::string Write(const rollout::Event& event);
  std::string Write(const rollout::Action& action) const;
  std::string Check() const;
  std::string Tasks() const;
  std::string Status() const;
  std::string WaitingTasks() const;

  std::unique_ptr<api::Workspace> workspace_;
  std::optional<rollout::Rollout> rollout_;  // empty: the plan was refused
  std::optional<rollout::Scheduler> scheduler_;
  std::optional<rollout::State> fold_;
  std::vector<std::string> ledger_;
  base::IndexVector<TaskIndex, std::string> names_;
  base::Instant now_ = kStart;
  base::Instant wakeup_ = base::kNever;
};

}  // namespace lockstep::scheduler_test
