// Session: one rollout taken in hand by this process: its lease held, its past folded, its tasks
// checked, driven until nothing more can be done. What run, resume and retry have in common.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "native/event_sink.h"
#include "native/ledger/lease.h"
#include "native/runner.h"
#include "native/stored_rollout.h"
#include "native/task_table.h"
#include "native/workplace.h"

namespace lockstep::native {

/// Takes the lease (kUnavailable names who holds it) and loads the rollout as it then is.
struct Session {
  static base::Result<Session> Take(ledger::Ledger& ledger, const ledger::RolloutRecord& record);
  /// As the rollout is by now; the lease stays.
  base::Status Load(const ledger::Ledger& ledger, const std::string& rollout);

  std::unique_ptr<StoredRollout> stored;
  std::unique_ptr<ledger::Lease> lease;  // given back before the ledger closes
};

/// Empty when Begin would start or ask anything, or has something to wait for, or somebody left a
/// command; else why nothing starts, for a person.
std::optional<std::string> WhyNothingToDo(const StoredRollout& stored,
                                          const ledger::Ledger& ledger);

/// What has to be mended before anything can start.
std::optional<Outcome> RefusalOf(TaskTable::Problems problems);

/// `before` goes in front of Begin, and so do commands that nobody handled, so that retried tasks
/// take their turn in plan order. Checks all targets before anything starts.
Outcome DriveSession(Session& session, ledger::Ledger& ledger, rollout::Retry before,
                     const Execution& execution, RunListener& listener,
                     Connections connections = {});

struct DriveContext {
  EventSink& sink;
  RunListener& listener;
  const Limits& limits;
};
/// The same, in a place that is open. Nothing: the rollout was revised, nothing of it runs, and it
/// has to be loaded anew.
std::optional<Outcome> Drive(Session& session, ledger::Ledger& ledger, Workplace& place,
                             rollout::Retry before, const DriveContext& context);
/// Of a runner that was interrupted and has left the rollout to others.
Outcome LeftOutcome(const Workplace& place, const ledger::RolloutRecord& record);

/// Facts that need no runner (skip, cancel of what is PENDING or stands still): made and written,
/// nothing started.
base::Status ApplyDirectly(Session& session, ledger::Ledger& ledger, const rollout::Input& input,
                           RunListener& listener);

/// What a rollout's state means for a person: status, exit code, what to type next.
Outcome OutcomeOf(const rollout::Scheduler& scheduler, const ledger::RolloutRecord& record);

Outcome Refusal(const base::Error& error);
Outcome Refusal(int exit_code, std::string message, std::vector<std::string> details = {});

}  // namespace lockstep::native
