#include "core/api/semantics_comparison.h"

#include <algorithm>
#include <map>

#include "core/rollout/expand.h"

namespace lockstep::api {

using base::Instant;
using plan::Semantics;
using rollout::Rollout;
using rollout::TaskIndex;

namespace {

/// What a task is under any semantics: a spec on a target, and the how-manieth of it.
using Key = std::tuple<std::uint32_t, std::string_view, std::uint32_t>;

std::map<Key, TaskIndex> TasksByKey(const Rollout& rollout) {
  std::map<std::pair<std::uint32_t, std::string_view>, std::uint32_t> counts;
  std::map<Key, TaskIndex> tasks;
  for (const TaskIndex index : rollout.tasks.indices()) {
    const rollout::Task& task = rollout.tasks[index];
    const std::string_view target = rollout.TargetName(task);
    tasks[{task.spec, target, counts[{task.spec, target}]++}] = index;
  }
  return tasks;
}

struct Simulated {
  Rollout rollout;
  sim::Timeline timeline;
  std::map<Key, TaskIndex> tasks;

  /// -1: it never starts, or is not there.
  Instant StartOf(const Key& key) const {
    const auto found = tasks.find(key);
    return found == tasks.end() ? Instant{-1} : timeline.tasks[found->second].start;
  }
};

/// The same plan with one switch as the other set has it.
struct Flipped {
  const plan::SemanticsSwitch* which;
  Simulated simulated;
};

std::vector<SemanticsComparison::Difference> FindDifferences(const Simulated& a, const Simulated& b,
                                                             const std::vector<Flipped>& flipped) {
  std::map<Key, std::pair<TaskIndex, TaskIndex>> both;
  for (const auto& [key, task] : a.tasks) both[key].first = task;
  for (const auto& [key, task] : b.tasks) both[key].second = task;
  std::vector<SemanticsComparison::Difference> differences;
  for (const auto& [key, tasks] : both) {
    const Instant start = a.StartOf(key);
    if (tasks.first.valid() && tasks.second.valid() && start == b.StartOf(key)) continue;
    SemanticsComparison::Difference difference{tasks.first, tasks.second, {}};
    for (const Flipped& one : flipped) {
      const bool there = one.simulated.tasks.contains(key) == tasks.first.valid();
      if (one.simulated.StartOf(key) != start || !there) difference.reasons.push_back(one.which);
    }
    differences.push_back(std::move(difference));
  }
  const auto place = [](const SemanticsComparison::Difference& difference) {
    return difference.task.valid() ? difference.task : difference.other;
  };
  std::stable_sort(differences.begin(), differences.end(),
                   [&](const auto& x, const auto& y) { return place(x) < place(y); });
  return differences;
}

std::vector<SemanticsComparison::Order> FindOrders(const Simulated& a, const Simulated& b) {
  struct Starts {
    TaskIndex task;
    Instant here, there;
  };
  base::IndexVector<rollout::DatabaseIndex, std::vector<Starts>> on(a.rollout.databases.size());
  for (const auto& [key, task] : a.tasks) {
    const rollout::DatabaseIndex database = a.rollout.tasks[task].database;
    const Starts starts{task, a.StartOf(key), b.StartOf(key)};
    if (database.valid() && starts.here.ms >= 0 && starts.there.ms >= 0)
      on[database].push_back(starts);
  }
  std::vector<SemanticsComparison::Order> orders;
  for (const rollout::DatabaseIndex database : on.indices()) {
    std::vector<Starts>& tasks = on[database];
    const auto sorted = [&](Instant Starts::*when) {
      std::sort(tasks.begin(), tasks.end(), [&](const Starts& x, const Starts& y) {
        return std::pair(x.*when, x.task) < std::pair(y.*when, y.task);
      });
      std::vector<TaskIndex> order;
      for (const Starts& starts : tasks) order.push_back(starts.task);
      return order;
    };
    SemanticsComparison::Order order{database, sorted(&Starts::here), sorted(&Starts::there)};
    if (order.tasks != order.other) orders.push_back(std::move(order));
  }
  return orders;
}

}  // namespace

SemanticsComparison CompareSemantics(const check::CheckedPlan& plan, const rollout::Pace& pace,
                                     const sim::Scenario& scenario, const Semantics& other) {
  const auto simulate = [&](const Semantics& semantics) {
    rollout::ExpandOptions options;
    options.pace = pace;
    options.semantics = semantics;
    Simulated made{rollout::Expand(plan, options), {}, {}};
    sim::Constrain(made.rollout, scenario);
    made.timeline =
        sim::Simulate(made.rollout, scenario,
                      {.keep_events = false, .keep_waits = false, .find_critical_path = false});
    made.tasks = TasksByKey(made.rollout);
    return made;
  };
  const Semantics& own = plan.semantics();
  Simulated a = simulate(own), b = simulate(other);
  std::vector<Flipped> flipped;
  for (const plan::SemanticsSwitch& one : plan::SemanticsSwitches()) {
    if (!one.differs(own, other)) continue;
    Semantics mixed = own;
    one.copy(mixed, other);
    flipped.push_back({&one, simulate(mixed)});
  }
  SemanticsComparison comparison{own, other, {}, {}, {}, {}, {}, {}};
  comparison.differences = FindDifferences(a, b, flipped);
  comparison.orders = FindOrders(a, b);
  comparison.rollout = std::move(a.rollout);
  comparison.timeline = std::move(a.timeline);
  comparison.other_rollout = std::move(b.rollout);
  comparison.other_timeline = std::move(b.timeline);
  return comparison;
}

}  // namespace lockstep::api
