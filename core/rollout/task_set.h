// TaskSet: a set of tasks of which the first in plan order is wanted. A bit per task, and above it
// a bit per word that is not empty, and so on: four words to look at for sixteen million tasks,
// where a heap would jump through memory.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "core/rollout/rollout.h"

namespace lockstep::rollout {

class TaskSet {
 public:
  explicit TaskSet(std::size_t tasks) {
    do {
      tasks = (tasks + 63) / 64;
      levels_.emplace_back(tasks, 0);
    } while (tasks > 1);
  }

  void Insert(TaskIndex task) {
    std::size_t place = task.value();
    for (std::vector<std::uint64_t>& level : levels_) {
      std::uint64_t& word = level[place / 64];
      const bool was_empty = word == 0;
      word |= std::uint64_t{1} << place % 64;
      if (!was_empty) return;
      place /= 64;
    }
  }
  void Erase(TaskIndex task) {
    std::size_t place = task.value();
    for (std::vector<std::uint64_t>& level : levels_) {
      std::uint64_t& word = level[place / 64];
      word &= ~(std::uint64_t{1} << place % 64);
      if (word != 0) return;
      place /= 64;
    }
  }

  bool empty() const { return levels_.back().empty() || levels_.back().front() == 0; }
  /// REQUIRES !empty().
  TaskIndex First() const {
    std::size_t place = 0;
    for (std::size_t level = levels_.size(); level > 0; --level)
      place = place * 64 + static_cast<std::size_t>(std::countr_zero(levels_[level - 1][place]));
    return TaskIndex(place);
  }

 private:
  std::vector<std::vector<std::uint64_t>> levels_;  // the lowest first
};

}  // namespace lockstep::rollout
