#include "core/sim/virtual_host.h"

#include <algorithm>
#include <string_view>

namespace lockstep::sim {

using rollout::Input;
using rollout::Outcome;
using rollout::TaskIndex;

VirtualHost::VirtualHost(const Assumptions& assumptions, const Scenario& scenario,
                         Observer& observer)
    : assumptions_(assumptions),
      observer_(observer),
      start_(scenario.start.value_or(base::Instant{0})),
      now_(start_) {
  for (const Scenario::Command& command : scenario.commands) commands_.push_back(&command);
  std::stable_sort(
      commands_.begin(), commands_.end(),
      [](const Scenario::Command* a, const Scenario::Command* b) { return a->at < b->at; });
}

base::Status VirtualHost::Persist(std::span<const rollout::Event> events) {
  observer_.OnEvents(events);
  return {};
}

void VirtualHost::Perform(const rollout::Action& action) {
  if (const auto* start = std::get_if<rollout::StartRun>(&action)) {
    Start(*start);
  } else if (const auto* stop = std::get_if<rollout::StopRun>(&action)) {
    stopped_[stop->task.value()] = stop->attempt;
    endings_.push({now_, stop->task, stop->attempt, Outcome::kCanceled});
  } else if (const auto* resolve = std::get_if<rollout::ResolveRun>(&action)) {
    Resolve(*resolve);
  }
}

void VirtualHost::Start(const rollout::StartRun& start) {
  const Assumptions::Run run = assumptions_.RunOf(start.task, start.attempt, now_ - start_);
  endings_.push(
      {now_ + run.duration, start.task, start.attempt, run.outcome, false, run.message, run.code});
  if (run.outcome == Outcome::kLost) back_[start.task.value()] = start_ + run.resolved;
}

// Servers undo what was not committed when they went down: nothing of it is left.
void VirtualHost::Resolve(const rollout::ResolveRun& resolve) {
  const auto back = back_.find(resolve.task.value());
  const base::Instant at = back == back_.end() ? now_ : std::max(now_, back->second);
  endings_.push({at, resolve.task, resolve.attempt, Outcome::kFailed, true});
}

Input VirtualHost::InputOf(const Ending& ending) {
  if (ending.resolved) {
    return rollout::RunResolved{ending.task, ending.attempt, rollout::Resolution::kNotApplied,
                                "its instance is back"};
  }
  rollout::TaskError error;
  error.message = ending.message;
  error.code = ending.code;
  return rollout::RunEnded{ending.task, ending.attempt, ending.outcome, std::move(error), ""};
}

Input VirtualHost::InputOf(const Scenario::Command& command) const {
  std::vector<TaskIndex> tasks = assumptions_.TasksOf(command.tasks);
  switch (command.kind) {
    case Scenario::Command::Kind::kRetry:
      return rollout::Retry{std::move(tasks)};
    case Scenario::Command::Kind::kSkip:
      return rollout::Skip{std::move(tasks), command.reason};
    case Scenario::Command::Kind::kCancel:
      return rollout::Cancel{std::move(tasks), command.reason};
  }
  base::CheckFailed(__FILE__, __LINE__, "kind", "not a command");
}

base::Instant VirtualHost::NextCommand() const {
  return has_commands() ? start_ + commands_[next_command_]->at : base::kNever;
}

void VirtualHost::TakeDueCommands(std::vector<Input>& inputs) {
  for (; NextCommand() <= now_; ++next_command_)
    inputs.push_back(InputOf(*commands_[next_command_]));
}

// The end that was due for a run that was stopped before.
bool VirtualHost::IsStale(const Ending& ending) const {
  if (stopped_.empty() || ending.outcome == Outcome::kCanceled || ending.resolved) return false;
  const auto stopped = stopped_.find(ending.task.value());
  return stopped != stopped_.end() && stopped->second >= ending.attempt;
}

std::vector<Input> VirtualHost::Wait(base::Instant wakeup) {
  while (!endings_.empty() && IsStale(endings_.top())) endings_.pop();
  const base::Instant ending = endings_.empty() ? base::kNever : endings_.top().at;
  const base::Instant next = std::min({ending, wakeup, NextCommand()});
  LOCKSTEP_CHECK(next != base::kNever, "nothing will ever happen, and the rollout has not ended");
  now_ = std::max(now_, next);
  observer_.OnTime(now_);
  std::vector<Input> inputs;
  for (; !endings_.empty() && endings_.top().at <= now_; endings_.pop()) {
    if (IsStale(endings_.top())) continue;
    inputs.push_back(InputOf(endings_.top()));
    if (endings_.top().outcome != Outcome::kLost) observer_.OnRunEnded(endings_.top().task);
  }
  // A turn of their own: who gives a command at a moment sees all that ended by then.
  if (inputs.empty()) TakeDueCommands(inputs);
  if (inputs.empty()) inputs.push_back(rollout::Tick{});
  return inputs;
}

}  // namespace lockstep::sim
