// Runner: everything that `lockstep run|resume|retry|skip|cancel` does below the command line. It
// decides nothing about plans (core does) and prints nothing (a RunListener does).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/workspace.h"
#include "core/rollout/scheduler.h"
#include "native/connection/find_program.h"
#include "native/ledger/ledger.h"

namespace lockstep::native {

/// product.md, "Exit codes".
enum ExitCode : int {
  kExitDone = 0,
  kExitFailed = 1,       ///< findings with errors (validate), or a task FAILED, CANCELED or BLOCKED
  kExitUsage = 2,        ///< also: what is named does not exist, or what is to be made does
  kExitPlanInvalid = 3,  ///< or it holds what cannot be executed yet
  kExitInDoubt = 4,
  kExitUnavailable = 5,  ///< a lock, a target, a client or the ledger
  kExitRefused = 6,      ///< by a policy, a digest, the allow list, or the state that a thing is in
  kExitNotYet = 75,
  kExitInterrupted = 130,
  kExitTerminated = 143,
};
int ExitCodeOf(const base::Error& error);

/// What holds for one process and is not part of the rollout.
struct Limits {
  base::Duration task_timeout{0};       ///< of one run; 0: none
  base::Duration statement_timeout{0};  ///< 0: none
  base::Duration busy_timeout =
      base::Seconds(30);  ///< all waiting of one run for a lock in its target
  base::Duration max_wait =
      base::Seconds(60);  ///< nothing may start before then, and nothing runs: exit 75.
                          ///< kNeverGiveUp: wait as long as it takes
  static constexpr base::Duration kNeverGiveUp{-1};
};

struct Execution {
  std::string ledger = ".lockstep/ledger.db";  ///< or "postgresql://…": for several runners
  std::optional<std::size_t>
      jobs;                      ///< runs at a time on this machine, where several share a rollout
  std::string inventory_folder;  ///< where relative addresses start, when the rollout has none
  connection::ClientPrograms clients;
  /// Patterns as a shell's: nothing but these hosts, sockets and SQLite files may be worked on.
  /// None: all may.
  std::vector<std::string> allowed_hosts;
  bool cancel_orphans = false;  ///< end what a lost run of a task still does in its target
  /// Tasks in doubt, by name as for TaskSelection, and what a person says about each.
  std::vector<std::pair<std::string, client::Assumption>> assumptions;
  /// What cannot be reached fails the tasks that need it, instead of keeping all from starting.
  bool keep_going = false;
  bool targets_answered = false;  ///< and their clients, just now: need not be asked again
  Limits limits;
  std::string events;  ///< NDJSON of all events: a file, "-" for standard output, "" for none
};

/// How to read the documents.
struct Documents {
  std::string plan;       ///< path; "-": standard input
  std::string inventory;  ///< "": inventory.json beside the plan, when there is one
  std::string sheets;     ///< "": sheets/ beside the plan, when there is one
  bool sheets_needed =
      false;  ///< a sheet that is not there is a mistake even when no sheets are on offer at all
  std::string scenario;  ///< "": none. Of a run only its durations count: for windows
  bool lenient = false;
  plan::Semantics semantics = plan::DocumentedSemantics();
  diagnostics::SeverityOverrides severities;
  rollout::Pace pace;
};

struct RunRequest {
  Documents documents;
  Execution execution;
  std::string expect;  ///< digest; "": any
};

struct TaskSelection {
  std::string rollout;  ///< name, number, or "" for the newest
  std::vector<std::string>
      tasks;  ///< full names, "stages/1/tasks/3", "tasks/3", "3", or a spec's id (all its tasks)
  bool failed = false;  ///< retry: all FAILED and CANCELED ones; cancel: with no tasks, all
  std::string reason = {};
  std::string digest = {};  ///< unless "", nothing is done to a rollout that has another one by now
};

/// Where output and progress go. Called from the runner's only thread; must not block for long.
class RunListener {
 public:
  virtual ~RunListener() = default;
  /// The documents were read and checked, with or without errors.
  virtual void OnChecked(const api::Workspace& workspace) { (void)workspace; }
  /// Before the first event: what is about to be run or resumed. `record.name` is its name. Once
  /// more when it was revised meanwhile; until then, and to the end, the earlier `scheduler`'s
  /// rollout lives.
  virtual void OnRollout(const ledger::RolloutRecord& record, const rollout::Scheduler& scheduler) {
    (void)record, (void)scheduler;
  }
  /// After they are durable. `scheduler` is as of the last of them.
  virtual void OnEvents(std::span<const rollout::Event> events,
                        const rollout::Scheduler& scheduler) {
    (void)events, (void)scheduler;
  }
  /// Statements of a RUNNING task that its markers reported done so far.
  virtual void OnProgress(rollout::TaskIndex task, std::uint32_t statements_done) {
    (void)task, (void)statements_done;
  }
  virtual void OnOutput(rollout::TaskIndex task, bool is_stderr, std::string_view bytes) {
    (void)task, (void)is_stderr, (void)bytes;
  }
  /// A sentence worth a line: "interrupted: stopping 2 running tasks", "database is locked: trying
  /// again in 0.4 s".
  virtual void OnNotice(std::string_view text) { (void)text; }
  /// Regularly (every 200 ms at most) while nothing else happens, for clocks on a terminal.
  virtual void OnTick() {}
};

/// What became of it. Everything that was refused or went wrong on the way is here too: `message`
/// is then a sentence, with the way out, and `exit_code` says which kind.
struct Outcome {
  int exit_code = kExitDone;
  std::string message;  ///< "" when the state says all
  std::vector<std::string>
      details;          ///< one line each: unreachable targets, tasks that cannot be executed …
  std::string rollout;  ///< name; "" when it did not come so far
  rollout::RolloutStatus status = rollout::RolloutStatus::kNotStarted;
  bool already_done = false;  ///< this digest was finished before; nothing was run
  bool helped = false;        ///< another runner decided to the end, and has told about the tasks
  bool forwarded = false;     ///< the command was handed to the runner that is at work
  std::string next_command;  ///< what a person would type now: "lockstep retry --failed 101"; or ""
};

/// Reads, checks, expands; then by digest:
///   new                   -> a new rollout
///   finished              -> "already done", 0
///   interrupted           -> goes on with that rollout
///   with FAILED tasks etc -> says so and names `lockstep retry --failed`, 1
Outcome Run(const RunRequest& request, RunListener& listener);
Outcome Resume(const std::string& rollout, const Execution& execution, RunListener& listener);
/// These four speak to the runner that is at work, if there is one. Else Retry becomes the runner
/// itself; the others write what is decided and start nothing. RunTasks is all or nothing: each
/// task that is named, by itself or by its spec, has to be NOT_STARTED, FAILED or CANCELED.
Outcome RunTasks(const TaskSelection& selection, const Execution& execution, RunListener& listener);
Outcome Retry(const TaskSelection& selection, const Execution& execution, RunListener& listener);
Outcome Skip(const TaskSelection& selection, const Execution& execution, RunListener& listener);
Outcome Cancel(const TaskSelection& selection, const Execution& execution, RunListener& listener);

/// Reads and checks the documents as Run does: for validate and simulate. kNotFound, kIo for the
/// plan and an inventory that was named.
base::Result<std::unique_ptr<api::Workspace>> ReadDocuments(const Documents& documents,
                                                            base::Instant now);

/// The tasks that a selection names. kNotFound names what does not exist.
base::Result<std::vector<rollout::TaskIndex>> SelectTasks(const rollout::Rollout& rollout,
                                                          std::span<const std::string> tasks);

}  // namespace lockstep::native
