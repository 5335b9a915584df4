// simulate: the schedule that `run` would follow, with assumed durations.
#include <tuple>

#include "core/api/study.h"
#include "core/base/text.h"
#include "core/sim/flags.h"
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
  std::optional<std::string> deadline;
  std::optional<std::uint32_t> runs, seed;
  bool explain = false;
  std::vector<std::string> fail, delay, lock, down, connections, retry, skip, cancel;

  int Run() const;
  base::Result<sim::Scenario> Assume(const rollout::Rollout& rollout,
                                     const api::Workspace& documents) const;
};

std::string EventLines(const rollout::Rollout& rollout, const sim::Timeline& timeline) {
  std::string lines;
  for (const rollout::Event& event : timeline.events)
    lines += rollout::ToJson(event, rollout) + "\n";
  return lines;
}

/// The scenario's document, and what the command line adds to it.
base::Result<sim::Scenario> Simulate::Assume(const rollout::Rollout& rollout,
                                             const api::Workspace& documents) const {
  sim::Scenario scenario = StartedScenario(documents, settings);
  if (seed) scenario.seed = *seed;
  if (deadline) {
    scenario.deadline = base::ParseDuration(*deadline);
    if (!scenario.deadline) {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         "--deadline takes a length of time such as 4h, counted from the start, "
                         "not " +
                             base::Quote(*deadline)};
    }
  }
  const std::tuple<std::string_view, sim::Flag, const std::vector<std::string>&> flags[] = {
      {"--fail", sim::Flag::kFail, fail},
      {"--delay", sim::Flag::kDelay, delay},
      {"--lock", sim::Flag::kLock, lock},
      {"--down", sim::Flag::kDown, down},
      {"--retry", sim::Flag::kRetry, retry},
      {"--skip", sim::Flag::kSkip, skip},
      {"--cancel", sim::Flag::kCancel, cancel},
      {"--connections", sim::Flag::kConnections, connections}};
  for (const auto& [name, flag, values] : flags) {
    for (const std::string& value : values) {
      const base::Status added = sim::AddFlag(scenario, rollout, flag, value);
      if (!added.ok())
        return base::Error{added.error().code, std::string(name) + ": " + added.error().message};
    }
  }
  return scenario;
}

int Simulate::Run() const {
  return WithPlan(plan, settings, [this](const api::Workspace& documents) -> int {
    rollout::Rollout rollout = ExpandPlan(documents, settings);
    const auto scenario = Assume(rollout, documents);
    if (!scenario) return Fail(scenario.error());
    sim::Constrain(rollout, *scenario);
    const api::Study study = api::MakeStudy(
        rollout, *scenario,
        {.explain = explain, .runs = runs.value_or(0), .keep_events = format == "events"});
    if (format == "json") {
      Stdout().Write(api::StudyAnswer(rollout, *scenario, study) + "\n");
    } else if (format == "svg") {
      Stdout().Write(view::Draw(rollout, study.timeline, {}));
    } else if (format == "html") {
      Stdout().Write(view::HtmlPage(rollout, study.timeline, {}));
    } else if (format == "events") {
      Stdout().Write(EventLines(rollout, study.timeline));
    } else {
      const std::string more = api::StudyText(rollout, *scenario, study);
      Stdout().Write(report::ScheduleText(rollout, study.timeline, Stdout().color()));
      if (!more.empty()) Stdout().Write("\n" + more);
    }
    return api::Fits(*scenario, study.timeline) ? native::kExitDone : native::kExitFailed;
  });
}

Argument Several(std::string_view name, std::vector<std::string>& target, std::string_view help,
                 std::string_view value) {
  return {.name = name, .target = &target, .help = help, .value = value};
}

void AddWhatIfArguments(std::vector<Argument>& arguments, Simulate& self) {
  arguments.insert(
      arguments.end(),
      {Several("--fail", self.fail, "what if it fails: once, =always, or =20%; may be repeated",
               "TASK|SPEC|TARGET[=…]"),
       Several("--delay", self.delay, "what if it takes so much longer", "TASK|SPEC|TARGET=TIME"),
       Several("--lock", self.lock, "what if somebody else locks it, as in 10m-20m",
               "TASK|SPEC|TARGET=FROM-TO"),
       Several("--down", self.down, "what if an instance is down, as in 10m-30m",
               "INSTANCE=FROM-TO"),
       Several("--connections", self.connections, "what if it takes so many connections at once",
               "INSTANCE=N"),
       Several("--retry", self.retry, "a command given then; at the start when not said",
               "TASK|SPEC|TARGET[=AT]"),
       Several("--skip", self.skip, "the same", "TASK|SPEC|TARGET[=AT]"),
       Several("--cancel", self.cancel, "the same", "TASK|SPEC|TARGET[=AT]")});
}

}  // namespace

Verb SimulateVerb() {
  auto self = std::make_shared<Simulate>();
  Verb verb{.name = "simulate",
            .summary = "Show the schedule that run would follow: tasks, waits and why, the end",
            .examples =
                "  lockstep simulate plan.json\n"
                "  lockstep simulate plan.json --scenario slow-night.json --format json\n"
                "  lockstep simulate plan.json --parallel 4 --start 2026-11-22T01:00:00Z\n"
                "  lockstep simulate plan.json --fail hr_prod --down prod-eu=10m-30m\n"
                "  lockstep simulate plan.json --runs 10000 --deadline 4h\n",
            .run = [self] { return self->Run(); }};
  verb.arguments = {
      PlanArgument(self->plan),
      ScenarioArgument(self->settings),
      StartArgument(self->settings),
      {.name = "--deadline",
       .target = &self->deadline,
       .help = "when it has to be done, counted from the start; ends with 1 when it is not",
       .value = "TIME"},
      {.name = "--runs",
       .target = &self->runs,
       .help = "simulate N times, drawing by lot what is uncertain, and tell the odds",
       .value = "N"},
      {.name = "--seed",
       .target = &self->seed,
       .help = "of what is drawn by lot (default: 0)",
       .value = "N"},
      {.name = "--explain",
       .target = &self->explain,
       .help = "tell where the time goes, and what would shorten it"},
      FormatArgument(self->format, {"text", "json", "events", "svg", "html"})};
  AddWhatIfArguments(verb.arguments, *self);
  AddPaceArguments(verb.arguments, self->settings);
  AddPlanArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
