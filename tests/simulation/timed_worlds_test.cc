// Random rollouts simulated over time: core's simulator against the reference simulator, and
// against the invariants after every event.
//   LOCKSTEP_WORLDS=1000000   how many (100,000 otherwise; fewer where sanitizers look on)
//   LOCKSTEP_SEED=17          only this one, told in detail
#include <gtest/gtest.h>

#include <cstdio>

#include "core/sim/simulator.h"
#include "tests/simulation/environment.h"
#include "tests/simulation/invariants.h"
#include "tests/simulation/reference_simulator.h"
#include "tests/simulation/scenario_maker.h"
#include "tests/simulation/world.h"

namespace lockstep::simulation {
namespace {

using namespace rollout;  // NOLINT: its vocabulary is this file's

constexpr std::uint64_t kTimedWorlds = Worlds(100'000);

class TimedWorld {
 public:
  explicit TimedWorld(std::uint64_t seed) {
    base::Prng prng(seed);
    rollout_ = MakeRollout(prng);
    scenario_ = MakeScenario(prng, rollout_);
    if (prng.Chance(1, 2)) sim::Constrain(rollout_, scenario_);
  }

  /// What was wrong; empty when all is well.
  std::string Live(bool trace) {
    timeline_ = sim::Simulate(rollout_, scenario_, {});
    if (trace) {
      for (const Event& event : timeline_.events)
        std::printf("%s\n", ToJson(event, rollout_).c_str());
    }
    ReferenceSimulator reference(rollout_, scenario_);
    reference.Run();
    std::string problem = CheckInvariants();
    if (problem.empty()) problem = CheckEvents(reference.events());
    if (problem.empty()) problem = CheckLines(reference);
    if (problem.empty()) problem = CheckWaits();
    return problem;
  }
  const sim::Timeline& timeline() const { return timeline_; }
  const sim::Scenario& scenario() const { return scenario_; }
  const Rollout& rollout() const { return rollout_; }

 private:
  std::string CheckInvariants() const {
    Invariants invariants(rollout_);
    for (const Event& event : timeline_.events) invariants.Observe(event);
    return invariants.violation();
  }

  std::string CheckEvents(const std::vector<Event>& wanted) const {
    const std::vector<Event>& got = timeline_.events;
    for (std::size_t i = 0; i < std::max(got.size(), wanted.size()); ++i) {
      if (i < got.size() && i < wanted.size() && got[i] == wanted[i]) continue;
      return "event " + (i < got.size() ? ToJson(got[i], rollout_) : "missing") + ", wanted " +
             (i < wanted.size() ? ToJson(wanted[i], rollout_) : "none");
    }
    return "";
  }

  std::string CheckLines(const ReferenceSimulator& reference) const {
    for (TaskIndex task : rollout_.tasks.indices()) {
      const sim::TaskTimeline& line = timeline_.tasks[task];
      const ReferenceSimulator::Line got{line.start, line.end, line.attempts, line.status};
      if (got != reference.lines()[task.value()])
        return "task " + std::to_string(task.value()) + " has another start, end, status or count";
    }
    if (timeline_.end != reference.end()) return "another end";
    return timeline_.event_count == timeline_.events.size() ? "" : "another count of events";
  }

  /// Waits of a task follow each other; and of one that ran once, in a rollout that never stopped,
  /// every moment before its start is told.
  std::string CheckWaits() const {
    bool stopped = false;
    for (const Event& event : timeline_.events)
      stopped |= std::holds_alternative<RolloutPaused>(event.fact);
    std::vector<base::Instant> told(rollout_.tasks.size(), timeline_.start);
    std::vector<bool> gap(rollout_.tasks.size(), false);
    for (const auto& [task, wait] : timeline_.waits) {
      if (wait.from >= wait.to || wait.from < told[task.value()])
        return "waits of task " + std::to_string(task.value()) + " overlap";
      if (wait.from != told[task.value()]) gap[task.value()] = true;
      told[task.value()] = wait.to;
    }
    for (TaskIndex task : rollout_.tasks.indices()) {
      const sim::TaskTimeline& line = timeline_.tasks[task];
      if (stopped || line.attempts != 1 || line.start.ms < 0) continue;
      if (gap[task.value()] || told[task.value()] != line.start)
        return "nobody tells what task " + std::to_string(task.value()) + " waited for";
    }
    return "";
  }

  Rollout rollout_;
  sim::Scenario scenario_;
  sim::Timeline timeline_;
};

TEST(TimedWorlds, TheSimulatorIsTheReference) {
  const bool one = std::getenv("LOCKSTEP_SEED") != nullptr;
  const std::uint64_t first = FromEnvironment("LOCKSTEP_SEED", 1);
  const std::uint64_t worlds = one ? 1 : FromEnvironment("LOCKSTEP_WORLDS", kTimedWorlds);
  std::uint64_t lost = 0, failed = 0, canceled = 0, skipped = 0, paused = 0, reruns = 0;
  for (std::uint64_t seed = first; seed < first + worlds; ++seed) {
    TimedWorld world(seed);
    ASSERT_EQ(world.Live(one), "") << "LOCKSTEP_SEED=" << seed;
    for (const Event& event : world.timeline().events) {
      if (const auto* ended = std::get_if<TaskRunEnded>(&event.fact)) {
        lost += ended->outcome == Outcome::kLost;
        failed += ended->outcome == Outcome::kFailed;
        canceled += ended->outcome == Outcome::kCanceled;
      }
      skipped += std::holds_alternative<TaskSkipped>(event.fact);
      paused += std::holds_alternative<RolloutPaused>(event.fact);
      if (const auto* run = std::get_if<TaskRunCreated>(&event.fact)) reruns += run->attempt > 1;
    }
  }
  if (one) return;
  // The worlds are wild enough to be worth their time.
  for (const std::uint64_t often : {lost, failed, canceled, skipped, paused, reruns})
    EXPECT_GT(often, worlds / 50);
}

}  // namespace
}  // namespace lockstep::simulation
