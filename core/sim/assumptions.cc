#include "core/sim/assumptions.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "core/base/prng.h"

namespace lockstep::sim {

using base::Duration;
using rollout::Outcome;
using rollout::Rollout;
using rollout::TaskIndex;

namespace {

// The more a selector says, the more it counts: a spec more than a database, that more than its
// instance. For each task the weightiest one that fits it, the last of equals. Names are looked up
// once for each spec and target, not for each task.
template <class Item>
class BestMatches {
 public:
  BestMatches(const Rollout& rollout, const std::vector<Item>& items) {
    for (const Item& item : items) {
      const Scenario::Selector& selector = item.selector;
      if (selector.spec.empty()) {
        of_all_[selector.target] = &item;
      } else {
        of_specs_[selector.spec][selector.target] = &item;
      }
    }
    others_ = ByTarget(rollout, of_all_);
    if (of_specs_.empty()) return;
    for (const auto& [spec, targets] : of_specs_) specs_.emplace(spec, ByTarget(rollout, targets));
    for (const std::string& spec : rollout.spec_ids) {
      const auto found = specs_.find(spec);
      by_spec_.push_back(found == specs_.end() ? nullptr : &found->second);
    }
  }

  /// Null: none fits.
  const Item* Of(const rollout::Task& task) const {
    if (!by_spec_.empty() && by_spec_[task.spec] != nullptr) {
      if (const Item* const own = by_spec_[task.spec]->Of(task)) return own;
    }
    return others_.Of(task);
  }

 private:
  using Targets = std::unordered_map<std::string_view, const Item*>;  // "" is any

  /// What is said for targets, by their number. Empty lists: only `any`.
  struct ByTarget {
    ByTarget() = default;
    ByTarget(const Rollout& rollout, const Targets& targets) : any(Find(targets, "")) {
      if (targets.size() == (any != nullptr ? 1 : 0)) return;
      for (const rollout::Database& at : rollout.databases)
        databases.push_back(Find(targets, at.name));
      for (const rollout::Instance& at : rollout.instances)
        instances.push_back(Find(targets, at.name));
    }
    const Item* Of(const rollout::Task& task) const {
      if (instances.empty()) return any;
      if (task.database.valid() && databases[task.database] != nullptr)
        return databases[task.database];
      return instances[task.instance] != nullptr ? instances[task.instance] : any;
    }
    static const Item* Find(const Targets& targets, std::string_view name) {
      const auto found = targets.find(name);
      return found == targets.end() ? nullptr : found->second;
    }
    const Item* any = nullptr;
    base::IndexVector<rollout::DatabaseIndex, const Item*> databases;
    base::IndexVector<rollout::InstanceIndex, const Item*> instances;
  };

