// What must hold whatever happens, checked from the facts alone, after each of them.
#pragma once

#include <limits>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/rollout/ready.h"
#include "core/rollout/state.h"

namespace lockstep::simulation {

class Invariants {
 public:
  explicit Invariants(const rollout::Rollout& rollout);

  void Observe(const rollout::Event& event);
  /// Every action follows from a fact of its Step.
  void ObserveActions(const rollout::Ready& ready);
  /// The first thing that was wrong; empty while all is well.
  const std::string& violation() const { return violation_; }

 private:
  static constexpr base::Instant kBeforeAll{std::numeric_limits<std::int64_t>::min()};
  using TaskIndex = rollout::TaskIndex;
  using TaskStatus = rollout::TaskStatus;
  struct Known {
    TaskStatus status = TaskStatus::kNotStarted;
    std::uint32_t attempt = 0;
    bool ran_to_success = false;
  };

  void Fail(const std::string& what);
  void Expect(bool holds, const std::string& what) {
    if (!holds) Fail(what);
  }
  void Move(TaskIndex task, std::initializer_list<TaskStatus> from, TaskStatus to);
  void See(const rollout::RolloutStarted&) {}
  void See(const rollout::StageStarted& fact);
  void See(const rollout::TaskRunCreated& fact);
  void See(const rollout::TaskRunStarted& fact);
  void See(const rollout::TaskRunWaiting& fact);
  void See(const rollout::TaskRunEnded& fact);
  void See(const rollout::TaskRunResolved& fact);
  void See(const rollout::TaskSkipped& fact);
  void See(const rollout::CancelRequested& fact);
  void See(const rollout::StageEnded& fact);
  void See(const rollout::RolloutPaused&) {}
  void See(const rollout::RolloutEnded&);
  bool WithinCanary(rollout::TaskIndex task) const;
  void CheckStart(TaskIndex task);
  bool IsOver(TaskIndex task) const;

  const rollout::Rollout& rollout_;
  std::vector<Known> tasks_;
  std::set<rollout::StageIndex> started_stages_, ended_stages_;
  std::set<std::pair<TaskIndex, std::uint32_t>> started_runs_;
  std::uint64_t sequence_ = 0;
  base::Instant last_at_ = kBeforeAll, at_;
  bool paused_ = false;
  std::string violation_;
};

}  // namespace lockstep::simulation
