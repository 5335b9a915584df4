// Labels: how tasks, specs and databases are called in reports for people: short where it is clear,
// and accepted back by every verb that takes a TASK.
#pragma once

#include <string>

#include "core/rollout/rollout.h"
#include "core/rollout/scheduler.h"

namespace lockstep::report {

/// "3": the number that TaskName ends with.
std::string TaskNumber(rollout::TaskIndex task);
/// "task 3"
std::string TaskLabel(rollout::TaskIndex task);
/// The spec's id; a UUID is cut to its first block, as nobody reads the rest.
std::string SpecLabel(const rollout::Rollout& rollout, rollout::TaskIndex task);
/// "prod/hr" of instances/prod/databases/hr.
std::string DatabaseLabel(const rollout::Rollout& rollout, rollout::TaskIndex task);
/// "stage 2 (step title, environments/prod)"
std::string StageLabel(const rollout::Rollout& rollout, rollout::StageIndex stage);
/// "stage 1: task 2 has not ended", "not before 2026-11-22T01:00:00Z", "blocked by task 2": empty
/// for kNone.
std::string WaitingLabel(const rollout::Rollout& rollout, const rollout::Waiting& waiting);

}  // namespace lockstep::report
