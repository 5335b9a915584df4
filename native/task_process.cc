#include "native/task_process.h"

#include <sys/random.h>

#include <algorithm>
#include <chrono>

#include "core/base/text.h"
#include "native/ask.h"
#include "native/client/steps.h"

namespace lockstep::native {

using client::ProbeState;
using client::RunState;
using RunOutcome = rollout::Outcome;  // native::Outcome is that of a command
using rollout::Resolution;
using rollout::TaskError;

namespace {

/// How long one client waits for a lock before it gives up and leaves the waiting to us, who can
/// say so: a part of what is left of the budget, within these.
constexpr std::int64_t kLeastClientWaitMs = 50;
constexpr std::int64_t kMostClientWaitMs = 5000;

/// How long a target may take to say what became of a task, besides the wait for its locks.
constexpr std::int64_t kAnswerMs = 30'000;

std::int64_t SteadyMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// 128 bits that no sheet can know.
std::string MakeNonce() {
  unsigned char bytes[16];
  LOCKSTEP_CHECK(getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes), "no random numbers");
  std::string hex;
  for (const unsigned char b : bytes) {
    hex += "0123456789abcdef"[b >> 4];
    hex += "0123456789abcdef"[b & 15];
  }
  return hex;
}

TaskError MakeError(const char* code, std::string message) {
  TaskError error;
  error.code = code;
  error.message = std::move(message);
  return error;
}

std::string WhatIsBusy(const client::RunVerdict& verdict) {
  if (!verdict.holder.empty()) return "the database is locked by " + verdict.holder;
  return verdict.error.code.empty() ? "the database is locked"
                                    : verdict.error.message + " (" + verdict.error.code + ")";
}

std::string WhatIsDone(const client::RunVerdict& verdict) {
  if (verdict.nothing_done) return "nothing of this sheet is committed";
  if (verdict.committed == 0) return "";
  return (verdict.committed == 1
              ? "statement 1 is committed"
              : "statements 1–" + std::to_string(verdict.committed) + " are committed") +
         "; another attempt goes on from there";
}

std::string AppliedBy(const client::MarkerRow& row) {
  return "applied by " + row.run + " at " + row.done_at;
}

}  // namespace

TaskProcess::TaskProcess(TaskServices& services, Purpose purpose, rollout::TaskIndex task,
                         std::uint32_t attempt, Done done)
    : services_(services),
      purpose_(purpose),
      task_(task),
      attempt_(attempt),
      done_(std::move(done)),
      script_(services.tasks.ScriptOf(task)),
      out_redactor_(services.redactor),
      err_redactor_(services.redactor) {
  script_.run_name = services_.rollout.TaskRunName(task, attempt);
  script_.runner = services_.runner;
  script_.limits = {services_.limits.task_timeout, services_.limits.statement_timeout};
  script_.cancel_orphans = services_.cancel_orphans;
  const auto assumed = services_.assumptions.find(task.value());
  if (assumed != services_.assumptions.end()) script_.assume = assumed->second;
}

TaskProcess::~TaskProcess() {
  CancelTimers();
}

void TaskProcess::Start() {
  budget_end_ms_ = SteadyMs() + services_.limits.busy_timeout.ms;
  if (purpose_ == Purpose::kRun && services_.limits.task_timeout.ms > 0) {
    task_timer_ =
        services_.loop.After(services_.limits.task_timeout, [this] { EndBy(Why::kTaskTimeout); });
  }
  if (purpose_ == Purpose::kResolve) {
    probe_timer_ = services_.loop.After({services_.limits.busy_timeout.ms + kAnswerMs},
                                        [this] { EndBy(Why::kNoAnswer); });
  }
  StartClient();
}

