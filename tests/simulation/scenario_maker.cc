#include "tests/simulation/scenario_maker.h"

#include "tests/simulation/reference_simulator.h"

namespace lockstep::simulation {
namespace {

using base::Duration;
using sim::Scenario;

class ScenarioMaker {
 public:
  ScenarioMaker(base::Prng& prng, const rollout::Rollout& rollout)
      : prng_(prng), rollout_(rollout) {}

  Scenario Make() {
    Scenario made;
    if (prng_.Chance(1, 3)) made.start = base::Instant{Time(20).ms};
    MakeDurations(made);
    for (int n = Count(4); n > 0; --n) {
      Scenario::Failure failure{.selector = AnySelector(), .message = ""};
      failure.attempts = prng_.Chance(1, 3) ? Scenario::kAlways : 1 + Below(2);
      if (prng_.Chance(1, 3)) failure.after = Time(6);
      if (prng_.Chance(1, 3)) failure.message = "no such table";
      made.failures.push_back(std::move(failure));
    }
    for (int n = Count(3); n > 0; --n) made.delays.push_back({AnySelector(), Time(10)});
    for (int n = Count(2); n > 0; --n) made.connects.push_back({MaybeAll(), Time(2)});
    for (int n = Count(3); n > 0; --n) {
      Scenario::Lock lock{.selector = AnySelector(), .from = Time(20), .to = {}};
      lock.to = lock.from + Later(20);
      if (prng_.Chance(1, 2)) lock.timeout = Time(12);
      made.locks.push_back(std::move(lock));
    }
    for (int n = Count(3); n > 0; --n) {
      Scenario::Outage outage{AnyInstance(), Time(30), {}};
      outage.to = outage.from + Later(20);
      made.outages.push_back(std::move(outage));
    }
    if (prng_.Chance(1, 6)) made.maximum_connections[AnyInstance()] = 1 + Below(3);
    for (int n = Count(5); n > 0; --n) made.commands.push_back(AnyCommand());
    return made;
  }

 private:
  std::uint32_t Below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(prng_.Below(bound));
  }
  /// Mostly none.
  int Count(std::uint32_t most) { return prng_.Chance(1, 2) ? 0 : static_cast<int>(Below(most)); }
  /// 0 to so many steps.
  Duration Time(std::uint32_t steps) { return {Below(steps + 1) * ReferenceSimulator::kStep.ms}; }
  Duration Later(std::uint32_t steps) { return Time(steps - 1) + ReferenceSimulator::kStep; }

  void MakeDurations(Scenario& made) {
    made.default_duration =
        prng_.Chance(1, 4) ? sim::Distribution::OfSamples({Time(12), Time(12), Time(12), Time(12)})
                           : sim::Distribution(Time(12));
    for (int n = Count(6); n > 0; --n) made.durations.push_back({AnySelector(), Time(16)});
  }

  std::string AnyInstance() {
    return rollout_.instances[rollout::InstanceIndex(prng_.Below(rollout_.instances.size()))].name;
  }

  Scenario::Selector AnySelector() {
    Scenario::Selector selector;
    const std::uint32_t dice = Below(6);
    if (dice < 4) selector.spec = rollout_.spec_ids[prng_.Below(rollout_.spec_ids.size())];
    if (dice == 3 || dice == 4) {
      selector.target =
          rollout_.databases[rollout::DatabaseIndex(prng_.Below(rollout_.databases.size()))].name;
    }
    if (dice == 2 || dice == 5) selector.target = AnyInstance();
    return selector;
  }
  Scenario::Selector MaybeAll() {
    return prng_.Chance(1, 2) ? Scenario::Selector() : AnySelector();
  }

  Scenario::Command AnyCommand() {
    using Kind = Scenario::Command::Kind;
    constexpr Kind kKinds[] = {Kind::kRetry, Kind::kRetry, Kind::kSkip, Kind::kCancel};
    Scenario::Command command{Time(80), kKinds[Below(4)], {}, "because"};
    do command.tasks.push_back(AnySelector());
    while (prng_.Chance(1, 2));
    return command;
  }

  base::Prng& prng_;
  const rollout::Rollout& rollout_;
};

}  // namespace

sim::Scenario MakeScenario(base::Prng& prng, const rollout::Rollout& rollout) {
  return ScenarioMaker(prng, rollout).Make();
}

}  // namespace lockstep::simulation
