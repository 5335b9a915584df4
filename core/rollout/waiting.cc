#include "core/rollout/waiting.h"

#include "core/base/check.h"

namespace lockstep::rollout {

std::string_view ToString(WaitingCause cause) {
  switch (cause) {
    case WaitingCause::kNone:
      return "none";
    case WaitingCause::kStage:
      return "stage";
    case WaitingCause::kEarliestTime:
      return "earliestAllowedTime";
    case WaitingCause::kDependency:
      return "dependency";
    case WaitingCause::kCanary:
      return "canary";
    case WaitingCause::kVersion:
      return "version";
    case WaitingCause::kWindow:
      return "window";
    case WaitingCause::kDatabase:
      return "database";
    case WaitingCause::kInstance:
      return "instance";
    case WaitingCause::kParallel:
      return "parallel";
    case WaitingCause::kPaused:
      return "paused";
    case WaitingCause::kNotRequested:
      return "notRequested";
  }
  base::CheckFailed(__FILE__, __LINE__, "cause", "not a cause");
}

}  // namespace lockstep::rollout
