// PlanChecks: runs of a plan's checks as the ledger has them: one object for each RunPlanChecks.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/service/plan_check.h"
#include "native/service/context.h"

namespace lockstep::service {

struct StoredChecks {
  ledger::Object object;
  std::vector<CheckRun> runs;
};
base::Result<StoredChecks> ReadChecks(ledger::Object object);
/// Of one plan, or with "" of all, newest first.
base::Result<std::vector<StoredChecks>> ListChecks(Context& context, std::string_view plan);

/// "{plan}/planCheckRuns/{n}"; the number is the object's, times a million, plus the index.
std::string CheckRunName(const StoredChecks& checks, std::size_t index);

/// The newest run of each type, target and sheet. Points into `checks`, which is newest first.
std::vector<std::pair<const StoredChecks*, std::size_t>> LatestRuns(
    const std::vector<StoredChecks>& checks);

/// Plan.planCheckRunStatusCount: results of the latest runs by status.
base::Result<std::map<std::string, std::int64_t>> CheckCounts(Context& context,
                                                              std::string_view plan);

/// Changes runs that are RUNNING, and stores them; tried again when somebody else stores the same
/// object meanwhile. `change` sees runs as they are then. Nothing is stored when it answers false.
base::Status UpdateChecks(Context& context, std::int64_t number,
                          const std::function<bool(std::vector<CheckRun>&)>& change);

}  // namespace lockstep::service
