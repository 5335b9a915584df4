// The slow, obvious simulator that core's is compared with: the reference scheduler decides, a list
// of what is still to happen is searched for its earliest, and what a scenario says of a run is
// read from its lists each time. It shares the data types with core/sim (Scenario, Distribution),
// and no code.
#pragma once

#include <string>
#include <vector>

#include "core/sim/scenario.h"
#include "tests/simulation/reference_scheduler.h"

namespace lockstep::simulation {

class ReferenceSimulator {
 public:
  struct Line {
    base::Instant start{-1}, end{-1};  // of the last run
    std::uint32_t attempts = 0;
    rollout::TaskStatus status = rollout::TaskStatus::kNotStarted;
    bool operator==(const Line&) const = default;
  };

  /// All times have to be multiples of it.
  static constexpr base::Duration kStep{500};

  /// Of the scenario's durations it knows lengths of time and samples, of which it takes the middle
  /// one; of its failures those that are certain. Both must outlive it.
  ReferenceSimulator(const rollout::Rollout& rollout, const sim::Scenario& scenario);

  void Run();

  const std::vector<Line>& lines() const { return lines_; }
  const std::vector<rollout::Event>& events() const { return events_; }
  base::Instant end() const { return end_; }

 private:
  using TaskIndex = rollout::TaskIndex;
  enum class Kind { kEnd, kAnswer };
  struct Coming {
    base::Instant at;
    Kind kind;
    rollout::RunEnded run;
  };

  void Turn(const std::vector<rollout::Input>& inputs);
  void Record(rollout::Fact fact);
  void Perform(const rollout::Action& action);
  void Start(TaskIndex task, std::uint32_t attempt);
  base::Duration Length(TaskIndex task) const;
  bool Fits(const sim::Scenario::Selector& selector, TaskIndex task) const;
  int Weight(const sim::Scenario::Selector& selector, TaskIndex task) const;
  template <class Item>
  const Item* Best(const std::vector<Item>& items, TaskIndex task) const;
  bool IsDown(rollout::InstanceIndex instance, base::Instant at) const;
  std::vector<rollout::Input> TakeComing();
  std::vector<rollout::Input> TakeCommands();
  base::Instant NextTime() const;

  const rollout::Rollout& rollout_;
  const sim::Scenario& scenario_;
  ReferenceScheduler scheduler_;
  base::Instant begin_, now_, end_;
  base::Instant wakeup_ = base::kNever;
  bool at_rest_ = false;
  std::vector<Coming> coming_;
  std::vector<sim::Scenario::Command> commands_;  // that are still to be given
  std::vector<Line> lines_;
  std::vector<rollout::Event> events_;
};

}  // namespace lockstep::simulation
