// Settings that verbs share, and what they lead to: documents read, a plan checked.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/api/workspace.h"
#include "core/base/result.h"
#include "core/rollout/rollout.h"
#include "native/cli/verb.h"
#include "native/runner.h"

namespace lockstep::cli {

/// How documents are read and judged.
struct PlanSettings {
  std::optional<std::string> inventory, sheets, scenario, start;
  std::string semantics = "documented";
  std::vector<std::string> rules;  ///< CODE=off|info|warning|error
  std::optional<std::uint32_t> parallel, canary;
  std::optional<std::string> max_failures;
  bool lenient = false;
};

/// --inventory, --sheets, --semantics, --rule, --lenient
void AddPlanArguments(std::vector<Argument>& arguments, PlanSettings& settings);
Argument PlanArgument(std::string& target);
Argument FormatArgument(std::string& target, std::vector<std::string_view> choices);
/// --parallel, --canary, --max-failures
void AddPaceArguments(std::vector<Argument>& arguments, PlanSettings& settings);
Argument StartArgument(PlanSettings& settings);
Argument ScenarioArgument(PlanSettings& settings);

/// The system's clock: core has none.
base::Instant Now();

/// Reads the documents around the plan at `path` ("-": standard input) and checks them. An error is
/// one of the command line or the file system, and has nothing to do with what the documents say.
base::Result<std::unique_ptr<api::Workspace>> ReadPlan(const std::string& path,
                                                       const PlanSettings& settings);
/// The same for verbs that need a plan without errors: else tells what is wrong with it. Answers
/// the exit code, of `use` or its own.
int WithPlan(const std::string& path, const PlanSettings& settings,
             const std::function<int(const api::Workspace&)>& use);
/// The same, for a runner that reads them itself.
base::Result<native::Documents> MakeDocuments(const std::string& path,
                                              const PlanSettings& settings);
/// The command line wins over the scenario.
rollout::Pace PaceOf(const api::Workspace& workspace, const PlanSettings& settings);
/// Expands a plan without errors; the command line wins over the scenario.
rollout::Rollout ExpandPlan(const api::Workspace& workspace, const PlanSettings& settings);

/// Complains, and answers the exit code of an operation that failed.
int Fail(const base::Error& error);

}  // namespace lockstep::cli
