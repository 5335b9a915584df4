#include "native/cli/learning.h"

#include "core/base/text.h"
#include "core/sim/learn.h"
#include "native/cli/execution.h"
#include "native/observations.h"
#include "native/report/output.h"

namespace lockstep::cli {

using report::Complain;

void AddLearningArguments(std::vector<Argument>& arguments, Learning& learning, bool with_learn) {
  if (with_learn) {
    arguments.push_back({.name = "--learn",
                         .target = &learning.from_ledger,
                         .help = "take durations from the runs of the ledger"});
  }
  arguments.push_back({.name = "--durations",
                       .target = &learning.tables,
                       .help = "take durations from a CSV file with the columns duration and any "
                               "of spec, target, class, size; may be repeated",
                       .value = "FILE",
                       .completes = Completes::kFile});
  arguments.push_back(LedgerArgument(learning.ledger));
}

base::Result<sim::Scenario> Learn(const Learning& learning, const rollout::Rollout& rollout) {
  std::vector<sim::Observation> observations;
  if (learning.from_ledger) {
    auto observed = native::ObserveLedger(learning.ledger);
    if (!observed.ok()) return observed.error();
    for (const std::string& notice : observed->notices) Complain("not learnt from: " + notice);
    report::Stderr().Write("learnt from " + base::Plural(observed->observations.size(), "run") +
                           " of " + base::Plural(observed->rollouts, "rollout") + "\n");
    observations = std::move(observed->observations);
  }
  for (const std::string& table : learning.tables) {
    auto seen = native::ReadObservations(table);
    if (!seen.ok()) return seen.error();
    observations.insert(observations.end(), seen->begin(), seen->end());
  }
  return sim::LearnDurations(rollout, observations);
}

}  // namespace lockstep::cli
