// The field tables behind DecodeScenario, as data: tests compare them with
// schemas/scenario.schema.json.
#pragma once

#include <vector>

#include "core/json/proto_json.h"

namespace lockstep::sim {

std::vector<json::MessageFields> ScenarioFieldTables();

}  // namespace lockstep::sim
