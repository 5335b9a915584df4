// compare: a real rollout beside what the simulator says of it.
#include "core/api/run_comparison.h"
#include "core/diagnostics/render.h"
#include "core/sim/learn.h"
#include "native/cli/execution.h"
#include "native/cli/learning.h"
#include "native/cli/selection.h"
#include "native/documents.h"
#include "native/report/output.h"
#include "native/runner.h"
#include "native/stored_rollout.h"

namespace lockstep::cli {

using report::Stdout;

namespace {

struct Compare {
  std::string rollout;
  std::string format = "text";
  std::optional<std::string> scenario;
  Learning learning;

  int Run() const;
  base::Result<sim::Scenario> Assume(const native::StoredRollout& stored) const;
};

/// The file's, whose selectors must fit the rollout; else that which it was run with.
base::Result<sim::Scenario> Compare::Assume(const native::StoredRollout& stored) const {
  sim::Scenario assumed = stored.workspace().scenario();
  if (scenario) {
    diagnostics::Sources sources;
    diagnostics::Emitter emitter;
    const json::Limits limits;
    auto source = native::ReadSource(*scenario, limits.max_bytes);
    if (!source) return source.error();
    const diagnostics::SourceId id = sources.Add(std::move(*source));
    const auto document = json::Document::Parse(id, sources[id], limits, emitter);
    auto decoded = document ? sim::DecodeScenario(*document, &stored.rollout(), emitter)
                            : std::nullopt;
    if (emitter.has_errors() || !decoded) {
      report::Stderr().Write(diagnostics::RenderText(sources, emitter.Take(), false));
      return base::Error{base::ErrorCode::kInvalidArgument, "the scenario has errors"};
    }
    assumed = std::move(*decoded);
  }
  if (!learning.any()) return assumed;
  const auto learnt = Learn(learning, stored.rollout());
  if (!learnt) return learnt.error();
  return sim::WithLearnt(std::move(assumed), *learnt);
}

int Compare::Run() const {
  auto opened = OpenRollout(rollout, learning.ledger);
  if (!opened) return Fail(opened.error());
  const auto stored = native::StoredRollout::Load(*opened->ledger, opened->record);
  if (!stored) return Fail(stored.error());
  if ((*stored)->events().empty()) {
    return Fail({base::ErrorCode::kFailedPrecondition,
                 opened->record.name + " has not started; lockstep resume starts it"});
  }
  const auto assumed = Assume(**stored);
  if (!assumed) return Fail(assumed.error());
  const api::RunComparison comparison =
      api::CompareRun((*stored)->scheduler(), (*stored)->events(), *assumed);
  if (format == "json") {
    base::JsonWriter writer;
    api::WriteRunComparison(writer, (*stored)->rollout(), comparison);
    Stdout().Write(writer.Take() + "\n");
  } else {
    Stdout().Write(opened->record.name + "\n" +
                   api::RunComparisonText((*stored)->rollout(), comparison));
  }
  return comparison.divergence ? native::kExitFailed : native::kExitDone;
}

}  // namespace

Verb CompareVerb() {
  auto self = std::make_shared<Compare>();
  Verb verb{.name = "compare",
            .summary =
                "Show a rollout that ran beside the simulated one, and whether its order "
                "follows from the rules",
            .examples = "  lockstep compare\n  lockstep compare 101 --scenario learnt.json\n",
            .run = [self] { return self->Run(); }};
  verb.arguments = {RolloutArgument(self->rollout),
                    {.name = "--scenario",
                     .target = &self->scenario,
                     .help = "what was assumed (default: the scenario that it was run with)",
                     .value = "FILE",
                     .completes = Completes::kFile},
                    FormatArgument(self->format, {"text", "json"})};
  AddLearningArguments(verb.arguments, self->learning, /*with_learn=*/true);
  return verb;
}

}  // namespace lockstep::cli
