// Admission: which PENDING task may start next, and at which gate each of the others waits.
//
// All of it is derived from the rollout and the facts so far (Observe), so it needs no place in the
// ledger. Every waiting task is parked at exactly one gate, the first that holds it back:
//
//   stage · earliest time · dependencies · canaries · lower version · window · database slot ·
//   instance · parallel
//
// (At the stage wait only tasks that somebody asked for by name: all others have no run before
// their stage opens.) When what a gate guards gets free, the gate's lowest task in plan order
// becomes a candidate; candidates are looked at lowest first and pass through all gates again. The
// outcome is that of the obvious algorithm: go through all waiting tasks in plan order, start each
// that passes all gates, until nothing changes (tests/simulation compares them).
//
// A task that was let through by a gate and waits at a later one stands for all that are still
// parked at the former: they could not pass the later gate either. When it starts or leaves, the
// next one is let through.
#pragma once

#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "core/rollout/event.h"
#include "core/rollout/stage_barrier.h"
#include "core/rollout/state.h"
#include "core/rollout/task_set.h"
#include "core/rollout/waiting.h"

namespace lockstep::rollout {

class Admission {
 public:
  using WaitListener = void (*)(void* context, TaskIndex task, const Waiting& waiting);

  /// `state` and `barrier` are read, never written, and must be up to date before each Observe.
  Admission(const Rollout& rollout, const State& state, const StageBarrier& barrier);

  void Observe(const Fact& fact);

  /// The next task that passes all gates now; parks those on the way that do not. Empty: nothing
  /// may start.
  std::optional<TaskIndex> Admit(base::Instant now);

  /// When the next task has to be looked at again though nothing happens; kNever without one.
  base::Instant next_time() const;
  /// Whether a task only waits for its time or its window: it will start if nothing else happens.
  bool waits_for_time() const { return !waiting_for_time_.empty(); }

  /// The first gate that holds a PENDING task back; kNone when it passes all.
  Waiting FirstGate(TaskIndex task, base::Instant now) const;

  void set_listener(WaitListener listener, void* context) {
    listener_ = listener, context_ = context;
  }

 private:
  using MinHeap = std::priority_queue<TaskIndex, std::vector<TaskIndex>, std::greater<TaskIndex>>;
  template <class Key>
  using KeyedHeap =
      std::priority_queue<std::pair<Key, TaskIndex>, std::vector<std::pair<Key, TaskIndex>>,
                          std::greater<std::pair<Key, TaskIndex>>>;

  /// Looked at with every event, in an order that no cache foresees: one line of it.
  struct DatabaseLane {
    TaskIndex holder;   // whose run is on the database, one in doubt too
    TaskIndex in_line;  // passed this gate and waits at a later one
    MinHeap waiting;
    std::vector<TaskIndex> other_holders;  // of tasks that do not take turns

    void Hold(TaskIndex task);
    void Leave(TaskIndex task);
    TaskIndex LowestHolder() const;
  };
  static_assert(sizeof(DatabaseLane) <= 64);
  struct VersionLane {
    // Versioned tasks by (rank, index); those before `next` are DONE or SKIPPED.
    std::vector<TaskIndex> tasks;
    std::size_t next = 0;
    KeyedHeap<std::uint32_t> waiting;
  };
  struct InstanceLane {
    std::uint32_t running = 0;
    MinHeap waiting;
  };
  struct GroupLane {
    std::uint32_t unfinished = 0;
    std::uint32_t unfinished_canaries = 0;
    // Offsets into the group's tasks and into its dependencies: all before are satisfied, for good.
    mutable std::uint32_t first_unfinished = 0;
    mutable std::uint32_t first_dependency = 0;
    // Groups that wait, and for this one first: a list through them.
    GroupIndex first_watcher, next_watcher;
    bool watches = false;
  };

  bool Waits(TaskIndex task) const { return state_.status(task) == TaskStatus::kPending; }
  bool IsParked(TaskIndex task, WaitingCause gate) const {
    return parked_at_[task] == gate && Waits(task);
  }
  bool IsInLine(TaskIndex task) const;
  TaskIndex FirstUnfinished(GroupIndex group) const;
  GroupIndex FirstDependency(GroupIndex group) const;
  Waiting By(WaitingCause cause, TaskIndex by) const;

  void Park(TaskIndex task, const Waiting& waiting, base::Instant now);
  void LookAgain(KeyedHeap<base::Instant>& heap, TaskIndex task, base::Instant at);
  void DropPast(KeyedHeap<base::Instant>& heap);
  void WakeDue(KeyedHeap<base::Instant>& heap, base::Instant now);
  base::Duration Expected(TaskIndex task) const;
  base::Instant ClosesFor(TaskIndex task, base::Instant now) const;
  void LeaveToOthers(const Task& task, TaskIndex index);
  void TakeTheLine(TaskIndex task);
  void Wake(TaskIndex task);
  void WakeFirst(MinHeap& waiting, WaitingCause cause);
  void WakeDatabase(DatabaseIndex database);
  void WakeInstance(InstanceIndex instance);
  void WakeParallel();
  void WakeLater(const Task& task);  // instance and parallel
  void Watch(GroupIndex group);
  void OnStageStarted(StageIndex stage);
  void OnStarted(TaskIndex task);
  void OnRunOver(TaskIndex task);
  void OnDatabaseLeft(TaskIndex task);
  void OnLeftWaiting(TaskIndex task);
  void OnSatisfied(TaskIndex task);
  void OnCanariesDone(GroupIndex group);

  const Rollout& rollout_;
  const State& state_;
  const StageBarrier& barrier_;
  base::IndexVector<DatabaseIndex, DatabaseLane> databases_;
  base::IndexVector<DatabaseIndex, VersionLane> versions_;  // empty when no task has a version
  base::IndexVector<InstanceIndex, InstanceLane> instances_;
  base::IndexVector<GroupIndex, GroupLane> groups_;
  std::uint32_t running_ = 0;
  TaskSet waiting_parallel_;
  KeyedHeap<base::Instant> waiting_for_time_;
  // When tasks at the gates after the window have to be looked at again: it closes for them.
  KeyedHeap<base::Instant> closing_;
  // By task, the time of its entry in one of these two; others of its entries are of the past.
  base::IndexVector<TaskIndex, base::Instant> look_at_;
  TaskSet candidates_;
  base::IndexVector<TaskIndex, WaitingCause>
      parked_at_;                            // kNone: it is a candidate, or does not wait
  base::IndexVector<TaskIndex, bool> runs_;  // counted in its instance and in running_
  WaitListener listener_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace lockstep::rollout
