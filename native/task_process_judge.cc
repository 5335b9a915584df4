// What the end of a client means for its task, and what is said about it.
#include <utility>

#include "core/base/text.h"
#include "native/ask.h"
#include "native/client/steps.h"
#include "native/client/verdict.h"
#include "native/task_process.h"

namespace lockstep::native {

using client::ProbeState;
using client::RunState;
using RunOutcome = rollout::Outcome;  // native::Outcome is that of a command
using rollout::Resolution;
using rollout::TaskError;

namespace {

std::string WhatIsBusy(const client::RunVerdict& verdict) {
  if (!verdict.holder.empty()) {
    return (verdict.error.statement > 0
                ? "what statement " + std::to_string(verdict.error.statement) +
                      " needs is locked by "
                : "the database is locked by ") +
           verdict.holder;
  }
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

/// A version that the database has is not applied again, whichever sheet brought it.
std::optional<std::string> TaskProcess::AppliedAsVersion(const client::MarkerRow& row) const {
  if (script_.version_key.empty() || row.task != script_.version_key) return std::nullopt;
  return script_.version_key + " was there already, " + AppliedBy(row) + " from sheet " +
         base::Quote(row.sheet) + "; nothing was run";
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
      if (AskWhoHolds(verdict)) return;
      return AfterFailure(verdict);
  }
}

/// A statement gave up waiting for a lock: whose it is is told with the failure, or with the wait
/// for the next try.
bool TaskProcess::AskWhoHolds(const client::RunVerdict& verdict) {
  if (!verdict.lock_busy || !verdict.holder.empty() || verdict.error.statement == 0) return false;
  auto command = services_.tasks.ClientOf(task_).MakeHolderProbe(
      services_.tasks.TargetOf(task_), script_, verdict.error.statement - 1);
  if (!command || why_ != Why::kNone) return false;
  Ask(std::move(*command), [this, verdict](const client::MarkerLog& answer) {
    client::RunVerdict known = verdict;
    known.holder = answer.fact("holder");
    if (!known.holder.empty()) {
      if (!known.error.detail.empty()) known.error.detail += '\n';
      known.error.detail += "locked by " + known.holder;
    }
    AfterFailure(known);
  });
  return child_.has_value();
}

/// So that what is mended until the next attempt is not taken for the work of the statement that
/// failed.
bool TaskProcess::ForgetBegun(client::RunVerdict verdict) {
  if (!std::exchange(verdict.begun_failed, false) || why_ == Why::kCanceled) return false;
  client::TaskScript settled = script_;
  settled.assume = client::Assumption::kFailed;
  settled.resume.reset();
  auto command =
      services_.tasks.ClientOf(task_).MakeProbe(services_.tasks.TargetOf(task_), settled);
  Ask(std::move(command),
      [this, verdict = std::move(verdict)](const client::MarkerLog&) { AfterFailure(verdict); });
  return child_.has_value();
}

/// `then` is called with what the client said once it has ended; never when it did not start.
void TaskProcess::Ask(client::ClientCommand command,
                      std::function<void(const client::MarkerLog&)> then) {
  const auto answer = std::make_shared<client::MarkerFilter>(script_.nonce);
  const auto child = services_.loop.Spawn(
      ToCommand(std::move(command)), {[answer](process::Stream stream, std::string_view bytes) {
                                        std::string ignored;
                                        if (stream == process::Stream::kOut)
                                          answer->Feed(bytes, ignored);
                                      },
                                      [this, answer, then](const process::ExitStatus&) {
                                        child_.reset();
                                        then(answer->log());
                                      }});
  if (child.ok()) child_ = *child;
}

void TaskProcess::AfterFailure(const client::RunVerdict& verdict) {
  if (ForgetBegun(verdict)) return;
  if (verdict.lock_busy && TryAgain(WhatIsBusy(verdict))) return;
  if (why_ == Why::kCanceled && verdict.nothing_done) return FinishRun(RunOutcome::kCanceled);
  FinishRun(RunOutcome::kFailed, TimeoutError(verdict.error), WhatIsDone(verdict));
}

/// The marker row was there before. The same sheet: this task is done, whoever did it. Another one:
/// somebody changed a sheet that was applied already, and only a person knows what that should
/// mean.
void TaskProcess::AfterConflict(const client::RunVerdict& verdict) {
  const client::MarkerRow row = verdict.row.value_or(client::MarkerRow{});
  if (auto version = AppliedAsVersion(row))
    return FinishRun(RunOutcome::kSucceeded, {}, std::move(*version));
  if (row.sheet_sha256 == script_.sheet_sha256) {
    return FinishRun(RunOutcome::kSucceeded, {}, "already " + AppliedBy(row));
  }
  TaskError error = client::PlainError(
      "SHEET_CHANGED", "this task was " + AppliedBy(row) + " with other contents of sheet " +
                           base::Quote(row.sheet) + ": SHA-256 was " + row.sheet_sha256 + ", is " +
                           script_.sheet_sha256);
  error.hint =
      "restore the sheet, or write the difference as a new sheet with a spec of its own, and "
      "`lockstep "
      "run` the plan; a retry of this rollout meets the same sheet";
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
  // What a person found out is about this attempt: the next one may be lost elsewhere.
  if (verdict.state != ProbeState::kBusy && verdict.state != ProbeState::kUnknown)
    services_.assumptions.erase(task_.value());
  // What the target cannot tell, a person may have found out.
  if (verdict.state == ProbeState::kPartial && script_.assume != client::Assumption::kNothing) {
    return script_.assume == client::Assumption::kDone
               ? resolved(Resolution::kCommitted, "by --assume: it was applied")
               : resolved(Resolution::kNotApplied, "by --assume: it was not applied");
  }
  switch (verdict.state) {
    case ProbeState::kCommitted: {
      const client::MarkerRow row = verdict.row.value_or(client::MarkerRow{});
      if (auto version = AppliedAsVersion(row))
        return resolved(Resolution::kCommitted, std::move(*version));
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

}  // namespace lockstep::native
