// The field tables behind DecodeInventory, as data: tests compare them with
// schemas/inventory.schema.json.
#pragma once

#include <vector>

#include "core/json/proto_json.h"

namespace lockstep::inventory {

std::vector<json::MessageFields> FieldTables();

}  // namespace lockstep::inventory
