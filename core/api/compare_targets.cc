// Targets, what they match, and dependencies.
#include <algorithm>

#include "core/api/movers.h"
#include "core/api/plan_comparison.h"
#include "core/check/interner.h"
#include "core/inventory/group_match.h"

namespace lockstep::api {
namespace {

using diagnostics::SpannedText;

/// Each text once, where it is first written.
std::vector<const SpannedText*> SortedTexts(std::span<const SpannedText> texts) {
  std::vector<const SpannedText*> sorted;
  for (const SpannedText& text : texts) sorted.push_back(&text);
  std::sort(sorted.begin(), sorted.end(), [](const SpannedText* x, const SpannedText* y) {
    return x->value != y->value ? x->value < y->value : x < y;
  });
  const auto same = [](const SpannedText* x, const SpannedText* y) { return x->value == y->value; };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  return sorted;
}

void CompareTargetOrder(
    PlanComparison& comparison, SpecIndex a, SpecIndex b,
    const std::vector<std::pair<const SpannedText*, const SpannedText*>>& both) {
  const plan::Plan& plan_a = comparison.plan_a();
  const plan::Plan& plan_b = comparison.plan_b();
  std::vector<Placed> places;
  for (const auto& [x, y] : both) {
    places.push_back({static_cast<std::uint32_t>(x - plan_a.targets.data()),
                      static_cast<std::uint32_t>(y - plan_b.targets.data()), KeyOf(x->value)});
  }
  const std::vector<bool> moves = FindMovers(places);
  for (std::size_t i = 0; i < both.size(); ++i) {
    if (!moves[i]) continue;
    const auto& [x, y] = both[i];
    comparison.Add(What::kTargetOrder, SideOf(plan_a, a, x->span, x->value),
                   SideOf(plan_b, b, y->span, y->value));
  }
}

// ---- groups ----

/// The groups that a plan's targets name, in the order of the plan, and how many specs use each.
struct GroupUses {
  check::Interner names;
  std::vector<std::uint32_t> specs;
};
GroupUses UsesOfGroups(const check::CheckedPlan& checked) {
  GroupUses uses;
  for (const plan::Spec& spec : checked.plan().specs) {
    for (const SpannedText& target : checked.plan().TargetsOf(spec)) {
      if (checked.inventory().FindGroup(target.value) == nullptr) continue;
      const std::uint32_t number = uses.names.Add(target.value);
      if (number == uses.specs.size()) uses.specs.push_back(0);
      ++uses.specs[number];
    }
  }
  return uses;
}

using DatabasesByName = std::vector<std::pair<std::string_view, inventory::DatabaseIndex>>;

DatabasesByName Match(const inventory::Inventory& inventory, std::string_view group) {
  DatabasesByName databases;
  const auto expression =
      inventory::GroupExpression::Parse(inventory.FindGroup(group)->expression.value);
  if (!expression.ok()) return databases;
  for (const inventory::DatabaseIndex index : expression.value().Match(inventory))
    databases.emplace_back(inventory.databases[index].name.value, index);
  std::sort(databases.begin(), databases.end());
  return databases;
}

Side MatchSide(const inventory::Inventory& inventory, std::string_view group,
               inventory::DatabaseIndex database) {
  const inventory::Database& at = inventory.databases[database];
  return {{inventory.source, at.name.span}, std::string(group), std::string(at.name.value)};
}

void CompareGroup(PlanComparison& comparison, std::string_view group, std::uint32_t uses) {
  const inventory::Inventory& a = comparison.checked_a().inventory();
  const inventory::Inventory& b = comparison.checked_b().inventory();
  const DatabasesByName in_a = Match(a, group);
  const DatabasesByName in_b = Match(b, group);
  for (auto x = in_a.begin(), y = in_b.begin(); x != in_a.end() || y != in_b.end();) {
    if (y == in_b.end() || (x != in_a.end() && x->first < y->first)) {
      comparison.Add(What::kDatabase, MatchSide(a, group, (x++)->second), std::nullopt).uses = uses;
    } else if (x == in_a.end() || y->first < x->first) {
      comparison.Add(What::kDatabase, std::nullopt, MatchSide(b, group, (y++)->second)).uses = uses;
    } else {
      ++x, ++y;
    }
  }
}

// ---- dependencies ----

/// Where a spec says what it waits for. Sorted when somebody first asks: most edges are the same.
class DependencySpans {
 public:
  DependencySpans(const plan::Plan& plan, SpecIndex spec) : plan_(plan), spec_(spec) {}

