#include "core/sim/simulator.h"

#include <algorithm>

#include "core/sim/recorder.h"
#include "core/sim/virtual_host.h"

namespace lockstep::sim {

base::IndexVector<rollout::TaskIndex, bool> Timeline::CriticalTasks() const {
  base::IndexVector<rollout::TaskIndex, bool> critical(tasks.size(), false);
  for (const rollout::TaskIndex task : critical_path) critical[task] = true;
  return critical;
}

void ExpectDurations(rollout::Rollout& rollout, const Scenario& scenario) {
  rollout.expected = {};
  const bool limited =
      std::any_of(rollout.stages.begin(), rollout.stages.end(),
                  [](const rollout::Stage& stage) { return !stage.calendar.always(); });
  if (!limited) return;
  const Scenario undisturbed = Undisturbed(scenario);
  const Assumptions assumptions(rollout, undisturbed);
  rollout.expected.reserve(rollout.tasks.size());
  for (const rollout::TaskIndex task : rollout.tasks.indices())
    rollout.expected.push_back(assumptions.Typical(task));
}

void LimitConnections(rollout::Rollout& rollout, const Scenario& scenario) {
  if (scenario.maximum_connections.empty()) return;
  for (rollout::Instance& instance : rollout.instances) {
    const auto most = scenario.maximum_connections.find(instance.name);
    if (most != scenario.maximum_connections.end()) instance.maximum_connections = most->second;
  }
}

void Constrain(rollout::Rollout& rollout, const Scenario& scenario) {
  ExpectDurations(rollout, scenario);
  LimitConnections(rollout, scenario);
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
    // Too many failed. Whoever gives a command then also lets the rollout go on, as the verbs do.
    if (scheduler.state().paused()) inputs.push_back(rollout::Begin{"simulation"});
  }
  return recorder.Finish(scheduler);
}

}  // namespace lockstep::sim
