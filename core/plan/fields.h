// The field tables behind Decode, as data: tests compare them with schemas/plan.schema.json, so
// that the schema that editors use and the decoder cannot drift apart.
#pragma once

#include <vector>

#include "core/json/proto_json.h"

namespace lockstep::plan {

/// All messages of a plan document; titles as in findings ("a spec").
std::vector<json::MessageFields> FieldTables();

}  // namespace lockstep::plan
