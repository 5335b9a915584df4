#include "core/sim/analysis.h"

#include <algorithm>

namespace lockstep::sim {

using base::Duration;
using base::Instant;
using rollout::GroupIndex;
using rollout::Rollout;
using rollout::TaskIndex;
using rollout::WaitingCause;

namespace {

void SumWaits(const Timeline& timeline, Analysis& analysis) {
  const base::IndexVector<TaskIndex, bool> on_path = timeline.CriticalTasks();
  std::array<TaskIndex, rollout::kWaitingCauseCount> last{};
  for (const auto& [task, wait] : timeline.waits) {
    const auto cause = static_cast<std::size_t>(wait.cause);
    Analysis::CauseTotal& total = analysis.causes[cause];
    const Duration length = wait.to - wait.from;
    total.total = total.total + length;
    if (last[cause] != task) ++total.tasks;
    last[cause] = task;
    if (on_path[task]) total.on_path = total.on_path + length;
  }
}

// ---- use ----

/// The union of the intervals of some tasks, and how many overlap.
class Usage {
 public:
  void Add(Instant start, Instant end) {
    if (start >= end) return;  // takes no time
    edges_.push_back({start, 1});
    edges_.push_back({end, -1});
  }
  Analysis::Use Measure() {
    std::sort(edges_.begin(), edges_.end());
    Analysis::Use use;
    int open = 0;
    Instant since{0};
    for (const auto& [at, change] : edges_) {
      if (open == 0) since = at;
      open += change;
      use.most = std::max(use.most, static_cast<std::uint32_t>(open));
      if (open == 0) use.busy = use.busy + (at - since);
    }
    return use;
  }

 private:
  std::vector<std::pair<Instant, int>> edges_;  // an end sorts before a start of its time
};

void MeasureUse(const Rollout& rollout, const Timeline& timeline, Analysis& analysis) {
  base::IndexVector<rollout::DatabaseIndex, Usage> databases(rollout.databases.size());
  base::IndexVector<rollout::InstanceIndex, Usage> instances(rollout.instances.size());
  Usage all;
  for (const TaskIndex index : rollout.tasks.indices()) {
    const TaskTimeline& line = timeline.tasks[index];
    if (!line.has_run()) continue;
    const rollout::Task& task = rollout.tasks[index];
    if (task.database.valid()) databases[task.database].Add(line.start, line.end);
    instances[task.instance].Add(line.start, line.end);
    all.Add(line.start, line.end);
  }
  for (Usage& usage : databases) analysis.databases.push_back(usage.Measure());
  for (Usage& usage : instances) analysis.instances.push_back(usage.Measure());
  analysis.all = all.Measure();
}

// ---- slack ----

/// Goes through the runs from the last to the first: each must end before the latest start of what
/// had to wait for it.
class SlackFinder {
 public:
  SlackFinder(const Rollout& rollout, const Timeline& timeline)
      : rollout_(rollout),
        timeline_(timeline),
        heir_start_(rollout.tasks.size(), timeline.end),
        group_start_(rollout.groups.size(), timeline.end),
        others_start_(rollout.groups.size(), timeline.end),
        group_end_(rollout.groups.size(), kUnknown),
        database_start_(rollout.databases.size(), timeline.end),
        stage_start_(rollout.stages.size(), timeline.end) {
    FindDependents();
    FindNextStages();
  }

  base::IndexVector<TaskIndex, Duration> Find() {
    std::vector<TaskIndex> order;
    for (const TaskIndex task : rollout_.tasks.indices()) {
      if (timeline_.tasks[task].has_run()) order.push_back(task);
    }
    std::sort(order.begin(), order.end(), [&](TaskIndex a, TaskIndex b) {
      const TaskTimeline &x = timeline_.tasks[a], &y = timeline_.tasks[b];
      return std::tuple(x.start, x.end, a) > std::tuple(y.start, y.end, b);
    });
    base::IndexVector<TaskIndex, Duration> slack(rollout_.tasks.size(), Duration{-1});
    for (const TaskIndex task : order) {
      const TaskTimeline& line = timeline_.tasks[task];
      const Instant latest_end = LatestEnd(task);
      slack[task] = std::max(latest_end - line.end, Duration{0});
      Note(task, {latest_end.ms - (line.end - line.start).ms});
    }
    return slack;
  }

