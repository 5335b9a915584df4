// ReviseRollout: a plan was changed of which a rollout was made: tasks that have not succeeded take
// the sheets and times that it now names (plan-semantics §3.5).
#pragma once

#include <set>
#include <string>

#include "native/ledger/lease.h"
#include "native/service/context.h"

namespace lockstep::service {

struct RevisedRollout {
  ledger::Revision revision;
  std::unique_ptr<ledger::Lease> lease;  ///< where Objects::UpdatePlan needs it
};

/// What the rollout of a plan becomes, to be written with it. `plan`: its new text; `changed`: ids
/// of the specs that are not as they were. Targets are those that were resolved when the rollout
/// was made. kFailedPrecondition when the tasks would be others; by the revision's check also when
/// a task of such a spec is PENDING, RUNNING, DONE or SKIPPED, and kUnavailable when a command
/// waits for its runner; and on a shared ledger while a runner is at work.
///
/// Elsewhere a runner may be at work: it works with what the rollout was, which for tasks that are
/// under way is what it is. When a task is asked for that has changed, it takes the rollout in hand
/// anew (native/native_host.h).
base::Result<RevisedRollout> ReviseRollout(Context& context, const ledger::RolloutRecord& record,
                                           const std::string& plan,
                                           const std::set<std::string>& changed);

}  // namespace lockstep::service
