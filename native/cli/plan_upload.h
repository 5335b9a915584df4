// Plan upload: a plan document and the sheets beside it, given to the services: the sheets first,
// and then the plan, with the names that the sheets have got.
#pragma once

#include <string>

#include "native/cli/api_client.h"

namespace lockstep::cli {

/// Documents beside the plan count where none are named.
void LookBeside(const std::string& plan, PlanSettings& settings);

struct UploadedPlan {
  std::string text;
  bool flat = false;  ///< which form it has
};
/// A sheet that is not found here is one that the services have, or their error.
base::Result<UploadedPlan> UploadSheets(ApiClient& client, const ApiSettings& settings,
                                        const std::string& plan);

/// The same, and the plan: the answer is the plan's message.
base::Result<AnswerJson> UploadPlan(ApiClient& client, const ApiSettings& settings,
                                    const std::string& plan);

/// Complains about a plan that was refused: as `validate` does, when it is wrong by itself. The
/// exit code.
int FailPlan(const ApiSettings& settings, const std::string& plan, const base::Error& error);

}  // namespace lockstep::cli
