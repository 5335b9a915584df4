// Seeded random worlds: a rollout, and what happens to it. The same seed gives the same world.
#pragma once

#include <vector>

#include "core/base/prng.h"
#include "core/rollout/ready.h"
#include "core/rollout/rollout.h"
#include "core/rollout/state.h"

namespace lockstep::simulation {

/// 1-3 stages, 1-12 tasks, 1-4 databases on 1-2 instances with caps 1-3, groups of several tasks,
/// dependencies without cycles that also point forward in plan order, versions, earliest times,
/// parallel caps, both stage policies.
rollout::Rollout MakeRollout(base::Prng& prng);

/// Whether stages, dependencies and versions can hold each other up for ever.
bool HasDeadlock(const rollout::Rollout& rollout);

/// The runs and questions that a scheduler's actions began, and what may come of them.
class Outside {
 public:
  Outside(const rollout::Rollout& rollout, base::Prng& prng) : rollout_(rollout), prng_(prng) {}

  void Perform(const rollout::Action& action);
  /// The runner is gone, with those who were asked and with its runs. What is left, of those that
  /// `state` knows, is with other runners, in plan order.
  std::vector<rollout::RunAtWork> Crash(const rollout::State& state);
  bool idle() const { return runs_.empty() && asked_.empty(); }

  /// Anything: ends, answers, commands, late and repeated news.
  rollout::Input AnyInput();
  /// What a person may ask for, whether or not a runner is at work.
  rollout::Input AnyCommand();
  /// What goes towards an end: a run succeeds, a question is answered. REQUIRES !idle().
  rollout::Input GoodInput();
  /// Now and then more than one of them, with repetitions and unknown ones.
  std::vector<rollout::TaskIndex> SomeTasks();

 private:
  struct Run {
    rollout::TaskIndex task;
    std::uint32_t attempt;
    bool stopped;
  };
  Run Take(std::vector<Run>& runs);
  rollout::Input End(const Run& run);
  rollout::Input Answer(const Run& run);
  rollout::Input StaleNews();
  rollout::Resolution AnyResolution();

  const rollout::Rollout& rollout_;
  base::Prng& prng_;
  std::vector<Run> runs_, asked_;
  std::vector<Run> past_;  // whose end was told
};

}  // namespace lockstep::simulation
