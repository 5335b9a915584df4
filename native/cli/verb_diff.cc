// diff: two plans compared by what they mean, and what becomes of the schedule.
#include "core/api/plan_diff_answers.h"
#include "core/diagnostics/render.h"
#include "native/cli/preview.h"
#include "native/report/output.h"
#include "native/runner.h"

namespace lockstep::cli {

using report::Stdout;
namespace {

/// What `git diff --exit-code` ends with.
constexpr int kDiffers = 1;

struct Diff {
  std::string plan_a, plan_b;
  std::optional<std::string> inventory_b, sheets_b;
  std::string format = "text";
  bool exit_code = false;
  PlanSettings settings;

  int Run() const;
  PlanSettings SettingsOfB() const;
  int Compare(const api::Workspace& a, const api::Workspace& b) const;
};

PlanSettings Diff::SettingsOfB() const {
  PlanSettings of_b = settings;
  if (inventory_b) of_b.inventory = inventory_b;
  if (sheets_b) of_b.sheets = sheets_b;
  return of_b;
}

int Refuse(const api::Workspace& workspace, std::span<const diagnostics::Diagnostic> found) {
  report::Stderr().Write(
      diagnostics::RenderText(workspace.sources(), found, report::Stderr().color()));
  return native::kExitPlanInvalid;
}

int Diff::Compare(const api::Workspace& a, const api::Workspace& b) const {
  const auto unknown = api::UnknownToBoth(a, b);
  if (!unknown.empty()) return Refuse(a, unknown);
  // Both start at once, whatever the clock says meanwhile.
  PlanSettings same_start = settings;
  if (!same_start.start && !a.scenario().start) same_start.start = base::FormatInstant(Now());
  const rollout::Rollout rollout_a = ExpandPlan(a, settings);
  const rollout::Rollout rollout_b = ExpandPlan(b, settings);
  const sim::Timeline timeline_a = Preview(rollout_a, a, same_start);
  const sim::Timeline timeline_b = Preview(rollout_b, b, same_start);
  const api::PlanSide side_a{a, rollout_a, timeline_a}, side_b{b, rollout_b, timeline_b};
  const api::PlanDiff diff = api::DiffPlans(side_a, side_b);
  if (format == "json") {
    base::JsonWriter writer;
    api::WritePlanDiff(writer, diff, side_a, side_b);
    Stdout().Write(writer.Take() + "\n");
  } else {
    Stdout().Write(api::PlanDiffText(diff, side_a, side_b, Stdout().color()));
  }
  return exit_code && !diff.empty() ? kDiffers : native::kExitDone;
}

int Diff::Run() const {
  if (plan_a == "-" && plan_b == "-")
    return Fail({base::ErrorCode::kInvalidArgument, "only one plan can be standard input"});
  PlanSettings of_a = settings, of_b = SettingsOfB();
  // A scenario may speak of what only one of the plans has. What the command line says comes later.
  const std::string rule = "scenario-selector=warning";
  of_a.rules.insert(of_a.rules.begin(), rule);
  of_b.rules.insert(of_b.rules.begin(), rule);
  return WithPlan(plan_a, of_a, [&](const api::Workspace& a) {
    return WithPlan(plan_b, of_b, [&](const api::Workspace& b) { return Compare(a, b); });
  });
}

}  // namespace

Verb DiffVerb() {
  auto self = std::make_shared<Diff>();
  Verb verb{.name = "diff",
            .summary = "Compare two plans by what they mean, and their schedules",
            .examples =
                "  lockstep diff plan.json new/plan.json\n"
                "  git show HEAD:plan.json | lockstep diff - plan.json --inventory inventory.json\n"
                "  lockstep diff old.json new.json --exit-code --format json\n",
            .run = [self] { return self->Run(); }};
  verb.arguments = {{.name = "A",
                     .target = &self->plan_a,
                     .help = "a plan document; - is standard input",
                     .completes = Completes::kFile,
                     .required = true},
                    {.name = "B",
                     .target = &self->plan_b,
                     .help = "the plan that it is compared with",
                     .completes = Completes::kFile,
                     .required = true},
                    {.name = "--inventory-b",
                     .target = &self->inventory_b,
                     .help = "what B points at, where it is not what A points at",
                     .value = "FILE",
                     .completes = Completes::kFile},
                    {.name = "--sheets-b",
                     .target = &self->sheets_b,
                     .help = "the folder of B's sheets, where it is not that of A",
                     .value = "DIR",
                     .completes = Completes::kFolder},
                    {.name = "--exit-code",
                     .target = &self->exit_code,
                     .help = "end with 1 when the plans differ"},
                    ScenarioArgument(self->settings),
                    StartArgument(self->settings),
                    FormatArgument(self->format, {"text", "json"})};
  AddPaceArguments(verb.arguments, self->settings);
  AddPlanArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
