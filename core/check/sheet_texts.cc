#include <algorithm>

#include "core/base/sha256.h"
#include "core/check/context.h"

namespace lockstep::check {
namespace {

using plan::ChangeType;
using plan::ConfigKind;

void AddUse(std::vector<SheetUse>& uses, const SheetUse& use) {
  const auto same = [&](const SheetUse& other) {
    return other.engine == use.engine && other.kind == use.kind && other.type == use.type;
  };
  if (std::none_of(uses.begin(), uses.end(), same)) uses.push_back(use);
}

/// A baseline names a sheet and never runs it.
void CollectUses(Context& context) {
  for (const SpecIndex spec : context.plan.specs.indices()) {
    const SheetIndex sheet = context.specs[spec].sheet;
    const plan::Config& config = context.plan.specs[spec].config;
    if (!sheet.valid() || config.type.value == ChangeType::kBaseline) continue;
    SheetFacts& facts = context.sheet_facts[sheet];
    if (!facts.runner.valid()) facts.runner = spec;
    for (const DatabaseIndex database : context.DatabasesOf(spec)) {
      AddUse(context.sheet_runs[sheet].uses,
             {spec, context.EngineOf(database).engine, config.kind, config.type.value});
    }
  }
}

void Load(Context& context, SheetIndex index) {
  Sheet& sheet = context.sheets[index];
  SheetRuns& runs = context.sheet_runs[index];
  base::Result<diagnostics::Source> source = context.library->Load(sheet.name);
  if (!source.ok()) {
    if (source.error().code != base::ErrorCode::kNotFound) runs.load_error = source.error().message;
    return;
  }
  sheet.text = context.sources.Add(std::move(source.value()));
  const std::string_view text = context.sources[sheet.text].text();
  sheet.sha256 = base::Sha256Hex(text);
  sheet.bytes = text.size();
  for (const SheetUse& use : runs.uses) {
    const sql::Dialect dialect = sql::Facts(use.engine).dialect;
    if (sheet.SplitFor(dialect) == nullptr) {
      sheet.splits.emplace_back(dialect, sql::Split(dialect, text));
    }
  }
}

}  // namespace

const sql::SplitResult* Sheet::SplitFor(sql::Dialect dialect) const {
  for (const auto& [of, result] : splits) {
    if (of == dialect) return &result;
  }
  return nullptr;
}

void LoadSheets(Context& context) {
  if (context.library == nullptr) return;
  context.offered_sheets = context.library->Names();
  context.sheet_runs.resize(context.sheets.size());
  CollectUses(context);
  for (const SheetIndex index : context.sheets.indices()) {
    if (context.sheet_facts[index].runner.valid()) Load(context, index);
  }
}

}  // namespace lockstep::check
