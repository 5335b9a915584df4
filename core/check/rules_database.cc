// Target rules about several specs on one database.
#include "core/base/text.h"
#include "core/check/rules.h"

namespace lockstep::check {
namespace {

using base::Quote;
using plan::ConfigKind;

bool IsChange(const Context& context, SpecIndex spec) {
  return context.plan.specs[spec].config.kind == ConfigKind::kChangeDatabase;
}

bool VersionsDiffer(const plan::Config& a, const plan::Config& b) {
  return !a.schema_version.value.empty() && !b.schema_version.value.empty() &&
         a.schema_version.value != b.schema_version.value;
}

/// True when the later one may start first because of its time: rules_schedule.cc tells that.
bool Overtakes(const plan::Spec& earlier, const plan::Spec& later) {
  return earlier.earliest_allowed_time.present &&
         (!later.earliest_allowed_time.present ||
          later.earliest_allowed_time.value < earlier.earliest_allowed_time.value);
}

class DatabaseOrderRules {
 public:
  explicit DatabaseOrderRules(Context& context)
      : context_(context),
        order_matters_(
            context.plan.form == plan::Form::kSteps &&
            !(context.plan.has_vcs_source && context.options.semantics.vcs_source_chains)),
        last_with_sheet_(context.sheets.size()),
        sheet_database_(context.sheets.size()),
        unordered_told_(context.plan.specs.size()),
        repeated_told_(context.plan.specs.size()) {}

  void CheckDatabase(DatabaseIndex database) {
    const std::span<const SpecIndex> specs = context_.SpecsOn(database);
    for (const SpecIndex spec : specs) CheckRepeated(database, spec);
    if (!order_matters_) return;
    for (std::size_t i = 1; i < specs.size(); ++i) {
      if (CheckPair(database, specs[i - 1], specs[i])) return;  // one for each database
    }
  }

 private:
  bool CheckPair(DatabaseIndex database, SpecIndex earlier, SpecIndex later) {
    if (context_.step_of[earlier.value()] != context_.step_of[later.value()]) return false;
    const plan::Spec& a = context_.plan.specs[earlier];
    const plan::Spec& b = context_.plan.specs[later];
    if (!IsChange(context_, earlier) || !IsChange(context_, later)) return false;
    if (VersionsDiffer(a.config, b.config) || Overtakes(a, b)) return false;
    if (unordered_told_[later.value()] || context_.Ordered(earlier, later)) return false;
    unordered_told_[later.value()] = true;
    context_
        .Report(
            Rule::kUnorderedOnDatabase, context_.SpanOf(later),
            context_.NameOf(earlier) + " and " + context_.NameOf(later) + " both change " +
                Quote(context_.inventory.databases[database].name.value) +
                ", and the second also runs when the first has failed; if the order matters, add "
                "the first to its dependsOnSpecs")
        .related.push_back(context_.RelatedAt(context_.SpanOf(earlier), "the first of the two"));
    return true;
  }

  void CheckRepeated(DatabaseIndex database, SpecIndex spec) {
    const SheetIndex sheet = context_.specs[spec].sheet;
    if (!sheet.valid()) return;
    const bool repeated = sheet_database_[sheet] == database;
    const SpecIndex before = last_with_sheet_[sheet];
    sheet_database_[sheet] = database;
    last_with_sheet_[sheet] = spec;
    if (!repeated || repeated_told_[spec.value()] || !IsChange(context_, spec)) return;
    repeated_told_[spec.value()] = true;
    context_
        .Report(Rule::kSameChangeTwice, context_.plan.specs[spec].config.sheet.span,
                context_.NameOf(before) + " applies the sheet " +
                    Quote(context_.sheets[sheet].name) + " to " +
                    Quote(context_.inventory.databases[database].name.value) + " already")
        .related.push_back(
            context_.RelatedAt(context_.plan.specs[before].config.sheet.span, "the same sheet"));
  }

  Context& context_;
  const bool order_matters_;  // flat plans can't order specs, and vcsSource chains them anyway
  base::IndexVector<SheetIndex, SpecIndex> last_with_sheet_;
  base::IndexVector<SheetIndex, DatabaseIndex> sheet_database_;
  std::vector<bool> unordered_told_, repeated_told_;  // per spec
};

}  // namespace

void CheckDatabaseOrder(Context& context) {
  DatabaseOrderRules rules(context);
  for (const DatabaseIndex database : context.inventory.databases.indices()) {
    if (context.SpecsOn(database).size() > 1) rules.CheckDatabase(database);
  }
}

}  // namespace lockstep::check
