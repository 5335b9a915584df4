// ReviseRollout: a plan was changed of which a rollout was made: tasks that have not succeeded take
// the sheets and times that it now names (plan-semantics §3.5).
#pragma once

#include <set>
#include <string>

#include "native/service/context.h"

namespace lockstep::service {

/// `plan`: its new text; `changed`: ids of the specs that are not as they were. Targets are those
/// that were resolved when the rollout was made. kFailedPrecondition when a task of such a spec is
/// PENDING, RUNNING, DONE or SKIPPED, or when the tasks would be others; kUnavailable while a
/// runner is at work.
base::Status ReviseRollout(Context& context, const ledger::RolloutRecord& record,
                           const std::string& plan, const std::set<std::string>& changed);

}  // namespace lockstep::service
