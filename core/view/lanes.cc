#include "core/view/lanes.h"

#include <algorithm>

#include "core/view/labels.h"

namespace lockstep::view {
namespace {

using base::Instant;
using rollout::Rollout;
using rollout::TaskIndex;

/// The first row that is free again when `task` starts.
class Rows {
 public:
  std::uint32_t Place(const sim::TaskTimeline& line) {
    const Instant end = line.end.ms < 0 ? base::kNever : line.end;
    for (std::size_t row = 0; row < free_from_.size(); ++row) {
      if (free_from_[row] > line.start) continue;
      free_from_[row] = end;
      return static_cast<std::uint32_t>(row);
    }
    free_from_.push_back(end);
    return static_cast<std::uint32_t>(free_from_.size() - 1);
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(free_from_.size()); }

 private:
  std::vector<Instant> free_from_;
};

void AssignTasksToLanes(const Rollout& rollout, Lanes& lanes) {
  base::IndexVector<rollout::DatabaseIndex, LaneIndex> of_database(rollout.databases.size());
  base::IndexVector<rollout::InstanceIndex, LaneIndex> of_instance(rollout.instances.size());
  for (TaskIndex index : rollout.tasks.indices()) {
    const rollout::Task& task = rollout.tasks[index];
    LaneIndex& lane =
        task.database.valid() ? of_database[task.database] : of_instance[task.instance];
    if (!lane.valid()) lane = lanes.lanes.push_back({DatabaseLabel(rollout, index)});
    lanes.lane.push_back(lane);
  }
}

}  // namespace

Lanes AssignLanes(const Rollout& rollout, const sim::Timeline& timeline) {
  Lanes lanes;
  AssignTasksToLanes(rollout, lanes);
  lanes.row.resize(rollout.tasks.size());

  std::vector<TaskIndex> by_start;
  for (TaskIndex task : rollout.tasks.indices()) {
    if (timeline.tasks[task].start.ms >= 0) by_start.push_back(task);
  }
  std::stable_sort(by_start.begin(), by_start.end(), [&](TaskIndex a, TaskIndex b) {
    return timeline.tasks[a].start < timeline.tasks[b].start;
  });
  base::IndexVector<LaneIndex, Rows> rows(lanes.lanes.size());
  for (TaskIndex task : by_start) {
    lanes.row[task] = rows[lanes.lane[task]].Place(timeline.tasks[task]);
  }
  for (LaneIndex lane : lanes.lanes.indices()) {
    lanes.lanes[lane].rows = std::max(rows[lane].size(), 1u);
  }
  return lanes;
}

}  // namespace lockstep::view
