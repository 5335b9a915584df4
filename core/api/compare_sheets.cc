// The sheets that specs run, by name and by text.
#include <map>

#include "core/api/plan_comparison.h"

namespace lockstep::api {
namespace {

using check::CheckedPlan;
using check::Sheet;
using check::SheetIndex;

/// How the databases of a spec read a sheet.
std::optional<sql::Dialect> DialectOf(const CheckedPlan& checked, SpecIndex spec) {
  const auto databases = checked.DatabasesOf(spec);
  if (databases.empty()) return std::nullopt;
  const inventory::Inventory& inventory = checked.inventory();
  const inventory::InstanceIndex instance = inventory.databases[databases[0]].instance;
  if (!instance.valid()) return std::nullopt;
  return sql::Facts(inventory.instances[instance].engine.value).dialect;
}

class SheetComparison {
 public:
  explicit SheetComparison(PlanComparison& comparison)
      : comparison_(comparison), same_name_(comparison.checked_b().sheets().size()) {}

  void Compare(SpecIndex a, SpecIndex b);
  /// What is to be told of a sheet once, however many specs run it.
  void AddTexts();

 private:
  struct Pair {
    SheetIndex a, b;
    auto operator<=>(const Pair&) const = default;
  };
  struct SameName {
    SheetIndex a;
    SpecIndex spec_a, spec_b;  // the first that run it
    std::uint32_t uses = 0;
  };

  const StatementDiff* Diff(Pair sheets, SpecIndex a, SpecIndex b);
  bool HaveTexts(Pair sheets) const {
    return sheets.a.valid() && sheets.b.valid() && SheetA(sheets).text.valid() &&
           SheetB(sheets).text.valid();
  }
  const Sheet& SheetA(Pair sheets) const { return comparison_.checked_a().sheet(sheets.a); }
  const Sheet& SheetB(Pair sheets) const { return comparison_.checked_b().sheet(sheets.b); }

  PlanComparison& comparison_;
  base::IndexVector<SheetIndex, SameName> same_name_;  // by the sheet in b
  std::map<Pair, StatementDiff> known_;
};

/// Null where a text is missing.
const StatementDiff* SheetComparison::Diff(Pair sheets, SpecIndex a, SpecIndex b) {
  if (!HaveTexts(sheets)) return nullptr;
  const auto [entry, is_new] = known_.try_emplace(sheets);
  if (!is_new) return &entry->second;
  const auto dialect =
      DialectOf(comparison_.checked_b(), b)
          .value_or(DialectOf(comparison_.checked_a(), a).value_or(sql::Dialect::kGeneric));
  const std::string_view text_a = comparison_.a.workspace.sources()[SheetA(sheets).text].text();
  const std::string_view text_b = comparison_.b.workspace.sources()[SheetB(sheets).text].text();
  sql::SplitResult split_a, split_b;  // those that the check has not made
  const auto split = [&](const Sheet& sheet, std::string_view text, sql::SplitResult& made) {
    if (const sql::SplitResult* known = sheet.SplitFor(dialect)) return known;
    made = sql::Split(dialect, text);
    return static_cast<const sql::SplitResult*>(&made);
  };
  entry->second = DiffStatements(text_a, *split(SheetA(sheets), text_a, split_a), text_b,
                                 *split(SheetB(sheets), text_b, split_b));
  return &entry->second;
}

void SheetComparison::Compare(SpecIndex a, SpecIndex b) {
  const plan::Plan& plan_a = comparison_.plan_a();
  const plan::Plan& plan_b = comparison_.plan_b();
  const auto& name_a = plan_a.specs[a].config.sheet;
  const auto& name_b = plan_b.specs[b].config.sheet;
  const Pair sheets{comparison_.checked_a().spec(a).sheet, comparison_.checked_b().spec(b).sheet};
  if (name_a.value != name_b.value) {
    const StatementDiff* diff = Diff(sheets, a, b);
    Change& change = comparison_.Add(What::kSheet, SideOf(plan_a, a, name_a.span, name_a.value),
                                     SideOf(plan_b, b, name_b.span, name_b.value));
    if (diff != nullptr) change.statements = diff->counts;
  } else if (HaveTexts(sheets) && SheetA(sheets).sha256 != SheetB(sheets).sha256) {
    SameName& same = same_name_[sheets.b];
    if (same.uses++ == 0) same = {sheets.a, a, b, 1};
  }
}

void SheetComparison::AddTexts() {
  for (const SheetIndex sheet : same_name_.indices()) {
    const SameName& same = same_name_[sheet];
    if (same.uses == 0) continue;
    const Pair sheets{same.a, sheet};
    const StatementDiff& diff = *Diff(sheets, same.spec_a, same.spec_b);
    const std::string name(SheetB(sheets).name);
    Change& change =
        comparison_.Add(What::kSheetText, Side{{SheetA(sheets).text, diff.first_a}, name, ""},
                        Side{{SheetB(sheets).text, diff.first_b}, name, ""});
    change.statements = diff.counts;
    change.uses = same.uses;
  }
}

}  // namespace

void CompareSheets(PlanComparison& comparison) {
  SheetComparison sheets(comparison);
  for (const SpecIndex spec : comparison.plan_b().specs.indices()) {
    const SpecIndex partner = comparison.match.spec_in_a[spec];
    if (partner.valid()) sheets.Compare(partner, spec);
  }
  sheets.AddTexts();
}

}  // namespace lockstep::api
