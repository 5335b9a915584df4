// Status: where a rollout stands, for people, from what the ledger holds.
#pragma once

#include <string>
#include <string_view>

#include "core/base/time.h"
#include "native/stored_rollout.h"

namespace lockstep::report {

/// Every task with its state, its time, and what it waits for or died of; then a line that counts,
/// and a line about who runs it now (may be empty).
std::string StatusText(const native::StoredRollout& stored, const std::string& runners,
                       base::Instant now, bool color);

/// The state of a task as people are told it: BLOCKED is a view of a task that waits for one that
/// failed.
std::string_view StatusWord(const rollout::Scheduler& scheduler, rollout::TaskIndex task);

/// "6 tasks: 3 DONE, 1 FAILED, 2 BLOCKED".
std::string CountsText(const rollout::Scheduler& scheduler);

}  // namespace lockstep::report
