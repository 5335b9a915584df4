// NativeHost: the scheduler's world as it really is: a clock, a ledger, processes, signals, and
// commands from other terminals. What it must stand: kill -9 after every line. Events are durable
// before their actions are performed; an action's deed is recorded in its target before its end is
// recorded here.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/rollout/drive.h"
#include "native/event_sink.h"
#include "native/ledger/ledger.h"
#include "native/process/loop.h"
#include "native/runner.h"
#include "native/task_process.h"

namespace lockstep::native {

base::Instant RealNow();
/// "host:pid"
std::string RunnerName();

class NativeHost : public rollout::Host {
 public:
  struct Parts {
    process::Loop& loop;
    ledger::Ledger& ledger;
    ledger::RolloutId rollout;
    const rollout::Scheduler& scheduler;
    const TaskTable& tasks;
    EventSink& sink;
    RunListener& listener;
    Limits limits;
    bool cancel_orphans = false;
    Assumptions assumptions;
  };
  explicit NativeHost(const Parts& parts);
  ~NativeHost() override;

  base::Instant Now() override { return RealNow(); }
  base::Status Persist(std::span<const rollout::Event> events) override;
  void Perform(const rollout::Action& action) override;
  std::vector<rollout::Input> Wait(base::Instant wakeup) override;

  /// What was asked for while nobody ran this rollout, or of a runner that died before it saw it.
  /// For the first turn.
  std::vector<rollout::Input> TakePendingCommands();

  /// The signal that asked this process to end; 0: none.
  int interrupted_by() const { return interrupted_by_; }
  /// Nothing could start before this time, which was too far away; kNever: that did not happen.
  base::Instant not_before() const { return not_before_; }

 private:
  using Purpose = TaskProcess::Purpose;
  void StartProcess(Purpose purpose, rollout::TaskIndex task, std::uint32_t attempt);
  void OnSignal(int signal);
  void PollCommands();
  rollout::Input ToInput(const ledger::Command& command);
  rollout::Input PauseNow(std::string reason);
  base::Status Append(std::span<const rollout::Event> events);

  Parts parts_;
  TaskServices services_;
  std::unordered_map<std::uint32_t, std::unique_ptr<TaskProcess>> processes_;  // by task
  std::vector<std::unique_ptr<TaskProcess>> ended_;  // freed outside their own callbacks
  std::vector<rollout::Input> inputs_;
  std::vector<ledger::Output> outputs_;  // of runs whose end is in inputs_ or not yet persisted
  std::vector<std::int64_t> commands_;   // the same for commands
  std::int64_t next_poll_ms_ = 0;
  int interrupted_by_ = 0;
  base::Instant not_before_ = base::kNever;
};

}  // namespace lockstep::native
