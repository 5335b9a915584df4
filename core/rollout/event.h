// Event: one fact about a rollout. One vocabulary, four uses: ledger row, --events line, simulator
// timeline, golden test. State is the fold of events; facts never say what somebody wished, only
// what is so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "core/base/boxed.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/rollout/rollout.h"

namespace lockstep::rollout {

/// Why a run ended badly, in the sheet's own terms. Lines and columns from 1; 0 = not known.
struct TaskError {
  std::string message;  ///< what the server or client said
  std::string code;     ///< SQLSTATE or the engine's own ("SQLITE_CONSTRAINT"), or ours ("LOST",
                        ///< "TIMEOUT", "SPAWN")
  std::uint32_t statement = 0;  ///< number in its sheet, from 1
  std::uint32_t line = 0;
  std::uint32_t column = 0;  ///< code points
  std::string detail, hint;
  bool operator==(const TaskError&) const = default;
};

enum class Outcome : std::uint8_t {
  kSucceeded,  ///< -> DONE
  kFailed,     ///< -> FAILED
  kCanceled,   ///< PENDING or RUNNING -> CANCELED: it was asked to stop, and nothing of it is left
  kLost,       ///< -> IN_DOUBT: the client or the runner vanished
};
std::string_view ToString(Outcome outcome);

enum class Resolution : std::uint8_t {
  kCommitted,   ///< the target has all of it -> DONE
  kNotApplied,  ///< the target has none of it -> FAILED, and Resume starts a new run
  kFailed,      ///< somebody said so -> FAILED
};
std::string_view ToString(Resolution resolution);

struct RolloutStarted {
  std::string runner;
  /// How the rollout goes. It is part of its digest, so whoever resumes says the same. Nothing: not
  /// told, as in older ledgers.
  base::Boxed<std::optional<Policy>> policy = {};
  bool operator==(const RolloutStarted&) const = default;
};  ///< a runner ("host:pid") took it: first start and each resume
struct StageStarted {
  StageIndex stage;
  bool operator==(const StageStarted&) const = default;
};
struct TaskRunCreated {
  TaskIndex task;
  std::uint32_t attempt;
  bool operator==(const TaskRunCreated&) const = default;
};
struct TaskRunStarted {
  TaskIndex task;
  std::uint32_t attempt;
  bool operator==(const TaskRunStarted&) const = default;
};
struct TaskRunWaiting {
  TaskIndex task;
  std::uint32_t attempt;
  std::string detail;  ///< "the database is locked by session 4711 (app): trying again in 400 ms"
  bool operator==(const TaskRunWaiting&) const = default;
};  ///< a RUNNING run has done nothing yet, since somebody holds what it needs
struct TaskRunEnded {
  TaskIndex task;
  std::uint32_t attempt;
  Outcome outcome;
  base::Boxed<TaskError> error;  ///< empty for a run that went well: most events are small
  std::string detail;
  bool operator==(const TaskRunEnded&) const = default;
};
struct TaskRunResolved {
  TaskIndex task;
  std::uint32_t attempt;
  Resolution resolution;
  std::string detail;
  bool operator==(const TaskRunResolved&) const = default;
};
struct TaskSkipped {
  TaskIndex task;
  std::string reason;
  bool operator==(const TaskSkipped&) const = default;
};
struct CancelRequested {
  TaskIndex task;
  std::string reason;
  bool pause = false;  ///< only because the rollout was paused: going on starts a new run by itself
  bool operator==(const CancelRequested&) const = default;
};  ///< for a RUNNING run; its end follows
struct StageEnded {
  StageIndex stage;
  bool operator==(const StageEnded&) const = default;
};
struct RolloutPaused {
  std::string reason;
  bool operator==(const RolloutPaused&) const = default;
};  ///< the runner was told to stop starting; ends when it is resumed
struct RolloutEnded {
  bool operator==(const RolloutEnded&) const = default;
};  ///< every stage has ended, and nothing runs or waits; a retry opens it again

using Fact = std::variant<RolloutStarted, StageStarted, TaskRunCreated, TaskRunStarted,
                          TaskRunWaiting, TaskRunEnded, TaskRunResolved, TaskSkipped,
                          CancelRequested, StageEnded, RolloutPaused, RolloutEnded>;

struct Event {
  std::uint64_t sequence = 0;  ///< 1, 2, 3 … within a rollout, without gaps
  base::Instant at;
  Fact fact;
  bool operator==(const Event&) const = default;
};

/// One line of NDJSON without its line end:
/// {"sequence":1,"at":"…Z","type":"task_run_started","task":"…/tasks/3", "attempt":1,…}. Tasks and
/// stages by name. The ledger stores exactly this.
std::string ToJson(const Event& event, const Rollout& rollout);
base::Result<Event> FromJson(std::string_view line, const Rollout& rollout);

/// The task whose status it changes; not valid when it changes none.
TaskIndex TaskOf(const Fact& fact);
std::string_view TypeName(const Fact& fact);  ///< "task_run_started"

}  // namespace lockstep::rollout
