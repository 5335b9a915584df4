#include "core/service/task_runs.h"

#include <gtest/gtest.h>

namespace lockstep::service {
namespace {

using rollout::Outcome;
using rollout::TaskIndex;

std::string DetailAfter(rollout::TaskRunEnded ended) {
  const rollout::Event events[] = {{1, {}, rollout::TaskRunCreated{TaskIndex(0), 1}},
                                   {2, {}, rollout::TaskRunStarted{TaskIndex(0), 1}},
                                   {3, {}, std::move(ended)}};
  return TaskRunsOf(events).at(0).detail;
}

TEST(TaskRuns, AFailureSaysWhereWhyAndWhatIsLeft) {
  rollout::TaskRunEnded ended{TaskIndex(0), 1, Outcome::kFailed, {}, "nothing is committed"};
  EXPECT_EQ(DetailAfter(ended), "nothing is committed");
  ended.error = rollout::TaskError{.message = "no such table: x",
                                   .code = "SQLITE_ERROR",
                                   .statement = 2,
                                   .line = 3,
                                   .column = 1,
                                   .detail = "",
                                   .hint = "look again"};
  EXPECT_EQ(DetailAfter(ended), "line 3: no such table: x; look again; nothing is committed");
  ended.outcome = Outcome::kLost;
  EXPECT_EQ(DetailAfter(ended).rfind("IN_DOUBT: ", 0), 0u);
}

TEST(TaskRuns, ASuccessSaysNothing) {
  EXPECT_EQ(DetailAfter({TaskIndex(0), 1, Outcome::kSucceeded, {}, ""}), "");
}

}  // namespace
}  // namespace lockstep::service
