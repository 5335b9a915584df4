// What goes into a Step and what comes out. Everything the world can tell the scheduler is an
// Input, and everything that the scheduler wants from the world is an Action.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/rollout/event.h"

namespace lockstep::rollout {

// ---- inputs: what happened outside, or what somebody wants ----
struct RunAtWork {
  TaskIndex task;
  std::uint32_t attempt;
};
struct Begin {
  std::string runner;
  /// Runs that other runners do meanwhile, whose ends will be told: not lost with the runner
  /// before. What is no RUNNING run is ignored.
  std::vector<RunAtWork> at_work = {};
};               ///< first Step of a process, new or resumed
struct Tick {};  ///< time has come (Ready::next_wakeup), nothing else
struct RunWaiting {
  TaskIndex task;
  std::uint32_t attempt;
  std::string detail;
};
struct RunEnded {
  TaskIndex task;
  std::uint32_t attempt;
  Outcome outcome;
  TaskError error;
  std::string detail;
};
struct RunResolved {
  TaskIndex task;
  std::uint32_t attempt;
  Resolution resolution;
  std::string detail;
};
struct RunUnresolved {
  TaskIndex task;
  std::uint32_t attempt;
  std::string detail;
};  ///< the target could not be asked: stays IN_DOUBT
struct RunTasks {
  std::vector<TaskIndex> tasks;
};  ///< NOT_STARTED, FAILED or CANCELED ones, of stages that are not open too; others are ignored
struct Retry {
  std::vector<TaskIndex> tasks;
};  ///< FAILED or CANCELED ones; others are ignored
struct Skip {
  std::vector<TaskIndex> tasks;
  std::string reason;
};  ///< not RUNNING, not DONE; others are ignored
struct Cancel {
  std::vector<TaskIndex> tasks;
  std::string reason;
};  ///< PENDING or RUNNING; others are ignored
struct Pause {
  std::string reason;
  bool cancel_running;
};  ///< SIGINT: start nothing more; and stop what runs

using Input = std::variant<Begin, Tick, RunWaiting, RunEnded, RunResolved, RunUnresolved, RunTasks,
                           Retry, Skip, Cancel, Pause>;

// ---- actions: never before Ready::events are durable ----
struct StartRun {
  TaskIndex task;
  std::uint32_t attempt;
  bool operator==(const StartRun&) const = default;
};
struct StopRun {
  TaskIndex task;
  std::uint32_t attempt;
  bool operator==(const StopRun&) const = default;
};  ///< a RunEnded follows
struct ResolveRun {
  TaskIndex task;
  std::uint32_t attempt;
  bool operator==(const ResolveRun&) const = default;
};  ///< ask the target; RunResolved or RunUnresolved follows

using Action = std::variant<StartRun, StopRun, ResolveRun>;

struct Ready {
  std::vector<Event> events;    ///< to be made durable first
  std::vector<Action> actions;  ///< then to be performed
  base::Instant next_wakeup = base::kNever;
  bool ended =
      false;  ///< nothing runs and nothing will start without a new input: the driver may return
};

}  // namespace lockstep::rollout
