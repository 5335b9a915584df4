#include "native/service/revisions.h"

namespace lockstep::service {
namespace {

using SheetsByVersion = std::map<std::string, std::string, std::less<>>;  // -> sha256

void AddVersions(const native::StoredRollout& stored,
                 std::map<std::string, SheetsByVersion>& versions) {
  const check::CheckedPlan& checked = *stored.workspace().checked();
  const rollout::Rollout& rollout = stored.rollout();
  const rollout::State& state = stored.scheduler().state();
  for (const rollout::TaskIndex index : rollout.tasks.indices()) {
    const rollout::Task& task = rollout.tasks[index];
    const plan::SpecIndex spec(task.spec);
    const std::string_view version = checked.plan().specs[spec].config.schema_version.value;
    if (version.empty() || state.status(index) != rollout::TaskStatus::kDone) continue;
    // Of a gh-ost pair the second one brings the change.
    if (task.type == rollout::TaskType::kSchemaUpdateGhostSync) continue;
    const check::SheetIndex sheet = checked.spec(spec).sheet;
    versions[rollout.DatabaseName(task)].insert_or_assign(
        std::string(version), sheet.valid() ? checked.sheet(sheet).sha256 : std::string());
  }
}

}  // namespace

base::Result<std::map<std::string, std::vector<AppliedVersion>>> AppliedVersions(Context& context) {
  const auto records = context.ledger.List();
  if (!records.ok()) return records.error();
  std::map<std::string, SheetsByVersion> versions;
  for (const ledger::RolloutRecord& record : *records) {
    const auto live = context.rollouts.Find(context.ledger, record.name);
    if (!live.ok() && live.error().code == base::ErrorCode::kFailedPrecondition) continue;
    if (!live.ok()) return live.error();
    AddVersions(*(*live)->stored, versions);
  }
  std::map<std::string, std::vector<AppliedVersion>> applied;
  for (const auto& [database, of_database] : versions) {
    for (const auto& [version, sha256] : of_database)
      applied[database].push_back({version, sha256});
  }
  return applied;
}

}  // namespace lockstep::service