  Side SideOf(SpecIndex on) {
    if (written_.empty()) written_ = SortedTexts(plan_.DependenciesOf(plan_.specs[spec_]));
    const std::string_view id = plan_.specs[on].id.value;
    const auto found = std::lower_bound(
        written_.begin(), written_.end(), id,
        [](const SpannedText* text, std::string_view value) { return text->value < value; });
    const bool known = found != written_.end() && (*found)->value == id;
    const Span span = known ? (*found)->span : plan_.specs[spec_].depends_on_span;
    return api::SideOf(plan_, spec_, span, SpecName(plan_, on));
  }

 private:
  const plan::Plan& plan_;
  const SpecIndex spec_;
  std::vector<const SpannedText*> written_;
};

}  // namespace

void CompareTargets(PlanComparison& comparison, SpecIndex a, SpecIndex b) {
  const plan::Plan& plan_a = comparison.plan_a();
  const plan::Plan& plan_b = comparison.plan_b();
  const auto all_a = plan_a.TargetsOf(plan_a.specs[a]);
  const auto all_b = plan_b.TargetsOf(plan_b.specs[b]);
  const auto same = [](const SpannedText& x, const SpannedText& y) { return x.value == y.value; };
  if (std::equal(all_a.begin(), all_a.end(), all_b.begin(), all_b.end(), same)) return;
  const auto in_a = SortedTexts(all_a);
  const auto in_b = SortedTexts(all_b);
  std::vector<const SpannedText*> gone, come;
  std::vector<std::pair<const SpannedText*, const SpannedText*>> both;
  for (auto x = in_a.begin(), y = in_b.begin(); x != in_a.end() || y != in_b.end();) {
    if (y == in_b.end() || (x != in_a.end() && (*x)->value < (*y)->value)) {
      gone.push_back(*x++);
    } else if (x == in_a.end() || (*y)->value < (*x)->value) {
      come.push_back(*y++);
    } else {
      both.emplace_back(*x++, *y++);
    }
  }
  const auto side_a = [&](const SpannedText* t) { return SideOf(plan_a, a, t->span, t->value); };
  const auto side_b = [&](const SpannedText* t) { return SideOf(plan_b, b, t->span, t->value); };
  if (gone.size() == 1 && come.size() == 1) {
    comparison.Add(What::kTarget, side_a(gone[0]), side_b(come[0]));
  } else {
    for (const auto* target : gone) comparison.Add(What::kTarget, side_a(target), std::nullopt);
    for (const auto* target : come) comparison.Add(What::kTarget, std::nullopt, side_b(target));
  }
  CompareTargetOrder(comparison, a, b, both);
}

void CompareGroups(PlanComparison& comparison) {
  const inventory::Inventory& in_a = comparison.checked_a().inventory();
  const inventory::Inventory& in_b = comparison.checked_b().inventory();
  if (in_a.synthesized || in_b.synthesized) return;
  const GroupUses a = UsesOfGroups(comparison.checked_a());
  const GroupUses b = UsesOfGroups(comparison.checked_b());
  // A group that only one of the plans names is a change of targets.
  for (std::uint32_t number = 0; number < b.names.size(); ++number) {
    const std::string_view group = b.names.texts()[number];
    const std::uint32_t other = a.names.Find(group);
    if (other != check::Interner::kNone)
      CompareGroup(comparison, group, std::max(a.specs[other], b.specs[number]));
  }
}

void CompareDependencies(PlanComparison& comparison, SpecIndex a, SpecIndex b) {
  const plan::Plan& plan_a = comparison.plan_a();
  const plan::Plan& plan_b = comparison.plan_b();
  const auto in_a = comparison.checked_a().DependenciesOf(a);
  const auto in_b = comparison.checked_b().DependenciesOf(b);
  const PlanMatch& match = comparison.match;
  std::vector<SpecIndex> known;  // what `a` waits for, as it is in b
  for (const SpecIndex on : in_a) {
    if (match.spec_in_b[on].valid()) known.push_back(match.spec_in_b[on]);
  }
  std::sort(known.begin(), known.end());
  std::vector<SpecIndex> kept;
  DependencySpans spans_a(plan_a, a), spans_b(plan_b, b);
  for (const SpecIndex on : in_b) {
    if (std::binary_search(known.begin(), known.end(), on)) {
      kept.push_back(on);
    } else {
      comparison.Add(What::kDependency, std::nullopt, spans_b.SideOf(on));
    }
  }
  std::sort(kept.begin(), kept.end());
  for (const SpecIndex on : in_a) {
    if (std::binary_search(kept.begin(), kept.end(), match.spec_in_b[on])) continue;
    comparison.Add(What::kDependency, spans_a.SideOf(on), std::nullopt);
  }
}

}  // namespace lockstep::api
