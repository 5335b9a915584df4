#include "native/session.h"

#include <signal.h>

#include "core/base/text.h"
#include "native/documents.h"
#include "native/native_host.h"

namespace lockstep::native {

using rollout::RolloutStatus;
using rollout::TaskStatus;

int ExitCodeOf(const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kNotFound:
      return kExitUsage;
    case base::ErrorCode::kFailedPrecondition:
      return kExitRefused;
    default:
      return kExitUnavailable;
  }
}

Outcome Refusal(int exit_code, std::string message, std::vector<std::string> details) {
  Outcome outcome;
  outcome.exit_code = exit_code;
  outcome.message = std::move(message);
  outcome.details = std::move(details);
  return outcome;
}

Outcome Refusal(const base::Error& error) {
  return Refusal(ExitCodeOf(error), error.message);
}

Outcome OutcomeOf(const rollout::Scheduler& scheduler, const ledger::RolloutRecord& record) {
  const rollout::State& state = scheduler.state();
  const std::string id = std::to_string(record.id);
  bool failed = false;
  bool in_doubt = false;
  for (const rollout::TaskIndex task : scheduler.rollout().tasks.indices()) {
    const TaskStatus status = state.status(task);
    failed |= status == TaskStatus::kFailed || status == TaskStatus::kCanceled;
    in_doubt |= status == TaskStatus::kInDoubt;
  }
  Outcome outcome;
  outcome.rollout = record.name;
  outcome.status = state.rollout_status();
  outcome.exit_code = in_doubt                                 ? kExitInDoubt
                      : outcome.status == RolloutStatus::kDone ? kExitDone
                                                               : kExitFailed;
  if (in_doubt)
    outcome.next_command = "lockstep resume " + id;
  else if (failed)
    outcome.next_command = "lockstep retry --failed " + id;
  else if (outcome.status != RolloutStatus::kDone)
    outcome.next_command = "lockstep resume " + id;
  if (scheduler.TooManyFailed()) {
    outcome.message =
        "nothing more is started: " + base::Plural(state.count(TaskStatus::kFailed), "task") +
        " failed, and --max-failures allows " +
        std::to_string(*scheduler.rollout().policy.max_failures);
  }
  return outcome;
}

base::Result<Session> Session::Take(ledger::Ledger& ledger, const ledger::RolloutRecord& record) {
  Session session;
  auto lease = ledger::Lease::Acquire(ledger, record.id, RealNow());
  if (!lease.ok()) return lease.error();
  session.lease = std::move(*lease);
  auto stored = StoredRollout::Load(ledger, record);  // after the lease: nobody adds events now
  if (!stored.ok()) return stored.error();
  session.stored = std::move(*stored);
  return session;
}

namespace {

/// What interrupted a drive tells more than the state that it left.
void AddEnding(const NativeHost& host, const rollout::Scheduler& scheduler,
               const ledger::RolloutRecord& record, Outcome& outcome) {
  if (outcome.status == RolloutStatus::kDone || outcome.exit_code == kExitInDoubt) return;
  if (host.interrupted_by() != 0) {
    outcome.exit_code =
        host.interrupted_by() == SIGINT ? kExitInterrupted : 128 + host.interrupted_by();
    outcome.message = "interrupted; nothing runs any more, and what was done is recorded";
    outcome.next_command = "lockstep resume " + std::to_string(record.id);
  } else if (host.not_before() != base::kNever && outcome.status == RolloutStatus::kPaused) {
    outcome.exit_code = kExitNotYet;
    outcome.message = "nothing may start before " + base::FormatInstant(host.not_before());
    outcome.next_command = "lockstep resume " + std::to_string(record.id);
  } else if (outcome.status == RolloutStatus::kPaused && !scheduler.TooManyFailed()) {
    outcome.message =
        "stopped from another terminal; nothing runs any more, and what was done is recorded";
    outcome.next_command = "lockstep resume " + std::to_string(record.id);
  }
}

}  // namespace

bool AnythingToDo(const StoredRollout& stored, const ledger::Ledger& ledger) {
  const auto pending = ledger.PendingCommands(stored.record().id);
  if (!pending.ok() || !pending->empty()) return true;
  auto trial = rollout::Scheduler::Resume(stored.rollout(), stored.events());
  if (!trial.ok()) return false;
  const rollout::Ready ready = trial->Step(RealNow(), rollout::Begin{RunnerName()});
  return !ready.actions.empty() || !ready.ended;
}

