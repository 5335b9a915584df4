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
// once for each spec and target, not for each task; only what is spoken of takes memory.
template <class Item>
class BestMatches {
 public:
  BestMatches(const Rollout& rollout, const std::vector<Item>& items) {
    if (items.empty()) return;
    std::unordered_map<std::string_view, std::uint32_t> specs = {{"", kAny}};
    std::unordered_map<std::string_view, std::uint32_t> targets = specs;
    const auto number = [](auto& names, std::string_view name) {
      return names.try_emplace(name, static_cast<std::uint32_t>(names.size())).first->second;
    };
    for (const Item& item : items) {
      const std::uint32_t spec = number(specs, item.selector.spec);
      items_[KeyOf(spec, number(targets, item.selector.target))] = &item;
    }
    const auto known = [](const auto& names, std::string_view name) {
      const auto found = names.find(name);
      return found == names.end() || name.empty() ? kUnspoken : found->second;
    };
    for (const std::string& spec : rollout.spec_ids) specs_.push_back(known(specs, spec));
    for (const rollout::Database& at : rollout.databases)
      databases_.push_back(known(targets, at.name));
    for (const rollout::Instance& at : rollout.instances)
      instances_.push_back(known(targets, at.name));
  }

  /// Null: none fits.
  const Item* Of(const rollout::Task& task) const {
    if (items_.empty()) return nullptr;
    for (const std::uint32_t spec : {specs_[task.spec], kAny}) {
      if (spec == kUnspoken) continue;
      const std::uint32_t database = task.database.valid() ? databases_[task.database] : kUnspoken;
      for (const std::uint32_t target : {database, instances_[task.instance], kAny}) {
        if (target == kUnspoken) continue;
        const auto found = items_.find(KeyOf(spec, target));
        if (found != items_.end()) return found->second;
      }
    }
    return nullptr;
  }

 private:
  // Numbers of names that selectors speak of.
  static constexpr std::uint32_t kAny = 0, kUnspoken = 0xffffffff;
  static std::uint64_t KeyOf(std::uint32_t spec, std::uint32_t target) {
    return std::uint64_t{spec} << 32 | target;
  }

  std::unordered_map<std::uint64_t, const Item*> items_;  // by spec and target
  std::vector<std::uint32_t> specs_;                      // by Task::spec
  base::IndexVector<rollout::DatabaseIndex, std::uint32_t> databases_;
  base::IndexVector<rollout::InstanceIndex, std::uint32_t> instances_;
};

/// The tasks that any of some selectors fits. One that says nothing fits none. Refers to them.
class Selected {
 public:
  Selected(const Rollout& rollout, const std::vector<Scenario::Selector>& selectors)
      : matches_(rollout, Entries(selectors)) {}
  bool Has(const rollout::Task& task) const { return matches_.Of(task) != nullptr; }

 private:
  struct Entry {
    const Scenario::Selector& selector;
  };
  const std::vector<Entry>& Entries(const std::vector<Scenario::Selector>& selectors) {
    for (const Scenario::Selector& selector : selectors) {
      if (!selector.spec.empty() || !selector.target.empty()) entries_.push_back({selector});
    }
    return entries_;
  }
  std::vector<Entry> entries_;  // before matches_, which refers to them
  BestMatches<Entry> matches_;
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
    const std::vector<Scenario::Selector> selectors = {lock.selector};
    const Selected selected(rollout, selectors);
    for (const rollout::Task& task : rollout.tasks)
      locks_.back().holds.push_back(selected.Has(task));
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

std::vector<TaskIndex> Assumptions::TasksOf(
    const std::vector<Scenario::Selector>& selectors) const {
  const Selected selected(rollout_, selectors);
  std::vector<TaskIndex> tasks;
  for (const TaskIndex task : rollout_.tasks.indices()) {
    if (selected.Has(rollout_.tasks[task])) tasks.push_back(task);
  }
  return tasks;
}

}  // namespace lockstep::sim
