// NativeHost: the scheduler's world as it really is: a clock, a ledger, processes, signals, and
// commands from other terminals. What it must stand: kill -9 after every line. Events are durable
// before their actions are performed; an action's deed is recorded in its target before its end is
// recorded here.
//
// The plan of a rollout may be changed while it runs, for tasks that nobody has asked for
// (service/revise_rollout.h). Once somebody asks for one, by a command of the ledger, this host has
// the wrong sheets: it leaves that command, starts nothing more, and ends when nothing runs. While
// a command waits nobody changes the plan, so what is read after a command holds for it.
#pragma once

#include <string>
#include <vector>

#include "core/rollout/drive.h"
#include "native/clock.h"
#include "native/event_sink.h"
#include "native/ledger/ledger.h"
#include "native/workplace.h"

namespace lockstep::native {

/// Why such a rollout is paused, for a moment.
inline constexpr std::string_view kPlanWasChanged = "its plan was changed";

class NativeHost : public rollout::Host {
 public:
  struct Parts {
    Workplace& place;
    ledger::Ledger& ledger;
    const ledger::RolloutRecord& rollout;
    const rollout::Scheduler& scheduler;
    EventSink& sink;
    RunListener& listener;
    const Limits& limits;
  };
  explicit NativeHost(const Parts& parts) : parts_(parts) {}

  base::Instant Now() override { return RealNow(); }
  base::Status Persist(std::span<const rollout::Event> events) override;
  void Perform(const rollout::Action& action) override;
  void Tell(std::span<const rollout::Event> events) override;
  std::vector<rollout::Input> Wait(base::Instant wakeup) override;

  /// What was asked for while nobody ran this rollout, or of a runner that died before it saw it.
  /// For the first turn.
  std::vector<rollout::Input> TakePendingCommands();

  /// It has ended because the rollout was revised, for somebody to go on with what that is now.
  bool stands_for_revision() const { return revised_ && !stopped_; }
  /// Nothing could start before this time, which was too far away; kNever: that did not happen.
  base::Instant not_before() const { return not_before_; }
  /// Why Wait had nothing to say, when that is no choice of ours.
  const base::Status& failure() const { return failure_; }

 private:
  using Purpose = TaskProcess::Purpose;
  SharedWork* shared() const { return parts_.place.shared ? &*parts_.place.shared : nullptr; }
  void PollCommands();
  void TakeNews();
  void TakeEnds();
  void OnInterruption();
  bool HasLeft() const;
  rollout::Input ToInput(const ledger::Command& command);
  rollout::Input PauseNow(std::string reason);

  Parts parts_;
  std::vector<rollout::Input> inputs_;
  std::vector<ledger::Output> outputs_;     // of runs whose end is in inputs_ or not yet persisted
  std::vector<std::int64_t> commands_;      // the same for commands
  std::vector<ledger::WorkItem> finished_;  // the same for shared work
  std::int64_t next_poll_ms_ = 0;
  bool interruption_seen_ = false;
  bool revised_ = false;  // and somebody asked for tasks since
  bool stopped_ = false;  // by a person
  base::Instant not_before_ = base::kNever;
  base::Status failure_;
};

}  // namespace lockstep::native
