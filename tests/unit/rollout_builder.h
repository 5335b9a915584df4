// A Rollout made by hand, without plan and inventory: for tests of everything behind Expand.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/rollout/rollout.h"

namespace lockstep {

class RolloutBuilder {
 public:
  RolloutBuilder() { rollout_.name = "projects/test/rollouts/1"; }

  rollout::Policy& policy() { return rollout_.policy; }
  rollout::Task& task(rollout::TaskIndex index) { return rollout_.tasks[index]; }
  const rollout::Rollout& rollout() const { return rollout_; }

  rollout::InstanceIndex AddInstance(std::uint32_t cap = 10) {
    return rollout_.instances.push_back(
        {"instances/i" + std::to_string(rollout_.instances.size()), cap});
  }
  rollout::DatabaseIndex AddDatabase(rollout::InstanceIndex instance) {
    return rollout_.databases.push_back({rollout_.instances[instance].name + "/databases/d" +
                                             std::to_string(rollout_.databases.size()),
                                         instance});
  }
  rollout::StageIndex AddStage() {
    return rollout_.stages.push_back(
        {"stage " + std::to_string(rollout_.stages.size() + 1), "", {Next(), Next()}});
  }
  /// A spec's tasks in the stage at hand; it has to get at least one.
  rollout::GroupIndex AddGroup() {
    members_.emplace_back();
    needs_.emplace_back();
    rollout_.spec_ids.push_back("spec-" + std::to_string(rollout_.spec_ids.size()));
    return rollout_.groups.push_back({});
  }
  rollout::TaskIndex AddTask(rollout::GroupIndex group, rollout::DatabaseIndex database) {
    rollout::Task task;
    task.stage = rollout::StageIndex(rollout_.stages.size() - 1);
    task.group = group;
    task.spec = group.value();
    task.database = database;
    task.instance = rollout_.databases[database].instance;
    const rollout::TaskIndex index = rollout_.tasks.push_back(task);
    rollout_.stages.back().tasks.last = Next();
    members_[group.value()].push_back(index);
    return index;
  }
  /// A group of one task.
  rollout::TaskIndex AddTask(rollout::DatabaseIndex database) {
    return AddTask(AddGroup(), database);
  }
  void Depend(rollout::GroupIndex group, rollout::GroupIndex on) {
    needs_[group.value()].push_back(on);
  }
  void Depend(rollout::TaskIndex task, rollout::TaskIndex on) {
    Depend(rollout_.tasks[task].group, rollout_.tasks[on].group);
  }

  rollout::Rollout Build() {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      rollout::Group& group = rollout_.groups[rollout::GroupIndex(i)];
      group.tasks = Append(rollout_.group_tasks, members_[i]);
      group.depends_on = Append(rollout_.dependencies, needs_[i]);
    }
    return std::move(rollout_);
  }

 private:
  rollout::TaskIndex Next() const { return rollout_.tasks.next(); }

  template <class T>
  static base::Slice Append(std::vector<T>& pool, const std::vector<T>& items) {
    const auto begin = static_cast<std::uint32_t>(pool.size());
    pool.insert(pool.end(), items.begin(), items.end());
    return {begin, static_cast<std::uint32_t>(pool.size())};
  }

  rollout::Rollout rollout_;
  std::vector<std::vector<rollout::TaskIndex>> members_;
  std::vector<std::vector<rollout::GroupIndex>> needs_;
};

/// Two stages with a task each.
inline rollout::Rollout TwoStages() {
  RolloutBuilder builder;
  const rollout::DatabaseIndex database = builder.AddDatabase(builder.AddInstance());
  for (int i = 0; i < 2; ++i) {
    builder.AddStage();
    builder.AddTask(database);
  }
  return builder.Build();
}

}  // namespace lockstep