void TaskProcess::StartClient() {
  ++tries_;
  script_.nonce = MakeNonce();
  script_.busy_timeout.ms =
      std::clamp((budget_end_ms_ - SteadyMs()) / 4, kLeastClientWaitMs, kMostClientWaitMs);
  markers_.emplace(script_.nonce);
  out_ = err_ = process::Capture();
  working_since_ms_ = 0;
  const client::Client& client = services_.tasks.ClientOf(task_);
  const client::Target& target = services_.tasks.TargetOf(task_);
  client::ClientCommand command = purpose_ == Purpose::kRun ? client.MakeRun(target, script_)
                                                            : client.MakeProbe(target, script_);
  const auto child = services_.loop.Spawn(
      ToCommand(std::move(command)),
      {[this](process::Stream stream, std::string_view bytes) { OnOutput(stream, bytes); },
       [this](const process::ExitStatus& status) { OnExit(status); }});
  if (child.ok()) {
    child_ = *child;
    return;
  }
  if (child.error().code == base::ErrorCode::kResourceExhausted &&
      TryAgain(child.error().message)) {
    return;
  }
  retry_timer_ = services_.loop.After({0}, [this, message = child.error().message] {
    retry_timer_.reset();
    const std::uint32_t attempt = attempt_;
    if (purpose_ == Purpose::kRun)
      FinishRun(RunOutcome::kFailed, MakeError("SPAWN", message));
    else
      Finish(rollout::RunUnresolved{task_, attempt, message});
  });
}

void TaskProcess::Show(bool is_stderr, std::string bytes) {
  (is_stderr ? err_ : out_).Append(bytes);
  if (purpose_ == Purpose::kRun && !bytes.empty())
    services_.listener.OnOutput(task_, is_stderr, bytes);
}

void TaskProcess::OnOutput(process::Stream stream, std::string_view bytes) {
  if (stream == process::Stream::kErr) return Show(true, err_redactor_.Feed(bytes));
  own_output_.clear();
  const bool marker = markers_->Feed(bytes, own_output_);
  if (!own_output_.empty()) Show(false, out_redactor_.Feed(own_output_));
  if (purpose_ != Purpose::kRun || !marker) return;
  if (markers_->log().started && working_since_ms_ == 0) working_since_ms_ = SteadyMs();
  services_.listener.OnProgress(task_, markers_->log().statements_done);
  RestartStatementTimer();
}

void TaskProcess::RestartStatementTimer() {
  if (statement_timer_) services_.loop.CancelTimer(*statement_timer_);
  statement_timer_.reset();
  // A commit is not cut short: whether it happened would have to be asked.
  const client::MarkerLog& log = markers_->log();
  if (services_.limits.statement_timeout.ms <= 0 || !log.started || log.precommit) return;
  statement_timer_ = services_.loop.After(services_.limits.statement_timeout,
                                          [this] { EndBy(Why::kStatementTimeout); });
}

void TaskProcess::CancelTimers() {
  for (auto* timer : {&retry_timer_, &task_timer_, &statement_timer_, &probe_timer_}) {
    if (*timer) services_.loop.CancelTimer(**timer);
    timer->reset();
  }
}

void TaskProcess::Stop() {
  EndBy(Why::kCanceled);
}

void TaskProcess::Kill() {
  EndBy(Why::kCanceled);
  if (child_) services_.loop.Kill(*child_);
}

void TaskProcess::EndBy(Why why) {
  if (why_ == Why::kNone) why_ = why;
  if (child_) return services_.loop.Stop(*child_);
  if (!retry_timer_) return;
  // Between two clients: nothing runs, nothing was done. Told from the loop, as every end is.
  CancelTimers();
  retry_timer_ = services_.loop.After({0}, [this] {
    retry_timer_.reset();
    const TaskError error = TimeoutError({});
    if (purpose_ == Purpose::kResolve)
      Finish(rollout::RunUnresolved{task_, attempt_, WhyNoAnswer()});
    else
      FinishRun(why_ == Why::kCanceled ? RunOutcome::kCanceled : RunOutcome::kFailed, error);
  });
}

void TaskProcess::OnExit(const process::ExitStatus& status) {
  child_.reset();
  if (statement_timer_) services_.loop.CancelTimer(*statement_timer_);
  statement_timer_.reset();
  own_output_.clear();
  markers_->Finish(own_output_);
  Show(false, out_redactor_.Feed(own_output_) + out_redactor_.Finish());
  Show(true, err_redactor_.Finish());
  const std::string error_text = err_.dropped() == 0 ? err_.Text() : err_.tail();
  const client::ProcessEnd end{status.code, status.signal, error_text};
  if (purpose_ == Purpose::kRun)
    JudgeRun(end);
  else
    JudgeProbe(end);
}

