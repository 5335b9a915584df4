#include "core/api/plan_match.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "core/check/interner.h"

namespace lockstep::api {
namespace {

using check::CheckedPlan;
using plan::SpecIndex;
using plan::StepIndex;

template <class I>
using Partners = base::IndexVector<I, I>;

template <class I>
void Pair(Partners<I>& in_b, Partners<I>& in_a, I a, I b) {
  in_b[a] = b;
  in_a[b] = a;
}

/// Texts, and the places of what they stand for.
using Named = std::vector<std::pair<std::string, std::uint32_t>>;

/// Pairs the first with the first of equal texts, the second with the second, and so on.
template <class I>
void PairEqual(Named a, Named b, Partners<I>& in_b, Partners<I>& in_a) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (x->first < y->first) {
      ++x;
    } else if (y->first < x->first) {
      ++y;
    } else {
      Pair(in_b, in_a, I((x++)->second), I((y++)->second));
    }
  }
}

// ---- specs ----

void MatchIds(const plan::Plan& a, const plan::Plan& b, PlanMatch& match) {
  check::Interner ids(b.specs.size());
  std::vector<SpecIndex> spec_of_id;
  for (const SpecIndex spec : b.specs.indices()) {
    const std::string_view id = b.specs[spec].id.value;
    if (!id.empty() && ids.Add(id) == spec_of_id.size()) spec_of_id.push_back(spec);
  }
  for (const SpecIndex spec : a.specs.indices()) {
    const std::uint32_t number = ids.Find(a.specs[spec].id.value);
    if (number == check::Interner::kNone || match.spec_in_a[spec_of_id[number]].valid()) continue;
    Pair(match.spec_in_b, match.spec_in_a, spec, spec_of_id[number]);
  }
}

/// What a spec does, as text.
std::string WorkOf(const CheckedPlan& checked, SpecIndex index, bool by_text) {
  const plan::Spec& spec = checked.plan().specs[index];
  std::string work(plan::ToString(spec.config.kind));
  const auto add = [&work](std::string_view part) { work.append(1, '\0').append(part); };
  add(plan::ToString(TypeOf(spec.config)));
  const check::SheetIndex sheet = checked.spec(index).sheet;
  const bool has_text = by_text && sheet.valid() && checked.sheet(sheet).text.valid();
  add(has_text ? std::string_view(checked.sheet(sheet).sha256) : spec.config.sheet.value);
  if (spec.config.kind == plan::ConfigKind::kCreateDatabase)
    add(checked.plan().CreateOf(spec).database.value);
  for (const plan::SpannedText& target : checked.plan().TargetsOf(spec)) add(target.value);
  return work;
}

Named WorkOfUnmatched(const CheckedPlan& checked, const Partners<SpecIndex>& partners,
                      bool by_text) {
  Named works;
  for (const SpecIndex spec : partners.indices()) {
    if (!partners[spec].valid()) works.emplace_back(WorkOf(checked, spec, by_text), spec.value());
  }
  return works;
}

/// Those that are left over and do the same.
void PairWorks(const CheckedPlan& a, const CheckedPlan& b, PlanMatch& match, bool by_text) {
  PairEqual(WorkOfUnmatched(a, match.spec_in_b, by_text),
            WorkOfUnmatched(b, match.spec_in_a, by_text), match.spec_in_b, match.spec_in_a);
}

// ---- steps ----

struct StepPair {
  StepIndex a, b;
  bool same_title = false;
  std::uint32_t shared = 0;  ///< specs that are in both

  /// The better pair first. What is left to their places reads the same from both sides.
  auto Rank() const {
    const std::uint32_t x = a.value(), y = b.value();
    return std::tuple(!same_title, ~shared, x + y, x < y ? y - x : x - y);
  }
};

std::vector<StepPair> PairsThatShare(const plan::Plan& a, const plan::Plan& b,
                                     const PlanMatch& match) {
  std::vector<std::pair<StepIndex, StepIndex>> votes;
  for (const SpecIndex spec : a.specs.indices()) {
    const SpecIndex partner = match.spec_in_b[spec];
    if (partner.valid()) votes.emplace_back(a.specs[spec].step, b.specs[partner].step);
  }
  std::sort(votes.begin(), votes.end());
  std::vector<StepPair> pairs;
  for (const auto& [x, y] : votes) {
    if (pairs.empty() || pairs.back().a != x || pairs.back().b != y)
      pairs.push_back({x, y, a.steps[x].title.value == b.steps[y].title.value, 0});
    ++pairs.back().shared;
  }
  return pairs;
}

Named TitlesOfUnmatched(const plan::Plan& plan, const Partners<StepIndex>& partners) {
  Named titles;
  for (const StepIndex step : partners.indices()) {
    if (!partners[step].valid()) titles.emplace_back(plan.steps[step].title.value, step.value());
  }
  return titles;
}

void MatchSteps(const plan::Plan& a, const plan::Plan& b, PlanMatch& match) {
  match.step_in_b.resize(a.steps.size());
  match.step_in_a.resize(b.steps.size());
  std::vector<StepPair> pairs = PairsThatShare(a, b, match);
  std::sort(pairs.begin(), pairs.end(),
            [](const StepPair& x, const StepPair& y) { return x.Rank() < y.Rank(); });
  for (const StepPair& pair : pairs) {
    if (!match.step_in_b[pair.a].valid() && !match.step_in_a[pair.b].valid())
      Pair(match.step_in_b, match.step_in_a, pair.a, pair.b);
  }
  PairEqual(TitlesOfUnmatched(a, match.step_in_b), TitlesOfUnmatched(b, match.step_in_a),
            match.step_in_b, match.step_in_a);
}

}  // namespace

PlanMatch MatchPlans(const CheckedPlan& a, const CheckedPlan& b) {
  PlanMatch match;
  match.has_steps = a.plan().form == plan::Form::kSteps && b.plan().form == plan::Form::kSteps;
  match.has_sheet_texts = HasSheetTexts(a) && HasSheetTexts(b);
  match.spec_in_b.resize(a.plan().specs.size());
  match.spec_in_a.resize(b.plan().specs.size());
  MatchIds(a.plan(), b.plan(), match);
  if (match.has_sheet_texts) PairWorks(a, b, match, /*by_text=*/true);
  PairWorks(a, b, match, /*by_text=*/false);
  if (match.has_steps) MatchSteps(a.plan(), b.plan(), match);
  return match;
}

plan::ChangeType TypeOf(const plan::Config& config) {
  const bool unset = config.type.value == plan::ChangeType::kUnspecified;
  return unset && config.kind == plan::ConfigKind::kChangeDatabase ? plan::ChangeType::kMigrate
                                                                   : config.type.value;
}

bool HasSheetTexts(const CheckedPlan& checked) {
  // One is as good as all: a sheet that is missing among those on offer is an error.
  return checked.sheets().empty() ||
         std::any_of(checked.sheets().begin(), checked.sheets().end(),
                     [](const check::Sheet& sheet) { return sheet.text.valid(); });
}

}  // namespace lockstep::api
