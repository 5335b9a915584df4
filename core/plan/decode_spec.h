// Decoding of one spec: shared by the two forms of a plan. For decode.cc only.
#pragma once

#include "core/json/proto_json.h"
#include "core/plan/plan.h"

namespace lockstep::plan {

/// REQUIRES plan.form and plan.source to be set, `object` to be an object. `spec` is one of
/// plan.specs, as good as new; its lists go to the pools of `plan`.
void DecodeSpec(json::Reader& reader, json::Value object, Plan& plan, Spec& spec);

void AppendSpecTables(std::vector<json::MessageFields>& tables);

}  // namespace lockstep::plan