bool TaskProcess::TryAgain(std::string_view what) {
  // Only waiting is on the budget, not what a client did before it met another lock.
  if (working_since_ms_ != 0) {
    const std::int64_t worked = SteadyMs() - working_since_ms_ - script_.busy_timeout.ms;
    budget_end_ms_ += std::max<std::int64_t>(worked, 0);
  }
  const std::int64_t left = budget_end_ms_ - SteadyMs();
  if (why_ != Why::kNone || left <= 0) return false;
  const std::int64_t most = std::min<std::int64_t>(2000, 50ll << std::min(tries_, 10u));
  const base::Duration delay{
      std::min(left, 1 + static_cast<std::int64_t>(services_.jitter.Below(most)))};
  services_.listener.OnNotice(services_.redactor.Redact(services_.rollout.TaskName(task_) + ": " +
                                                        std::string(what) + ": trying again in " +
                                                        base::FormatDuration(delay)));
  script_.resume.reset();  // it looks anew
  StartLater(delay);
  return true;
}

void TaskProcess::GoOnFrom(const client::ResumePoint& resume) {
  services_.listener.OnNotice(services_.rollout.TaskName(task_) + ": " +
                              client::Progress(script_, resume) + "; going on from there");
  script_.resume = resume;
  StartLater({0});
}

void TaskProcess::StartLater(base::Duration delay) {
  retry_timer_ = services_.loop.After(delay, [this] {
    retry_timer_.reset();
    StartClient();
  });
}

TaskError TaskProcess::TimeoutError(TaskError error) const {
  if (why_ != Why::kTaskTimeout && why_ != Why::kStatementTimeout) return error;
  const bool task = why_ == Why::kTaskTimeout;
  const base::Duration limit =
      task ? services_.limits.task_timeout : services_.limits.statement_timeout;
  TaskError timeout = error;  // with its statement and place
  timeout.code = "TIMEOUT";
  timeout.message = std::string(task ? "the task" : "a statement") + " took longer than " +
                    base::FormatDuration(limit);
  timeout.detail = error.message;
  timeout.hint = task ? "--task-timeout sets the limit" : "--statement-timeout sets the limit";
  return timeout;
}

void TaskProcess::JudgeRun(const client::ProcessEnd& end) {
  const client::Target& target = services_.tasks.TargetOf(task_);
  client::RunVerdict verdict =
      services_.tasks.ClientOf(task_).Interpret(target, script_, markers_->log(), end);
  switch (verdict.state) {
    case RunState::kSucceeded:
      return FinishRun(RunOutcome::kSucceeded);
    case RunState::kAlreadyApplied:
      return AfterConflict(verdict);
    case RunState::kPartial:
      return FinishRun(RunOutcome::kFailed, verdict.error);
    case RunState::kResumable:
      if (why_ == Why::kNone) return GoOnFrom(verdict.resume);
      return FinishRun(why_ == Why::kCanceled ? RunOutcome::kCanceled : RunOutcome::kFailed,
                       TimeoutError(verdict.error));
    case RunState::kLost:
      if (verdict.error.code.empty()) verdict.error.code = "LOST";
      return FinishRun(RunOutcome::kLost, TimeoutError(verdict.error));
    case RunState::kFailed:
      if (verdict.lock_busy && TryAgain(WhatIsBusy(verdict))) return;
      if (why_ == Why::kCanceled && verdict.nothing_done) return FinishRun(RunOutcome::kCanceled);
      return FinishRun(RunOutcome::kFailed, TimeoutError(verdict.error), WhatIsDone(verdict));
  }
}

/// The marker row was there before. The same sheet: this task is done, whoever did it. Another one:
/// somebody changed a sheet that was applied already, and only a person knows what that should
/// mean.
void TaskProcess::AfterConflict(const client::RunVerdict& verdict) {
  const client::MarkerRow row = verdict.row.value_or(client::MarkerRow{});
  if (row.sheet_sha256 == script_.sheet_sha256) {
    return FinishRun(RunOutcome::kSucceeded, {}, "already " + AppliedBy(row));
  }
  TaskError error = MakeError(
      "SHEET_CHANGED", "this task was " + AppliedBy(row) + " with other contents of sheet " +
                           base::Quote(row.sheet) + ": SHA-256 was " + row.sheet_sha256 + ", is " +
                           script_.sheet_sha256);
  error.hint = "restore the sheet, or write the difference as a new sheet with a spec of its own";
  FinishRun(RunOutcome::kFailed, std::move(error));
}

