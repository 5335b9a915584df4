#include "core/rollout/event.h"

#include "core/base/check.h"

namespace lockstep::rollout {

std::string_view ToString(Outcome outcome) {
  switch (outcome) {
    case Outcome::kSucceeded:
      return "succeeded";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kCanceled:
      return "canceled";
    case Outcome::kLost:
      return "lost";
  }
  base::CheckFailed(__FILE__, __LINE__, "outcome", "not an outcome");
}

std::string_view ToString(Resolution resolution) {
  switch (resolution) {
    case Resolution::kCommitted:
      return "committed";
    case Resolution::kNotApplied:
      return "not_applied";
    case Resolution::kFailed:
      return "failed";
  }
  base::CheckFailed(__FILE__, __LINE__, "resolution", "not a resolution");
}

namespace {

// In the order of Fact.
constexpr std::string_view kTypeNames[] = {
    "rollout_started",  "stage_started",  "task_run_created",  "task_run_started",
    "task_run_waiting", "task_run_ended", "task_run_resolved", "task_skipped",
    "cancel_requested", "stage_ended",    "rollout_paused",    "rollout_ended"};
static_assert(std::size(kTypeNames) == std::variant_size_v<Fact>);

}  // namespace

TaskIndex TaskOf(const Fact& fact) {
  if (const auto* f = std::get_if<TaskRunCreated>(&fact)) return f->task;
  if (const auto* f = std::get_if<TaskRunStarted>(&fact)) return f->task;
  if (const auto* f = std::get_if<TaskRunEnded>(&fact)) return f->task;
  if (const auto* f = std::get_if<TaskRunResolved>(&fact)) return f->task;
  if (const auto* f = std::get_if<TaskSkipped>(&fact)) return f->task;
  return TaskIndex();
}

std::string_view TypeName(const Fact& fact) {
  return kTypeNames[fact.index()];
}

}  // namespace lockstep::rollout
