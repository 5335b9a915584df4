// learn: durations of earlier runs as a scenario, for simulate and for the plan editor.
#include "core/sim/learn.h"
#include "native/cli/learning.h"
#include "native/cli/settings.h"
#include "native/cli/write_file.h"
#include "native/runner.h"

namespace lockstep::cli {
namespace {

struct LearnSettings {
  std::string plan;
  Learning learning;
  PlanSettings settings;
  std::optional<std::string> output;
};

int LearnFor(const LearnSettings& self) {
  return WithPlan(self.plan, self.settings, [&](const api::Workspace& documents) -> int {
    Learning learning = self.learning;
    // A table alone is enough; without one the ledger is what there is.
    learning.from_ledger = learning.tables.empty();
    const auto learnt = Learn(learning, ExpandPlan(documents, self.settings));
    if (!learnt) return Fail(learnt.error());
    base::JsonWriter writer(2);
    sim::WriteDurations(writer, *learnt);
    return WriteFile(self.output, writer.Take() + "\n");
  });
}

}  // namespace

Verb LearnVerb() {
  auto self = std::make_shared<LearnSettings>();
  Verb verb{.name = "learn",
            .summary = "Write the durations of earlier runs as a scenario for a plan",
            .examples =
                "  lockstep learn plan.json -o learnt.json\n"
                "  lockstep learn plan.json --durations history.csv -o learnt.json\n",
            .run = [self] { return LearnFor(*self); }};
  verb.arguments = {PlanArgument(self->plan), OutputArgument(self->output)};
  AddLearningArguments(verb.arguments, self->learning, /*with_learn=*/false);
  AddPlanArguments(verb.arguments, self->settings);
  return verb;
}

}  // namespace lockstep::cli
