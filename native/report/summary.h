// Summary: the one report at the end of a run, a resume or a retry. What failed and why, where it
// stands, and the command that goes on from there; and the same as a GitHub job summary.
#pragma once

#include <string>

#include "native/runner.h"
#include "native/stored_rollout.h"

namespace lockstep::report {

/// Without `stored` (it did not come so far, or all is DONE) the outcome alone tells.
std::string SummaryText(const native::Outcome& outcome, const native::StoredRollout* stored,
                        bool color);

/// Markdown: a table of tasks (the first thousand), and each failure with its lines.
std::string SummaryMarkdown(const native::Outcome& outcome, const native::StoredRollout& stored);

}  // namespace lockstep::report
