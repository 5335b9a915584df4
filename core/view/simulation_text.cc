#include "core/view/simulation_text.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/view/labels.h"
#include "core/view/lines.h"
#include "core/view/task_look.h"

namespace lockstep::view {

using base::Duration;
using base::FormatDuration;
using base::Plural;
using rollout::Rollout;
using rollout::TaskIndex;
using rollout::TaskStatus;
using rollout::WaitingCause;

namespace {

std::string Later(Duration by) {
  return by.ms < 0 ? FormatDuration({-by.ms}) + " earlier" : FormatDuration(by) + " later";
}

std::string TaskArguments(const std::vector<TaskIndex>& tasks) {
  constexpr std::size_t kMost = 5;
  if (tasks.size() > kMost) return " --failed";
  std::string arguments;
  for (const TaskIndex task : tasks) arguments += " --task " + TaskNumber(task);
  return arguments;
}

std::string RemedyText(const sim::Remedy& remedy) {
  const bool retry = remedy.kind == sim::Scenario::Command::Kind::kRetry;
  std::string text =
      std::string(retry ? "lockstep retry" : "lockstep skip") + TaskArguments(remedy.tasks);
  text += ": " + std::string(rollout::ToString(remedy.status)) + " after " +
          FormatDuration(remedy.makespan);
  if (remedy.unfinished > 0) text += ", " + Plural(remedy.unfinished, "task") + " not done";
  return text;
}

/// Tasks that are blocked by the same one, as one line: "tasks 5, 6 and 7 more".
std::string ListOfTasks(const std::vector<TaskIndex>& tasks) {
  constexpr std::size_t kMost = 8;
  std::vector<std::string> numbers;
  for (const TaskIndex task : tasks) {
    if (numbers.size() == kMost) break;
    numbers.push_back(TaskNumber(task));
  }
  std::string text = (tasks.size() == 1 ? "task " : "tasks ") + base::Join(numbers, ", ");
  if (tasks.size() > kMost) text += " and " + std::to_string(tasks.size() - kMost) + " more";
  return text;
}

std::string BlockedLines(const Rollout& rollout, const sim::Comparison& comparison) {
  std::vector<std::pair<TaskIndex, TaskIndex>> by_root;
  for (const auto& blocked : comparison.blocked) by_root.emplace_back(blocked.root, blocked.task);
  std::stable_sort(by_root.begin(), by_root.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Lines lines("blocked");
  for (std::size_t i = 0; i < by_root.size();) {
    const TaskIndex root = by_root[i].first;
    std::vector<TaskIndex> tasks;
    for (; i < by_root.size() && by_root[i].first == root; ++i) tasks.push_back(by_root[i].second);
    const bool one = tasks.size() == 1;
    const std::string who = one ? FullTaskLabel(rollout, tasks[0]) : ListOfTasks(tasks);
    lines.Add(who + (root.valid()
                         ? " by " + TaskLabel(root)
                         : ": nothing lets " + std::string(one ? "it" : "them") + " start"));
  }
  return lines.Text();
}

}  // namespace

std::string ComparisonText(const Rollout& rollout, const sim::Timeline& before,
                           const sim::Timeline& after, const sim::Comparison& comparison,
                           const std::vector<sim::Remedy>& remedies) {
  std::string text = "undisturbed " + EndText(before) + ", as assumed " + EndText(after) + "\n";
  Lines broken("ends");
  for (const auto& [task, status] : comparison.broken)
    broken.Add(FullTaskLabel(rollout, task) + " " + std::string(rollout::ToString(status)));
  text += broken.Text() + BlockedLines(rollout, comparison);
  Lines shifted("moved");
  for (const sim::Comparison::Shifted& shift : comparison.shifted) {
    std::string line = FullTaskLabel(rollout, shift.task) + " starts " + Later(shift.by);
    if (shift.cause != WaitingCause::kNone) {
      const base::Instant start = after.tasks[shift.task].start;
      line += ": waits " + WaitingLabel(rollout, {shift.cause, shift.waited_for, start, false});
    }
    shifted.Add(line);
  }
  text += shifted.Text();
  Lines stretched("stretched");
  for (const auto& [task, by] : comparison.stretched)
    stretched.Add(FullTaskLabel(rollout, task) + " ends " + Later(by));
  text += stretched.Text();
  Lines others("unchanged");
  if (comparison.unchanged > 0) others.Add(Plural(comparison.unchanged, "task"));
  Lines then("then");
  for (const sim::Remedy& remedy : remedies) then.Add(RemedyText(remedy));
  return text + others.Text() + then.Text();
}

std::string OverrunText(const Rollout& rollout, const std::vector<sim::Overrun>& overruns) {
  Lines lines("overruns");
  for (const sim::Overrun& overrun : overruns) {
    lines.Add(FullTaskLabel(rollout, overrun.task) + " still runs when its window closes, for " +
              FormatDuration(overrun.by));
  }
  return lines.Text();
}

std::string DeadlineText(const sim::Scenario& scenario, const sim::Timeline& timeline) {
  if (!scenario.deadline) return "";
  const Duration left = timeline.start + *scenario.deadline - timeline.end;
  const std::string deadline =
      "the deadline, " + base::FormatInstant(timeline.start + *scenario.deadline);
  if (timeline.status != rollout::RolloutStatus::kDone)
    return "does not fit: it is not done, neither at " + deadline + " nor later\n";
  if (left.ms < 0)
    return "does not fit: ends " + FormatDuration({-left.ms}) + " after " + deadline + "\n";
  return "fits: ends " + FormatDuration(left) + " before " + deadline + "\n";
}

std::string ForecastText(const Rollout& rollout, const sim::Scenario& scenario,
                         const sim::Forecast& forecast) {
  std::string text = Plural(forecast.runs, "simulation") + ", seed " +
                     std::to_string(scenario.seed) + ": " +
                     base::Percent(forecast.done, forecast.runs) + " end DONE\n";
  if (scenario.deadline) {
    text += base::Percent(forecast.in_time, forecast.runs) + " are DONE within " +
            FormatDuration(*scenario.deadline);
    if (scenario.start) text += ", by " + base::FormatInstant(*scenario.start + *scenario.deadline);
    text += "\n";
  }
  Lines takes("takes");
  const bool certain =
      !forecast.makespans.empty() && forecast.makespans.front() == forecast.makespans.back();
  if (certain) {
    takes.Add(FormatDuration(forecast.makespans.front()) + " in all of them");
  } else if (!forecast.makespans.empty()) {
    for (const int percent : {5, 25, 50, 75, 90, 95, 99}) {
      takes.Add("at most " + FormatDuration(forecast.Percentile(percent)) + " in " +
                std::to_string(percent) + "% of them");
    }
    takes.Add(FormatDuration(forecast.makespans.front()) + " to " +
              FormatDuration(forecast.makespans.back()));
  }
  const auto list = [&](std::string_view heading, std::uint32_t sim::Forecast::Odds::*member) {
    std::vector<TaskIndex> tasks;
    for (const TaskIndex task : rollout.tasks.indices()) {
      if (forecast.tasks[task].*member > 0) tasks.push_back(task);
    }
    std::stable_sort(tasks.begin(), tasks.end(), [&](TaskIndex a, TaskIndex b) {
      return forecast.tasks[a].*member > forecast.tasks[b].*member;
    });
    Lines lines(heading);
    for (const TaskIndex task : tasks) {
      lines.Add(FullTaskLabel(rollout, task) + " in " +
                base::Percent(forecast.tasks[task].*member, forecast.runs));
    }
    return lines.Text();
  };
  return text + takes.Text() + list("critical", &sim::Forecast::Odds::critical) +
         list("not done", &sim::Forecast::Odds::undone);
}

}  // namespace lockstep::view
