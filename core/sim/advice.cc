#include "core/sim/advice.h"

#include <algorithm>

#include "core/sim/analysis.h"

namespace lockstep::sim {

using rollout::GroupIndex;
using rollout::Rollout;
using rollout::TaskIndex;
using rollout::WaitingCause;

namespace {

constexpr std::size_t kMostChanges = 3;
constexpr std::size_t kMostSimulations = 64;
// So that 100,000 tasks still answer within seconds.
constexpr std::size_t kMostSimulatedTasks = 2'000'000;

void Apply(const Change& change, Rollout& rollout) {
  switch (change.kind) {
    case Change::Kind::kNoParallelLimit:
      rollout.policy.parallel = 0;
      break;
    case Change::Kind::kNoConnectionLimit:
      rollout.instances[change.instance].maximum_connections = 0x7fffffff;
      break;
    case Change::Kind::kNoDependency: {
      // A shorter list in the place of the old one.
      base::Slice& slice = rollout.groups[change.group].depends_on;
      const auto begin = rollout.dependencies.begin();
      const auto kept = std::remove(begin + slice.begin, begin + slice.end, change.on);
      slice.end = static_cast<std::uint32_t>(kept - begin);
      break;
    }
    case Change::Kind::kNoEarliestTime:
      for (const TaskIndex task : rollout.groups[change.group].tasks.Of(rollout.group_tasks))
        rollout.tasks[task].earliest = {0};
      break;
    case Change::Kind::kNoCanary:
      rollout.policy.canary = 0;
      break;
    case Change::Kind::kNoStageOrder:
      rollout.policy.stage_gate = rollout::Policy::StageGate::kNone;
      break;
  }
}

/// What would have to be otherwise for this wait to fall away.
std::optional<Change> ChangeAgainst(const Rollout& rollout, TaskIndex index, const Wait& wait) {
  const rollout::Task& task = rollout.tasks[index];
  switch (wait.cause) {
    case WaitingCause::kParallel:
      return Change{Change::Kind::kNoParallelLimit, {}, {}, {}};
    case WaitingCause::kInstance:
      return Change{Change::Kind::kNoConnectionLimit, task.instance, {}, {}};
    case WaitingCause::kDependency:
      if (!wait.by.valid()) return std::nullopt;
      return Change{Change::Kind::kNoDependency, {}, task.group, rollout.tasks[wait.by].group};
    case WaitingCause::kEarliestTime:
      return Change{Change::Kind::kNoEarliestTime, {}, task.group, {}};
    case WaitingCause::kCanary:
      return Change{Change::Kind::kNoCanary, {}, {}, {}};
    case WaitingCause::kStage:
      return Change{Change::Kind::kNoStageOrder, {}, {}, {}};
    default:
      return std::nullopt;  // a version, a database: that is what they are for
  }
}

std::vector<Change> Candidates(const Rollout& rollout, const Timeline& timeline) {
  const base::IndexVector<TaskIndex, bool> on_path = timeline.CriticalTasks();
  std::vector<Change> candidates;
  for (const auto& [task, wait] : timeline.waits) {
    if (!on_path[task]) continue;
    const std::optional<Change> change = ChangeAgainst(rollout, task, wait);
    if (change && std::find(candidates.begin(), candidates.end(), *change) == candidates.end())
      candidates.push_back(*change);
  }
  return candidates;
}

struct Trial {
  std::vector<Change> changes;
  Timeline timeline;
};

bool SameChanges(const std::vector<Change>& a, const std::vector<Change>& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Change& change) {
           return std::find(b.begin(), b.end(), change) != b.end();
         });
}

Rollout With(Rollout rollout, const std::vector<Change>& changes) {
  for (const Change& change : changes) Apply(change, rollout);
  return rollout;
}

Advice AdviceOf(const Rollout& rollout, const Trial& trial) {
  Advice advice{trial.changes, trial.timeline.makespan(), 0, {}};
  const Analysis analysis = Analyse(rollout, trial.timeline);
  advice.most_parallel = analysis.all.most;
  for (const Change& change : trial.changes) {
    advice.most_on_instance.push_back(
        change.instance.valid() ? analysis.instances[change.instance].most : 0);
  }
  return advice;
}

}  // namespace

std::vector<Advice> FindAdvice(const Rollout& rollout, const Scenario& scenario,
                               const Timeline& timeline) {
  const base::Duration makespan = timeline.makespan();
  std::size_t left = std::clamp<std::size_t>(
      kMostSimulatedTasks / std::max<std::size_t>(rollout.tasks.size(), 1), 1, kMostSimulations);
  std::vector<Advice> found;
  std::vector<Trial> trials = {{{}, timeline}};
  for (std::size_t size = 1; size <= kMostChanges && found.empty(); ++size) {
    std::vector<Trial> next;
    for (const Trial& trial : trials) {
      for (const Change& change : Candidates(With(rollout, trial.changes), trial.timeline)) {
        std::vector<Change> changes = trial.changes;
        changes.push_back(change);
        const bool tried = std::any_of(next.begin(), next.end(), [&](const Trial& other) {
          return SameChanges(other.changes, changes);
        });
        if (tried || left == 0) continue;
        --left;
        const Rollout changed = With(rollout, changes);
        next.push_back({std::move(changes), Simulate(changed, scenario, {.keep_events = false})});
        const Trial& made = next.back();
        if (made.timeline.makespan() < makespan && made.timeline.status == timeline.status)
          found.push_back(AdviceOf(changed, made));
      }
    }
    trials = std::move(next);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Advice& a, const Advice& b) { return a.makespan < b.makespan; });
  return found;
}

}  // namespace lockstep::sim
