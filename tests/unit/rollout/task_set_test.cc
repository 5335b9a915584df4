#include "core/rollout/task_set.h"

#include <gtest/gtest.h>

#include <set>

#include "core/base/prng.h"

namespace lockstep::rollout {
namespace {

TEST(TaskSet, IsAnOrderedSet) {
  base::Prng prng(17);
  for (const std::size_t size : {0u, 1u, 63u, 64u, 65u, 4096u, 4097u, 300'000u}) {
    TaskSet tasks(size);
    std::set<TaskIndex> expected;
    EXPECT_TRUE(tasks.empty());
    for (int i = 0; i < 2000 && size > 0; ++i) {
      const TaskIndex task(prng.Below(size));
      if (prng.Chance(3, 5)) {
        tasks.Insert(task);
        expected.insert(task);
      } else {
        tasks.Erase(task);
        expected.erase(task);
      }
      ASSERT_EQ(tasks.empty(), expected.empty());
      if (expected.empty()) continue;
      ASSERT_EQ(tasks.First(), *expected.begin());
    }
    for (; !expected.empty(); expected.erase(expected.begin())) {
      ASSERT_EQ(tasks.First(), *expected.begin());
      tasks.Erase(*expected.begin());
    }
    EXPECT_TRUE(tasks.empty());
  }
}

}  // namespace
}  // namespace lockstep::rollout
