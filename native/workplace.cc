#include "native/workplace.h"

#include <algorithm>
#include <thread>

#include "core/base/text.h"
#include "native/clock.h"
#include "native/connection/target.h"
#include "native/documents.h"
#include "native/session.h"

namespace lockstep::native {
namespace {

std::string_view HostOf(std::string_view runner) {
  return runner.substr(0, runner.rfind(':'));
}

/// Clients wait for their servers most of the time.
std::size_t DefaultJobs() {
  return std::size_t{4} * std::max(std::thread::hardware_concurrency(), 1u);
}

}  // namespace

std::string FolderOf(const StoredRollout& stored, const Execution& execution) {
  const std::string kept = ReadOptions::FromStored(stored.record().options).inventory_folder;
  return kept.empty() ? execution.inventory_folder : kept;
}

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

bool HasLocalAddresses(const api::Workspace& workspace, const rollout::Rollout& rollout) {
  const inventory::Inventory& inventory = workspace.checked()->inventory();
  return std::any_of(rollout.instances.begin(), rollout.instances.end(),
                     [&](const rollout::Instance& instance) {
                       const auto found = inventory.FindInstance(instance.name);
                       return connection::IsOnThisMachine(inventory.instances[found]);
                     });
}

Workplace::Workplace(ledger::Ledger& ledger, const StoredRollout& stored,
                     const Execution& execution, Assumptions assumptions, RunListener& listener,
                     Connections connections)
    : owned_loop(std::move(connections.loop)),
      loop(*owned_loop),
      tasks(stored.workspace(), stored.rollout(), FolderOf(stored, execution), execution),
      processes({loop, stored.rollout(), tasks, listener, execution.limits,
                 execution.cancel_orphans, std::move(assumptions), !ledger.is_shared()}),
      connected_(std::move(connections.clients)),
      ledger_(ledger),
      stored_(stored),
      execution_(execution),
      listener_(listener) {}

std::optional<Outcome> Workplace::Open() {
  // Among the others first: heartbeats go on while servers are asked.
  if (ledger_.is_shared()) {
    if (auto joined = Join(); !joined.ok()) return Refusal(joined.error());
  }
  if (auto refused = RefusalOf(tasks.Check(stored_.scheduler().state(), loop))) return refused;
  processes.Adopt(std::move(connected_));
  processes.Adopt(tasks.TakeConnected());
  interruption.emplace(loop, processes, listener_);
  return std::nullopt;
}

base::Status Workplace::Join() {
  const std::string us = RunnerName();
  for (const rollout::Event& event : stored_.events()) {
    const auto* started = std::get_if<rollout::RolloutStarted>(&event.fact);
    if (started == nullptr) continue;
    if (HostOf(started->runner) == HostOf(us) ||
        !HasLocalAddresses(stored_.workspace(), stored_.rollout()))
      break;
    return base::Error{
        base::ErrorCode::kFailedPrecondition,
        stored_.record().name + " was begun on " + std::string(HostOf(started->runner)) +
            ", and some of its databases have addresses that mean something else on another "
            "machine (a file, a socket, localhost); run it there, or give the instances of the "
            "inventory names that are good everywhere"};
  }
  auto queue =
      ledger::WorkQueue::Join(ledger_, stored_.record().id, stored_.record().digest, RealNow());
  if (!queue.ok()) return queue.error();
  loop.OnReadable(ledger_.descriptor(), [] {});  // whoever waits wakes up and looks
  shared.emplace(std::move(*queue), loop, processes, stored_.rollout(), listener_,
                 execution_.jobs.value_or(DefaultJobs()));
  return {};
}

}  // namespace lockstep::native
