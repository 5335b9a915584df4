// Decoding of instances, data sources and databases. For decode.cc only.
#pragma once

#include "core/inventory/inventory.h"
#include "core/json/proto_json.h"

namespace lockstep::inventory {

/// REQUIRES arrays. Databases inside an instance get its index at once; `enclosing` is invalid for
/// those that stand on their own.
void DecodeInstances(json::Reader& reader, json::Value array, Inventory& inventory);
void DecodeDatabases(json::Reader& reader, json::Value array, InstanceIndex enclosing,
                     Inventory& inventory);

void AppendInstanceTables(std::vector<json::MessageFields>& tables);

}  // namespace lockstep::inventory
