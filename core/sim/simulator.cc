#include "core/sim/simulator.h"

#include <algorithm>

#include "core/sim/recorder.h"
#include "core/sim/virtual_host.h"

namespace lockstep::sim {

Timeline Simulate(const rollout::Rollout& rollout, const Scenario& scenario,
                  const SimulateOptions& options) {
  rollout::Scheduler scheduler(rollout);
  Recorder recorder(rollout, scenario.start.value_or(base::Instant{0}), options);
  VirtualHost host(rollout, scenario, recorder);
  if (options.keep_waits) scheduler.set_wait_listener(&Recorder::OnGate, &recorder);

  // What is skipped at the start is skipped before anything runs.
  std::vector<rollout::Input> inputs;
  host.TakeDueCommands(inputs);
  inputs.push_back(rollout::Begin{"simulation"});
  while (true) {
    const base::Status status = rollout::Drive(scheduler, host, std::move(inputs));
    LOCKSTEP_CHECK(status.ok(), "a virtual host makes everything durable");
    if (!host.has_commands()) break;
    inputs = host.Wait(base::kNever);
  }
  return recorder.Finish(scheduler);
}

}  // namespace lockstep::sim
