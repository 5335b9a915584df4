// Assumptions: a scenario applied to the tasks of one rollout: how long each of their runs lasts
// and how it ends.
//
// Of what is not certain, a simulation by itself takes what is typical: the median of a
// distribution, and of a failure whether it is more likely than not. One of many (Draw) draws it by
// lot. A lot belongs to its task and attempt, whatever else happens: so two simulations with one
// seed differ only by what they assume.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/rollout/ready.h"
#include "core/sim/scenario.h"

namespace lockstep::sim {

class Assumptions {
 public:
  /// Both must outlive it.
  Assumptions(const rollout::Rollout& rollout, const Scenario& scenario);

  /// From now on everything uncertain is drawn by lot; equal numbers draw equal lots.
  void Draw(std::uint64_t number);

  /// A run that starts `at`, counted from the start of the rollout.
  struct Run {
    base::Duration duration;
    rollout::Outcome outcome = rollout::Outcome::kSucceeded;
    std::string_view message = {}, code = {};  ///< of one that fails
    base::Duration resolved{-1};  ///< of one that is lost: when its instance can be asked again
  };
  Run RunOf(rollout::TaskIndex task, std::uint32_t attempt, base::Duration at) const;

  /// What is typical, delays included.
  base::Duration Typical(rollout::TaskIndex task) const { return typical_[task]; }
  std::vector<rollout::TaskIndex> TasksOf(const std::vector<Scenario::Selector>& selectors) const;

 private:
  struct Lock {
    const Scenario::Lock* lock;
    base::IndexVector<rollout::TaskIndex, bool> holds;
  };
  void SetDurations();
  const Distribution* DurationOfClass(const rollout::Task& task) const;
  std::uint32_t Lot(rollout::TaskIndex task, std::uint32_t attempt, std::uint32_t purpose) const;
  base::Duration DurationOf(rollout::TaskIndex task, std::uint32_t attempt) const;
  const Scenario::Failure* FailureOf(rollout::TaskIndex task, std::uint32_t attempt) const;
  void WaitForLocks(rollout::TaskIndex task, base::Duration at, Run& run) const;
  base::Duration UpAgain(rollout::InstanceIndex instance, base::Duration at) const;
  void MeetOutages(rollout::TaskIndex task, base::Duration at, Run& run) const;

  const rollout::Rollout& rollout_;
  const Scenario& scenario_;
  base::IndexVector<rollout::TaskIndex, base::Duration> typical_;
  // Of tasks whose duration is not certain, and what is certain on top; empty when all are.
  base::IndexVector<rollout::TaskIndex, const Distribution*> uncertain_;
  base::IndexVector<rollout::TaskIndex, base::Duration> on_top_;
  base::IndexVector<rollout::TaskIndex, const Scenario::Failure*> failures_;  // empty: none fails
  std::vector<Lock> locks_;
  std::vector<std::pair<rollout::InstanceIndex, const Scenario::Outage*>> outages_;
  bool drawing_ = false;
  std::uint64_t draw_ = 0;
};

}  // namespace lockstep::sim
