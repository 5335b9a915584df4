// PlanComparison: what the parts of DiffPlans share: two plans, which specs of theirs are one, and
// the changes found so far. Each part looks for changes of its kind.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/api/plan_diff.h"
#include "core/api/plan_match.h"

namespace lockstep::api {

using diagnostics::Span;
using plan::SpecIndex;
using plan::StepIndex;

struct PlanComparison {
  const PlanSide& a;
  const PlanSide& b;
  PlanMatch match;
  std::vector<Change> changes;

  const check::CheckedPlan& checked_a() const { return *a.workspace.checked(); }
  const check::CheckedPlan& checked_b() const { return *b.workspace.checked(); }
  const plan::Plan& plan_a() const { return checked_a().plan(); }
  const plan::Plan& plan_b() const { return checked_b().plan(); }

  Change& Add(What what, std::optional<Side> side_a, std::optional<Side> side_b) {
    return changes.emplace_back(Change{what, {}, std::move(side_a), std::move(side_b)});
  }
};

/// What a spec is called: its id, or "#3" for the third of the plan when it has none.
std::string SpecName(const plan::Plan& plan, SpecIndex spec);
/// Its title, or "step 2" when it has none.
std::string StepName(const plan::Plan& plan, StepIndex step);
/// Where a spec is: its id, else its beginning.
Span SpanOf(const plan::Spec& spec);
/// A place in the plan's document.
inline diagnostics::Place PlaceIn(const plan::Plan& plan, Span span) {
  return {plan.source, span};
}
inline Side SideOf(const plan::Plan& plan, SpecIndex spec, Span span, std::string_view value) {
  return {PlaceIn(plan, span), SpecName(plan, spec), std::string(value)};
}

void ComparePlanFields(PlanComparison& comparison);
void CompareInventories(PlanComparison& comparison);
void CompareGroups(PlanComparison& comparison);
void CompareSteps(PlanComparison& comparison);
void CompareOrder(PlanComparison& comparison);
/// Of all specs.
void CompareSheets(PlanComparison& comparison);
// Of one spec that both plans have:
void CompareFields(PlanComparison& comparison, SpecIndex a, SpecIndex b);
void CompareTargets(PlanComparison& comparison, SpecIndex a, SpecIndex b);
void CompareDependencies(PlanComparison& comparison, SpecIndex a, SpecIndex b);

ScheduleDiff DiffSchedules(const PlanSide& a, const PlanSide& b, const PlanMatch& match);

}  // namespace lockstep::api
