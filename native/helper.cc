#include "native/helper.h"

#include "core/base/text.h"
#include "native/session.h"

namespace lockstep::native {
namespace {

/// The events that others write, for our own reader.
class Copy {
 public:
  Copy(const ledger::Ledger& ledger, const StoredRollout& stored, EventSink& sink)
      : ledger_(ledger), rollout_(stored.record().id), last_(stored.events().size()), sink_(sink) {}

  base::Status Update() {
    if (!sink_.active()) return {};
    const auto lines = ledger_.EventLines(rollout_, last_);
    return lines.ok() ? sink_.Write(*lines) : base::Status(lines.error());
  }

 private:
  const ledger::Ledger& ledger_;
  ledger::RolloutId rollout_;
  std::uint64_t last_;
  EventSink& sink_;
};

/// Until nobody has the lease, or this runner has left, or the rollout was revised and nothing of
/// what it was runs here. Anything else is an error.
base::Status HelpUntilFree(ledger::Ledger& ledger, const ledger::RolloutRecord& record,
                           Workplace& place, Copy& copy, RunListener& listener) {
  SharedWork& work = *place.shared;
  for (;;) {
    const bool news = ledger.ChangedByOthers();
    if (place.interruption->signal() != 0 && !work.leaving()) work.Leave();
    if (auto helped = work.Help(news); !helped.ok()) return helped;
    if (news) {
      if (auto copied = copy.Update(); !copied.ok()) listener.OnNotice(copied.error().message);
    }
    const bool idle = place.processes.size() == 0;
    if (work.leaving()) {
      if (idle) return work.Help(false);
    } else if (news) {
      if (idle && WasRevised(ledger, record)) return work.Help(false);
      const auto holder = ledger::Lease::HolderOf(ledger, record.id);
      if (!holder.ok()) return holder.error();
      if (!*holder) return {};
    }
    place.loop.Run(base::Milliseconds(200));
    listener.OnTick();
  }
}

Outcome Stopped(const base::Error& error, const ledger::RolloutRecord& record) {
  Outcome outcome = Refusal(error);
  outcome.rollout = record.name;
  outcome.next_command = "lockstep resume " + std::to_string(record.id);
  return outcome;
}

Outcome HelpedOutcome(const SharedWork& work, const rollout::Scheduler& scheduler,
                      const ledger::RolloutRecord& record) {
  Outcome outcome = OutcomeOf(scheduler, record);
  outcome.helped = true;
  if (outcome.message.empty()) {
    outcome.message = record.name + " is " + std::string(rollout::ToString(outcome.status)) +
                      "; this runner did " + base::Plural(work.runs_done(), "task run") + " of it";
  }
  return outcome;
}

/// Nothing: the rollout was revised meanwhile.
std::optional<Outcome> HelpAsItIs(ledger::Ledger& ledger, const StoredRollout& stored,
                                  const Execution& execution, Copy& copy, EventSink& sink,
                                  RunListener& listener) {
  const ledger::RolloutRecord& record = stored.record();
  auto assumptions = AssumptionsOf(stored.rollout(), execution);
  if (!assumptions.ok()) return Refusal(assumptions.error());
  Workplace place(ledger, stored, execution, std::move(*assumptions), listener);
  if (auto refused = place.Open()) return *refused;
  if (const auto holder = ledger::Lease::HolderOf(ledger, record.id); holder.ok() && *holder)
    listener.OnNotice("helping " + ledger::ToString(**holder) + " with " + record.name);

  for (;;) {
    const auto helped = HelpUntilFree(ledger, record, place, copy, listener);
    if (!helped.ok()) return Stopped(helped.error(), record);
    if (place.shared->leaving()) return LeftOutcome(place, record);
    if (WasRevised(ledger, record)) return std::nullopt;
    auto session = Session::Take(ledger, record);
    if (!session.ok()) {
      if (session.error().code == base::ErrorCode::kUnavailable) continue;  // one was faster
      return Stopped(session.error(), record);
    }
    if (session->stored->record().digest != record.digest) return std::nullopt;
    if (auto copied = copy.Update(); !copied.ok()) listener.OnNotice(copied.error().message);
    const rollout::Scheduler& scheduler = session->stored->scheduler();
    // What a person stopped, or what waits for one, is not gone on with by itself.
    if (scheduler.state().paused() || WhyNothingToDo(*session->stored, ledger))
      return HelpedOutcome(*place.shared, scheduler, record);
    listener.OnNotice("going on with " + record.name + ", whose runner has gone");
    return Drive(*session, ledger, place, {}, {sink, listener, execution.limits});
  }
}

}  // namespace

Outcome Help(ledger::Ledger& ledger, const ledger::RolloutRecord& record,
             const Execution& execution, RunListener& listener) {
  auto sink = EventSink::Open(execution.events);
  if (!sink.ok()) return Refusal(sink.error());
  auto stored = StoredRollout::Load(ledger, record);
  if (!stored.ok()) return Refusal(stored.error());
  Copy copy(ledger, **stored, *sink);
  std::unique_ptr<StoredRollout> shown;  // until the listener has seen the next one
  for (;;) {
    if (const auto outcome = HelpAsItIs(ledger, **stored, execution, copy, *sink, listener))
      return *outcome;
    const auto now = ledger.Find(record.name);
    if (!now.ok()) return Stopped(now.error(), record);
    auto revised = StoredRollout::Load(ledger, *now);
    if (!revised.ok()) return Stopped(revised.error(), record);
    shown = std::exchange(*stored, std::move(*revised));
  }
}

}  // namespace lockstep::native
