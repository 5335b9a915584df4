#include "native/session.h"

#include <signal.h>

#include "core/base/text.h"
#include "core/view/labels.h"
#include "native/documents.h"
#include "native/native_host.h"

namespace lockstep::native {

using rollout::RolloutStatus;
using rollout::TaskStatus;

int ExitCodeOf(const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kNotFound:
    case base::ErrorCode::kAlreadyExists:
    case base::ErrorCode::kUnimplemented:
      return kExitUsage;
    case base::ErrorCode::kFailedPrecondition:
    case base::ErrorCode::kPermissionDenied:
    case base::ErrorCode::kUnauthenticated:
      return kExitRefused;
    case base::ErrorCode::kUnavailable:
    case base::ErrorCode::kResourceExhausted:
    case base::ErrorCode::kIo:
    case base::ErrorCode::kCorrupt:
      return kExitUnavailable;
  }
  return kExitUnavailable;
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

namespace {

/// Of a rollout on request that goes on only when somebody asks for more of its tasks: what was
/// asked for is over, or waits behind what was not. Then why, for a person.
std::optional<std::string> WhyItWaitsForRequests(const rollout::Scheduler& scheduler) {
  if (!scheduler.rollout().policy.on_request) return std::nullopt;
  std::optional<std::string> why;
  for (const rollout::TaskIndex task : scheduler.rollout().tasks.indices()) {
    const TaskStatus status = scheduler.state().status(task);
    const rollout::Waiting waiting = scheduler.WaitingFor(task);
    const bool at_stage = waiting.cause == rollout::WaitingCause::kStage;
    if (status == TaskStatus::kRunning || (status == TaskStatus::kPending && !at_stage))
      return std::nullopt;
    if (!why && waiting.cause == rollout::WaitingCause::kNotRequested) {
      why = view::TaskLabel(task) + " waits " + view::WaitingLabel(scheduler.rollout(), waiting) +
            ": a client of `lockstep serve` with BatchRunTasks; `lockstep skip` leaves it out";
    }
  }
  return why;
}

}  // namespace

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
  if (in_doubt) {
    outcome.next_command = "lockstep resume " + id;
  } else if (failed) {
    outcome.next_command = "lockstep retry --failed " + id;
  } else if (const auto why = WhyItWaitsForRequests(scheduler)) {
    outcome.exit_code = kExitNotYet;
    outcome.message = *why;
  } else if (outcome.status != RolloutStatus::kDone) {
    outcome.next_command = "lockstep resume " + id;
  }
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
  // After the lease: nobody adds events now.
  if (auto loaded = session.Load(ledger, record.name); !loaded.ok()) return loaded.error();
  return session;
}

base::Status Session::Load(const ledger::Ledger& ledger, const std::string& rollout) {
  const auto now = ledger.Find(rollout);
  if (!now.ok()) return now.error();
  auto loaded = StoredRollout::Load(ledger, *now);
  if (!loaded.ok()) return loaded.error();
  stored = std::move(*loaded);
  return {};
}

namespace {

int ExitCodeOf(const Interruption& interruption) {
  return interruption.signal() == SIGINT ? kExitInterrupted : 128 + interruption.signal();
}

/// "hr waits …", of the first task that waits for a window; empty when none does.
std::string WaitsForWindow(const rollout::Scheduler& scheduler, bool that_never_comes) {
  const rollout::Rollout& rollout = scheduler.rollout();
  for (const rollout::TaskIndex task : rollout.tasks.indices()) {
    const rollout::Waiting waiting = scheduler.WaitingFor(task);
    if (waiting.cause != rollout::WaitingCause::kWindow) continue;
    if (that_never_comes && waiting.until != base::kNever) continue;
    return view::TaskLabel(task) + " waits " + view::WaitingLabel(rollout, waiting);
  }
  return {};
}

/// What interrupted a drive tells more than the state that it left.
void AddEnding(const Interruption& interruption, base::Instant not_before,
               const rollout::Scheduler& scheduler, const ledger::RolloutRecord& record,
               Outcome& outcome) {
  if (outcome.status == RolloutStatus::kDone || outcome.exit_code == kExitInDoubt) return;
  if (interruption.signal() != 0) {
    outcome.exit_code = ExitCodeOf(interruption);
    outcome.message = "interrupted; nothing runs any more, and what was done is recorded";
    outcome.next_command = "lockstep resume " + std::to_string(record.id);
  } else if (not_before != base::kNever && outcome.status == RolloutStatus::kPaused) {
    outcome.exit_code = kExitNotYet;
    outcome.message = "nothing may start before " + base::FormatInstant(not_before);
    outcome.next_command = "lockstep resume " + std::to_string(record.id);
  } else if (outcome.status == RolloutStatus::kPaused && !scheduler.TooManyFailed()) {
    outcome.message = WaitsForWindow(scheduler, /*that_never_comes=*/true);
    if (outcome.message.empty()) {
      outcome.message =
          "stopped from another terminal; nothing runs any more, and what was done is recorded";
    }
    outcome.next_command = "lockstep resume " + std::to_string(record.id);
  }
}

}  // namespace

