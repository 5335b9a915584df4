// State: where a rollout stands. The fold of its events: Apply is the only writer, live and on
// replay.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/rollout/event.h"
#include "core/rollout/rollout.h"

namespace lockstep::rollout {

/// Of a task: that of its last run; NOT_STARTED without one; SKIPPED when it was skipped.
enum class TaskStatus : std::uint8_t {
  kNotStarted,
  kPending,
  kRunning,
  kDone,
  kFailed,
  kCanceled,
  kSkipped,
  kInDoubt,
};
inline constexpr int kTaskStatusCount = 8;
std::string_view ToString(TaskStatus status);  ///< "NOT_STARTED", …, "IN_DOUBT"

constexpr bool Satisfies(TaskStatus s) {
  return s == TaskStatus::kDone || s == TaskStatus::kSkipped;
}

/// kDone: every task is DONE or SKIPPED. kNotStarted: no runner took it yet; or, of a rollout on
/// request, all that was asked for is DONE or SKIPPED, and the rest is NOT_STARTED. kRunning also
/// while tasks wait for their time. kFailed and kInDoubt: nothing runs, and some task is so.
/// kBlocked: nothing runs and nothing failed, and yet no task can start (only a simulation or a
/// driver that came to rest can tell; State itself never says it).
enum class RolloutStatus : std::uint8_t {
  kNotStarted,
  kRunning,
  kPaused,
  kDone,
  kFailed,
  kInDoubt,
  kBlocked
};
std::string_view ToString(RolloutStatus status);

class State {
 public:
  explicit State(const Rollout& rollout);

  /// Why this event cannot follow: kCorrupt. Apply checks the same as a bug.
  base::Status CanApply(const Event& event) const;
  void Apply(const Event& event);

  TaskStatus status(TaskIndex task) const { return tasks_[task].status; }
  std::uint32_t attempt(TaskIndex task) const {
    return tasks_[task].attempt;
  }  ///< of the last run; 0 without one
  bool cancel_requested(TaskIndex task) const { return tasks_[task].cancel_requested; }
  /// Somebody wants it canceled, and not only the pause.
  bool cancel_wanted(TaskIndex task) const { return tasks_[task].CancelWanted(); }
  /// The last run ended through no fault of the task (its runner was lost before anything was
  /// applied, or it was cancelled or killed because the rollout was paused): resuming creates a new
  /// run by itself.
  bool rerun_due(TaskIndex task) const { return tasks_[task].rerun_due; }
  bool stage_started(StageIndex stage) const { return stages_[stage].started; }
  bool stage_ended(StageIndex stage) const { return stages_[stage].ended; }
  bool paused() const { return paused_; }
  bool ended() const { return ended_; }
  std::uint64_t last_sequence() const { return last_sequence_; }
  std::uint32_t count(TaskStatus status) const { return counts_[static_cast<std::size_t>(status)]; }
  RolloutStatus rollout_status() const;

  bool operator==(const State&) const = default;

 private:
  struct TaskState {
    std::uint32_t attempt = 0;
    TaskStatus status = TaskStatus::kNotStarted;
    bool cancel_requested = false;
    bool interrupted = false;  // asked to stop because the rollout was paused
    bool lost_with_runner = false;
    bool rerun_due = false;
    bool CancelWanted() const { return cancel_requested && !interrupted; }
    bool operator==(const TaskState&) const = default;
  };
  struct StageState {
    bool started = false;
    bool ended = false;
    bool operator==(const StageState&) const = default;
  };

  void Set(TaskState& task, TaskStatus status);
  void ApplyFact(const RolloutStarted& fact);
  void ApplyFact(const StageStarted& fact);
  void ApplyFact(const TaskRunCreated& fact);
  void ApplyFact(const TaskRunStarted& fact);
  void ApplyFact(const TaskRunWaiting&) {}  // it is RUNNING all the same
  void ApplyFact(const TaskRunEnded& fact);
  void ApplyFact(const TaskRunResolved& fact);
  void ApplyFact(const TaskSkipped& fact);
  void ApplyFact(const CancelRequested& fact);
  void ApplyFact(const StageEnded& fact);
  void ApplyFact(const RolloutPaused& fact);
  void ApplyFact(const RolloutEnded& fact);

  base::IndexVector<TaskIndex, TaskState> tasks_;
  base::IndexVector<StageIndex, StageState> stages_;
  std::array<std::uint32_t, kTaskStatusCount> counts_{};
  bool on_request_;
  bool started_ = false;
  bool paused_ = false;
  bool ended_ = false;
  std::uint64_t last_sequence_ = 0;
};

/// Error code of a TaskRunEnded that says: the runner died, not the client.
inline constexpr std::string_view kRunnerLost = "RUNNER_LOST";
/// The detail of a run that ended because its task was skipped.
inline constexpr std::string_view kSkippedDetail = "skipped";

}  // namespace lockstep::rollout
