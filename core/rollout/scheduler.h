// Scheduler: decides what may start now and what happens next. Pure: no clock, no I/O, no
// randomness; the same inputs give the same facts. One scheduler serves the simulator and the
// runner.
//
//   Ready Step(now, input)
//     1  translate the input into facts, or into nothing (late or duplicate inputs are ignored by
//     attempt) 2  settle to a fixed point: open and close stages, create runs, admit tasks, end the
//     rollout every fact: State::Apply first, then Ready.events; its action, if any, in
//     Ready.actions
//
// A Step costs what changed, not what exists: each waiting task is parked at exactly one gate
// (admission.h).
#pragma once

#include <memory>
#include <span>

#include "core/base/result.h"
#include "core/rollout/ready.h"
#include "core/rollout/state.h"
#include "core/rollout/waiting.h"

namespace lockstep::rollout {

class Scheduler {
 public:
  /// A rollout that nobody has started. `rollout` must outlive the scheduler.
  explicit Scheduler(const Rollout& rollout);
  ~Scheduler();
  Scheduler(Scheduler&&) noexcept;

  /// Folds the ledger. The first Step (with Begin) turns every run without an end, unless it is at
  /// work elsewhere, into IN_DOUBT (task_run_ended lost) before anything else, and asks for its
  /// resolution. kCorrupt when the
  /// events contradict each other.
  static base::Result<Scheduler> Resume(const Rollout& rollout, std::span<const Event> events);

  /// REQUIRES that the first input of a scheduler that shall run anything is Begin. A command
  /// before that is recorded and starts nothing (skip and cancel while no runner is at work).
  Ready Step(base::Instant now, const Input& input);
  /// The same within a turn of several inputs: events and actions are appended to those of `turn`.
  void Step(base::Instant now, const Input& input, Ready& turn);

  /// More tasks are FAILED than Policy::max_failures: it pauses by itself instead of starting more.
  bool TooManyFailed() const;

  const Rollout& rollout() const;
  const State& state() const;
  /// Why this task does not run as of the last Step. For NOT_STARTED and PENDING tasks; kNone for
  /// all others.
  Waiting WaitingFor(TaskIndex task) const;

  /// Called on every change of a PENDING task's first gate, and with kNone when it starts or
  /// leaves: the simulator's wait intervals. Nothing is called during Resume.
  using WaitListener = void (*)(void* context, TaskIndex task, const Waiting& waiting);
  void set_wait_listener(WaitListener listener, void* context);

 private:
  struct Impl;
  explicit Scheduler(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lockstep::rollout
