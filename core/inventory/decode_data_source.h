// Decoding of a data source: where an instance is, who connects, and where the password is found.
// For decode_instance.cc only.
#pragma once

#include "core/inventory/inventory.h"
#include "core/json/proto_json.h"

namespace lockstep::inventory {

/// REQUIRES an object.
DataSource DecodeDataSource(json::Reader& reader, json::Value object);

void AppendDataSourceTables(std::vector<json::MessageFields>& tables);

}  // namespace lockstep::inventory
