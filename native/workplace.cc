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

std::string FolderOf(const StoredRollout& stored, const Execution& execution) {
  const std::string kept = ReadOptions::FromStored(stored.record().options).inventory_folder;
  return kept.empty() ? execution.inventory_folder : kept;
}

std::string_view HostOf(std::string_view runner) {
  return runner.substr(0, runner.rfind(':'));
}

/// Clients wait for their servers most of the time.
std::size_t DefaultJobs() {
  return std::size_t{4} * std::max(std::thread::hardware_concurrency(), 1u);
}

}  // namespace

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

Workplace::Workplace(const StoredRollout& stored, const Execution& execution, bool is_shared,
                     Assumptions assumptions, RunListener& listener)
    : tasks(stored.workspace(), stored.rollout(), FolderOf(stored, execution), execution),
      processes({loop, stored.rollout(), tasks, listener, execution.limits,
                 execution.cancel_orphans, std::move(assumptions), !is_shared}),
      interruption(loop, processes, listener) {}

std::optional<Outcome> Workplace::Check(const StoredRollout& stored) {
  return RefusalOf(tasks.Check(stored.scheduler().state(), loop));
}

base::Status Workplace::Join(ledger::Ledger& ledger, const StoredRollout& stored,
                             const Execution& execution, RunListener& listener) {
  const std::string us = RunnerName();
  for (const rollout::Event& event : stored.events()) {
    const auto* started = std::get_if<rollout::RolloutStarted>(&event.fact);
    if (started == nullptr) continue;
    if (HostOf(started->runner) == HostOf(us) ||
        !HasLocalAddresses(stored.workspace(), stored.rollout()))
      break;
    return base::Error{
        base::ErrorCode::kFailedPrecondition,
        stored.record().name + " was begun on " + std::string(HostOf(started->runner)) +
            ", and some of its databases have addresses that mean something else on another "
            "machine (a file, a socket, localhost); run it there, or give the instances of the "
            "inventory names that are good everywhere"};
  }
  auto queue = ledger::WorkQueue::Join(ledger, stored.record().id, RealNow());
  if (!queue.ok()) return queue.error();
  loop.OnReadable(ledger.descriptor(), [] {});  // whoever waits wakes up and looks
  shared.emplace(std::move(*queue), loop, processes, stored.rollout(), listener,
                 execution.jobs.value_or(DefaultJobs()));
  return {};
}

}  // namespace lockstep::native
