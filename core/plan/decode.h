// Decode: JSON -> Plan. Checks shape by the rules of proto3 JSON (plan-semantics §1.12): both
// spellings, null is unset, enums by name or number, repeated keys, unknown keys with "did you
// mean".
#pragma once

#include <optional>

#include "core/diagnostics/emitter.h"
#include "core/json/document.h"
#include "core/plan/plan.h"

namespace lockstep::plan {

/// Reports every shape problem it meets and decodes what it can, so that rules still run on the
/// rest. Empty only when the document is not an object, or has neither or both of `steps` and
/// `specs` in a way that leaves nothing to look at. `lenient`: unknown fields and enum names are
/// warnings.
std::optional<Plan> Decode(const json::Document& document, bool lenient,
                           diagnostics::Emitter& emitter);

}  // namespace lockstep::plan
