// Failure: one task that did not make it, told so that nobody needs to look anything up: which
// task, which statement of its sheet, the line with a caret, what the server said, what is
// committed, what it holds up.
#pragma once

#include <string>

#include "core/api/answers.h"
#include "native/report/output.h"
#include "native/stored_rollout.h"

namespace lockstep::report {

std::string FailureText(const native::StoredRollout& stored, rollout::TaskIndex task,
                        const api::TaskReport& report, const Paint& paint);

/// "sheets/742.sql:4:13", or as much of it as is known.
std::string FailurePlace(const native::StoredRollout& stored, rollout::TaskIndex task,
                         const rollout::TaskError& error);

}  // namespace lockstep::report
