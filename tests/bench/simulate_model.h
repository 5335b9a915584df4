// The rollout that simulations are measured on: four stages, every spec for all databases, ten
// tasks a database, 256 at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>

#include "core/sim/scenario.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::bench {

inline constexpr std::uint32_t kParallel = 256;
inline constexpr std::size_t kStages = 4;
inline constexpr std::size_t kTasksPerDatabase = 10;
inline constexpr std::size_t kDatabasesPerInstance = 100;

inline double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Processor time: nothing here waits, and other processes shall not count.
template <class Work>
double MillisecondsOf(Work work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) * 1e3 / CLOCKS_PER_SEC;
}

// Four stages; each spec is for all databases, so their tasks come interleaved in plan order.
inline rollout::Rollout MakeRollout(std::size_t tasks) {
  RolloutBuilder builder;
  builder.policy().parallel = kParallel;
  const std::size_t databases = std::max<std::size_t>(tasks / kTasksPerDatabase, 1);
  for (std::size_t i = 0; i < databases; ++i) {
    if (i % kDatabasesPerInstance == 0) builder.AddInstance(kDatabasesPerInstance);
    builder.AddDatabase(rollout::InstanceIndex(i / kDatabasesPerInstance));
  }
  std::size_t made = 0;
  for (std::size_t stage = 1; stage <= kStages; ++stage) {
    builder.AddStage();
    while (made < tasks * stage / kStages) {
      const rollout::GroupIndex spec = builder.AddGroup();
      for (std::size_t i = 0; i < databases && made < tasks * stage / kStages; ++i, ++made)
        builder.AddTask(spec, rollout::DatabaseIndex(made % databases));
    }
  }
  return builder.Build();
}

// By database, all different, so that ends do not come in step.
inline base::Duration DurationOn(rollout::DatabaseIndex database) {
  return base::Milliseconds(500 + database.value() * 7919 % 1009);
}

inline sim::Scenario MakeScenario(const rollout::Rollout& rollout) {
  sim::Scenario scenario;
  for (rollout::DatabaseIndex database : rollout.databases.indices())
    scenario.durations.push_back({{"", rollout.databases[database].name}, DurationOn(database)});
  return scenario;
}

}  // namespace lockstep::bench
