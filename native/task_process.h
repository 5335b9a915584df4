// TaskProcess: one attempt of a task, or one question to its target, from the first client started
// for it to the one Input that tells its end. A client that found its target locked and did nothing
// is started again, with full jitter, while the busy budget lasts.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/prng.h"
#include "core/rollout/ready.h"
#include "native/client/marker_filter.h"
#include "native/connection/redactor.h"
#include "native/kept_clients.h"
#include "native/process/capture.h"
#include "native/process/loop.h"
#include "native/runner.h"
#include "native/task_table.h"

namespace lockstep::native {

/// By task.
using Assumptions = std::unordered_map<std::uint32_t, client::Assumption>;

/// What all of them share; outlives them.
struct TaskServices {
  process::Loop& loop;
  const rollout::Rollout& rollout;
  const TaskTable& tasks;
  RunListener& listener;
  const Limits& limits;
  std::string runner;  ///< "host:pid"
  bool cancel_orphans;
  Assumptions assumptions;
  connection::Redactor redactor;  ///< of all secrets; each stream has its own copy
  base::Prng jitter;
  KeptClients kept;
  std::function<void(rollout::RunWaiting)> on_waiting;  ///< from the loop
};

class TaskProcess {
 public:
  enum class Purpose { kRun, kResolve };
  /// `done` is called once, from the loop, with what happened and what the client wrote.
  using Done = std::function<void(rollout::Input, std::vector<ledger::Output>)>;
  TaskProcess(TaskServices& services, Purpose purpose, rollout::TaskIndex task,
              std::uint32_t attempt, Done done);
  ~TaskProcess();
  TaskProcess(const TaskProcess&) = delete;
  TaskProcess& operator=(const TaskProcess&) = delete;

  /// Never blocks. A client that cannot be started is told through `done` later, not from here.
  void Start();
  void Stop();  ///< somebody wants it to end: the ladder of signals
  void Kill();  ///< now
  Purpose purpose() const { return purpose_; }

 private:
  enum class Why { kNone, kCanceled, kTaskTimeout, kStatementTimeout, kNoAnswer };

  void StartClient();
  std::optional<KeptClient> TakeKept();
  void GiveTo(const KeptClient& kept, const client::ClientCommand& command);
  process::Loop::Listener Listener();
  void KeepClient();
  void OnOutput(process::Stream stream, std::string_view bytes);
  void OnExit(const process::ExitStatus& status);
  void OnClientDone(const process::ExitStatus& status);
  bool IsDoneAndKept() const;
  void JudgeRun(const client::ProcessEnd& end);
  void JudgeProbe(const client::ProcessEnd& end);
  std::optional<std::string> AppliedAsVersion(const client::MarkerRow& row) const;
  void AfterConflict(const client::RunVerdict& verdict);
  bool AskWhoHolds(const client::RunVerdict& verdict);
  bool ForgetBegun(client::RunVerdict verdict);
  void Ask(client::ClientCommand command, std::function<void(const client::MarkerLog&)> then);
  void AfterFailure(const client::RunVerdict& verdict);
  bool TryAgain(std::string_view what);  ///< false when the budget is spent
  void GoOnFrom(const client::ResumePoint& resume);
  void StartLater(base::Duration delay);
  void Show(bool is_stderr, std::string bytes);
  void EndBy(Why why);
  void RestartStatementTimer();
  void CancelTimers();
  std::string WhyNoAnswer() const;
  rollout::TaskError TimeoutError(rollout::TaskError error) const;
  void Finish(rollout::Input input);
  void FinishRun(rollout::Outcome outcome, rollout::TaskError error = {}, std::string detail = {});
  std::vector<ledger::Output> TakeOutputs() const;

  TaskServices& services_;
  Purpose purpose_;
  rollout::TaskIndex task_;
  std::uint32_t attempt_;
  Done done_;
  client::TaskScript script_;
  std::optional<client::MarkerFilter> markers_, err_markers_;
  process::Capture out_, err_;
  std::string own_output_;  // reused between chunks
  std::optional<process::ChildId> child_;
  bool more_follow_ = false;   // tasks on the same database
  bool reused_ = false;        // the client is that of an earlier task
  bool keeps_client_ = false;  // for another task, once this one has succeeded
  std::uint32_t lines_before_ = 0, lines_given_ = 0;
  Why why_ = Why::kNone;
  std::uint32_t tries_ = 0;
  std::int64_t working_since_ms_ = 0;  // steady clock; 0: its lock is not taken yet
  connection::Redactor out_redactor_, err_redactor_;
  std::int64_t budget_end_ms_ = 0;  // steady clock
  std::optional<process::TimerId> retry_timer_, task_timer_, statement_timer_, probe_timer_;
};

}  // namespace lockstep::native
