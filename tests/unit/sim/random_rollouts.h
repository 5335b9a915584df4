// Seeded random rollouts for properties that hold of every one. The same seed gives the same one.
#pragma once

#include <vector>

#include "core/base/prng.h"
#include "core/sim/scenario.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::sim {

class RolloutMaker {
 public:
  explicit RolloutMaker(std::uint64_t seed) : prng_(seed) {}

  /// A database for each task, and room for all at once: nobody waits for his turn.
  rollout::Rollout Free() {
    builder_.AddInstance(1000);
    if (prng_.Chance(1, 3)) builder_.policy().canary = Number(1, 2);
    AddStages([this] { return builder_.AddDatabase(rollout::InstanceIndex(0)); });
    return builder_.Build();
  }
  /// Few databases, connections and places.
  rollout::Rollout Crowded() {
    for (int i = 0; i < 2; ++i) builder_.AddInstance(Number(1, 3));
    for (int i = 0; i < 4; ++i) builder_.AddDatabase(rollout::InstanceIndex(prng_.Below(2)));
    builder_.policy().parallel = Number(0, 4);
    AddStages([this] { return rollout::DatabaseIndex(prng_.Below(4)); });
    return builder_.Build();
  }
  Scenario Durations(const rollout::Rollout& of, std::int64_t most) {
    Scenario scenario;
    for (const rollout::Database& database : of.databases) {
      scenario.durations.push_back(
          {{"", database.name},
           base::Milliseconds(1 + static_cast<std::int64_t>(prng_.Below(most)))});
    }
    return scenario;
  }

 private:
  std::uint32_t Number(std::uint32_t least, std::uint32_t most) {
    return least + static_cast<std::uint32_t>(prng_.Below(most - least + 1));
  }
  template <class Database>
  void AddStages(Database database) {
    std::vector<rollout::GroupIndex> all;
    for (std::uint32_t stages = Number(1, 3); stages > 0; --stages) {
      builder_.AddStage();
      const std::size_t before = all.size();
      for (std::uint32_t groups = Number(1, 4); groups > 0; --groups) {
        const rollout::GroupIndex group = builder_.AddGroup();
        for (std::uint32_t tasks = Number(1, 3); tasks > 0; --tasks) {
          const rollout::TaskIndex task = builder_.AddTask(group, database());
          if (prng_.Chance(1, 6)) builder_.task(task).earliest = base::Instant{Number(1, 3000)};
        }
        for (std::size_t i = before; i < all.size(); ++i) {
          if (prng_.Chance(1, 3)) builder_.Depend(group, all[i]);
        }
        all.push_back(group);
      }
    }
  }

  base::Prng prng_;
  RolloutBuilder builder_;
};

}  // namespace lockstep::sim
