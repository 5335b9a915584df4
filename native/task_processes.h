// TaskProcesses: all that this runner does at the moment for one rollout, and what they share. One
// process at most for a task.
#pragma once

#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "native/task_process.h"

namespace lockstep::native {

/// "host:pid"
std::string RunnerName();

class TaskProcesses {
 public:
  using Purpose = TaskProcess::Purpose;
  struct Parts {
    process::Loop& loop;
    const rollout::Rollout& rollout;
    const TaskTable& tasks;
    RunListener& listener;
    const Limits& limits;
    bool cancel_orphans = false;
    Assumptions assumptions;
    bool keep_clients = true;  ///< from task to task, where that is safe
  };
  explicit TaskProcesses(Parts parts);
  /// Only when the ledger failed is anything left. It is stopped as a person would stop it, and
  /// found in doubt later.
  ~TaskProcesses();

  /// Of TaskTable::TakeConnected, in this loop.
  void Adopt(std::vector<std::pair<std::size_t, KeptClient>> connected) {
    for (auto& [place, client] : connected) services_.kept.Adopt(place, std::move(client));
  }
  void Start(Purpose purpose, rollout::TaskIndex task, std::uint32_t attempt);
  void Stop(rollout::TaskIndex task);  ///< if it is there
  void StopAll();
  void KillAll();
  /// A question to a target changes nothing, and whoever asks it next gets the same answer.
  void StopQuestions();
  std::size_t size() const { return processes_.size(); }

  struct Ended {
    Purpose purpose;
    rollout::Input input;
    std::vector<ledger::Output> outputs;
  };
  /// Since the last call. Not from a callback of the loop.
  std::vector<Ended> TakeEnded();
  /// The same of runs that found somebody else at what they need. To be told before their ends.
  std::vector<rollout::RunWaiting> TakeWaiting() { return std::exchange(waiting_, {}); }

 private:
  void EndWithout(Purpose purpose, rollout::TaskIndex task, std::uint32_t attempt,
                  const std::string& problem);

  TaskServices services_;
  std::unordered_map<std::uint32_t, std::unique_ptr<TaskProcess>> processes_;  // by task
  std::vector<std::unique_ptr<TaskProcess>> gone_;  // freed outside their own callbacks
  std::vector<Ended> ended_;
  std::vector<rollout::RunWaiting> waiting_;
};

}  // namespace lockstep::native
