// render: the rollout as a drawing, a page or text, simulated or as it really ran.
#include "core/api/replay.h"
#include "core/base/text.h"
#include "native/cli/drawing.h"
#include "native/cli/preview.h"
#include "native/cli/write_file.h"
#include "native/documents.h"
#include "native/report/output.h"
#include "native/runner.h"

namespace lockstep::cli {

namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

struct Render {
  std::string plan;
  std::optional<std::string> output, events;
  DrawingSettings drawing;
  PlanSettings settings;

  int Run() const;
  Result<std::string> Draw(const api::Workspace& documents) const;
};

/// Of the events when there are some, else of a simulation.
Result<sim::Timeline> TimelineOf(rollout::Rollout& rollout, const api::Workspace& documents,
                                 const PlanSettings& settings,
                                 const std::optional<std::string>& events) {
  if (!events) return Preview(rollout, documents, settings);
  const auto source = native::ReadSource(*events, json::Limits().max_bytes);
  if (!source) return source.error();
  if (source->too_large()) {
    return Error{ErrorCode::kResourceExhausted, base::Quote(*events) + " is too large"};
  }
  const auto replayed = api::ReplayEvents(rollout, source->text());
  if (!replayed) {
    return Error{replayed.error().code, base::Quote(*events) + ", " + replayed.error().message};
  }
  return api::TimelineOf(*replayed);
}

Result<std::string> Render::Draw(const api::Workspace& documents) const {
  const auto options = MakeFormatOptions(drawing, output);
  if (!options) return options.error();
  rollout::Rollout rollout = ExpandPlan(documents, settings);
  const auto timeline = TimelineOf(rollout, documents, settings, events);
  if (!timeline) return timeline.error();
  return view::DrawAs(rollout, *timeline, *options);
}

int Render::Run() const {
  return WithPlan(plan, settings, [this](const api::Workspace& documents) -> int {
    const auto text = Draw(documents);
    if (!text) return Fail(text.error());
    return WriteFile(output, *text);
  });
}

}  // namespace

Verb RenderVerb() {
  auto self = std::make_shared<Render>();
  Verb verb{.name = "render",
            .summary = "Draw the rollout: SVG, an HTML page, text, a Mermaid diagram, a trace",
            .examples =
                "  lockstep render plan.json -o plan.svg\n"
                "  lockstep render plan.json -o plan.html --view graph\n"
                "  lockstep render plan.json --format lanes\n"
                "  lockstep render plan.json -o plan.trace.json    # for ui.perfetto.dev\n"
                "  lockstep render plan.json --events run.ndjson -o run.svg\n",
            .run = [self] { return self->Run(); }};
  verb.arguments = {PlanArgument(self->plan),
                    OutputArgument(self->output),
                    {.name = "--format",
                     .target = &self->drawing.format,
                     .help = "what to draw (default: what FILE ends with: .svg, .html, .txt, .mmd, "
                             ".trace.json; else svg)",
                     .value = "FORMAT",
                     .choices = view::FormatNames()},
                    {.name = "--view",
                     .target = &self->drawing.view,
                     .help = "lanes over time, or the graph of dependencies (svg and html)",
                     .value = "VIEW",
                     .choices = {"lanes", "graph"}},
                    {.name = "--events",
                     .target = &self->events,
                     .help = "draw this real run, as `lockstep events` prints it",
                     .value = "FILE",
                     .completes = Completes::kFile},
                    ScenarioArgument(self->settings),
                    StartArgument(self->settings)};
  AddDrawingArguments(verb.arguments, self->drawing);
  AddPaceArguments(verb.arguments, self->settings);
  AddPlanArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
