// RunRollout: a rollout of the services, run from the command line.
#pragma once

#include <string>

#include "native/cli/api_client.h"

namespace lockstep::cli {

/// Asks for all of its tasks that have not run or not succeeded. Of the local ledger, they are run
/// here, with live progress; of a server, they are waited for. The exit code is that of `run`.
int RunRollout(ApiClient& client, const ApiSettings& settings, const std::string& rollout);

}  // namespace lockstep::cli
