#include "core/rollout/drive.h"

namespace lockstep::rollout {

base::Status Drive(Scheduler& scheduler, Host& host, std::vector<Input> first) {
  std::vector<Input> inputs = std::move(first);
  Ready turn;
  while (true) {
    // The facts of all inputs of one turn are made durable together.
    turn.events.clear();
    turn.actions.clear();
    for (const Input& input : inputs) scheduler.Step(host.Now(), input, turn);
    if (!turn.events.empty()) {
      const base::Status durable = host.Persist(turn.events);
      if (!durable.ok()) return durable;
    }
    for (const Action& action : turn.actions) host.Perform(action);
    if (!turn.events.empty()) host.Tell(turn.events);
    if (turn.ended) return {};
    inputs = host.Wait(turn.next_wakeup);
    if (inputs.empty()) return {};
  }
}

}  // namespace lockstep::rollout
