// Flags: a scenario's parts as short as a command line has them: "--fail hr_prod=20%",
// "--down prod-eu=10m-30m". Tasks are named as people see them.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/sim/scenario.h"

namespace lockstep::sim {

/// WHICH is the number of a task; the id of a spec, or the beginning of one that no other has; a
/// database or an instance by its name, by "instance/database" or by its last part when no other
/// has that; or SPEC@TARGET.
///   kFail      WHICH[=always|P%]   fails once, always, or with that probability
///   kDelay     WHICH=TIME          takes so much longer
///   kLock      WHICH=FROM-TO       is locked by somebody else
///   kDown      INSTANCE=FROM-TO    is down
///   kRetry, kSkip, kCancel  WHICH[=AT]   commands; at the start when not said
///   kConnections  INSTANCE=N
enum class Flag { kFail, kDelay, kLock, kDown, kRetry, kSkip, kCancel, kConnections };

/// kInvalidArgument says what is wrong with it, and what there is.
base::Status AddFlag(Scenario& scenario, const rollout::Rollout& rollout, Flag flag,
                     std::string_view text);

}  // namespace lockstep::sim
