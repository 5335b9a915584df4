#include "core/rollout/expand_sheets.h"

#include <array>

namespace lockstep::rollout {
namespace {

using sql::StatementClass;

/// What most statements are. BEGIN, SET and the like count only where there is nothing else.
std::string_view ClassOf(const check::Sheet& sheet) {
  if (sheet.splits.empty()) return "";
  std::array<std::size_t, 6> counts{};
  for (const sql::Statement& statement : sheet.splits.front().second.statements)
    counts[static_cast<std::size_t>(statement.statement_class)] += statement.repeat;
  std::string_view most;
  std::size_t most_count = 0;
  for (const StatementClass at :
       {StatementClass::kDml, StatementClass::kDdl, StatementClass::kQuery, StatementClass::kOther,
        StatementClass::kSession, StatementClass::kTransactionControl}) {
    const bool aside = at == StatementClass::kSession || at == StatementClass::kTransactionControl;
    const std::size_t count = counts[static_cast<std::size_t>(at)];
    if (count <= most_count || (aside && most_count > 0)) continue;
    most = ToString(at);
    most_count = count;
  }
  return most;
}

}  // namespace

void DescribeSheets(const check::CheckedPlan& plan, Rollout& rollout) {
  for (const check::Sheet& sheet : plan.sheets())
    rollout.sheets.push_back({sheet.sha256, sheet.bytes, std::string(ClassOf(sheet))});
  rollout.spec_sheets.reserve(plan.plan().specs.size());
  for (const plan::SpecIndex spec : plan.plan().specs.indices()) {
    const check::SheetIndex sheet = plan.spec(spec).sheet;
    rollout.spec_sheets.push_back(sheet.valid() ? SheetIndex(sheet.value()) : SheetIndex());
  }
}

}  // namespace lockstep::rollout
