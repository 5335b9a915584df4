// The change in schedule: which tasks start at another time, and which have another turn on their
// database. Tasks are the same when their specs and their databases are.
#include <algorithm>
#include <tuple>

#include "core/api/movers.h"
#include "core/api/plan_comparison.h"
#include "core/check/interner.h"

namespace lockstep::api {
namespace {

using rollout::DatabaseIndex;
using rollout::Rollout;
using rollout::TaskIndex;

/// A task by what it does, in terms of b.
struct Identity {
  std::uint32_t spec = 0, database = 0;
  TaskIndex task;
  auto operator<=>(const Identity&) const = default;
};

struct TaskPairs {
  base::IndexVector<TaskIndex, TaskIndex> in_b, in_a;
};

/// A spec has two tasks on a database where gh-ost's two halves are two: they stand in order.
TaskPairs MatchTasks(const Rollout& a, const Rollout& b, const PlanMatch& match) {
  check::Interner databases(b.databases.size());
  for (const rollout::Database& database : b.databases) databases.Add(database.name);
  std::vector<Identity> of_a, of_b;
  of_a.reserve(a.tasks.size());
  of_b.reserve(b.tasks.size());
  for (const TaskIndex index : a.tasks.indices()) {
    const rollout::Task& task = a.tasks[index];
    const SpecIndex spec = match.spec_in_b[SpecIndex(task.spec)];
    const std::uint32_t database =
        task.database.valid() ? databases.Find(a.databases[task.database].name) : 0;
    if (!spec.valid() || database == check::Interner::kNone) continue;
    of_a.push_back({spec.value(), database + task.database.valid(), index});
  }
  for (const TaskIndex index : b.tasks.indices()) {
    const rollout::Task& task = b.tasks[index];
    const std::uint32_t database = task.database.valid() ? task.database.value() + 1 : 0;
    of_b.push_back({task.spec, database, index});
  }
  std::sort(of_a.begin(), of_a.end());
  std::sort(of_b.begin(), of_b.end());
  TaskPairs pairs;
  pairs.in_b.resize(a.tasks.size());
  pairs.in_a.resize(b.tasks.size());
  for (auto x = of_a.begin(), y = of_b.begin(); x != of_a.end() && y != of_b.end();) {
    const auto key_a = std::pair(x->spec, x->database), key_b = std::pair(y->spec, y->database);
    if (key_a == key_b) {
      pairs.in_b[x->task] = y->task;
      pairs.in_a[y->task] = x->task;
    }
    const bool next_a = key_a <= key_b, next_b = key_b <= key_a;
    if (next_a) ++x;
    if (next_b) ++y;
  }
  return pairs;
}

std::optional<TaskShift> ShiftOf(base::Instant before, base::Instant after) {
  if (before == after) return std::nullopt;
  if (before.ms < 0) return TaskShift::kStarts;
  if (after.ms < 0) return TaskShift::kStartsNever;
  return after < before ? TaskShift::kEarlier : TaskShift::kLater;
}

std::vector<TaskChange> ShiftedTasks(const PlanSide& a, const PlanSide& b, const TaskPairs& pairs) {
  std::vector<TaskChange> changes;
  for (const TaskIndex task : pairs.in_a.indices()) {
    const TaskIndex partner = pairs.in_a[task];
    if (!partner.valid()) {
      changes.push_back({TaskShift::kAppears, partner, task});
    } else if (const auto shift =
                   ShiftOf(a.timeline.tasks[partner].start, b.timeline.tasks[task].start)) {
      changes.push_back({*shift, partner, task});
    }
  }
  for (const TaskIndex task : pairs.in_b.indices()) {
    if (!pairs.in_b[task].valid()) changes.push_back({TaskShift::kDisappears, task, TaskIndex()});
  }
  return changes;
}

// ---- turns ----

/// A task that runs in both rollouts, and its place among all tasks by their starts.
struct Turn {
  DatabaseIndex database;  // in b
  TaskIndex a, b;
  std::uint32_t place_a = 0, place_b = 0;
};

/// For each task its place by start; tasks that start at once stand in plan order.
std::vector<std::uint32_t> PlacesByStart(const sim::Timeline& timeline) {
  std::vector<std::uint32_t> order, places(timeline.tasks.size());
  for (const TaskIndex task : timeline.tasks.indices()) order.push_back(task.value());
  std::sort(order.begin(), order.end(), [&](std::uint32_t x, std::uint32_t y) {
    const base::Instant start_x = timeline.tasks[TaskIndex(x)].start;
    const base::Instant start_y = timeline.tasks[TaskIndex(y)].start;
    return start_x != start_y ? start_x < start_y : x < y;
  });
  for (std::uint32_t i = 0; i < order.size(); ++i) places[order[i]] = i;
  return places;
}

std::vector<Turn> TurnsOf(const PlanSide& a, const PlanSide& b, const TaskPairs& pairs) {
  const std::vector<std::uint32_t> places_a = PlacesByStart(a.timeline);
  const std::vector<std::uint32_t> places_b = PlacesByStart(b.timeline);
  std::vector<Turn> turns;
  for (const TaskIndex task : pairs.in_a.indices()) {
    const TaskIndex partner = pairs.in_a[task];
    const DatabaseIndex database = b.rollout.tasks[task].database;
    if (!partner.valid() || !database.valid()) continue;
    if (a.timeline.tasks[partner].start.ms < 0 || b.timeline.tasks[task].start.ms < 0) continue;
    turns.push_back({database, partner, task, places_a[partner.value()], places_b[task.value()]});
  }
  std::sort(turns.begin(), turns.end(), [](const Turn& x, const Turn& y) {
    return std::tie(x.database, x.place_b) < std::tie(y.database, y.place_b);
  });
  return turns;
}

/// Of one database; `turns` in the order of b.
void AddTurnChanges(std::span<const Turn> turns, const Rollout& a, const Rollout& b,
                    std::vector<TurnChange>& changes) {
  const auto before = [](const Turn& x, const Turn& y) { return x.place_a < y.place_a; };
  if (std::is_sorted(turns.begin(), turns.end(), before)) return;
  std::vector<Placed> placed;
  for (const Turn& turn : turns) {
    const std::uint64_t key =
        KeyOf(a.spec_ids[a.tasks[turn.a].spec]) + KeyOf(b.spec_ids[b.tasks[turn.b].spec]);
    placed.push_back({turn.place_a, turn.place_b, key});
  }
  const std::vector<bool> moves = FindMovers(placed);
  std::vector<Turn> by_a(turns.begin(), turns.end());
  std::sort(by_a.begin(), by_a.end(), before);
  for (std::size_t i = 0; i < turns.size(); ++i) {
    if (!moves[i]) continue;
    const auto at = std::lower_bound(by_a.begin(), by_a.end(), turns[i], before);
    changes.push_back({turns[i].a, turns[i].b, at == by_a.begin() ? TaskIndex() : std::prev(at)->a,
                       i == 0 ? TaskIndex() : turns[i - 1].b});
  }
}

std::vector<TurnChange> ChangedTurns(const PlanSide& a, const PlanSide& b, const TaskPairs& pairs) {
  const std::vector<Turn> turns = TurnsOf(a, b, pairs);
  std::vector<TurnChange> changes;
  for (std::size_t begin = 0, end = 0; begin < turns.size(); begin = end) {
    while (end < turns.size() && turns[end].database == turns[begin].database) ++end;
    AddTurnChanges(std::span(turns).subspan(begin, end - begin), a.rollout, b.rollout, changes);
  }
  return changes;
}

bool SamePath(const PlanSide& a, const PlanSide& b, const TaskPairs& pairs) {
  const auto same = [&](TaskIndex x, TaskIndex y) { return pairs.in_b[x] == y; };
  const auto& path_a = a.timeline.critical_path;
  const auto& path_b = b.timeline.critical_path;
  return std::equal(path_a.begin(), path_a.end(), path_b.begin(), path_b.end(), same);
}

}  // namespace

ScheduleDiff DiffSchedules(const PlanSide& a, const PlanSide& b, const PlanMatch& match) {
  const TaskPairs pairs = MatchTasks(a.rollout, b.rollout, match);
  ScheduleDiff diff;
  diff.tasks = ShiftedTasks(a, b, pairs);
  diff.turns = ChangedTurns(a, b, pairs);
  diff.critical_path_differs = !SamePath(a, b, pairs);
  return diff;
}

}  // namespace lockstep::api
