// Interruption: the signal that asks this process to end. Told once; another one, half a second
// later or more, kills what runs.
#pragma once

#include "native/task_processes.h"

namespace lockstep::native {

/// How a rollout that was paused by a signal says so; the signal's name follows. Whoever finds it
/// so may go on with it.
inline constexpr std::string_view kInterruptedBy = "interrupted by ";

class Interruption {
 public:
  /// From now on. A reader of our output that left is no reason to leave clients behind: SIGPIPE is
  /// ignored.
  Interruption(process::Loop& loop, TaskProcesses& processes, RunListener& listener);

  int signal() const { return signal_; }  ///< 0: none
  std::string name() const;               ///< "SIGINT"

 private:
  void OnSignal(int number);

  TaskProcesses& processes_;
  RunListener& listener_;
  int signal_ = 0;
  std::int64_t since_ms_ = 0;  // when it came
};

}  // namespace lockstep::native