void TaskProcess::JudgeProbe(const client::ProcessEnd& end) {
  const client::ProbeVerdict verdict =
      services_.tasks.ClientOf(task_).InterpretProbe(script_, markers_->log(), end);
  const auto resolved = [&](Resolution resolution, std::string detail) {
    Finish(rollout::RunResolved{task_, attempt_, resolution, std::move(detail)});
  };
  const auto unresolved = [&](std::string detail) {
    detail = services_.redactor.Redact(detail);
    services_.listener.OnNotice(services_.rollout.TaskName(task_) + " stays in doubt: " + detail);
    Finish(rollout::RunUnresolved{task_, attempt_, std::move(detail)});
  };
  // What the target cannot tell, a person may have found out.
  const bool open = verdict.state == ProbeState::kPartial || verdict.state == ProbeState::kUnknown;
  if (open && script_.assume != client::Assumption::kNothing) {
    return script_.assume == client::Assumption::kDone
               ? resolved(Resolution::kCommitted, "by --assume: it was applied")
               : resolved(Resolution::kNotApplied, "by --assume: it was not applied");
  }
  switch (verdict.state) {
    case ProbeState::kCommitted: {
      const client::MarkerRow row = verdict.row.value_or(client::MarkerRow{});
      if (row.sheet_sha256 == script_.sheet_sha256) {
        return resolved(Resolution::kCommitted, AppliedBy(row));
      }
      return resolved(Resolution::kFailed, "the target has another version of this sheet, " +
                                               AppliedBy(row) + ": SHA-256 " + row.sheet_sha256);
    }
    case ProbeState::kNotApplied:
      return resolved(Resolution::kNotApplied, "the target has nothing of it");
    case ProbeState::kRepeatable:
      return resolved(Resolution::kNotApplied, "it was begun, and may be run again without harm");
    case ProbeState::kResumable:
      return resolved(Resolution::kNotApplied, client::Progress(script_, verdict.resume) +
                                                   "; the next run goes on from there");
    case ProbeState::kPartial:
      return unresolved(verdict.error.message.empty()
                            ? "it was begun and not finished; look at the target, then `lockstep "
                              "skip` or `lockstep retry`"
                            : verdict.error.message + "; " + verdict.error.hint);
    case ProbeState::kBusy:
      if (TryAgain("the lost client may still work: the lock is held by " +
                   (verdict.holder.empty() ? "somebody" : verdict.holder)))
        return;
      return unresolved("its target is still locked" +
                        (verdict.holder.empty() ? "" : " by " + verdict.holder) +
                        "; wait for it, or end it with --cancel-orphans");
    case ProbeState::kUnknown:
      if (why_ != Why::kNone || verdict.error.message.empty()) return unresolved(WhyNoAnswer());
      return unresolved(verdict.error.message);
  }
}

std::string TaskProcess::WhyNoAnswer() const {
  return why_ == Why::kCanceled ? "nobody waited for its target's answer"
                                : "its target did not answer";
}

std::vector<ledger::Output> TaskProcess::TakeOutputs() const {
  std::vector<ledger::Output> outputs;
  if (purpose_ != Purpose::kRun) return outputs;
  using Stream = ledger::Output::Stream;
  if (out_.total() > 0) {
    outputs.push_back({script_.run_name, Stream::kOut, out_.head(), out_.tail(), out_.dropped()});
  }
  if (err_.total() > 0) {
    outputs.push_back({script_.run_name, Stream::kErr, err_.head(), err_.tail(), err_.dropped()});
  }
  return outputs;
}

void TaskProcess::FinishRun(RunOutcome outcome, TaskError error, std::string detail) {
  for (std::string* text : {&error.message, &error.detail, &error.hint})
    *text = services_.redactor.Redact(*text);
  Finish(rollout::RunEnded{task_, attempt_, outcome, std::move(error), std::move(detail)});
}

void TaskProcess::Finish(rollout::Input input) {
  CancelTimers();
  done_(std::move(input), TakeOutputs());
}

}  // namespace lockstep::native
