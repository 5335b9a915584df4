#include <algorithm>

#include "core/base/text.h"
#include "core/view/labels.h"
#include "core/view/lines.h"
#include "core/view/simulation_text.h"

namespace lockstep::view {

using base::Duration;
using base::FormatDuration;
using base::Plural;
using rollout::Rollout;
using rollout::TaskIndex;
using rollout::WaitingCause;

namespace {

std::string SpecOf(const Rollout& rollout, rollout::GroupIndex group) {
  return SpecLabel(rollout, rollout.groups[group].tasks.Of(rollout.group_tasks).front());
}

/// What a sum of waits was for, without naming anybody.
std::string_view CauseName(WaitingCause cause) {
  switch (cause) {
    case WaitingCause::kStage:
      return "for earlier stages";
    case WaitingCause::kEarliestTime:
      return "for earliestAllowedTime";
    case WaitingCause::kWindow:
      return "for their windows";
    case WaitingCause::kDependency:
      return "for dependencies";
    case WaitingCause::kCanary:
      return "for canaries";
    case WaitingCause::kVersion:
      return "for lower versions";
    case WaitingCause::kDatabase:
      return "for their database";
    case WaitingCause::kInstance:
      return "for a connection of their instance";
    case WaitingCause::kParallel:
      return "for a free place (--parallel)";
    case WaitingCause::kPaused:
      return "because the rollout was paused";
    case WaitingCause::kNotRequested:
      return "until somebody asks for them";
    case WaitingCause::kNone:
      break;
  }
  return "";
}

std::string WaitLines(const sim::Analysis& analysis) {
  Lines lines("waits");
  for (std::size_t cause = 0; cause < analysis.causes.size(); ++cause) {
    const auto& total = analysis.causes[cause];
    if (total.tasks == 0) continue;
    std::string line = FormatDuration(total.total) + " of " + Plural(total.tasks, "task") + " " +
                       std::string(CauseName(static_cast<WaitingCause>(cause)));
    if (total.on_path.ms > 0)
      line += ", " + FormatDuration(total.on_path) + " of it on the critical path";
    lines.Add(line);
  }
  return lines.Text();
}

/// What may take longest without harm, and what may not take longer at all.
std::string SlackLines(const Rollout& rollout, const sim::Analysis& analysis) {
  std::vector<TaskIndex> tasks;
  std::size_t none = 0;
  for (const TaskIndex task : rollout.tasks.indices()) {
    if (analysis.slack[task].ms > 0) tasks.push_back(task);
    none += analysis.slack[task].ms == 0;
  }
  std::stable_sort(tasks.begin(), tasks.end(),
                   [&](TaskIndex a, TaskIndex b) { return analysis.slack[a] < analysis.slack[b]; });
  Lines lines("slack");
  if (none > 0) lines.Add(Plural(none, "task") + " with none: longer, and the rollout is longer");
  for (const TaskIndex task : tasks) {
    lines.Add(TaskLabel(task) + " may take " + FormatDuration(analysis.slack[task]) + " longer");
  }
  return lines.Text();
}

std::string UseLines(const Rollout& rollout, const sim::Timeline& timeline,
                     const sim::Analysis& analysis) {
  const auto whole = static_cast<std::uint64_t>(timeline.makespan().ms);
  if (whole == 0) return "";
  const auto busy = [&](const sim::Analysis::Use& use) {
    return "busy " + FormatDuration(use.busy) + " (" +
           base::Percent(static_cast<std::uint64_t>(use.busy.ms), whole) + ")";
  };
  Lines lines("use");
  lines.Add("at most " + Plural(analysis.all.most, "task") + " at once");
  for (const rollout::InstanceIndex instance : rollout.instances.indices()) {
    const sim::Analysis::Use& use = analysis.instances[instance];
    const rollout::Instance& at = rollout.instances[instance];
    lines.Add(base::Printable(at.name) + " " + busy(use) + ", at most " + std::to_string(use.most) +
              " of " + Plural(at.maximum_connections, "connection"));
  }
  // Idle lanes: those with the most room first.
  std::vector<rollout::DatabaseIndex> databases;
  for (const rollout::DatabaseIndex database : rollout.databases.indices())
    databases.push_back(database);
  std::stable_sort(databases.begin(), databases.end(), [&](auto a, auto b) {
    return analysis.databases[a].busy < analysis.databases[b].busy;
  });
  Lines idle("idle");
  for (const rollout::DatabaseIndex database : databases) {
    const Duration rest{static_cast<std::int64_t>(whole) - analysis.databases[database].busy.ms};
    if (rest.ms == 0) continue;
    idle.Add(base::Printable(rollout.databases[database].name) + " for " + FormatDuration(rest) +
             " of " + FormatDuration({static_cast<std::int64_t>(whole)}));
  }
  return lines.Text() + idle.Text();
}

}  // namespace

std::string ChangeText(const Rollout& rollout, const sim::Advice& advice, std::size_t index) {
  using Kind = sim::Change::Kind;
  const sim::Change& change = advice.changes[index];
  switch (change.kind) {
    case Kind::kNoParallelLimit:
      return "--parallel " + std::to_string(advice.most_parallel);
    case Kind::kNoConnectionLimit:
      return std::to_string(advice.most_on_instance[index]) + " connections of " +
             base::Printable(rollout.instances[change.instance].name);
    case Kind::kNoDependency:
      return "no dependency of " + SpecOf(rollout, change.group) + " on " +
             SpecOf(rollout, change.on);
    case Kind::kNoEarliestTime:
      return "no earliestAllowedTime of " + SpecOf(rollout, change.group);
    case Kind::kNoCanary:
      return "no canaries";
    case Kind::kNoStageOrder:
      return "stages that do not wait for each other";
  }
  return "";
}

std::string AnalysisText(const Rollout& rollout, const sim::Timeline& timeline,
                         const sim::Analysis& analysis, const std::vector<sim::Advice>& advice) {
  Lines shorter("shorter");
  for (const sim::Advice& item : advice) {
    std::vector<std::string> changes;
    for (std::size_t i = 0; i < item.changes.size(); ++i)
      changes.push_back(ChangeText(rollout, item, i));
    const Duration saved = timeline.makespan() - item.makespan;
    shorter.Add("by " + FormatDuration(saved) + " with " + base::Join(changes, " and "));
  }
  return WaitLines(analysis) + SlackLines(rollout, analysis) +
         UseLines(rollout, timeline, analysis) + shorter.Text();
}

}  // namespace lockstep::view
