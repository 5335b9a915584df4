// Steps, and where in them specs stand.
#include <algorithm>

#include "core/api/movers.h"
#include "core/api/plan_comparison.h"

namespace lockstep::api {
namespace {

Side StepSide(const plan::Plan& plan, StepIndex step, std::string_view value) {
  const plan::Step& at = plan.steps[step];
  const Span span = at.title.present ? at.title.span : Span{at.span.begin, at.span.begin + 1};
  return {PlaceIn(plan, span), StepName(plan, step), std::string(value)};
}

/// For each item the place of what stands before it in one of the orders; kFirst before the first.
constexpr std::uint32_t kFirst = 0xffffffff;
std::vector<std::uint32_t> PlacesBefore(const std::vector<Placed>& items,
                                        std::uint32_t Placed::*place) {
  std::vector<std::uint32_t> order(items.size()), before(items.size(), kFirst);
  for (std::uint32_t i = 0; i < items.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t x, std::uint32_t y) { return items[x].*place < items[y].*place; });
  for (std::size_t i = 1; i < order.size(); ++i) before[order[i]] = items[order[i - 1]].*place;
  return before;
}

std::string StepBefore(const plan::Plan& plan, std::uint32_t place) {
  return place == kFirst ? "" : StepName(plan, StepIndex(place));
}
std::string SpecBefore(const plan::Plan& plan, std::uint32_t place) {
  return place == kFirst ? "" : SpecName(plan, SpecIndex(place));
}

void CompareStepOrder(PlanComparison& comparison) {
  const plan::Plan& a = comparison.plan_a();
  const plan::Plan& b = comparison.plan_b();
  std::vector<Placed> steps;
  for (const StepIndex step : a.steps.indices()) {
    const StepIndex partner = comparison.match.step_in_b[step];
    if (!partner.valid()) continue;
    const std::uint64_t key =
        KeyOf(a.steps[step].title.value) + KeyOf(b.steps[partner].title.value);
    steps.push_back({step.value(), partner.value(), key});
  }
  const std::vector<bool> moves = FindMovers(steps);
  if (std::find(moves.begin(), moves.end(), true) == moves.end()) return;
  const auto before_a = PlacesBefore(steps, &Placed::a);
  const auto before_b = PlacesBefore(steps, &Placed::b);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!moves[i]) continue;
    comparison.Add(What::kStepOrder, StepSide(a, StepIndex(steps[i].a), StepBefore(a, before_a[i])),
                   StepSide(b, StepIndex(steps[i].b), StepBefore(b, before_b[i])));
  }
}

/// The specs that stay in one step, in the order in which `b` has them.
void CompareOrderOf(PlanComparison& comparison, std::vector<Placed>& specs) {
  const plan::Plan& a = comparison.plan_a();
  const plan::Plan& b = comparison.plan_b();
  const std::vector<bool> moves = FindMovers(specs);
  if (std::find(moves.begin(), moves.end(), true) == moves.end()) return;
  const auto before_a = PlacesBefore(specs, &Placed::a);
  const auto before_b = PlacesBefore(specs, &Placed::b);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (!moves[i]) continue;
    const SpecIndex x(specs[i].a), y(specs[i].b);
    comparison.Add(What::kSpecOrder, SideOf(a, x, SpanOf(a.specs[x]), SpecBefore(a, before_a[i])),
                   SideOf(b, y, SpanOf(b.specs[y]), SpecBefore(b, before_b[i])));
  }
}

}  // namespace

std::string StepName(const plan::Plan& plan, StepIndex step) {
  const std::string_view title = plan.steps[step].title.value;
  return title.empty() ? "step " + std::to_string(step.value() + 1) : std::string(title);
}

void CompareSteps(PlanComparison& comparison) {
  if (!comparison.match.has_steps) return;
  const plan::Plan& a = comparison.plan_a();
  const plan::Plan& b = comparison.plan_b();
  for (const StepIndex step : a.steps.indices()) {
    if (!comparison.match.step_in_b[step].valid())
      comparison.Add(What::kStep, StepSide(a, step, ""), std::nullopt);
  }
  for (const StepIndex step : b.steps.indices()) {
    const StepIndex partner = comparison.match.step_in_a[step];
    if (!partner.valid()) {
      comparison.Add(What::kStep, std::nullopt, StepSide(b, step, ""));
    } else if (a.steps[partner].title.value != b.steps[step].title.value) {
      comparison.Add(What::kStepTitle, StepSide(a, partner, a.steps[partner].title.value),
                     StepSide(b, step, b.steps[step].title.value));
    }
  }
  CompareStepOrder(comparison);
}

void CompareOrder(PlanComparison& comparison) {
  const plan::Plan& a = comparison.plan_a();
  const plan::Plan& b = comparison.plan_b();
  const PlanMatch& match = comparison.match;
  std::vector<Placed> specs;
  for (const SpecIndex spec : b.specs.indices()) {
    const plan::Spec& at = b.specs[spec];
    // Without steps there is one list of all specs.
    const bool begins_step = match.has_steps && b.steps[at.step].specs.first == spec;
    if (begins_step) {
      CompareOrderOf(comparison, specs);
      specs.clear();
    }
    const SpecIndex partner = match.spec_in_a[spec];
    if (!partner.valid()) continue;
    const StepIndex step = a.specs[partner].step;
    if (match.has_steps && match.step_in_b[step] != at.step) {
      comparison.Add(What::kSpecStep,
                     SideOf(a, partner, SpanOf(a.specs[partner]), StepName(a, step)),
                     SideOf(b, spec, SpanOf(at), StepName(b, at.step)));
      continue;
    }
    const std::uint64_t key = KeyOf(a.specs[partner].id.value) + KeyOf(at.id.value);
    specs.push_back({partner.value(), spec.value(), key});
  }
  CompareOrderOf(comparison, specs);
}

}  // namespace lockstep::api
