// Sessions: what a server says of a task that runs there: which session is its own, which sessions
// it waits for, and which wait for it.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/rollout/rollout.h"
#include "native/process/loop.h"
#include "native/runner.h"
#include "native/stored_rollout.h"

namespace lockstep::native {

/// JSON, as Client::MakeSessionProbe says, without the inventory's passwords. Without a session
/// where the task has none at the moment: its client starts, or waits to try again. Changes
/// nothing. Blocks for 5 seconds at most; REQUIRES: nothing else runs in the loop.
/// kUnimplemented for an engine that is not asked, kPermissionDenied for a host that is not
/// allowed, kUnavailable when there is no answer.
base::Result<std::string> AskSessions(process::Loop& loop, const StoredRollout& stored,
                                      rollout::TaskIndex task, const Execution& execution);

}  // namespace lockstep::native
