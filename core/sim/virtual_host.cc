#include "core/sim/virtual_host.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace lockstep::sim {

using rollout::Input;
using rollout::TaskIndex;

namespace {

std::string_view TargetOf(const rollout::Rollout& rollout, const rollout::Task& task) {
  return task.database.valid() ? std::string_view(rollout.databases[task.database].name)
                               : std::string_view(rollout.instances[task.instance].name);
}

// The more a selector says, the more it counts: a spec more than a target.
int Weight(const Scenario::Selector& selector) {
  return (selector.spec.empty() ? 0 : 2) + (selector.target.empty() ? 0 : 1);
}

// For each task the weightiest selector that fits it, the last of equals. Names are looked up once
// for each spec and target, not for each task.
template <class Item>
class BestMatches {
 public:
  BestMatches(const rollout::Rollout& rollout, const std::vector<Item>& items) : rollout_(rollout) {
    for (const Item& item : items) {
      const Scenario::Selector& selector = item.selector;
      (selector.spec.empty() ? of_targets_ : of_specs_[selector.spec])[selector.target] = &item;
    }
    for (const std::string& spec : rollout.spec_ids) by_spec_.push_back(Find(of_specs_, spec));
    for (const rollout::Database& database : rollout.databases)
      by_database_.push_back(FindTarget(of_targets_, database.name));
    for (const rollout::Instance& instance : rollout.instances)
      by_instance_.push_back(FindTarget(of_targets_, instance.name));
  }

  /// Null: none fits.
  const Item* Of(const rollout::Task& task) const {
    if (const Targets* own = by_spec_[task.spec]) {
      if (const Item* const item = FindTarget(*own, TargetOf(rollout_, task))) return item;
    }
    return task.database.valid() ? by_database_[task.database.value()]
                                 : by_instance_[task.instance.value()];
  }

 private:
  using Targets = std::unordered_map<std::string_view, const Item*>;  // "" is any

  static const Targets* Find(const std::unordered_map<std::string_view, Targets>& specs,
                             std::string_view spec) {
    const auto found = specs.find(spec);
    return found == specs.end() ? nullptr : &found->second;
  }
  static const Item* FindTarget(const Targets& targets, std::string_view target) {
    auto found = targets.find(target);
    if (found == targets.end()) found = targets.find(std::string_view());
    return found == targets.end() ? nullptr : found->second;
  }

  const rollout::Rollout& rollout_;
  std::unordered_map<std::string_view, Targets> of_specs_;
  Targets of_targets_;  // selectors of no spec
  std::vector<const Targets*> by_spec_;
  std::vector<const Item*> by_database_, by_instance_;
};

}  // namespace

Assumptions::Assumptions(const rollout::Rollout& rollout, const Scenario& scenario)
    : rollout_(rollout),
      scenario_(scenario),
      durations_(rollout.tasks.size(), scenario.default_duration) {
  if (!scenario.durations.empty()) {
    const BestMatches matches(rollout, scenario.durations);
    for (TaskIndex task : rollout.tasks.indices()) {
      if (const auto* item = matches.Of(rollout.tasks[task])) durations_[task] = item->duration;
    }
  }
  if (!scenario.delays.empty()) {
    const BestMatches matches(rollout, scenario.delays);
    for (TaskIndex task : rollout.tasks.indices()) {
      if (const auto* item = matches.Of(rollout.tasks[task])) {
        durations_[task] = durations_[task] + item->by;
      }
    }
  }
  if (!scenario.failures.empty()) {
    const BestMatches matches(rollout, scenario.failures);
    for (TaskIndex task : rollout.tasks.indices())
      failures_.push_back(matches.Of(rollout.tasks[task]));
  }
}

Assumptions::Run Assumptions::RunOf(TaskIndex task, std::uint32_t attempt) const {
  Run run{durations_[task], nullptr};
  if (failures_.empty() || failures_[task] == nullptr || attempt > failures_[task]->attempts)
    return run;
  run.failure = failures_[task];
  if (run.failure->after.ms >= 0) run.duration = run.failure->after;
  return run;
}

bool Assumptions::Matches(const Scenario::Selector& selector, TaskIndex index) const {
  const rollout::Task& task = rollout_.tasks[index];
  return (selector.spec.empty() || selector.spec == rollout_.spec_ids[task.spec]) &&
         (selector.target.empty() || selector.target == TargetOf(rollout_, task));
}

std::vector<TaskIndex> Assumptions::TasksOf(
    const std::vector<Scenario::Selector>& selectors) const {
  std::vector<TaskIndex> tasks;
  for (TaskIndex task : rollout_.tasks.indices()) {
    const bool selected =
        std::any_of(selectors.begin(), selectors.end(), [&](const Scenario::Selector& selector) {
          return Weight(selector) > 0 && Matches(selector, task);
        });
    if (selected) tasks.push_back(task);
  }
  return tasks;
}

VirtualHost::VirtualHost(const rollout::Rollout& rollout, const Scenario& scenario,
                         Observer& observer)
    : assumptions_(rollout, scenario),
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
    endings_.push({now_ + assumptions_.RunOf(start->task, start->attempt).duration, start->task,
                   start->attempt, false});
  } else if (const auto* stop = std::get_if<rollout::StopRun>(&action)) {
    if (stopped_.empty()) stopped_.resize(assumptions_.task_count(), 0);
    stopped_[stop->task] = stop->attempt;
    endings_.push({now_, stop->task, stop->attempt, true});
  }
  // Nothing is ever lost here, so there is nothing to resolve.
}

Input VirtualHost::InputOf(const Ending& ending) const {
  if (ending.canceled)
    return rollout::RunEnded{ending.task, ending.attempt, rollout::Outcome::kCanceled, {}, ""};
  const Assumptions::Run run = assumptions_.RunOf(ending.task, ending.attempt);
  if (run.failure == nullptr) {
    return rollout::RunEnded{ending.task, ending.attempt, rollout::Outcome::kSucceeded, {}, ""};
  }
  rollout::TaskError error;
  error.message = run.failure->message.empty() ? "the scenario lets it fail" : run.failure->message;
  error.code = "SCENARIO";
  return rollout::RunEnded{ending.task, ending.attempt, rollout::Outcome::kFailed, std::move(error),
                           ""};
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
  return !ending.canceled && !stopped_.empty() && stopped_[ending.task] >= ending.attempt;
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
    observer_.OnRunEnded(endings_.top().task);
  }
  TakeDueCommands(inputs);
  if (inputs.empty()) inputs.push_back(rollout::Tick{});
  return inputs;
}

}  // namespace lockstep::sim
