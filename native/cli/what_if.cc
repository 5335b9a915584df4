#include "native/cli/what_if.h"

#include <tuple>

#include "core/base/text.h"
#include "core/sim/flags.h"
#include "native/cli/preview.h"

namespace lockstep::cli {

using base::Error;
using base::ErrorCode;
namespace {

Argument Several(std::string_view name, std::vector<std::string>& target, std::string_view help,
                 std::string_view value) {
  return {.name = name, .target = &target, .help = help, .value = value};
}

base::Status AddFlags(sim::Scenario& scenario, const WhatIf& what_if,
                      const rollout::Rollout& rollout) {
  using sim::Flag;
  const std::tuple<std::string_view, Flag, const std::vector<std::string>&> flags[] = {
      {"--fail", Flag::kFail, what_if.fail},
      {"--delay", Flag::kDelay, what_if.delay},
      {"--lock", Flag::kLock, what_if.lock},
      {"--down", Flag::kDown, what_if.down},
      {"--connections", Flag::kConnections, what_if.connections},
      {"--retry", Flag::kRetry, what_if.retry},
      {"--skip", Flag::kSkip, what_if.skip},
      {"--cancel", Flag::kCancel, what_if.cancel}};
  for (const auto& [name, flag, values] : flags) {
    for (const std::string& value : values) {
      const base::Status added = sim::AddFlag(scenario, rollout, flag, value);
      if (!added.ok())
        return Error{added.error().code, std::string(name) + ": " + added.error().message};
    }
  }
  return {};
}

}  // namespace

void AddWhatIfArguments(std::vector<Argument>& arguments, WhatIf& what_if) {
  constexpr std::string_view kWhich = "TASK|SPEC|TARGET";
  arguments.insert(
      arguments.end(),
      {{.name = "--deadline",
        .target = &what_if.deadline,
        .help = "when it has to be done, counted from the start; ends with 1 when it is not",
        .value = "TIME"},
       {.name = "--seed",
        .target = &what_if.seed,
        .help = "of what is drawn by lot (default: 0)",
        .value = "N"},
       Several("--fail", what_if.fail,
               "what if it fails: once, =always, or with a probability such as =20%; each of these "
               "may be repeated",
               kWhich),
       Several("--delay", what_if.delay, "what if it takes longer, as in hr=5m", kWhich),
       Several("--lock", what_if.lock, "what if somebody else locks it, as in hr=10m-20m", kWhich),
       Several("--down", what_if.down, "what if an instance is down, as in prod=10m-30m",
               "INSTANCE"),
       Several("--connections", what_if.connections,
               "what if it takes so many connections at once, as in prod=3", "INSTANCE"),
       Several("--retry", what_if.retry, "a command given then, as in hr=15m", kWhich),
       Several("--skip", what_if.skip, "the same; without a time, at the start", kWhich),
       Several("--cancel", what_if.cancel, "the same", kWhich)});
}

base::Result<sim::Scenario> Assume(const WhatIf& what_if, const rollout::Rollout& rollout,
                                   const api::Workspace& documents, const PlanSettings& settings) {
  sim::Scenario scenario = StartedScenario(documents, settings);
  if (what_if.seed) scenario.seed = *what_if.seed;
  if (what_if.deadline) {
    scenario.deadline = base::ParseDuration(*what_if.deadline);
    if (!scenario.deadline) {
      return Error{ErrorCode::kInvalidArgument,
                   "--deadline takes a length of time such as 4h, counted from the start, not " +
                       base::Quote(*what_if.deadline)};
    }
  }
  const base::Status added = AddFlags(scenario, what_if, rollout);
  if (!added.ok()) return added.error();
  return scenario;
}

}  // namespace lockstep::cli
