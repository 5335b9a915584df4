#include "core/api/replay.h"

#include <algorithm>

#include "core/api/answers.h"

namespace lockstep::api {

using base::Error;
using base::Result;

namespace {

/// The next line of `rest`, without its end, and whether it has one.
struct Line {
  std::string_view text;
  bool complete = false;
};
Line TakeLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  Line line{rest.substr(0, end), end != std::string_view::npos};
  rest.remove_prefix(std::min(line.text.size() + 1, rest.size()));
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  return line;
}

Result<std::vector<rollout::Event>> ReadEvents(std::string_view text,
                                               const rollout::Rollout& rollout) {
  std::vector<rollout::Event> events;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const Line line = TakeLine(text);
    if (line.text.empty()) continue;
    Result<rollout::Event> event = rollout::FromJson(line.text, rollout);
    if (event.ok()) {
      events.push_back(std::move(*event));
    } else if (line.complete) {
      return Error{event.error().code,
                   "line " + std::to_string(number) + ": " + event.error().message};
    }
  }
  return events;
}

/// The name of the rollout that events speak of; "" when they name no stage and no task.
std::string RolloutNameIn(std::string_view text) {
  constexpr std::string_view kStages = "/stages/";
  const std::size_t stages = text.find(kStages);
  if (stages == std::string_view::npos) return "";
  const std::size_t quote = text.rfind('"', stages);
  if (quote == std::string_view::npos) return "";
  return std::string(text.substr(quote + 1, stages - quote - 1));
}

}  // namespace

Result<Replayed> ReplayEvents(rollout::Rollout& rollout, std::string_view text) {
  rollout.name = RolloutNameIn(text);
  Result<std::vector<rollout::Event>> events = ReadEvents(text, rollout);
  if (!events.ok()) return events.error();
  for (const rollout::Event& event : *events) {
    const auto* started = std::get_if<rollout::RolloutStarted>(&event.fact);
    if (started != nullptr) rollout.policy = started->policy->value_or(rollout.policy);
  }
  Result<rollout::Scheduler> scheduler = rollout::Scheduler::Resume(rollout, *events);
  if (!scheduler.ok()) return scheduler.error();
  return Replayed{std::move(*events), std::move(*scheduler)};
}

sim::Timeline TimelineOf(const Replayed& replayed) {
  return TimelineOf(replayed.scheduler, replayed.events);
}

sim::Timeline TimelineOf(const rollout::Scheduler& scheduler,
                         std::span<const rollout::Event> events) {
  const rollout::State& state = scheduler.state();
  const rollout::Rollout& rollout = scheduler.rollout();
  const std::vector<TaskReport> reports = ReportTasks(rollout, events);
  sim::Timeline timeline;
  timeline.status = state.rollout_status();
  if (!events.empty()) timeline.start = events.front().at;
  timeline.end = timeline.start;
  for (const rollout::TaskIndex task : rollout.tasks.indices()) {
    const TaskReport& report = reports[task.value()];
    timeline.tasks.push_back({state.status(task), report.start, report.end, state.attempt(task),
                              scheduler.WaitingFor(task)});
    // What still runs has lasted until the last event at least.
    const bool runs = report.start.ms >= 0 && report.end.ms < 0;
    timeline.end = std::max(timeline.end, runs ? events.back().at : report.end);
  }
  return timeline;
}

}  // namespace lockstep::api