std::optional<Outcome> RefusalOf(TaskTable::Problems problems) {
  if (!problems.not_allowed.empty()) {
    return Refusal(kExitRefused, "nothing was started: the plan reaches hosts that are not allowed",
                   std::move(problems.not_allowed));
  }
  if (!problems.not_executable.empty()) {
    return Refusal(kExitPlanInvalid, "nothing was started: the plan cannot be executed yet",
                   std::move(problems.not_executable));
  }
  if (!problems.unreachable.empty()) {
    return Refusal(kExitUnavailable,
                   "nothing was started: not everything that the plan needs is there",
                   std::move(problems.unreachable));
  }
  return std::nullopt;
}

namespace {

base::Result<Assumptions> AssumptionsOf(const rollout::Rollout& rollout,
                                        const Execution& execution) {
  Assumptions assumptions;
  for (const auto& [name, assumption] : execution.assumptions) {
    const auto tasks = SelectTasks(rollout, {&name, 1});
    if (!tasks.ok()) return tasks.error();
    for (const rollout::TaskIndex task : *tasks) assumptions[task.value()] = assumption;
  }
  return assumptions;
}

}  // namespace

Outcome DriveSession(Session& session, ledger::Ledger& ledger, rollout::Retry before,
                     const Execution& execution, RunListener& listener) {
  StoredRollout& stored = *session.stored;
  const rollout::Rollout& rollout = stored.rollout();
  const ledger::RolloutRecord& record = stored.record();
  auto sink = EventSink::Open(execution.events);
  if (!sink.ok()) return Refusal(sink.error());

  process::Loop loop;
  const std::string folder = ReadOptions::FromStored(record.options).inventory_folder;
  TaskTable tasks(stored.workspace(), rollout, folder, execution);
  TaskTable::Problems problems = tasks.Check(stored.scheduler().state(), loop);
  if (auto refused = RefusalOf(std::move(problems))) return *refused;

  auto resumed = rollout::Scheduler::Resume(rollout, stored.events());
  if (!resumed.ok()) return Refusal(resumed.error());
  rollout::Scheduler scheduler = std::move(*resumed);
  listener.OnRollout(record, scheduler);
  auto assumptions = AssumptionsOf(rollout, execution);
  if (!assumptions.ok()) return Refusal(assumptions.error());
  NativeHost host({loop, ledger, record.id, scheduler, tasks, *sink, listener, execution.limits,
                   execution.cancel_orphans, std::move(*assumptions)});
  std::vector<rollout::Input> first = host.TakePendingCommands();
  first.insert(first.begin(), std::move(before));
  first.push_back(rollout::Begin{RunnerName()});
  const base::Status driven = rollout::Drive(scheduler, host, std::move(first));
  if (const base::Status flushed = sink->Flush(); !flushed.ok()) {
    listener.OnNotice(flushed.error().message);
  }
  if (!driven.ok()) {
    Outcome outcome = Refusal(driven.error());
    outcome.rollout = record.name;
    outcome.next_command = "lockstep resume " + std::to_string(record.id);
    return outcome;
  }
  Outcome outcome = OutcomeOf(scheduler, record);
  AddEnding(host, scheduler, record, outcome);
  return outcome;
}

base::Status ApplyDirectly(Session& session, ledger::Ledger& ledger, const rollout::Input& input,
                           RunListener& listener) {
  const StoredRollout& stored = *session.stored;
  auto resumed = rollout::Scheduler::Resume(stored.rollout(), stored.events());
  if (!resumed.ok()) return resumed.error();
  rollout::Scheduler scheduler = std::move(*resumed);
  const rollout::Ready ready = scheduler.Step(RealNow(), input);
  for (const rollout::Action& action : ready.actions) {
    // What a killed runner left RUNNING is canceled by whoever resumes, once it is known.
    LOCKSTEP_CHECK(std::holds_alternative<rollout::StopRun>(action),
                   "a scheduler that nobody began wants to act");
  }
  std::vector<ledger::EventRow> rows;
  for (const rollout::Event& event : ready.events) {
    rows.push_back({event.sequence, rollout::ToJson(event, stored.rollout())});
  }
  const base::Status status =
      ledger.Append(stored.record().id, {rows,
                                         rollout::ToString(scheduler.state().rollout_status()),
                                         {},
                                         {},
                                         RealNow(),
                                         ledger::Durability::kPowerSafe});
  if (status.ok()) listener.OnEvents(ready.events, scheduler);
  return status;
}

}  // namespace lockstep::native
