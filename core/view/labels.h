// Labels: how tasks, specs and databases are called before people, in text and in drawings: short
// where it is clear, and accepted back by every verb that takes a TASK.
#pragma once

#include <string>
#include <string_view>

#include "core/rollout/rollout.h"
#include "core/rollout/waiting.h"

namespace lockstep::view {

/// "3": the number that TaskName ends with.
std::string TaskNumber(rollout::TaskIndex task);
/// "task 3"
std::string TaskLabel(rollout::TaskIndex task);
/// The spec's id; a UUID is cut to its first block, as nobody reads the rest.
std::string SpecLabel(std::string_view id);
std::string SpecLabel(const rollout::Rollout& rollout, rollout::TaskIndex task);
/// "prod/hr" of instances/prod/databases/hr.
std::string DatabaseLabel(const rollout::Rollout& rollout, rollout::TaskIndex task);
/// "task 3 (5a90c3f4 on prod-eu/hr)"
std::string FullTaskLabel(const rollout::Rollout& rollout, rollout::TaskIndex task);
/// "stage 2 (step title, environments/prod)"
std::string StageLabel(const rollout::Rollout& rollout, rollout::StageIndex stage);
/// "6 tasks in 2 stages on 3 databases"
std::string SizeText(const rollout::Rollout& rollout);
/// What a task waits for: "for task 2 (dependency)", "until 2026-11-22T01:00:00Z", "blocked by task
/// 2"; empty for kNone.
std::string WaitingLabel(const rollout::Rollout& rollout, const rollout::Waiting& waiting);

/// The same with "{task}", "{stage}" (its number) and "{time}" instead of those, for whoever has
/// them as columns. `known`: whether there is a task that it waits for.
std::string_view WaitingText(rollout::WaitingCause cause, bool known);
constexpr std::string_view kBlockedText = "blocked by {task}";

}  // namespace lockstep::view
