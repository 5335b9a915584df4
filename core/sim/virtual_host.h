// VirtualHost: a Host whose clock jumps to the next thing that happens, and whose task runs last as
// long and end as well as a scenario says.
#pragma once

#include <functional>
#include <queue>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/rollout/drive.h"
#include "core/sim/assumptions.h"

namespace lockstep::sim {

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

  /// All must outlive it.
  VirtualHost(const Assumptions& assumptions, const Scenario& scenario, Observer& observer);

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
    rollout::Outcome outcome;
    bool resolved = false;  // no end: the answer to a ResolveRun
    std::string_view message = {}, code = {};
    bool operator>(const Ending& other) const {
      return at != other.at ? at > other.at : task > other.task;
    }
  };
  void Start(const rollout::StartRun& start);
  void Resolve(const rollout::ResolveRun& resolve);
  static rollout::Input InputOf(const Ending& ending);
  rollout::Input InputOf(const Scenario::Command& command) const;
  base::Instant NextCommand() const;
  bool IsStale(const Ending& ending) const;

  const Assumptions& assumptions_;
  Observer& observer_;
  base::Instant start_, now_;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<Ending>> endings_;
  std::unordered_map<std::uint32_t, std::uint32_t> stopped_;  // which attempt, by task
  std::unordered_map<std::uint32_t, base::Instant> back_;     // of lost runs, by task
  std::vector<const Scenario::Command*> commands_;            // by time
  std::size_t next_command_ = 0;
};

}  // namespace lockstep::sim
