// CheckStatements: the runs of plan checks that need no database: what the core finds in a plan and
// its sheets, and what kinds of statements these have.
#pragma once

#include <vector>

#include "core/api/workspace.h"
#include "core/service/plan_check.h"

namespace lockstep::service {

/// Ends those of types ADVISE and SUMMARY_REPORT that are RUNNING. A run whose spec says something
/// else by now, or is gone, FAILS.
void CheckStatements(const api::Workspace& workspace, std::vector<CheckRun>& runs);

}  // namespace lockstep::service
