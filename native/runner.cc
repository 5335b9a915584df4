#include "native/runner.h"

#include <algorithm>

#include "core/base/text.h"
#include "native/approval.h"
#include "native/clock.h"
#include "native/documents.h"
#include "native/helper.h"
#include "native/session.h"

namespace lockstep::native {

using ledger::Ledger;
using rollout::RolloutStatus;

namespace {

/// What of this rollout is not as it was in the one whose digest was expected.
std::vector<std::string> Differences(const Ledger& ledger, std::string_view expected,
                                     const std::vector<ledger::Document>& now,
                                     const ReadOptions& options) {
  const auto record = ledger.FindByDigest(expected);
  if (!record.ok()) return {};
  if (!*record) {
    return {
        "no rollout of this ledger has that digest; `lockstep diff OLD.json NEW.json` tells what "
        "changed since the plan that was simulated"};
  }
  const auto before = ledger.Documents((*record)->id);
  if (!before.ok()) return {};
  const std::string& name = (*record)->name;
  std::vector<std::string> lines;
  for (const ledger::Document& document : now) {
    const auto old = std::find_if(before->begin(), before->end(), [&](const ledger::Document& d) {
      return d.role == document.role &&
             (d.name == document.name || d.role != ledger::Document::Role::kSheet);
    });
    if (old == before->end())
      lines.push_back(document.name + " is not in " + name);
    else if (old->bytes != document.bytes)
      lines.push_back(document.path + " differs from that of " + name);
  }
  if (options.ToStored() != (*record)->options)
    lines.push_back("the options differ from those of " + name);
  if (lines.empty()) lines.push_back("another version of Lockstep made " + name);
  return lines;
}

/// A rollout with this digest is there: finished, to be gone on with, or waiting for a person.
Outcome GoOn(Ledger& ledger, const ledger::RolloutRecord& record, const Execution& execution,
             RunListener& listener, Connections connections = {}) {
  auto session = Session::Take(ledger, record);
  if (!session.ok()) {
    if (ledger.is_shared() && session.error().code == base::ErrorCode::kUnavailable)
      return Help(ledger, record, execution, listener);
    Outcome refused = Refusal(session.error());
    refused.rollout = record.name;
    return refused;
  }
  const rollout::Scheduler& scheduler = session->stored->scheduler();
  Outcome outcome = OutcomeOf(scheduler, record);
  if (outcome.status == RolloutStatus::kDone) {
    outcome.already_done = true;
    const auto& events = session->stored->events();
    outcome.message = record.name + " is done already" +
                      (events.empty() ? "" : ", since " + base::FormatInstant(events.back().at));
    return outcome;
  }
  if (const auto why = WhyNothingToDo(*session->stored, ledger)) {
    if (outcome.message.empty()) {
      outcome.message = record.name + " stands still with tasks that are not done: " + *why;
    }
    return outcome;
  }
  return DriveSession(*session, ledger, {}, execution, listener, std::move(connections));
}

}  // namespace

Outcome Run(const RunRequest& request, RunListener& listener) {
  auto read = ReadAll(request.documents, RealNow());
  if (!read.ok()) return Refusal(read.error());
  const api::Workspace& workspace = *read->workspace;
  listener.OnChecked(workspace);
  if (workspace.checked() == nullptr) {
    return Refusal(kExitPlanInvalid, "nothing was started: the plan has errors");
  }
  const rollout::Rollout rollout =
      read->options.Expand(*workspace.checked(), "projects/-/rollouts/-");
  auto ledger = Ledger::Open(request.execution.ledger, Ledger::Mode::kWrite);
  if (!ledger.ok()) return Refusal(ledger.error());
  Execution execution = request.execution;
  execution.inventory_folder = read->options.inventory_folder;
  // Runners on several machines have the same rollout, wherever each of them keeps its documents.
  if ((*ledger)->is_shared() && !HasLocalAddresses(workspace, rollout))
    read->options.inventory_folder.clear();
  if (!request.expect.empty() && request.expect != rollout.digest) {
    return Refusal(kExitRefused,
                   "nothing was started: the digest is " + rollout.digest + ", and " +
                       request.expect + " was expected",
                   Differences(**ledger, request.expect, read->documents, read->options));
  }
  const std::string& folder = read->options.inventory_folder;
  const auto same = (*ledger)->FindByDigest(rollout.digest, folder);
  if (!same.ok()) return Refusal(same.error());
  if (*same) return GoOn(**ledger, **same, execution, listener);
  if (auto approved = CheckApproved(**ledger, *workspace.checked(), rollout); !approved.ok())
    return Refusal(approved.error());
  // Before there is a rollout: one that could not even start would be the newest from then on.
  Connections connections;
  TaskTable tasks(workspace, rollout, execution.inventory_folder, execution);
  if (auto refused = RefusalOf(tasks.Check(rollout::State(rollout), *connections.loop)))
    return *refused;
  connections.clients = tasks.TakeConnected();

  const auto record = (*ledger)->Create({.project = ProjectOf(workspace),
                                         .digest = rollout.digest,
                                         .title = rollout.title,
                                         .created = RealNow(),
                                         .options = read->options.ToStored(),
                                         .documents = std::move(read->documents)});
  if (!record.ok()) return Refusal(record.error());
  execution.targets_answered = !execution.keep_going;  // else what did not is to be found again
  return GoOn(**ledger, *record, execution, listener, std::move(connections));
}

Outcome Resume(const std::string& name, const Execution& execution, RunListener& listener) {
  auto ledger = Ledger::Open(execution.ledger, Ledger::Mode::kWrite);
  if (!ledger.ok()) return Refusal(ledger.error());
  const auto record = (*ledger)->Find(name);
  if (!record.ok()) return Refusal(record.error());
  return GoOn(**ledger, *record, execution, listener);
}

}  // namespace lockstep::native
