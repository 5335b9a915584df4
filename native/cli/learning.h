// Learning: the options that say where durations are learnt from, and what comes of them.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/rollout/rollout.h"
#include "core/sim/scenario.h"
#include "native/cli/verb.h"

namespace lockstep::cli {

struct Learning {
  bool from_ledger = false;
  std::string ledger = ".lockstep/ledger.db";
  std::vector<std::string> tables;
  bool any() const { return from_ledger || !tables.empty(); }
};

/// --durations, --ledger; and --learn where learning is not what the verb is for.
void AddLearningArguments(std::vector<Argument>& arguments, Learning& learning, bool with_learn);

/// Durations of this rollout, and nothing else. Tells on standard error what they come from.
base::Result<sim::Scenario> Learn(const Learning& learning, const rollout::Rollout& rollout);

}  // namespace lockstep::cli
