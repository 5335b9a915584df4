#include "native/service/check_statements.h"

#include <unordered_map>

namespace lockstep::service {
namespace {

using plan::SpecIndex;

/// How the spec's sheet splits on this database; null when that is not known.
const sql::SplitResult* SplitOf(const check::CheckedPlan& checked, SpecIndex spec,
                                std::string_view database) {
  const check::SheetIndex sheet = checked.spec(spec).sheet;
  const inventory::Inventory& inventory = checked.inventory();
  const inventory::DatabaseIndex index = inventory.FindDatabase(database);
  if (!sheet.valid() || !index.valid()) return nullptr;
  const sql::Engine engine = inventory.instances[inventory.databases[index].instance].engine.value;
  return checked.sheet(sheet).SplitFor(sql::Facts(engine).dialect);
}

void Summarize(const api::Workspace& workspace, SpecIndex spec, CheckRun& run) {
  const check::CheckedPlan* checked = workspace.checked();
  if (checked == nullptr) {
    run.Fail("the plan has errors, which DATABASE_STATEMENT_ADVISE tells");
    return;
  }
  const sql::SplitResult* split = SplitOf(*checked, spec, run.target);
  if (split == nullptr) {
    run.Fail("the sheet " + run.sheet + " cannot be read");
    return;
  }
  run.Finish({SummaryResult(*split)});
}

}  // namespace

void CheckStatements(const api::Workspace& workspace, std::vector<CheckRun>& runs) {
  if (workspace.plan() == nullptr) return;
  const plan::Plan& plan = *workspace.plan();
  const auto findings = FindingsOf(plan, workspace.sources(), workspace.diagnostics());
  std::unordered_map<std::string_view, SpecIndex> by_id;
  for (const SpecIndex spec : plan.specs.indices()) by_id.emplace(plan.specs[spec].id.value, spec);
  for (CheckRun& run : runs) {
    if (run.status != CheckRun::Status::kRunning || run.type == CheckRun::Type::kConnect) continue;
    const auto found = by_id.find(run.detail);
    if (found == by_id.end() || plan.specs[found->second].config.sheet.value != run.sheet) {
      run.Fail("the plan was changed after this check was asked for; ask for its checks again");
      continue;
    }
    if (run.type == CheckRun::Type::kAdvise) {
      run.Finish(AdviseResults(findings[found->second]));
    } else {
      Summarize(workspace, found->second, run);
    }
  }
}

}  // namespace lockstep::service