 private:
  static constexpr Instant kUnknown{-1};

  static bool TakesTurns(const rollout::Task& task) {
    return task.database.valid() && (task.serial || task.version_rank > 0);
  }
  void FindDependents() {
    dependents_.resize(rollout_.groups.size());
    for (const GroupIndex group : rollout_.groups.indices()) {
      for (const GroupIndex on : rollout_.groups[group].depends_on.Of(rollout_.dependencies))
        dependents_[on].push_back(group);
    }
  }

  Instant LatestEnd(TaskIndex index) {
    const rollout::Task& task = rollout_.tasks[index];
    Instant latest = std::min(timeline_.end, heir_start_[index]);
    if (TakesTurns(task)) latest = std::min(latest, database_start_[task.database]);
    if (rollout_.policy.stage_gate == rollout::Policy::StageGate::kPreviousEnded)
      latest = std::min(latest, StartAfter(task.stage));
    if (rollout_.IsCanary(index)) latest = std::min(latest, others_start_[task.group]);
    Instant& group_end = group_end_[task.group];
    if (group_end == kUnknown) {
      group_end = timeline_.end;
      for (const GroupIndex dependent : dependents_[task.group])
        group_end = std::min(group_end, group_start_[dependent]);
    }
    return std::min(latest, group_end);
  }

  void Note(TaskIndex index, Instant latest_start) {
    const rollout::Task& task = rollout_.tasks[index];
    group_start_[task.group] = std::min(group_start_[task.group], latest_start);
    if (!rollout_.IsCanary(index))
      others_start_[task.group] = std::min(others_start_[task.group], latest_start);
    if (TakesTurns(task)) database_start_[task.database] = latest_start;
    Instant& stage = stage_start_[task.stage];
    stage = std::min(stage, latest_start);
    // Whose connection or place it got, if nothing else.
    const TaskIndex by = timeline_.released_by[index];
    if (by.valid() && timeline_.tasks[by].end == timeline_.tasks[index].start)
      heir_start_[by] = std::min(heir_start_[by], latest_start);
  }

  // After each stage the next one in which anything ran.
  void FindNextStages() {
    next_stage_.resize(rollout_.stages.size());
    rollout::StageIndex next;
    for (std::size_t i = rollout_.stages.size(); i-- > 0;) {
      const rollout::StageIndex stage(i);
      next_stage_[stage] = next;
      for (const TaskIndex task : rollout_.stages[stage].tasks) {
        if (timeline_.tasks[task].has_run()) next = stage;
      }
    }
  }

  /// The latest start of the first run in a later stage.
  Instant StartAfter(rollout::StageIndex stage) const {
    const rollout::StageIndex next = next_stage_[stage];
    return next.valid() ? stage_start_[next] : timeline_.end;
  }

  const Rollout& rollout_;
  const Timeline& timeline_;
  // The latest starts of who was let through by a task's end, of a group's tasks, of those that are
  // no canaries, of the next run on a database, of a stage's tasks; and the latest end of a group.
  base::IndexVector<TaskIndex, Instant> heir_start_;
  base::IndexVector<GroupIndex, Instant> group_start_, others_start_, group_end_;
  base::IndexVector<rollout::DatabaseIndex, Instant> database_start_;
  base::IndexVector<rollout::StageIndex, Instant> stage_start_;
  base::IndexVector<GroupIndex, std::vector<GroupIndex>> dependents_;
  base::IndexVector<rollout::StageIndex, rollout::StageIndex> next_stage_;
};

}  // namespace

Analysis Analyse(const Rollout& rollout, const Timeline& timeline) {
  Analysis analysis;
  SumWaits(timeline, analysis);
  MeasureUse(rollout, timeline, analysis);
  analysis.slack = SlackFinder(rollout, timeline).Find();
  return analysis;
}

}  // namespace lockstep::sim
