// PlanOfRelease: what newer clients mean by a spec that names a release instead of a sheet: the
// plan that brings its targets to that release.
#pragma once

#include <optional>
#include <string>

#include "core/plan/plan.h"
#include "native/service/context.h"

namespace lockstep::service {

/// As PreviewPlan would give it; empty for a plan that names no release in the place of a sheet.
base::Result<std::optional<std::string>> PlanOfRelease(Context& context, const std::string& project,
                                                       const plan::Plan& plan);

}  // namespace lockstep::service
