// Drive: the only loop that turns decisions into deeds, and Host, its only port. The simulator's
// host has a virtual clock; the runner's has processes and a ledger.
#pragma once

#include <utility>

#include "core/base/result.h"
#include "core/rollout/scheduler.h"

namespace lockstep::rollout {

class Host {
 public:
  virtual ~Host() = default;
  virtual base::Instant Now() = 0;
  /// Durable when it returns ok; otherwise Drive stops and performs nothing of this turn.
  virtual base::Status Persist(std::span<const Event> events) = 0;
  virtual void Perform(const Action& action) = 0;  ///< never blocks
  /// To whoever looks on, once all of the turn is performed: nothing waits for what they do with
  /// it.
  virtual void Tell(std::span<const Event> events) { (void)events; }
  /// Blocks until something happened or `wakeup` has come (a Tick then). Returns all that has
  /// happened: Drive steps through it and persists the facts of one turn together. Nothing: this
  /// host leaves the rollout as it is, to whoever goes on with it.
  virtual std::vector<Input> Wait(base::Instant wakeup) = 0;
};

/// Runs until Ready::ended, or until the host leaves. `first` is Begin, or a command that a person
/// gave (Retry …) after a Begin.
base::Status Drive(Scheduler& scheduler, Host& host, std::vector<Input> first);

}  // namespace lockstep::rollout
