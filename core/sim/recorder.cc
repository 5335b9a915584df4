#include "core/sim/recorder.h"

#include <algorithm>

namespace lockstep::sim {

using base::Instant;
using rollout::TaskIndex;
using rollout::WaitingCause;

namespace {

constexpr Instant kNoTime{-1};

}  // namespace

Recorder::Recorder(const rollout::Rollout& rollout, Instant start, const SimulateOptions& options)
    : rollout_(rollout), options_(options), now_(start) {
  timeline_.start = timeline_.end = start;
  timeline_.tasks.resize(rollout.tasks.size());
  if (!looks_at_gates()) return;
  open_.resize(rollout.tasks.size(), Wait{WaitingCause::kNone, TaskIndex(), start, start});
  timeline_.released_by.resize(rollout.tasks.size());
  seen_.resize(rollout.tasks.size(), false);
  ended_at_.resize(rollout.tasks.size(), kNoTime);
  last_of_group_.resize(rollout.groups.size());
  last_of_database_.resize(rollout.databases.size());
  last_of_instance_.resize(rollout.instances.size());
}

void Recorder::OnRunEnded(TaskIndex index) {
  if (!looks_at_gates()) return;
  const rollout::Task& task = rollout_.tasks[index];
  ended_at_[index] = now_;
  last_of_group_[task.group] = index;
  if (task.database.valid()) last_of_database_[task.database] = index;
  last_of_instance_[task.instance] = index;
  last_ = index;
}

void Recorder::OnEvents(std::span<const rollout::Event> events) {
  timeline_.event_count += events.size();
  for (const rollout::Event& event : events) {
    if (const auto* started = std::get_if<rollout::TaskRunStarted>(&event.fact)) {
      timeline_.tasks[started->task].start = event.at;
      timeline_.tasks[started->task].end = kNoTime;
    } else if (const auto* ended = std::get_if<rollout::TaskRunEnded>(&event.fact)) {
      TaskTimeline& line = timeline_.tasks[ended->task];
      if (line.start == kNoTime || line.end != kNoTime) continue;  // cancelled before it ran
      line.end = event.at;
      timeline_.end = std::max(timeline_.end, event.at);
    } else if (std::holds_alternative<rollout::TaskRunResolved>(event.fact)) {
      timeline_.end = std::max(timeline_.end, event.at);  // nobody knew before how it had ended
    }
  }
  if (options_.keep_events)
    timeline_.events.insert(timeline_.events.end(), events.begin(), events.end());
}

void Recorder::OnGate(void* self, TaskIndex task, const rollout::Waiting& waiting) {
  static_cast<Recorder*>(self)->GateChanged(task, waiting);
}

void Recorder::GateChanged(TaskIndex task, const rollout::Waiting& waiting) {
  timeline_.released_by[task] = TaskIndex();
  // A task has no run before its stage opens: until then it waited for the stage.
  if (!seen_[task] && now_ > timeline_.start)
    AddWait(task, {WaitingCause::kStage, TaskIndex(), timeline_.start, now_});
  seen_[task] = true;
  Wait& open = open_[task];
  if (open.cause == waiting.cause && open.by == waiting.by) return;
  if (open.cause != WaitingCause::kNone) AddWait(task, {open.cause, open.by, open.from, now_});
  open = {waiting.cause, waiting.by, now_, now_};
}

void Recorder::AddWait(TaskIndex task, Wait wait) {
  const TaskIndex holder = LastHolder(task, wait);
  if (holder.valid() && ended_at_[holder] == now_) timeline_.released_by[task] = wait.by = holder;
  if (options_.keep_waits && wait.from != wait.to) timeline_.waits.emplace_back(task, wait);
}

// The task that was the last to have what the wait was for. When it ended at this very moment, it
// released the waiting one; otherwise a command did, or time.
TaskIndex Recorder::LastHolder(TaskIndex index, const Wait& wait) const {
  const rollout::Task& task = rollout_.tasks[index];
  switch (wait.cause) {
    case WaitingCause::kDependency:
    case WaitingCause::kCanary:
      return wait.by.valid() ? last_of_group_[rollout_.tasks[wait.by].group] : TaskIndex();
    case WaitingCause::kVersion:
    case WaitingCause::kDatabase:
      return task.database.valid() ? last_of_database_[task.database] : TaskIndex();
    case WaitingCause::kInstance:
      return last_of_instance_[task.instance];
    case WaitingCause::kStage:
    case WaitingCause::kParallel:
      return last_;
    case WaitingCause::kNone:
    case WaitingCause::kEarliestTime:
    case WaitingCause::kWindow:
    case WaitingCause::kPaused:
    case WaitingCause::kNotRequested:
      break;
  }
  return TaskIndex();
}

// By task, then time: a counting sort, since waits come in order of time.
void Recorder::SortWaits() {
  std::vector<std::uint32_t> place(rollout_.tasks.size() + 1, 0);
  for (const auto& [task, wait] : timeline_.waits) ++place[task.value() + 1];
  for (std::size_t i = 1; i < place.size(); ++i) place[i] += place[i - 1];
  std::vector<std::pair<TaskIndex, Wait>> sorted(timeline_.waits.size(), {TaskIndex(), Wait{}});
  for (const auto& item : timeline_.waits) sorted[place[item.first.value()]++] = item;
  // At the same gate behind one and then another: one interval.
  timeline_.waits.clear();
  for (const auto& [task, wait] : sorted) {
    if (!timeline_.waits.empty()) {
      auto& [last_task, last_wait] = timeline_.waits.back();
      if (last_task == task && last_wait.cause == wait.cause && last_wait.to == wait.from) {
        last_wait.to = wait.to;
        last_wait.by = wait.by;
        continue;
      }
    }
    timeline_.waits.emplace_back(task, wait);
  }
}

void Recorder::FindCriticalPath() {
  TaskIndex at;
  for (TaskIndex task : rollout_.tasks.indices()) {
    const Instant end = timeline_.tasks[task].end;
    if (end != kNoTime && (!at.valid() || end > timeline_.tasks[at].end)) at = task;
  }
  // Each one once: runs that last no time at all could release each other in a circle.
  base::IndexVector<TaskIndex, bool> on_path(rollout_.tasks.size(), false);
  while (at.valid() && !on_path[at]) {
    on_path[at] = true;
    timeline_.critical_path.push_back(at);
    const TaskIndex before = timeline_.released_by[at];
    // One that was retried since it released this one has its earlier run no longer on record.
    if (!before.valid() || timeline_.tasks[before].end != timeline_.tasks[at].start) break;
    at = before;
  }
  std::reverse(timeline_.critical_path.begin(), timeline_.critical_path.end());
}

Timeline Recorder::Finish(const rollout::Scheduler& scheduler) {
  const rollout::State& state = scheduler.state();
  for (TaskIndex task : rollout_.tasks.indices()) {
    TaskTimeline& line = timeline_.tasks[task];
    line.status = state.status(task);
    line.attempts = state.attempt(task);
    line.waiting = scheduler.WaitingFor(task);
  }
  if (options_.keep_waits) SortWaits();
  if (options_.find_critical_path) FindCriticalPath();
  timeline_.status = state.rollout_status();
  // Nothing runs, nothing failed, and yet tasks wait: for something that never comes.
  if (timeline_.status == rollout::RolloutStatus::kRunning)
    timeline_.status = rollout::RolloutStatus::kBlocked;
  return std::move(timeline_);
}

}  // namespace lockstep::sim
