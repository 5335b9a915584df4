// The second half of DecodeInventory: names. For decode.cc only.
#pragma once

#include "core/inventory/inventory.h"
#include "core/json/proto_json.h"

namespace lockstep::inventory {

/// Fills the look-ups and Database::instance (where it is not set by the place a database stands
/// in). Reports names that are missing, malformed, repeated or lead nowhere, and group expressions
/// that can't be read.
void ResolveNames(json::Reader& reader, Inventory& inventory);

}  // namespace lockstep::inventory
