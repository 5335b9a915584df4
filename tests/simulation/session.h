// One life of a rollout, with crashes: the scheduler, the reference beside it, the fold of the
// events, and the invariants, compared after every Step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/rollout/scheduler.h"
#include "tests/simulation/invariants.h"
#include "tests/simulation/reference_scheduler.h"

namespace lockstep::simulation {

class Session {
 public:
  explicit Session(const rollout::Rollout& rollout);

  /// Also takes the events through JSON and back before they are folded, as the ledger does.
  void set_through_json(bool through_json) { through_json_ = through_json; }

  rollout::Ready Step(base::Instant now, const rollout::Input& input);
  /// A new process finds these events. The next Step has to be Begin.
  void Resume(std::vector<rollout::Event> events);
  /// The same with the first `kept` of its own: those that were durable when it died.
  void Restart(std::size_t kept) {
    Resume({events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(kept)});
  }

  const rollout::Scheduler& scheduler() const { return *scheduler_; }
  const rollout::State& state() const { return scheduler_->state(); }
  const std::vector<rollout::Event>& events() const { return events_; }
  std::vector<rollout::TaskIndex> TasksIn(std::initializer_list<rollout::TaskStatus> in) const;
  /// The first thing that was wrong; empty while all is well.
  const std::string& problem() const { return problem_; }

 private:
  void Fail(const std::string& what);
  void Compare(const rollout::Ready& ready, const ReferenceScheduler::Decision& decision);
  void Fold(const rollout::Ready& ready);
  bool IsInLine(const rollout::Waiting& waiting) const;
  void CompareTasks();

  const rollout::Rollout& rollout_;
  std::optional<rollout::Scheduler> scheduler_;
  std::optional<ReferenceScheduler> reference_;
  std::optional<rollout::State> fold_;
  std::optional<Invariants> invariants_;
  std::vector<rollout::Event> events_;
  bool begun_ = false;
  bool through_json_ = false;
  std::string problem_;
};

/// For messages: what a Session was told and what came of it.
std::string Describe(const rollout::Input& input);

}  // namespace lockstep::simulation
