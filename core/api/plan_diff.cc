#include "core/api/plan_diff.h"

#include <algorithm>

#include "core/api/plan_comparison.h"

namespace lockstep::api {
namespace {

Side WholeSpec(const plan::Plan& plan, SpecIndex spec) {
  const plan::Spec& at = plan.specs[spec];
  const bool has_steps = plan.form == plan::Form::kSteps;
  return SideOf(plan, spec, SpanOf(at), has_steps ? StepName(plan, at.step) : "");
}

void CompareSpecs(PlanComparison& comparison) {
  const plan::Plan& a = comparison.plan_a();
  const plan::Plan& b = comparison.plan_b();
  for (const SpecIndex spec : a.specs.indices()) {
    if (!comparison.match.spec_in_b[spec].valid())
      comparison.Add(What::kSpec, WholeSpec(a, spec), std::nullopt);
  }
  for (const SpecIndex spec : b.specs.indices()) {
    const SpecIndex partner = comparison.match.spec_in_a[spec];
    if (!partner.valid()) {
      comparison.Add(What::kSpec, std::nullopt, WholeSpec(b, spec));
      continue;
    }
    const auto& id_a = a.specs[partner].id;
    const auto& id_b = b.specs[spec].id;
    if (id_a.value != id_b.value) {
      comparison.Add(What::kSpecId, SideOf(a, partner, id_a.span, id_a.value),
                     SideOf(b, spec, id_b.span, id_b.value));
    }
    CompareTargets(comparison, partner, spec);
    CompareDependencies(comparison, partner, spec);
    CompareFields(comparison, partner, spec);
  }
}

constexpr std::string_view kWhats[] = {"plan",      "inventory",  "step",      "stepTitle",
                                       "stepOrder", "spec",       "specId",    "specStep",
                                       "specOrder", "dependency", "target",    "targetOrder",
                                       "database",  "sheet",      "sheetText", "field"};
constexpr std::string_view kHows[] = {"added", "removed", "changed", "moved"};
constexpr std::string_view kShifts[] = {"appears", "disappears", "earlier",
                                        "later",   "starts",     "startsNever"};

}  // namespace

std::string_view ToString(What what) {
  return kWhats[static_cast<std::size_t>(what)];
}
std::string_view ToString(How how) {
  return kHows[static_cast<std::size_t>(how)];
}
std::string_view ToString(TaskShift shift) {
  return kShifts[static_cast<std::size_t>(shift)];
}

How Change::how() const {
  if (!a) return How::kAdded;
  if (!b) return How::kRemoved;
  const bool moved = what == What::kStepOrder || what == What::kSpecStep ||
                     what == What::kSpecOrder || what == What::kTargetOrder;
  return moved ? How::kMoved : How::kChanged;
}

std::string SpecName(const plan::Plan& plan, SpecIndex spec) {
  const std::string_view id = plan.specs[spec].id.value;
  return id.empty() ? "#" + std::to_string(spec.value() + 1) : std::string(id);
}

Span SpanOf(const plan::Spec& spec) {
  return spec.id.present ? spec.id.span : Span{spec.span.begin, spec.span.begin + 1};
}

PlanDiff DiffPlans(const PlanSide& a, const PlanSide& b) {
  const check::CheckedPlan& checked_a = *a.workspace.checked();
  const check::CheckedPlan& checked_b = *b.workspace.checked();
  PlanComparison comparison{a, b, MatchPlans(checked_a, checked_b), {}};
  ComparePlanFields(comparison);
  CompareInventories(comparison);
  CompareGroups(comparison);
  CompareSteps(comparison);
  CompareSpecs(comparison);
  CompareOrder(comparison);
  CompareSheets(comparison);

  PlanDiff diff;
  diff.changes = std::move(comparison.changes);
  diff.schedule = DiffSchedules(a, b, comparison.match);
  diff.sheets_by_name_alone = !comparison.match.has_sheet_texts;
  diff.same_digest = a.rollout.digest == b.rollout.digest;
  return diff;
}

std::vector<diagnostics::Diagnostic> UnknownToBoth(const Workspace& a, const Workspace& b) {
  const auto selects_nothing = [](const diagnostics::Diagnostic& found) {
    return found.rule == diagnostics::Rule::kScenarioSelector;
  };
  std::vector<diagnostics::Span> in_b;
  for (const auto& found : b.diagnostics()) {
    if (selects_nothing(found)) in_b.push_back(found.place.span);
  }
  std::sort(in_b.begin(), in_b.end());
  std::vector<diagnostics::Diagnostic> unknown;
  for (const auto& found : a.diagnostics()) {
    if (!selects_nothing(found)) continue;
    if (!std::binary_search(in_b.begin(), in_b.end(), found.place.span)) continue;
    unknown.push_back(found);
    unknown.back().severity = diagnostics::Severity::kError;
  }
  return unknown;
}

}  // namespace lockstep::api
