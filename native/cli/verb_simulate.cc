// simulate: the schedule that `run` would follow, and what is to be known of it before it runs.
#include "core/api/semantics_comparison.h"
#include "core/api/study.h"
#include "core/sim/learn.h"
#include "native/cli/drawing.h"
#include "native/cli/learning.h"
#include "native/cli/what_if.h"
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
  WhatIf what_if;
  Learning learning;
  std::optional<std::uint32_t> runs;
  bool explain = false;
  bool compare = false;

  int Run() const;
  int Compare(const api::Workspace& documents, const sim::Scenario& scenario) const;
  int Draw(const rollout::Rollout& rollout, const sim::Scenario& scenario) const;
  int Show(rollout::Rollout rollout, const sim::Scenario& scenario) const;
};

std::string EventLines(const rollout::Rollout& rollout, const sim::Timeline& timeline) {
  std::string lines;
  for (const rollout::Event& event : timeline.events)
    lines += rollout::ToJson(event, rollout) + "\n";
  return lines;
}

int ExitCodeOf(const sim::Scenario& scenario, const sim::Timeline& timeline) {
  return api::Fits(scenario, timeline) ? native::kExitDone : native::kExitFailed;
}

std::string StudyAsText(const rollout::Rollout& rollout, const sim::Scenario& scenario,
                        const api::Study& study) {
  const std::string schedule = report::ScheduleText(rollout, study.timeline, Stdout().color());
  const std::string more = api::StudyText(rollout, scenario, study);
  return more.empty() ? schedule : schedule + "\n" + more;
}

int Simulate::Draw(const rollout::Rollout& rollout, const sim::Scenario& scenario) const {
  DrawingSettings as = drawing;
  as.format = format;
  const auto options = MakeFormatOptions(as, std::nullopt);
  if (!options) return Fail(options.error());
  const sim::Timeline timeline = sim::Simulate(rollout, scenario, {.keep_events = false});
  Stdout().Write(view::DrawAs(rollout, timeline, *options));
  return ExitCodeOf(scenario, timeline);
}

int Simulate::Show(rollout::Rollout rollout, const sim::Scenario& scenario) const {
  sim::Constrain(rollout, scenario);
  if (view::FindFormat(format)) return Draw(rollout, scenario);
  const api::Study study = api::MakeStudy(
      rollout, scenario,
      {.explain = explain, .runs = runs.value_or(0), .keep_events = format == "events"});
  if (format == "json") {
    Stdout().Write(api::StudyAnswer(rollout, scenario, study) + "\n");
  } else if (format == "events") {
    Stdout().Write(EventLines(rollout, study.timeline));
  } else {
    Stdout().Write(StudyAsText(rollout, scenario, study));
  }
  return ExitCodeOf(scenario, study.timeline);
}

int Simulate::Compare(const api::Workspace& documents, const sim::Scenario& scenario) const {
  const api::SemanticsComparison comparison =
      api::CompareSemantics(*documents.checked(), PaceOf(documents, settings), scenario,
                            plan::OtherSemantics(*plan::FindSemantics(settings.semantics)));
  if (format == "json") {
    base::JsonWriter writer;
    api::WriteSemanticsComparison(writer, comparison);
    Stdout().Write(writer.Take() + "\n");
  } else {
    Stdout().Write(api::SemanticsText(comparison));
  }
  return native::kExitDone;
}

int Simulate::Run() const {
  if (runs && (*runs == 0 || *runs > sim::kMostRuns)) {
    return Fail({base::ErrorCode::kInvalidArgument, "--runs takes a number from 1 to " +
                                                        std::to_string(sim::kMostRuns) + ", not " +
                                                        std::to_string(*runs)});
  }
  const bool answers = format == "text" || format == "json";
  if (compare && (!answers || explain || runs)) {
    return Fail({base::ErrorCode::kInvalidArgument,
                 "--compare tells what differs as text or json, without --explain and --runs"});
  }
  if (!answers && (explain || runs)) {
    return Fail({base::ErrorCode::kInvalidArgument,
                 "--explain and --runs are told as text or json, not as " + format});
  }
  return WithPlan(plan, settings, [this](const api::Workspace& documents) -> int {
    rollout::Rollout rollout = ExpandPlan(documents, settings);
    auto scenario = Assume(what_if, rollout, documents, settings);
    if (!scenario) return Fail(scenario.error());
    if (learning.any()) {
      const auto learnt = Learn(learning, rollout);
      if (!learnt) return Fail(learnt.error());
      *scenario = sim::WithLearnt(std::move(*scenario), *learnt);
    }
    return compare ? Compare(documents, *scenario) : Show(std::move(rollout), *scenario);
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
                "  lockstep simulate plan.json --parallel 4 --start 2026-11-22T01:00:00Z\n"
                "  lockstep simulate plan.json --fail hr_prod --down prod-eu=10m-30m\n"
                "  lockstep simulate plan.json --runs 10000 --window \"Sat 01:00-05:00 "
                "Europe/Berlin\"\n",
            .run = [self] { return self->Run(); }};
  verb.arguments = {PlanArgument(self->plan),
                    ScenarioArgument(self->settings),
                    StartArgument(self->settings),
                    FormatArgument(self->format, Formats()),
                    {.name = "--explain",
                     .target = &self->explain,
                     .help = "tell where the time goes, and what would shorten it"},
                    {.name = "--compare",
                     .target = &self->compare,
                     .help = "tell what would be otherwise under the other semantics, and why"},
                    {.name = "--runs",
                     .target = &self->runs,
                     .help = "simulate N times, drawing by lot what is uncertain; tell the odds",
                     .value = "N"}};
  AddLearningArguments(verb.arguments, self->learning, /*with_learn=*/true);
  AddWhatIfArguments(verb.arguments, self->what_if);
  AddDrawingArguments(verb.arguments, self->drawing);
  AddPaceArguments(verb.arguments, self->settings);
  AddPlanArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
