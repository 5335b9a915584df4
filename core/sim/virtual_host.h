// VirtualHost: a Host whose clock jumps to the next thing that happens, and whose task runs last as
// long and end as well as a scenario says.
#pragma once

#include <functional>
#include <queue>
#include <vector>

#include "core/rollout/drive.h"
#include "core/sim/scenario.h"

namespace lockstep::sim {

/// A scenario applied to the tasks of one rollout.
class Assumptions {
 public:
  Assumptions(const rollout::Rollout& rollout, const Scenario& scenario);

  struct Run {
    base::Duration duration;
    const Scenario::Failure* failure = nullptr;  ///< it fails then
  };
  std::size_t task_count() const { return durations_.size(); }
  Run RunOf(rollout::TaskIndex task, std::uint32_t attempt) const;
  std::vector<rollout::TaskIndex> TasksOf(const std::vector<Scenario::Selector>& selectors) const;

 private:
  bool Matches(const Scenario::Selector& selector, rollout::TaskIndex task) const;
  const rollout::Rollout& rollout_;
  const Scenario& scenario_;
  base::IndexVector<rollout::TaskIndex, base::Duration> durations_;
  base::IndexVector<rollout::TaskIndex, const Scenario::Failure*> failures_;  // empty: none fails
};

class VirtualHost : public rollout::Host {
 public:
  /// Who looks on. OnRunEnded comes before the Step that hears of it, OnEvents after.
  class Observer {
   public:
    virtual ~Observer() = default;
    virtual void OnTime(base::Instant now) = 0;
    virtual void OnRunEnded(rollout::TaskIndex task) = 0;
    virtual void OnEvents(std::span<const rollout::Event> events) = 0;
  };

  VirtualHost(const rollout::Rollout& rollout, const Scenario& scenario, Observer& observer);

  base::Instant Now() override { return now_; }
  base::Status Persist(std::span<const rollout::Event> events) override;
  void Perform(const rollout::Action& action) override;
  std::vector<rollout::Input> Wait(base::Instant wakeup) override;

  /// Commands whose time has come; before the rollout begins those of its start.
  void TakeDueCommands(std::vector<rollout::Input>& inputs);
  bool has_commands() const { return next_command_ < commands_.size(); }

 private:
  struct Ending {
    base::Instant at;
    rollout::TaskIndex task;
    std::uint32_t attempt;
    bool canceled;
    bool operator>(const Ending& other) const {
      return at != other.at ? at > other.at : task > other.task;
    }
  };
  rollout::Input InputOf(const Ending& ending) const;
  rollout::Input InputOf(const Scenario::Command& command) const;
  base::Instant NextCommand() const;
  bool IsStale(const Ending& ending) const;

  Assumptions assumptions_;
  Observer& observer_;
  base::Instant start_, now_;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<Ending>> endings_;
  base::IndexVector<rollout::TaskIndex, std::uint32_t> stopped_;  // which attempt; empty: none yet
  std::vector<const Scenario::Command*> commands_;                // by time
  std::size_t next_command_ = 0;
};

}  // namespace lockstep::sim
