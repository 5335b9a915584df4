// Service settings: what `serve` and the verbs that work on the local ledger have in common.
#pragma once

#include <string>
#include <vector>

#include "native/cli/execution.h"
#include "native/cli/settings.h"
#include "native/service/context.h"

namespace lockstep::cli {

/// --inventory, --sheets, --semantics: of what is here
void AddServiceArguments(std::vector<Argument>& arguments, PlanSettings& settings);
base::Result<service::Settings> MakeServiceSettings(const PlanSettings& plan,
                                                    const ExecutionSettings& execution);
/// What a `lockstep resume` gets that works with the same settings.
std::vector<std::string> RunnerArguments(const ExecutionSettings& execution);

}  // namespace lockstep::cli
