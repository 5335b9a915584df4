// Convert: a plan in its other form, with the losses that only the documents' findings tell.
#pragma once

#include <optional>
#include <string>

#include "core/api/workspace.h"
#include "core/convert/convert.h"

namespace lockstep::api {

/// `to`: nothing is the other form than the plan has. REQUIRES workspace.checked().
base::Result<convert::Converted> ConvertPlan(const Workspace& workspace,
                                             std::optional<plan::Form> to, bool merge);

/// {"plan": {…}, "losses": [{"file","message","pointer","range"}]}
std::string ConvertAnswer(const Workspace& workspace, const convert::Converted& converted);

}  // namespace lockstep::api
