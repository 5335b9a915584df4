// What Lockstep's runner cannot execute, or not yet. Bytebase can, so a plan is not wrong for it.
#pragma once

#include <optional>
#include <string>

#include "core/diagnostics/source.h"
#include "core/plan/plan.h"
#include "core/sql/engine.h"

namespace lockstep::check {

struct NotExecutable {
  std::string why;          ///< in the style of Diagnostic::message
  diagnostics::Span place;  ///< in the plan
};

/// Why the runner refuses a spec on an engine, whatever its sheet says (that: sql/refused.h).
std::optional<NotExecutable> WhyNotExecutable(const plan::Config& config, sql::Engine engine);

}  // namespace lockstep::check
