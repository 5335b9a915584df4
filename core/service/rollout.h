// Rollout, stages, tasks, task runs: the messages of RolloutService (plan-semantics §1.6, §6.6).
#pragma once

#include <string>
#include <string_view>

#include "core/base/json_writer.h"
#include "core/check/check.h"
#include "core/rollout/scheduler.h"
#include "core/service/task_runs.h"

namespace lockstep::service {

struct RolloutFacts {
  std::string name, plan, issue, title, creator;
  base::Instant created{0};
  std::size_t stages = 0;  ///< so many from the first: those that were asked for
};

/// A rollout and all that was decided about it. `checked` is what it was expanded from.
struct RolloutView {
  const check::CheckedPlan& checked;
  const rollout::Rollout& rollout;
  const rollout::Scheduler& scheduler;
  const std::vector<std::string>& skip_reasons;  ///< by task
};

void WriteRollout(base::JsonWriter& writer, const RolloutView& view, const RolloutFacts& facts);
/// For lists: the same without its stages.
void WriteRolloutHead(base::JsonWriter& writer, const RolloutFacts& facts, std::string_view digest,
                      std::string_view status);
void WriteTaskRun(base::JsonWriter& writer, const RolloutView& view, const TaskRun& run,
                  const RolloutFacts& facts);

/// What a run did, as far as its events tell: {"name", "entries": […]} (plan-semantics §1.6).
void WriteTaskRunLog(base::JsonWriter& writer, const RolloutView& view, const TaskRun& run);

/// The environment of a stage as an id: "test" of environments/test; "" when it has none.
std::string_view EnvironmentId(const rollout::Stage& stage);

}  // namespace lockstep::service
