// The gates of admission: which one holds a task back, from the state alone.
#include <algorithm>

#include "core/rollout/admission.h"

namespace lockstep::rollout {

TaskIndex Admission::FirstUnfinished(GroupIndex group) const {
  const auto tasks = rollout_.groups[group].tasks.Of(rollout_.group_tasks);
  std::uint32_t& first = groups_[group].first_unfinished;
  while (first < tasks.size() && Satisfies(state_.status(tasks[first]))) ++first;
  return first < tasks.size() ? tasks[first] : TaskIndex();
}

GroupIndex Admission::FirstDependency(GroupIndex group) const {
  const auto dependencies = rollout_.groups[group].depends_on.Of(rollout_.dependencies);
  std::uint32_t& first = groups_[group].first_dependency;
  while (first < dependencies.size() && groups_[dependencies[first]].unfinished == 0) ++first;
  return first < dependencies.size() ? dependencies[first] : GroupIndex();
}

Waiting Admission::By(WaitingCause cause, TaskIndex by) const {
  Waiting waiting;
  waiting.cause = cause;
  waiting.by = by;
  if (by.valid()) {
    const TaskStatus status = state_.status(by);
    waiting.blocked = status == TaskStatus::kFailed || status == TaskStatus::kCanceled;
  }
  return waiting;
}

Waiting Admission::FirstGate(TaskIndex index, base::Instant now) const {
  const Task& task = rollout_.tasks[index];
  if (barrier_.Holds(task.stage)) return barrier_.WaitingFor(task.stage);
  if (task.earliest > now) {
    Waiting waiting;
    waiting.cause = WaitingCause::kEarliestTime;
    waiting.until = task.earliest;
    return waiting;
  }
  if (const GroupIndex on = FirstDependency(task.group); on.valid())
    return By(WaitingCause::kDependency, FirstUnfinished(on));
  if (groups_[task.group].unfinished_canaries > 0 && !rollout_.IsCanary(index))
    return By(WaitingCause::kCanary, FirstUnfinished(task.group));
  if (task.database.valid() && task.version_rank > 0) {
    const VersionLane& versions = versions_[task.database];
    if (versions.next < versions.tasks.size()) {
      const TaskIndex lowest = versions.tasks[versions.next];
      if (rollout_.tasks[lowest].version_rank < task.version_rank)
        return By(WaitingCause::kVersion, lowest);
    }
  }
  if (const base::Calendar& calendar = rollout_.stages[task.stage].calendar; !calendar.always()) {
    const base::Instant start = calendar.NextStart(now, Expected(index));
    if (start > now) return {.cause = WaitingCause::kWindow, .by = {}, .until = start};
  }
  if (task.database.valid() && task.serial) {
    const DatabaseLane& lane = databases_[task.database];
    if (lane.holder.valid()) return By(WaitingCause::kDatabase, lane.LowestHolder());
    if (IsInLine(lane.in_line) && lane.in_line < index)
      return By(WaitingCause::kDatabase, lane.in_line);
  }
  if (instances_[task.instance].running >= rollout_.instances[task.instance].maximum_connections) {
    return By(WaitingCause::kInstance, TaskIndex());
  }
  if (rollout_.policy.parallel > 0 && running_ >= rollout_.policy.parallel) {
    return By(WaitingCause::kParallel, TaskIndex());
  }
  return {};
}

base::Duration Admission::Expected(TaskIndex task) const {
  return rollout_.expected.empty() ? base::Duration{0} : rollout_.expected[task];
}

/// When its window will have become too short for a task that could start now.
base::Instant Admission::ClosesFor(TaskIndex task, base::Instant now) const {
  const base::Calendar& calendar = rollout_.stages[rollout_.tasks[task].stage].calendar;
  if (calendar.always()) return base::kNever;
  const base::Instant closes = calendar.NextOpen(now).to;
  if (closes == base::kNever) return base::kNever;
  return std::min(closes, base::Instant{closes.ms - Expected(task).ms + 1});
}

}  // namespace lockstep::rollout
