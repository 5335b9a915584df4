// simulate: the schedule that `run` would follow, with assumed durations.
#include "core/view/html.h"
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
  PlanSettings settings;

  int Run() const;
};

std::string EventLines(const rollout::Rollout& rollout, const sim::Timeline& timeline) {
  std::string lines;
  for (const rollout::Event& event : timeline.events)
    lines += rollout::ToJson(event, rollout) + "\n";
  return lines;
}

int Simulate::Run() const {
  return WithPlan(plan, settings, [this](const api::Workspace& documents) -> int {
    const rollout::Rollout rollout = ExpandPlan(documents, settings);
    const sim::Timeline timeline = Preview(rollout, documents, settings, format == "events");
    if (format == "json") {
      Stdout().Write(api::SimulationAnswer(rollout, timeline) + "\n");
    } else if (format == "svg") {
      Stdout().Write(view::Draw(rollout, timeline, {}));
    } else if (format == "html") {
      Stdout().Write(view::HtmlPage(rollout, timeline, {}));
    } else if (format == "events") {
      Stdout().Write(EventLines(rollout, timeline));
    } else {
      Stdout().Write(report::ScheduleText(rollout, timeline, Stdout().color()));
    }
    return native::kExitDone;
  });
}

}  // namespace

Verb SimulateVerb() {
  auto self = std::make_shared<Simulate>();
  Verb verb{.name = "simulate",
            .summary = "Show the schedule that run would follow: tasks, waits and why, the end",
            .examples =
                "  lockstep simulate plan.json\n"
                "  lockstep simulate plan.json --scenario slow-night.json --format json\n"
                "  lockstep simulate plan.json --parallel 4 --start 2026-11-22T01:00:00Z\n",
            .run = [self] { return self->Run(); }};
  verb.arguments = {PlanArgument(self->plan), ScenarioArgument(self->settings),
                    StartArgument(self->settings),
                    FormatArgument(self->format, {"text", "json", "events", "svg", "html"})};
  AddPaceArguments(verb.arguments, self->settings);
  AddPlanArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
