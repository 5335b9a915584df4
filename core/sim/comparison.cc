#include "core/sim/comparison.h"

#include <algorithm>

namespace lockstep::sim {

using base::Duration;
using rollout::Rollout;
using rollout::TaskIndex;
using rollout::TaskStatus;
using rollout::WaitingCause;

namespace {

/// The task at the end of the chain of who waits for whom.
class RootFinder {
 public:
  explicit RootFinder(const Timeline& timeline)
      : timeline_(timeline), roots_(timeline.tasks.size()), known_(timeline.tasks.size(), false) {}

  TaskIndex Of(TaskIndex task) {
    std::vector<TaskIndex> chain;
    TaskIndex at = task, root;
    while (true) {
      if (known_[at]) {
        root = roots_[at];
        break;
      }
      known_[at] = true;  // also ends a circle: nobody in it has a root
      chain.push_back(at);
      const rollout::Waiting& waiting = timeline_.tasks[at].waiting;
      if (waiting.cause == WaitingCause::kNone) {
        root = at;
        break;
      }
      if (!waiting.by.valid()) break;
      at = waiting.by;
    }
    for (const TaskIndex link : chain) roots_[link] = root;
    return root;
  }

 private:
  const Timeline& timeline_;
  base::IndexVector<TaskIndex, TaskIndex> roots_;
  base::IndexVector<TaskIndex, bool> known_;
};

bool NeverStarts(const TaskTimeline& line) {
  return line.status == TaskStatus::kNotStarted || line.status == TaskStatus::kPending;
}

constexpr std::size_t kMostRemediesEach = 5;

Remedy Try(const Rollout& rollout, Scenario scenario, const Timeline& after,
           Scenario::Command::Kind kind, const std::vector<TaskIndex>& tasks) {
  Scenario::Command command{.at = after.end - after.start, .kind = kind, .tasks = {}, .reason = ""};
  for (const Scenario::Command& other : scenario.commands)
    command.at = std::max(command.at, other.at);  // what is planned comes first
  for (const TaskIndex index : tasks) {
    const rollout::Task& task = rollout.tasks[index];
    command.tasks.push_back({rollout.spec_ids[task.spec], rollout.TargetName(task)});
  }
  scenario.commands.push_back(std::move(command));
  const Timeline timeline = Simulate(
      rollout, scenario, {.keep_events = false, .keep_waits = false, .find_critical_path = false});
  const auto unfinished =
      std::count_if(timeline.tasks.begin(), timeline.tasks.end(),
                    [](const TaskTimeline& line) { return !rollout::Satisfies(line.status); });
  return {kind, tasks, timeline.makespan(), timeline.status,
          static_cast<std::uint32_t>(unfinished)};
}

}  // namespace

Comparison Compare(const Rollout& rollout, const Timeline& before, const Timeline& after) {
  base::IndexVector<TaskIndex, Wait> last(rollout.tasks.size(),
                                          Wait{WaitingCause::kNone, TaskIndex(), {}, {}});
  for (const auto& [task, wait] : after.waits) last[task] = wait;
  RootFinder roots(after);
  Comparison comparison;
  for (const TaskIndex task : rollout.tasks.indices()) {
    const TaskTimeline &was = before.tasks[task], &is = after.tasks[task];
    if (NeverStarts(is)) {
      if (NeverStarts(was)) {
        ++comparison.unchanged;
      } else {
        comparison.blocked.push_back({task, roots.Of(task), is.waiting.cause});
      }
      continue;
    }
    const bool broken = is.status != TaskStatus::kDone && is.status != was.status;
    if (broken) comparison.broken.push_back({task, is.status});
    if (was.start.ms >= 0 && is.start.ms >= 0 && was.start != is.start) {
      const bool waited = last[task].to == is.start;
      comparison.shifted.push_back({task, is.start - was.start,
                                    waited ? last[task].cause : WaitingCause::kNone,
                                    waited ? last[task].by : TaskIndex()});
    } else if (!broken && !NeverStarts(was) && is.end != was.end) {
      comparison.stretched.push_back({task, is.end - was.end});
    } else if (!broken && !NeverStarts(was)) {
      ++comparison.unchanged;
    }
  }
  return comparison;
}

std::vector<Remedy> FindRemedies(const Rollout& rollout, const Scenario& scenario,
                                 const Timeline& after, const Comparison& comparison) {
  std::vector<TaskIndex> tasks;
  for (const Comparison::Broken& broken : comparison.broken) {
    if (broken.status == TaskStatus::kFailed || broken.status == TaskStatus::kCanceled)
      tasks.push_back(broken.task);
  }
  std::vector<Remedy> remedies;
  if (tasks.empty()) return remedies;
  using Kind = Scenario::Command::Kind;
  for (const Kind kind : {Kind::kRetry, Kind::kSkip})
    remedies.push_back(Try(rollout, scenario, after, kind, tasks));
  if (tasks.size() == 1 || tasks.size() > kMostRemediesEach) return remedies;
  for (const TaskIndex task : tasks) {
    for (const Kind kind : {Kind::kRetry, Kind::kSkip})
      remedies.push_back(Try(rollout, scenario, after, kind, {task}));
  }
  return remedies;
}

}  // namespace lockstep::sim