std::optional<std::string> WhyNothingToDo(const StoredRollout& stored,
                                          const ledger::Ledger& ledger) {
  const auto pending = ledger.PendingCommands(stored.record().id);
  if (!pending.ok() || !pending->empty()) return std::nullopt;
  auto trial = rollout::Scheduler::Resume(stored.rollout(), stored.events());
  if (!trial.ok()) return trial.error().message;
  const rollout::Ready ready = trial->Step(RealNow(), rollout::Begin{RunnerName()});
  if (!ready.actions.empty() || !ready.ended) return std::nullopt;
  if (auto why = WhyItWaitsForRequests(*trial)) return why;
  // What failed speaks for itself; a window does not.
  std::string window = WaitsForWindow(*trial, /*that_never_comes=*/false);
  return window.empty() ? "nothing was started" : std::move(window);
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

Outcome DriveSession(Session& session, ledger::Ledger& ledger, rollout::Retry before,
                     const Execution& execution, RunListener& listener, Connections connections) {
  auto sink = EventSink::Open(execution.events);
  if (!sink.ok()) return Refusal(sink.error());
  std::unique_ptr<StoredRollout> shown;  // until the listener has seen the next one
  for (;;) {
    const StoredRollout& stored = *session.stored;
    auto assumptions = AssumptionsOf(stored.rollout(), execution);
    if (!assumptions.ok()) return Refusal(assumptions.error());
    Workplace place(ledger, stored, execution, std::move(*assumptions), listener,
                    std::exchange(connections, {}));
    if (auto refused = place.Open()) return *refused;
    const auto outcome = Drive(session, ledger, place, std::exchange(before, {}),
                               {*sink, listener, execution.limits});
    if (outcome) return *outcome;
    shown = std::move(session.stored);
    const auto loaded = session.Load(ledger, shown->record().name);
    if (!loaded.ok()) return Refusal(loaded.error());
  }
}

std::optional<Outcome> Drive(Session& session, ledger::Ledger& ledger, Workplace& place,
                             rollout::Retry before, const DriveContext& context) {
  const StoredRollout& stored = *session.stored;
  const ledger::RolloutRecord& record = stored.record();
  auto resumed = rollout::Scheduler::Resume(stored.rollout(), stored.events());
  if (!resumed.ok()) return Refusal(resumed.error());
  rollout::Scheduler scheduler = std::move(*resumed);
  context.listener.OnRollout(record, scheduler);
  NativeHost host(
      {place, ledger, record, scheduler, context.sink, context.listener, context.limits});
  rollout::Begin begin{RunnerName()};
  if (place.shared) {
    auto at_work = place.shared->AtWork();
    if (!at_work.ok()) return Refusal(at_work.error());
    begin.at_work = std::move(*at_work);
  }
  std::vector<rollout::Input> first = host.TakePendingCommands();
  if (host.stands_for_revision() && before.tasks.empty()) return std::nullopt;
  first.insert(first.begin(), std::move(before));
  first.push_back(std::move(begin));
  base::Status driven = rollout::Drive(scheduler, host, std::move(first));
  if (driven.ok()) driven = host.failure();
  if (const base::Status flushed = context.sink.Flush(); !flushed.ok()) {
    context.listener.OnNotice(flushed.error().message);
  }
  if (!driven.ok()) {
    Outcome outcome = Refusal(driven.error());
    outcome.rollout = record.name;
    outcome.next_command = "lockstep resume " + std::to_string(record.id);
    return outcome;
  }
  if (place.shared && place.shared->leaving()) return LeftOutcome(place, record);
  if (host.stands_for_revision()) return std::nullopt;
  Outcome outcome = OutcomeOf(scheduler, record);
  AddEnding(*place.interruption, host.not_before(), scheduler, record, outcome);
  return outcome;
}

Outcome LeftOutcome(const Workplace& place, const ledger::RolloutRecord& record) {
  Outcome outcome = Refusal(ExitCodeOf(*place.interruption),
                            "interrupted; other runners go on with " + record.name);
  outcome.rollout = record.name;
  outcome.status = RolloutStatus::kRunning;
  outcome.forwarded = true;
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
  const base::Status status = ledger.Append(
      stored.record().id, {.digest = stored.record().digest,
                           .events = rows,
                           .status = rollout::ToString(scheduler.state().rollout_status()),
                           .now = RealNow(),
                           .durability = ledger::Durability::kPowerSafe});
  if (status.ok()) listener.OnEvents(ready.events, scheduler);
  return status;
}

}  // namespace lockstep::native
