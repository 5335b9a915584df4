// simulate: the schedule that `run` would follow, with assumed durations.
#include "native/cli/drawing.h"
#include "native/cli/preview.h"
#include "native/report/output.h"
#include "native/report/schedule.h"
#include "native/runner.h"

namespace lockstep::cli {

using report::Stdout;
namespace {

struct Simulate {
  std::string plan;
  std::string format = "text";
  DrawingSettings drawing;
  PlanSettings settings;

  int Run() const;
  int Draw(const api::Workspace& documents) const;
};

std::string EventLines(const rollout::Rollout& rollout, const sim::Timeline& timeline) {
  std::string lines;
  for (const rollout::Event& event : timeline.events)
    lines += rollout::ToJson(event, rollout) + "\n";
  return lines;
}

int Simulate::Draw(const api::Workspace& documents) const {
  DrawingSettings as = drawing;
  as.format = format;
  const auto options = MakeFormatOptions(as, std::nullopt);
  if (!options) return Fail(options.error());
  const rollout::Rollout rollout = ExpandPlan(documents, settings);
  const sim::Timeline timeline = Preview(rollout, documents, settings, /*keep_events=*/false);
  Stdout().Write(view::DrawAs(rollout, timeline, *options));
  return native::kExitDone;
}

int Simulate::Run() const {
  return WithPlan(plan, settings, [this](const api::Workspace& documents) -> int {
    if (view::FindFormat(format)) return Draw(documents);
    const rollout::Rollout rollout = ExpandPlan(documents, settings);
    const sim::Timeline timeline = Preview(rollout, documents, settings, format == "events");
    if (format == "json") {
      Stdout().Write(api::SimulationAnswer(rollout, timeline) + "\n");
    } else if (format == "events") {
      Stdout().Write(EventLines(rollout, timeline));
    } else {
      Stdout().Write(report::ScheduleText(rollout, timeline, Stdout().color()));
    }
    return native::kExitDone;
  });
}

/// Its own, and everything that can be drawn.
std::vector<std::string_view> Formats() {
  std::vector<std::string_view> formats = {"text", "json", "events"};
  for (std::string_view name : view::FormatNames()) formats.push_back(name);
  return formats;
}

}  // namespace

Verb SimulateVerb() {
  auto self = std::make_shared<Simulate>();
  Verb verb{.name = "simulate",
            .summary = "Show the schedule that run would follow: tasks, waits and why, the end",
            .examples =
                "  lockstep simulate plan.json\n"
                "  lockstep simulate plan.json --scenario slow-night.json --format json\n"
                "  lockstep simulate plan.json --format lanes\n"
                "  lockstep simulate plan.json --parallel 4 --start 2026-11-22T01:00:00Z\n",
            .run = [self] { return self->Run(); }};
  verb.arguments = {PlanArgument(self->plan), ScenarioArgument(self->settings),
                    StartArgument(self->settings), FormatArgument(self->format, Formats())};
  AddDrawingArguments(verb.arguments, self->drawing);
  AddPaceArguments(verb.arguments, self->settings);
  AddPlanArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
