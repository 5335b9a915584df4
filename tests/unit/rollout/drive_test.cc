// Drive: the order in which decisions become durable and then deeds.
#include "core/rollout/drive.h"

#include <gtest/gtest.h>

#include <deque>

#include "tests/unit/rollout_builder.h"

namespace lockstep::rollout {
namespace {

using Strings = std::vector<std::string>;

// Writes down what is asked of it, and lets happen what the test says.
class RecordingHost : public Host {
 public:
  base::Instant Now() override { return now; }
  base::Status Persist(std::span<const Event> events) override {
    if (log.size() >= fail_after) return base::Error{base::ErrorCode::kIo, "the disk is full"};
    std::string line = "persist";
    for (const Event& event : events) line += " " + std::string(TypeName(event.fact));
    log.push_back(line);
    return {};
  }
  void Perform(const Action& action) override {
    const char* const names[] = {"start", "stop", "resolve"};
    const TaskIndex task = std::visit([](const auto& a) { return a.task; }, action);
    log.push_back(std::string(names[action.index()]) + " " + std::to_string(task.value()));
  }
  std::vector<Input> Wait(base::Instant wakeup) override {
    wakeups.push_back(wakeup);
    if (turns.empty()) {
      ADD_FAILURE() << "waits for ever";
      return {Pause{"", false}};
    }
    std::vector<Input> inputs = std::move(turns.front());
    turns.pop_front();
    return inputs;
  }

  base::Instant now{0};
  std::deque<std::vector<Input>> turns;
  std::vector<base::Instant> wakeups;
  Strings log;
  std::size_t fail_after = 1000;
};

Input Succeeded(TaskIndex task) {
  return RunEnded{task, 1, Outcome::kSucceeded, {}, ""};
}

// Two tasks on one database, and one on another.
Rollout ThreeTasks() {
  RolloutBuilder builder;
  const InstanceIndex instance = builder.AddInstance();
  const DatabaseIndex a = builder.AddDatabase(instance), b = builder.AddDatabase(instance);
  builder.AddStage();
  builder.AddTask(a);
  builder.AddTask(a);
  builder.AddTask(b);
  return builder.Build();
}

TEST(Drive, PersistsBeforeItPerformsAndGroupsATurn) {
  const Rollout rollout = ThreeTasks();
  Scheduler scheduler(rollout);
  RecordingHost host;
  host.turns = {{Succeeded(TaskIndex(0)), Succeeded(TaskIndex(2))}, {Succeeded(TaskIndex(1))}};
  const base::Status status = Drive(scheduler, host, {Begin{"runner"}});
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(host.log,
            (Strings{"persist rollout_started stage_started task_run_created task_run_created "
                     "task_run_created task_run_started task_run_started",
                     "start 0", "start 2", "persist task_run_ended task_run_started task_run_ended",
                     "start 1", "persist task_run_ended stage_ended rollout_ended"}));
  EXPECT_EQ(scheduler.state().rollout_status(), RolloutStatus::kDone);
}

TEST(Drive, StopsBeforeTheDeedsOfWhatIsNotDurable) {
  const Rollout rollout = ThreeTasks();
  for (std::size_t persisted : {0u, 3u}) {
    Scheduler scheduler(rollout);
    RecordingHost host;
    host.turns = {{Succeeded(TaskIndex(0))}};
    host.fail_after = persisted;
    const base::Status status = Drive(scheduler, host, {Begin{"runner"}});
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().message, "the disk is full");
    EXPECT_EQ(host.log.size(), persisted) << "nothing of the turn was performed";
  }
}

TEST(Drive, PersistsNothingWhenNothingHappened) {
  const Rollout rollout = ThreeTasks();
  Scheduler scheduler(rollout);
  RecordingHost host;
  host.turns = {{Tick{}, RunEnded{TaskIndex(0), 9, Outcome::kFailed, {}, ""}},
                {Pause{"", true}},
                {RunEnded{TaskIndex(0), 1, Outcome::kCanceled, {}, ""}, Succeeded(TaskIndex(2))}};
  ASSERT_TRUE(Drive(scheduler, host, {Begin{"runner"}}).ok());
  EXPECT_EQ(Strings(host.log.begin() + 3, host.log.end()),
            (Strings{"persist rollout_paused cancel_requested cancel_requested", "stop 0", "stop 2",
                     "persist task_run_ended task_run_ended"}));
  EXPECT_EQ(scheduler.state().rollout_status(), RolloutStatus::kPaused);
}

TEST(Drive, WakesUpForTimeAndReturnsWhenNothingIsLeftToWaitFor) {
  RolloutBuilder builder;
  const DatabaseIndex database = builder.AddDatabase(builder.AddInstance());
  builder.AddStage();
  builder.task(builder.AddTask(database)).earliest = base::Instant{5000};
  const Rollout rollout = builder.Build();
  Scheduler scheduler(rollout);
  RecordingHost host;
  host.turns = {{Skip{{TaskIndex(0)}, ""}}};
  ASSERT_TRUE(Drive(scheduler, host, {Begin{"runner"}}).ok());
  EXPECT_EQ(host.wakeups, std::vector<base::Instant>{base::Instant{5000}});
}

TEST(Drive, ACommandAfterBeginBelongsToTheFirstTurn) {
  const Rollout rollout = ThreeTasks();
  Scheduler scheduler(rollout);
  RecordingHost host;
  host.turns = {{Succeeded(TaskIndex(0)), Succeeded(TaskIndex(2))}};
  const std::vector<TaskIndex> skipped = {TaskIndex(1)};
  ASSERT_TRUE(Drive(scheduler, host, {Skip{skipped, "why"}, Begin{"runner"}}).ok());
  EXPECT_EQ(host.log.front(),
            "persist task_skipped rollout_started stage_started task_run_created task_run_created "
            "task_run_started task_run_started");
}

}  // namespace
}  // namespace lockstep::rollout
