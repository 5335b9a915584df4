#include "core/rollout/admission.h"

#include <algorithm>

namespace lockstep::rollout {

Admission::Admission(const Rollout& rollout, const State& state, const StageBarrier& barrier)
    : rollout_(rollout),
      state_(state),
      barrier_(barrier),
      databases_(rollout.databases.size()),
      instances_(rollout.instances.size()),
      groups_(rollout.groups.size()),
      waiting_parallel_(rollout.tasks.size()),
      look_at_(rollout.tasks.size(), base::kNever),
      candidates_(rollout.tasks.size()),
      parked_at_(rollout.tasks.size(), WaitingCause::kNone),
      runs_(rollout.tasks.size(), false) {
  for (TaskIndex task : rollout.tasks.indices()) {
    const Task& t = rollout.tasks[task];
    if (t.version_rank == 0 || !t.database.valid()) continue;
    if (versions_.empty()) versions_.resize(rollout.databases.size());
    versions_[t.database].tasks.push_back(task);
  }
  for (VersionLane& lane : versions_) {
    std::stable_sort(lane.tasks.begin(), lane.tasks.end(), [&](TaskIndex a, TaskIndex b) {
      return rollout.tasks[a].version_rank < rollout.tasks[b].version_rank;
    });
  }
  for (GroupIndex group : rollout.groups.indices()) {
    const auto size = static_cast<std::uint32_t>(rollout.groups[group].tasks.size());
    groups_[group].unfinished = size;
    groups_[group].unfinished_canaries = std::min(rollout.policy.canary, size);
  }
}

void Admission::DatabaseLane::Hold(TaskIndex task) {
  if (holder.valid()) return other_holders.push_back(task);
  holder = task;
}

void Admission::DatabaseLane::Leave(TaskIndex task) {
  if (holder != task) {
    other_holders.erase(std::find(other_holders.begin(), other_holders.end(), task));
  } else if (other_holders.empty()) {
    holder = TaskIndex();
  } else {
    holder = other_holders.back();
    other_holders.pop_back();
  }
}

TaskIndex Admission::DatabaseLane::LowestHolder() const {
  TaskIndex lowest = holder;
  for (const TaskIndex other : other_holders) lowest = std::min(lowest, other);
  return lowest;
}

// ---- what facts change ----

void Admission::Observe(const Fact& fact) {
  if (const auto* created = std::get_if<TaskRunCreated>(&fact)) {
    Wake(created->task);
  } else if (const auto* stage = std::get_if<StageStarted>(&fact)) {
    OnStageStarted(stage->stage);
  } else if (const auto* started = std::get_if<TaskRunStarted>(&fact)) {
    OnStarted(started->task);
  } else if (const auto* ended = std::get_if<TaskRunEnded>(&fact)) {
    if (runs_[ended->task]) {
      OnRunOver(ended->task);
      if (ended->outcome != Outcome::kLost) OnDatabaseLeft(ended->task);
    } else {
      OnLeftWaiting(ended->task);  // PENDING -> CANCELED
    }
    if (ended->outcome == Outcome::kSucceeded) OnSatisfied(ended->task);
  } else if (const auto* resolved = std::get_if<TaskRunResolved>(&fact)) {
    OnDatabaseLeft(resolved->task);
    if (resolved->resolution == Resolution::kCommitted) OnSatisfied(resolved->task);
  } else if (const auto* skipped = std::get_if<TaskSkipped>(&fact)) {
    OnSatisfied(skipped->task);
  }
}

void Admission::OnStageStarted(StageIndex stage) {
  for (TaskIndex task : rollout_.stages[stage].tasks) {
    if (IsParked(task, WaitingCause::kStage)) Wake(task);
  }
}

void Admission::OnStarted(TaskIndex task) {
  const Task& t = rollout_.tasks[task];
  runs_[task] = true;
  ++running_;
  ++instances_[t.instance].running;
  if (t.database.valid()) {
    DatabaseLane& lane = databases_[t.database];
    lane.Hold(task);
    if (lane.in_line == task) lane.in_line = TaskIndex();
  }
  parked_at_[task] = WaitingCause::kNone;
  if (listener_ != nullptr) listener_(context_, task, {});
  WakeLater(t);
}

void Admission::OnRunOver(TaskIndex task) {
  const Task& t = rollout_.tasks[task];
  runs_[task] = false;
  --running_;
  --instances_[t.instance].running;
  WakeLater(t);
}

void Admission::OnDatabaseLeft(TaskIndex task) {
  const DatabaseIndex database = rollout_.tasks[task].database;
  if (!database.valid()) return;
  databases_[database].Leave(task);
  WakeDatabase(database);
}

void Admission::OnLeftWaiting(TaskIndex task) {
  const Task& t = rollout_.tasks[task];
  parked_at_[task] = WaitingCause::kNone;
  if (listener_ != nullptr) listener_(context_, task, {});
  LeaveToOthers(t, task);
}

void Admission::OnSatisfied(TaskIndex task) {
  const Task& t = rollout_.tasks[task];
  GroupLane& group = groups_[t.group];
  if (rollout_.IsCanary(task) && --group.unfinished_canaries == 0) OnCanariesDone(t.group);
  if (--group.unfinished == 0) {
    GroupIndex watcher = std::exchange(group.first_watcher, GroupIndex());
    while (watcher.valid()) Watch(std::exchange(watcher, groups_[watcher].next_watcher));
  }
  if (t.version_rank == 0 || !t.database.valid()) return;
  VersionLane& lane = versions_[t.database];
  while (lane.next < lane.tasks.size() && Satisfies(state_.status(lane.tasks[lane.next]))) {
    ++lane.next;
  }
  const std::uint32_t open_rank = lane.next < lane.tasks.size()
                                      ? rollout_.tasks[lane.tasks[lane.next]].version_rank
                                      : 0xffffffff;
  while (!lane.waiting.empty() && lane.waiting.top().first <= open_rank) {
    const TaskIndex waiting = lane.waiting.top().second;
    lane.waiting.pop();
    if (IsParked(waiting, WaitingCause::kVersion)) Wake(waiting);
  }
}

void Admission::OnCanariesDone(GroupIndex group) {
  for (TaskIndex task : rollout_.groups[group].tasks.Of(rollout_.group_tasks)) {
    if (IsParked(task, WaitingCause::kCanary)) Wake(task);
  }
}

// ---- waking ----

void Admission::Wake(TaskIndex task) {
  parked_at_[task] = WaitingCause::kNone;
  candidates_.Insert(task);
}

// Makes the gate's lowest task a candidate. Entries of tasks that left in the meantime are dropped.
void Admission::WakeFirst(MinHeap& waiting, WaitingCause cause) {
  while (!waiting.empty()) {
    const TaskIndex task = waiting.top();
    waiting.pop();
    if (!IsParked(task, cause)) continue;
    return Wake(task);
  }
}

bool Admission::IsInLine(TaskIndex task) const {
  return task.valid() && Waits(task);
}

void Admission::WakeDatabase(DatabaseIndex database) {
  DatabaseLane& lane = databases_[database];
  if (lane.holder.valid()) return;
  // A retry may have come in that goes before the one in line.
  if (IsInLine(lane.in_line) && (lane.waiting.empty() || lane.waiting.top() > lane.in_line)) return;
  WakeFirst(lane.waiting, WaitingCause::kDatabase);
}

void Admission::WakeInstance(InstanceIndex instance) {
  InstanceLane& lane = instances_[instance];
  if (lane.running < rollout_.instances[instance].maximum_connections) {
    WakeFirst(lane.waiting, WaitingCause::kInstance);
  }
}

void Admission::WakeParallel() {
  const std::uint32_t cap = rollout_.policy.parallel;
  if (cap > 0 && running_ >= cap) return;
  while (!waiting_parallel_.empty()) {
    const TaskIndex task = waiting_parallel_.First();
    waiting_parallel_.Erase(task);
    if (IsParked(task, WaitingCause::kParallel)) return Wake(task);
  }
}

void Admission::WakeLater(const Task& task) {
  WakeInstance(task.instance);
  WakeParallel();
}

// All waiting tasks of a group wait for its first unfinished dependency; without one they wake.
void Admission::Watch(GroupIndex group) {
  GroupLane& lane = groups_[group];
  const GroupIndex on = FirstDependency(group);
  lane.watches = on.valid();
  Waiting waiting;
  if (on.valid()) {
    lane.next_watcher = std::exchange(groups_[on].first_watcher, group);
    if (listener_ == nullptr) return;
    waiting = By(WaitingCause::kDependency, FirstUnfinished(on));
  }
  for (TaskIndex task : rollout_.groups[group].tasks.Of(rollout_.group_tasks)) {
    if (!IsParked(task, WaitingCause::kDependency)) continue;
    if (on.valid()) {
      listener_(context_, task, waiting);
    } else {
      Wake(task);
    }
  }
}

// ---- parking ----

// Whoever was in line has to look again: this task goes before it.
void Admission::TakeTheLine(TaskIndex index) {
  const Task& task = rollout_.tasks[index];
  if (!task.serial || !task.database.valid()) return;
  TaskIndex& in_line = databases_[task.database].in_line;
  if (in_line != index && IsInLine(in_line)) Wake(in_line);
  in_line = index;
}

void Admission::LookAgain(KeyedHeap<base::Instant>& heap, TaskIndex task, base::Instant at) {
  look_at_[task] = at;
  if (at != base::kNever) heap.push({at, task});
}

/// Of tasks that left their gate in the meantime.
void Admission::DropPast(KeyedHeap<base::Instant>& heap) {
  while (!heap.empty()) {
    const auto& [at, task] = heap.top();
    if (look_at_[task] == at && !IsParked(task, WaitingCause::kNone) && Waits(task)) return;
    heap.pop();
  }
}

void Admission::WakeDue(KeyedHeap<base::Instant>& heap, base::Instant now) {
  for (DropPast(heap); !heap.empty() && heap.top().first <= now; DropPast(heap)) {
    const TaskIndex task = heap.top().second;
    heap.pop();
    Wake(task);
  }
}

/// It may have stood for others, on its database and after.
void Admission::LeaveToOthers(const Task& task, TaskIndex index) {
  if (task.database.valid()) {
    DatabaseLane& lane = databases_[task.database];
    if (lane.in_line == index) lane.in_line = TaskIndex();
    WakeDatabase(task.database);
  }
  WakeLater(task);
}

void Admission::Park(TaskIndex index, const Waiting& waiting, base::Instant now) {
  const Task& task = rollout_.tasks[index];
  parked_at_[index] = waiting.cause;
  const bool for_time =
      waiting.cause == WaitingCause::kEarliestTime || waiting.cause == WaitingCause::kWindow;
  if (for_time) {
    LookAgain(waiting_for_time_, index, waiting.until);
  } else if (waiting.cause > WaitingCause::kWindow) {
    LookAgain(closing_, index, ClosesFor(index, now));
  }
  if (listener_ != nullptr) listener_(context_, index, waiting);
  switch (waiting.cause) {
    case WaitingCause::kStage:
      break;  // found again through its stage
    case WaitingCause::kEarliestTime:
      break;  // looked at again
    case WaitingCause::kWindow:
      LeaveToOthers(task, index);
      break;
    case WaitingCause::kDependency:
      if (!groups_[task.group].watches) Watch(task.group);
      break;
    case WaitingCause::kCanary:
      break;  // found again through its group
    case WaitingCause::kVersion:
      versions_[task.database].waiting.push({task.version_rank, index});
      break;
    case WaitingCause::kDatabase:
      databases_[task.database].waiting.push(index);
      WakeLater(task);  // it may have stood for others there
      break;
    case WaitingCause::kInstance:
      TakeTheLine(index);
      instances_[task.instance].waiting.push(index);
      WakeParallel();
      break;
    case WaitingCause::kParallel:
      TakeTheLine(index);
      waiting_parallel_.Insert(index);
      break;
    case WaitingCause::kNone:
    case WaitingCause::kPaused:
    case WaitingCause::kNotRequested:
      LOCKSTEP_CHECK(false, "not a gate to park at");
  }
}

base::Instant Admission::next_time() const {
  base::Instant next = base::kNever;
  for (const auto* heap : {&waiting_for_time_, &closing_}) {
    if (!heap->empty()) next = std::min(next, heap->top().first);
  }
  return next;
}

std::optional<TaskIndex> Admission::Admit(base::Instant now) {
  WakeDue(waiting_for_time_, now);
  WakeDue(closing_, now);
  while (!candidates_.empty()) {
    const TaskIndex task = candidates_.First();
    candidates_.Erase(task);
    if (!IsParked(task, WaitingCause::kNone)) continue;
    const Waiting waiting = FirstGate(task, now);
    if (waiting.cause == WaitingCause::kNone) return task;
    Park(task, waiting, now);
  }
  DropPast(waiting_for_time_);
  DropPast(closing_);
  return std::nullopt;
}

}  // namespace lockstep::rollout
