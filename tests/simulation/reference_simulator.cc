#include "tests/simulation/reference_simulator.h"

#include <algorithm>

namespace lockstep::simulation {

using namespace rollout;  // NOLINT: its vocabulary is this file's
using base::Duration;
using base::Instant;
using sim::Scenario;

ReferenceSimulator::ReferenceSimulator(const Rollout& rollout, const Scenario& scenario)
    : rollout_(rollout),
      scenario_(scenario),
      scheduler_(rollout),
      begin_(scenario.start.value_or(Instant{0})),
      now_(begin_),
      end_(begin_),
      commands_(scenario.commands),
      lines_(rollout.tasks.size()) {}

// ---- time ----

void ReferenceSimulator::Run() {
  std::vector<Input> inputs = TakeCommands();
  inputs.push_back(Begin{"simulation"});
  Turn(inputs);
  while (true) {
    const bool stopped = at_rest_;
    if (stopped && commands_.empty()) break;
    now_ = std::max(now_, stopped ? [this] {
      Instant first = base::kNever;
      for (const auto& command : commands_) first = std::min(first, begin_ + command.at);
      return first;
    }() : NextTime());
    inputs = TakeComing();
    if (inputs.empty()) inputs = TakeCommands();
    // As a person would: with the command the rollout is taken up again.
    if (stopped && scheduler_.paused()) inputs.push_back(Begin{"simulation"});
    if (inputs.empty()) inputs.push_back(Tick{});
    Turn(inputs);
  }
  for (TaskIndex task : rollout_.tasks.indices()) {
    lines_[task.value()].status = scheduler_.status(task);
    lines_[task.value()].attempts = scheduler_.attempt(task);
  }
}

Instant ReferenceSimulator::NextTime() const {
  Instant next = wakeup_;
  for (const Coming& coming : coming_) next = std::min(next, coming.at);
  for (const Scenario::Command& command : commands_) next = std::min(next, begin_ + command.at);
  return next;
}

/// In plan order.
std::vector<Input> ReferenceSimulator::TakeComing() {
  std::vector<Input> inputs;
  for (TaskIndex task : rollout_.tasks.indices()) {
    for (const Coming& coming : coming_) {
      if (coming.run.task != task || coming.at > now_) continue;
      if (coming.kind == Kind::kEnd) {
        inputs.push_back(coming.run);
      } else {
        inputs.push_back(
            RunResolved{task, coming.run.attempt, Resolution::kNotApplied, "its instance is back"});
      }
    }
  }
  std::erase_if(coming_, [this](const Coming& coming) { return coming.at <= now_; });
  return inputs;
}

/// By time; those of one time as they stand in the scenario.
std::vector<Input> ReferenceSimulator::TakeCommands() {
  std::vector<Input> inputs;
  while (true) {
    auto first = commands_.end();
    for (auto at = commands_.begin(); at != commands_.end(); ++at) {
      if (begin_ + at->at <= now_ && (first == commands_.end() || at->at < first->at)) first = at;
    }
    if (first == commands_.end()) return inputs;
    std::vector<TaskIndex> tasks;
    for (TaskIndex task : rollout_.tasks.indices()) {
      for (const Scenario::Selector& selector : first->tasks) {
        if (!Fits(selector, task) || (!tasks.empty() && tasks.back() == task)) continue;
        tasks.push_back(task);
      }
    }
    if (first->kind == Scenario::Command::Kind::kRetry) inputs.push_back(Retry{tasks});
    if (first->kind == Scenario::Command::Kind::kSkip) inputs.push_back(Skip{tasks, first->reason});
    if (first->kind == Scenario::Command::Kind::kCancel)
      inputs.push_back(Cancel{tasks, first->reason});
    commands_.erase(first);
  }
}

void ReferenceSimulator::Turn(const std::vector<Input>& inputs) {
  std::vector<Action> actions;
  for (const Input& input : inputs) {
    const ReferenceScheduler::Decision decision = scheduler_.Step(now_, input);
    for (const Fact& fact : decision.facts) Record(fact);
    actions.insert(actions.end(), decision.actions.begin(), decision.actions.end());
    wakeup_ = decision.next_wakeup;
    at_rest_ = decision.ended;
  }
  for (const Action& action : actions) Perform(action);
}

void ReferenceSimulator::Record(Fact fact) {
  if (const auto* started = std::get_if<TaskRunStarted>(&fact)) {
    lines_[started->task.value()].start = now_;
    lines_[started->task.value()].end = Instant{-1};
  }
  if (const auto* ended = std::get_if<TaskRunEnded>(&fact)) {
    Line& line = lines_[ended->task.value()];
    const bool ran = line.start.ms >= 0 && line.end.ms < 0;
    if (ran) line.end = end_ = now_;
  }
  if (std::holds_alternative<TaskRunResolved>(fact)) end_ = now_;
  events_.push_back({events_.size() + 1, now_, std::move(fact)});
}

// ---- runs ----

void ReferenceSimulator::Perform(const Action& action) {
  if (const auto* start = std::get_if<StartRun>(&action)) Start(start->task, start->attempt);
  if (const auto* stop = std::get_if<StopRun>(&action)) {
    for (Coming& coming : coming_) {
      if (coming.run.task != stop->task || coming.kind != Kind::kEnd) continue;
      coming = {now_, Kind::kEnd, {stop->task, stop->attempt, Outcome::kCanceled, {}, ""}};
    }
  }
  if (const auto* ask = std::get_if<ResolveRun>(&action)) {
    Instant up = now_;
    while (IsDown(rollout_.tasks[ask->task].instance, up)) up = up + kStep;
    coming_.push_back({up, Kind::kAnswer, {ask->task, ask->attempt, Outcome::kLost, {}, ""}});
  }
}

bool ReferenceSimulator::IsDown(InstanceIndex instance, Instant at) const {
  return std::any_of(scenario_.outages.begin(), scenario_.outages.end(), [&](const auto& outage) {
    return outage.instance == rollout_.instances[instance].name && begin_ + outage.from <= at &&
           at < begin_ + outage.to;
  });
}

void ReferenceSimulator::Start(TaskIndex task, std::uint32_t attempt) {
  RunEnded run{task, attempt, Outcome::kSucceeded, {}, ""};
  const auto fail = [&run](std::string message, std::string code) {
    run.outcome = Outcome::kFailed;
    run.error.message = std::move(message);
    run.error.code = std::move(code);
  };
  Duration length = Length(task);
  const Scenario::Failure* failure = Best(scenario_.failures, task);
  if (failure != nullptr && attempt <= failure->attempts) {
    fail(failure->message.empty() ? "the scenario lets it fail" : failure->message, "SCENARIO");
    if (failure->after.ms >= 0) length = failure->after;
  }
  Instant free = now_, patience = base::kNever;
  for (const Scenario::Lock& lock : scenario_.locks) {
    if (!Fits(lock.selector, task) || now_ < begin_ + lock.from || now_ >= begin_ + lock.to)
      continue;
    free = std::max(free, begin_ + lock.to);
    if (lock.timeout.ms >= 0 && begin_ + lock.to > now_ + lock.timeout)
      patience = std::min(patience, now_ + lock.timeout);
  }
  Instant end = free + length;
  if (patience != base::kNever) {
    end = patience;
    fail("the scenario locks its target for too long", "LOCK_TIMEOUT");
  }
  const InstanceIndex instance = rollout_.tasks[task].instance;
  if (IsDown(instance, now_)) {
    end = now_;
    fail("the scenario lets its instance be down", "UNAVAILABLE");
  }
  for (Instant at = now_; at < end && !scenario_.outages.empty(); at = at + kStep) {
    if (!IsDown(instance, at)) continue;
    end = at;
    run = {task, attempt, Outcome::kLost, {}, ""};
  }
  coming_.push_back({end, Kind::kEnd, run});
}

Duration ReferenceSimulator::Length(TaskIndex task) const {
  Duration length = scenario_.default_duration.Median();
  if (const auto* said = Best(scenario_.durations, task)) length = said->duration.Median();
  if (const auto* delay = Best(scenario_.delays, task)) length = length + delay->by;
  if (const auto* connect = Best(scenario_.connects, task)) length = length + connect->cost;
  return length;
}

// ---- selectors ----

bool ReferenceSimulator::Fits(const Scenario::Selector& selector, TaskIndex task) const {
  return Weight(selector, task) > 0;
}

/// 0: it fits because it says nothing; -1: it does not fit.
int ReferenceSimulator::Weight(const Scenario::Selector& selector, TaskIndex index) const {
  const Task& task = rollout_.tasks[index];
  int weight = 0;
  if (!selector.spec.empty()) {
    if (selector.spec != rollout_.spec_ids[task.spec]) return -1;
    weight += 4;
  }
  if (selector.target.empty()) return weight;
  if (task.database.valid() && selector.target == rollout_.databases[task.database].name)
    return weight + 2;
  return selector.target == rollout_.instances[task.instance].name ? weight + 1 : -1;
}

template <class Item>
const Item* ReferenceSimulator::Best(const std::vector<Item>& items, TaskIndex task) const {
  const Item* best = nullptr;
  int most = 0;
  for (const Item& item : items) {
    const int weight = Weight(item.selector, task);
    if (weight < most) continue;
    most = weight;
    best = &item;
  }
  return best;
}

}  // namespace lockstep::simulation
