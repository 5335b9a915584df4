// Findings: what is wrong with a plan, spec by spec, in the terms of Bytebase's checks and advices.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/index.h"
#include "core/diagnostics/diagnostic.h"
#include "core/plan/plan.h"

namespace lockstep::service {

struct Finding {
  std::string_view status;  ///< "ERROR", "WARNING"
  std::string title;        ///< "LS601 client-command", of which `lockstep explain` tells more
  std::string content;
  std::int64_t code = 0;  ///< 601
  /// In the spec's sheet, from 1, columns in code points; 0: the finding is about the spec.
  std::int64_t line = 0, column = 0;
};

/// Errors and warnings that lie in a spec or in its sheet. Specs with the same sheet share what is
/// found there.
base::IndexVector<plan::SpecIndex, std::vector<Finding>> FindingsOf(
    const plan::Plan& plan, const diagnostics::Sources& sources,
    const std::vector<diagnostics::Diagnostic>& diagnostics);

}  // namespace lockstep::service
