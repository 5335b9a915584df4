// What-if: a scenario, and what the command line adds to it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/api/workspace.h"
#include "core/base/result.h"
#include "core/rollout/rollout.h"
#include "native/cli/settings.h"
#include "native/cli/verb.h"

namespace lockstep::cli {

struct WhatIf {
  std::optional<std::string> deadline;
  std::optional<std::uint32_t> seed;
  std::vector<std::string> fail, delay, lock, down, connections, retry, skip, cancel;
};

/// --deadline, --seed, --fail, --delay and the like.
void AddWhatIfArguments(std::vector<Argument>& arguments, WhatIf& what_if);

/// The scenario of the documents with all of it, started; `rollout` is what its words name.
base::Result<sim::Scenario> Assume(const WhatIf& what_if, const rollout::Rollout& rollout,
                                   const api::Workspace& documents, const PlanSettings& settings);

}  // namespace lockstep::cli
