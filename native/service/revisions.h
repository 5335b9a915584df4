// Revisions: which schema versions databases have, as the ledger tells it: those of DONE tasks of
// all its rollouts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/service/preview_plan.h"
#include "native/service/context.h"

namespace lockstep::service {

/// By database: each version once, with the sheet that brought it last. Databases without any are
/// not there. A rollout that another version of Lockstep made, and this one understands
/// differently, is passed over: what it applied is applied once all the same, for the marker in the
/// database says so.
base::Result<std::map<std::string, std::vector<AppliedVersion>>> AppliedVersions(Context& context);

}  // namespace lockstep::service
