// The slow, obvious scheduler that core's is compared with: it keeps a status per task and, after
// each input, goes through all tasks in plan order and starts each whose gates all pass, until
// nothing changes. It shares the data types with core/rollout (Rollout, Fact, Input, Action,
// Waiting), and no code.
#pragma once

#include <optional>
#include <vector>

#include "core/rollout/ready.h"
#include "core/rollout/state.h"
#include "core/rollout/waiting.h"

namespace lockstep::simulation {

class ReferenceScheduler {
 public:
  struct Decision {
    std::vector<rollout::Fact> facts;
    std::vector<rollout::Action> actions;
    base::Instant next_wakeup = base::kNever;
    bool ended = false;
  };

  explicit ReferenceScheduler(const rollout::Rollout& rollout);

  /// From the ledger.
  void Learn(const rollout::Event& event) {
    now_ = event.at;
    Learn(event.fact);
  }
  Decision Step(base::Instant now, const rollout::Input& input);

  rollout::Waiting WaitingFor(rollout::TaskIndex task) const;
  rollout::TaskStatus status(rollout::TaskIndex task) const { return tasks_[task.value()].status; }
  std::uint32_t attempt(rollout::TaskIndex task) const { return tasks_[task.value()].attempt; }
  bool paused() const { return paused_; }

 private:
  struct TaskLife {
    rollout::TaskStatus status = rollout::TaskStatus::kNotStarted;
    std::uint32_t attempt = 0;
    bool stopping = false;     // asked to stop
    bool interrupted = false;  // … because of a pause
    bool runner_died = false;
    bool run_again = false;  // when the rollout goes on
    bool asking = false;     // its target is being asked what became of it
  };
  struct StageLife {
    bool started = false, ended = false;
  };
  using Task = rollout::Task;
  using TaskIndex = rollout::TaskIndex;

  void Learn(const rollout::Fact& fact);
  void Note(rollout::Fact fact);
  void Handle(const rollout::Begin& input);
  void Handle(const rollout::Tick&) {}
  void Handle(const rollout::RunWaiting& input);
  void Handle(const rollout::RunEnded& input);
  void Handle(const rollout::RunResolved& input);
  void Handle(const rollout::RunUnresolved& input);
  void Handle(const rollout::RunTasks& input);
  void Handle(const rollout::Retry& input);
  void Handle(const rollout::Skip& input);
  void Handle(const rollout::Cancel& input);
  void Handle(const rollout::Pause& input);
  void Stop(TaskIndex task, const std::string& reason, bool pause);
  void Ask(TaskIndex task);
  void Answered(TaskIndex task, std::uint32_t attempt);
  bool TooManyFailed() const;
  void Settle();
  bool SettleOnce();

  const Task& Of(TaskIndex task) const { return rollout_.tasks[task]; }
  TaskLife& Life(TaskIndex task) { return tasks_[task.value()]; }
  const TaskLife& Life(TaskIndex task) const { return tasks_[task.value()]; }
  bool IsAt(TaskIndex task, std::uint32_t attempt, rollout::TaskStatus status) const;
  bool Satisfied(TaskIndex task) const;
  bool HoldsStage(TaskIndex task) const;
  bool AnyRunningOrAsked() const;
  std::optional<rollout::StageIndex> FirstUnended() const;
  std::size_t RunningOn(std::optional<rollout::InstanceIndex> instance) const;
  rollout::Waiting By(rollout::WaitingCause cause, TaskIndex by) const;
  rollout::Waiting WaitingForStage(TaskIndex task) const;
  bool HasItsTurn(rollout::StageIndex stage) const;
  rollout::Waiting EarlyGate(TaskIndex task) const;
  rollout::Waiting WindowGate(TaskIndex task) const;
  base::Instant WindowCloses(TaskIndex task) const;
  rollout::Waiting Gate(TaskIndex task) const;
  TaskIndex NextInLine(TaskIndex task) const;

  const rollout::Rollout& rollout_;
  std::vector<TaskLife> tasks_;
  std::vector<StageLife> stages_;
  bool begun_ = false;
  bool paused_ = false;
  bool rollout_ended_ = false;
  base::Instant now_{0};
  Decision decision_;
};

}  // namespace lockstep::simulation
