#include "native/task_process.h"

#include <sys/random.h>

#include <algorithm>

#include "core/base/text.h"
#include "native/ask.h"
#include "native/client/verdict.h"
#include "native/clock.h"

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

std::uint32_t Lines(std::string_view text) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
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
  if (purpose_ == Purpose::kRun)
    more_follow_ = services_.kept.StartsTask(services_.tasks.PlaceOf(task_));
  if (purpose_ == Purpose::kRun && services_.limits.task_timeout.ms > 0) {
    task_timer_ = services_.loop.After(services_.limits.task_timeout, [this] {
      if (!markers_->log().precommit) EndBy(Why::kTaskTimeout);  // a commit is never cut short
    });
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
  err_markers_.emplace(script_.nonce);
  reused_ = keeps_client_ = false;
  out_ = err_ = process::Capture();
  working_since_ms_ = 0;
  const client::Client& client = services_.tasks.ClientOf(task_);
  const client::Target& target = services_.tasks.TargetOf(task_);
  const auto kept = TakeKept();
  script_.session = kept ? kept->session : "";
  script_.more_follow = keeps_client_;
  client::ClientCommand command = purpose_ == Purpose::kRun ? client.MakeRun(target, script_)
                                                            : client.MakeProbe(target, script_);
  lines_before_ = kept ? kept->lines : 0;
  lines_given_ = lines_before_ + Lines(command.script);
  if (kept) return GiveTo(*kept, command);
  process::Command spawned = ToCommand(std::move(command));
  spawned.input_goes_on = keeps_client_;
  const auto child = services_.loop.Spawn(spawned, Listener());
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
      FinishRun(RunOutcome::kFailed, client::PlainError("SPAWN", message));
    else
      Finish(rollout::RunUnresolved{task_, attempt, message});
  });
}

process::Loop::Listener TaskProcess::Listener() {
  return {[this](process::Stream stream, std::string_view bytes) { OnOutput(stream, bytes); },
          [this](const process::ExitStatus& status) { OnExit(status); }};
}

/// A client that the task before has left, if there is one and it may have this task. Settles too
/// whether the client that runs it is kept.
std::optional<KeptClient> TaskProcess::TakeKept() {
  if (purpose_ != Purpose::kRun) return std::nullopt;
  const std::size_t place = services_.tasks.PlaceOf(task_);
  if (!services_.tasks.ClientOf(task_).MayShareClient(script_)) {
    services_.kept.Dismiss(place);
    return std::nullopt;
  }
  keeps_client_ = more_follow_;
  // After a failed try a new one looks anew.
  return tries_ == 1 ? services_.kept.Take(place) : std::nullopt;
}

void TaskProcess::GiveTo(const KeptClient& kept, const client::ClientCommand& command) {
  reused_ = true;
  child_ = kept.child;
  services_.loop.Listen(*child_, Listener());
  services_.loop.Write(*child_, command.script);
  if (!keeps_client_) services_.loop.CloseInput(*child_);
}

/// The task has succeeded, and its client waits for more.
void TaskProcess::KeepClient() {
  const client::Client& client = services_.tasks.ClientOf(task_);
  const std::string reset(client.ResetSession());
  services_.loop.Write(*child_, reset);
  std::string session(markers_->log().fact("session"));
  if (session.empty()) session = script_.session;
  const std::string_view farewell = client.EndSession(session);
  services_.kept.Keep(services_.tasks.PlaceOf(task_),
                      {*child_, lines_given_ + Lines(reset), std::move(session), farewell});
  child_.reset();
  OnClientDone({});
}

void TaskProcess::Show(bool is_stderr, std::string bytes) {
  (is_stderr ? err_ : out_).Append(bytes);
  if (purpose_ == Purpose::kRun && !bytes.empty())
    services_.listener.OnOutput(task_, is_stderr, bytes);
}

void TaskProcess::OnOutput(process::Stream stream, std::string_view bytes) {
  own_output_.clear();
  if (stream == process::Stream::kErr) {
    err_markers_->Feed(bytes, own_output_);
    if (!own_output_.empty()) Show(true, err_redactor_.Feed(own_output_));
    if (IsDoneAndKept()) KeepClient();
    return;
  }
  const bool marker = markers_->Feed(bytes, own_output_);
  if (!own_output_.empty()) Show(false, out_redactor_.Feed(own_output_));
  if (purpose_ != Purpose::kRun || !marker) return;
  if (markers_->log().started && working_since_ms_ == 0) working_since_ms_ = SteadyMs();
  services_.listener.OnProgress(task_, markers_->log().statements_done);
  if (IsDoneAndKept()) return KeepClient();
  RestartStatementTimer();
}

bool TaskProcess::IsDoneAndKept() const {
  return keeps_client_ && child_ && why_ == Why::kNone && markers_->log().committed &&
         (err_markers_->log().committed || !services_.tasks.ClientOf(task_).MarksStandardError());
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
  if (child_) {
    if (keeps_client_) services_.loop.CloseInput(*child_);  // else it would wait for more
    return services_.loop.Stop(*child_);
  }
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
  // One that had gone while it waited has done nothing of this task.
  if (reused_ && !markers_->log().started && why_ == Why::kNone) return StartLater({0});
  OnClientDone(status);
}

void TaskProcess::OnClientDone(const process::ExitStatus& status) {
  if (statement_timer_) services_.loop.CancelTimer(*statement_timer_);
  statement_timer_.reset();
  own_output_.clear();
  markers_->Finish(own_output_);
  Show(false, out_redactor_.Feed(own_output_) + out_redactor_.Finish());
  own_output_.clear();
  err_markers_->Finish(own_output_);
  Show(true, err_redactor_.Feed(own_output_) + err_redactor_.Finish());
  const std::string error_text = err_.dropped() == 0 ? err_.Text() : err_.tail();
  const client::ProcessEnd end{status.code, status.signal, error_text, lines_before_};
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
  std::string text = services_.redactor.Redact(std::string(what) + ": trying again in " +
                                               base::FormatDuration(delay));
  if (purpose_ == Purpose::kRun)
    services_.on_waiting({task_, attempt_, std::move(text)});
  else
    services_.listener.OnNotice(services_.rollout.TaskName(task_) + ": " + text);
  script_.resume.reset();  // it looks anew
  StartLater(delay);
  return true;
}

void TaskProcess::GoOnFrom(const client::ResumePoint& resume) {
  services_.listener.OnNotice(services_.rollout.TaskName(task_) + ": " +
                              client::Progress(script_, resume) + "; going on from there");
  services_.assumptions.erase(task_.value());  // told about this attempt
  script_.resume = resume;
  StartLater({0});
}

void TaskProcess::StartLater(base::Duration delay) {
  retry_timer_ = services_.loop.After(delay, [this] {
    retry_timer_.reset();
    StartClient();
  });
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
  if (purpose_ == Purpose::kRun) services_.kept.EndsTask(services_.tasks.PlaceOf(task_));
  done_(std::move(input), TakeOutputs());
}

}  // namespace lockstep::native