  std::unordered_map<std::string_view, Targets> of_specs_;
  Targets of_all_;
  std::unordered_map<std::string_view, ByTarget> specs_;
  std::vector<const ByTarget*> by_spec_;  // empty: nothing is said of any
  ByTarget others_;
};

enum Purpose : std::uint32_t { kDuration, kFailure };

constexpr Duration kForever{std::numeric_limits<std::int64_t>::max()};

}  // namespace

Assumptions::Assumptions(const Rollout& rollout, const Scenario& scenario)
    : rollout_(rollout), scenario_(scenario) {
  SetDurations();
  if (!scenario.failures.empty()) {
    const BestMatches matches(rollout, scenario.failures);
    for (const rollout::Task& task : rollout.tasks) failures_.push_back(matches.Of(task));
  }
  for (const Scenario::Lock& lock : scenario.locks) {
    locks_.push_back({&lock, {}});
    for (TaskIndex task : rollout.tasks.indices())
      locks_.back().holds.push_back(Matches(lock.selector, task));
  }
  for (const Scenario::Outage& outage : scenario.outages) {
    for (rollout::InstanceIndex instance : rollout.instances.indices()) {
      if (rollout.instances[instance].name == outage.instance)
        outages_.emplace_back(instance, &outage);
    }
  }
}

void Assumptions::SetDurations() {
  const BestMatches durations(rollout_, scenario_.durations);
  const BestMatches delays(rollout_, scenario_.delays);
  const BestMatches connects(rollout_, scenario_.connects);
  for (TaskIndex index : rollout_.tasks.indices()) {
    const rollout::Task& task = rollout_.tasks[index];
    const auto* said = durations.Of(task);
    // A duration of its own outweighs what is said of a class, and that the default.
    const Distribution* of_class = said == nullptr ? DurationOfClass(task) : nullptr;
    const Distribution& duration = said != nullptr       ? said->duration
                                   : of_class != nullptr ? *of_class
                                                         : scenario_.default_duration;
    Duration on_top{0};
    if (const auto* delay = delays.Of(task)) on_top = on_top + delay->by;
    if (const auto* connect = connects.Of(task)) on_top = on_top + connect->cost;
    typical_.push_back(duration.Median() + on_top);
    if (duration.is_constant()) continue;
    if (uncertain_.empty()) {
      uncertain_.resize(rollout_.tasks.size(), nullptr);
      on_top_.resize(rollout_.tasks.size(), Duration{0});
    }
    uncertain_[index] = &duration;
    on_top_[index] = on_top;
  }
}

const Distribution* Assumptions::DurationOfClass(const rollout::Task& task) const {
  if (scenario_.class_durations.empty() || rollout_.spec_sheets.empty()) return nullptr;
  const rollout::SheetIndex index = rollout_.spec_sheets[task.spec];
  if (!index.valid()) return nullptr;
  const rollout::Sheet& sheet = rollout_.sheets[index];
  const Scenario::ClassDuration* best = nullptr;
  for (const Scenario::ClassDuration& item : scenario_.class_durations) {
    if (item.statement_class != sheet.statement_class) continue;
    if (item.size && *item.size != SizeOf(sheet)) continue;
    if (best == nullptr || item.size || !best->size) best = &item;
  }
  return best == nullptr ? nullptr : &best->duration;
}

void Assumptions::Draw(std::uint64_t number) {
  drawing_ = true;
  draw_ = base::Prng(scenario_.seed ^ base::Prng(number).Next()).Next();
}

std::uint32_t Assumptions::Lot(TaskIndex task, std::uint32_t attempt, std::uint32_t purpose) const {
  const std::uint64_t which =
      std::uint64_t{task.value()} << 32 | std::uint64_t{attempt} << 1 | purpose;
  return static_cast<std::uint32_t>(base::Prng(draw_ ^ which).Next() >> 32);
}

Duration Assumptions::DurationOf(TaskIndex task, std::uint32_t attempt) const {
  if (!drawing_ || uncertain_.empty() || uncertain_[task] == nullptr) return typical_[task];
  return uncertain_[task]->At(Lot(task, attempt, kDuration)) + on_top_[task];
}

const Scenario::Failure* Assumptions::FailureOf(TaskIndex task, std::uint32_t attempt) const {
  if (failures_.empty() || failures_[task] == nullptr) return nullptr;
  const Scenario::Failure& failure = *failures_[task];
  if (attempt > failure.attempts) return nullptr;
  if (failure.probability == Scenario::kCertain) return &failure;
  const std::uint64_t lot = drawing_ ? Lot(task, attempt, kFailure) : std::uint64_t{1} << 31;
  const bool fails = lot < (std::uint64_t{failure.probability} << 32) / Scenario::kCertain;
  return fails ? &failure : nullptr;
}

Assumptions::Run Assumptions::RunOf(TaskIndex task, std::uint32_t attempt, Duration at) const {
  Run run{.duration = DurationOf(task, attempt)};
  if (const Scenario::Failure* failure = FailureOf(task, attempt)) {
    run.outcome = Outcome::kFailed;
    run.message = failure->message;
    if (run.message.empty()) run.message = "the scenario lets it fail";
    run.code = "SCENARIO";
    if (failure->after.ms >= 0) run.duration = failure->after;
  }
  if (!locks_.empty()) WaitForLocks(task, at, run);
  if (!outages_.empty()) MeetOutages(task, at, run);
  return run;
}

void Assumptions::WaitForLocks(TaskIndex task, Duration at, Run& run) const {
  Duration free = at, gives_up = kForever;
  for (const Lock& lock : locks_) {
    if (!lock.holds[task] || at < lock.lock->from || at >= lock.lock->to) continue;
    free = std::max(free, lock.lock->to);
    const Duration timeout = lock.lock->timeout;
    if (timeout.ms >= 0 && lock.lock->to - at > timeout) gives_up = std::min(gives_up, timeout);
  }
  if (gives_up == kForever) {
    run.duration = run.duration + (free - at);
  } else {
    run = {gives_up, Outcome::kFailed, "the scenario locks its target for too long",
           "LOCK_TIMEOUT"};
  }
}

/// When the instance is up, not before `at`: outages may follow each other without a pause.
Duration Assumptions::UpAgain(rollout::InstanceIndex instance, Duration at) const {
  for (bool later = true; later;) {
    later = false;
    for (const auto& [down, outage] : outages_) {
      if (down != instance || at < outage->from || at >= outage->to) continue;
      at = outage->to;
      later = true;
    }
  }
  return at;
}

void Assumptions::MeetOutages(TaskIndex task, Duration at, Run& run) const {
  const rollout::InstanceIndex instance = rollout_.tasks[task].instance;
  if (UpAgain(instance, at) > at) {
    run = {Duration{0}, Outcome::kFailed, "the scenario lets its instance be down", "UNAVAILABLE"};
    return;
  }
  Duration goes_down = kForever;
  for (const auto& [down, outage] : outages_) {
    if (down == instance && outage->from > at) goes_down = std::min(goes_down, outage->from);
  }
  if (at + run.duration > goes_down)
    run = {goes_down - at, Outcome::kLost, "", "", UpAgain(instance, goes_down)};
}

bool Assumptions::Matches(const Scenario::Selector& selector, TaskIndex index) const {
  const rollout::Task& task = rollout_.tasks[index];
  if (selector.spec.empty() && selector.target.empty()) return false;
  if (!selector.spec.empty() && selector.spec != rollout_.spec_ids[task.spec]) return false;
  return selector.target.empty() || selector.target == rollout_.instances[task.instance].name ||
         (task.database.valid() && selector.target == rollout_.databases[task.database].name);
}

std::vector<TaskIndex> Assumptions::TasksOf(
    const std::vector<Scenario::Selector>& selectors) const {
  std::vector<TaskIndex> tasks;
  for (TaskIndex task : rollout_.tasks.indices()) {
    const bool selected =
        std::any_of(selectors.begin(), selectors.end(),
                    [&](const Scenario::Selector& selector) { return Matches(selector, task); });
    if (selected) tasks.push_back(task);
  }
  return tasks;
}

}  // namespace lockstep::sim
