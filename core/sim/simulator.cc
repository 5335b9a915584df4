#include "core/sim/simulator.h"

#include <algorithm>

#include "core/sim/recorder.h"
#include "core/sim/virtual_host.h"

namespace lockstep::sim {

void Constrain(rollout::Rollout& rollout, const Scenario& scenario) {
  if (scenario.maximum_connections.empty()) return;
  for (rollout::Instance& instance : rollout.instances) {
    const auto most = scenario.maximum_connections.find(instance.name);
    if (most != scenario.maximum_connections.end()) instance.maximum_connections = most->second;
  }
}

Timeline Simulate(const rollout::Rollout& rollout, const Scenario& scenario,
                  const SimulateOptions& options) {
  return Simulate(rollout, scenario, Assumptions(rollout, scenario), options);
}

Timeline Simulate(const rollout::Rollout& rollout, const Scenario& scenario,
                  const Assumptions& assumptions, const SimulateOptions& options) {
  rollout::Scheduler scheduler(rollout);
  Recorder recorder(rollout, scenario.start.value_or(base::Instant{0}), options);
  VirtualHost host(assumptions, scenario, recorder);
  if (recorder.looks_at_gates()) scheduler.set_wait_listener(&Recorder::OnGate, &recorder);

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
