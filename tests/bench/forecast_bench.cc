// Forecasting: 10,000 simulations of a rollout of 100 tasks, durations drawn by lot.
//   bench_forecast [ROUNDS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "core/sim/forecast.h"
#include "tests/unit/rollout_builder.h"

namespace {

using namespace lockstep;  // NOLINT: a program of its own

// Two stages, ten databases on two instances, ten specs over all of them: every gate but time.
rollout::Rollout MakeRollout() {
  RolloutBuilder builder;
  builder.policy().parallel = 8;
  for (int instance = 0; instance < 2; ++instance) {
    builder.AddInstance(4);
    for (int i = 0; i < 5; ++i) builder.AddDatabase(rollout::InstanceIndex(instance));
  }
  for (int stage = 0; stage < 2; ++stage) {
    builder.AddStage();
    for (int spec = 0; spec < 5; ++spec) {
      const rollout::GroupIndex group = builder.AddGroup();
      for (int database = 0; database < 10; ++database)
        builder.AddTask(group, rollout::DatabaseIndex(database));
    }
  }
  return builder.Build();
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  constexpr std::uint32_t kRuns = 10'000;
  const rollout::Rollout rollout = MakeRollout();
  sim::Scenario scenario;
  scenario.default_duration = sim::Distribution::OfPercentiles(
      {{5, base::Seconds(2)}, {50, base::Seconds(10)}, {95, base::Seconds(60)}});
  scenario.deadline = base::Seconds(600);
  std::vector<double> seconds;
  sim::Forecast forecast;
  for (int round = 0; round < rounds; ++round) {
    const std::clock_t start = std::clock();
    forecast = sim::MakeForecast(rollout, scenario, kRuns);
    seconds.push_back(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  std::sort(seconds.begin(), seconds.end());
  std::printf("%u simulations of %zu tasks: %.2f s (target: 2 s); p50 %lld ms, in time %u\n", kRuns,
              rollout.tasks.size(), seconds[seconds.size() / 2],
              static_cast<long long>(forecast.Percentile(50).ms), forecast.in_time);
}
