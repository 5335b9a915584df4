#include "tests/simulation/session.h"

#include <algorithm>

namespace lockstep::simulation {

using namespace rollout;  // NOLINT: its vocabulary is this file's

Session::Session(const Rollout& rollout)
    : rollout_(rollout),
      scheduler_(std::in_place, rollout),
      reference_(std::in_place, rollout),
      fold_(std::in_place, rollout),
      invariants_(std::in_place, rollout) {}

void Session::Fail(const std::string& what) {
  if (problem_.empty()) problem_ = what + " (after " + std::to_string(events_.size()) + " events)";
}

Ready Session::Step(base::Instant now, const Input& input) {
  Ready ready = scheduler_->Step(now, input);
  begun_ |= std::holds_alternative<Begin>(input);
  const ReferenceScheduler::Decision decision = reference_->Step(now, input);
  Compare(ready, decision);
  Fold(ready);
  invariants_->ObserveActions(ready);
  if (!invariants_->violation().empty()) Fail(invariants_->violation());
  CompareTasks();
  return ready;
}

void Session::Compare(const Ready& ready, const ReferenceScheduler::Decision& decision) {
  for (std::size_t i = 0; i < std::max(ready.events.size(), decision.facts.size()); ++i) {
    if (i >= ready.events.size() || i >= decision.facts.size() ||
        ready.events[i].fact != decision.facts[i]) {
      const auto name = [&](const auto& list, const auto& fact) {
        return i < list.size() ? std::string(TypeName(fact(list[i]))) : std::string("nothing");
      };
      return Fail("fact " + std::to_string(i) + " of the Step is " +
                  name(ready.events, [](const Event& e) { return e.fact; }) + ", and should be " +
                  name(decision.facts, [](const Fact& f) { return f; }));
    }
  }
  if (ready.actions != decision.actions) Fail("the actions differ");
  if (ready.next_wakeup != decision.next_wakeup) {
    Fail("wakes up at " + std::to_string(ready.next_wakeup.ms) + ", and should at " +
         std::to_string(decision.next_wakeup.ms));
  }
  if (ready.ended != decision.ended) Fail(ready.ended ? "ends too early" : "does not end");
}

void Session::Fold(const Ready& ready) {
  for (const Event& event : ready.events) {
    if (through_json_) {
      const auto read = FromJson(ToJson(event, rollout_), rollout_);
      if (!read.ok()) return Fail(read.error().message);
      if (!(*read == event)) return Fail("JSON changed event " + ToJson(event, rollout_));
    }
    const base::Status possible = fold_->CanApply(event);
    if (!possible.ok()) return Fail(possible.error().message);
    fold_->Apply(event);
    invariants_->Observe(event);
    events_.push_back(event);
  }
  if (!(*fold_ == state())) Fail("the fold of the events is another state");
}

// Whether it is only the order of two waiting tasks that makes this one wait for its database.
// Until a process has begun, nobody has taken his place in the line, and both wait for what the
// first one of them waits for.
bool Session::IsInLine(const Waiting& waiting) const {
  return waiting.cause == WaitingCause::kDatabase &&
         state().status(waiting.by) == TaskStatus::kPending;
}

void Session::CompareTasks() {
  for (TaskIndex task : rollout_.tasks.indices()) {
    const std::string name = "task " + std::to_string(task.value());
    if (state().status(task) != reference_->status(task) ||
        state().attempt(task) != reference_->attempt(task))
      Fail(name + " is " + std::string(ToString(state().status(task))));
    const Waiting waiting = scheduler_->WaitingFor(task);
    const Waiting expected = reference_->WaitingFor(task);
    const bool later =
        waiting.cause == WaitingCause::kInstance || waiting.cause == WaitingCause::kParallel;
    if (waiting == expected || (!begun_ && later && IsInLine(expected))) continue;
    const auto describe = [](const Waiting& w) {
      return std::string(ToString(w.cause)) + " " +
             (w.by.valid() ? std::to_string(w.by.value()) : "-") + (w.blocked ? " blocked" : "");
    };
    Fail(name + " waits for " + describe(waiting) + ", and should for " + describe(expected));
  }
}

void Session::Resume(std::vector<Event> events) {
  events_ = std::move(events);
  begun_ = false;
  auto resumed = Scheduler::Resume(rollout_, events_);
  if (!resumed.ok()) return Fail("cannot resume: " + resumed.error().message);
  scheduler_.emplace(std::move(*resumed));
  reference_.emplace(rollout_);
  fold_.emplace(rollout_);
  invariants_.emplace(rollout_);
  for (const Event& event : events_) {
    reference_->Learn(event);
    fold_->Apply(event);
    invariants_->Observe(event);
  }
  if (!(*fold_ == state())) Fail("a resumed scheduler has another state");
  // What `status` shows while no runner is at work.
  CompareTasks();
}

std::vector<TaskIndex> Session::TasksIn(std::initializer_list<TaskStatus> in) const {
  std::vector<TaskIndex> tasks;
  for (TaskIndex task : rollout_.tasks.indices()) {
    if (std::find(in.begin(), in.end(), state().status(task)) != in.end()) tasks.push_back(task);
  }
  return tasks;
}

namespace {

std::string Describe(const std::vector<TaskIndex>& tasks) {
  std::string text;
  for (TaskIndex task : tasks) text.append(" ").append(std::to_string(task.value()));
  return text;
}

std::string Describe(TaskIndex task, std::uint32_t attempt) {
  return std::string(" ").append(std::to_string(task.value())) + "/" + std::to_string(attempt) +
         " ";
}

struct InputDescriber {
  std::string operator()(const Begin&) const { return "begin"; }
  std::string operator()(const Tick&) const { return "tick"; }
  std::string operator()(const RunWaiting& i) const {
    return "wait" + Describe(i.task, i.attempt) + i.detail;
  }
  std::string operator()(const RunEnded& i) const {
    return "end" + Describe(i.task, i.attempt) + std::string(ToString(i.outcome));
  }
  std::string operator()(const RunResolved& i) const {
    return "resolve" + Describe(i.task, i.attempt) + std::string(ToString(i.resolution));
  }
  std::string operator()(const RunUnresolved& i) const {
    return "leave" + Describe(i.task, i.attempt) + "in doubt";
  }
  std::string operator()(const RunTasks& i) const { return "run" + Describe(i.tasks); }
  std::string operator()(const Retry& i) const { return "retry" + Describe(i.tasks); }
  std::string operator()(const Skip& i) const { return "skip" + Describe(i.tasks); }
  std::string operator()(const Cancel& i) const { return "cancel" + Describe(i.tasks); }
  std::string operator()(const Pause& i) const {
    return i.cancel_running ? "pause and cancel" : "pause";
  }
};

}  // namespace

std::string Describe(const Input& input) {
  return std::visit(InputDescriber(), input);
}

}  // namespace lockstep::simulation
