// Windows and freezes of an inventory.
#pragma once

#include <vector>

#include "core/inventory/inventory.h"
#include "core/json/proto_json.h"

namespace lockstep::inventory {

/// "Sat 01:00-05:00 Europe/Berlin", or a list of such.
void DecodeWindows(json::Reader& reader, json::Value value, Hours& hours);
/// [{"from": TIMESTAMP, "to": TIMESTAMP, "reason": TEXT}]
void DecodeFreezes(json::Reader& reader, json::Value list, Hours& hours);
/// [{"title": TEXT, "window": …, "freeze": …}]
void DecodeStageHours(json::Reader& reader, json::Value list, std::vector<StageHours>& stages);
void AppendHoursTables(std::vector<json::MessageFields>& tables);

}  // namespace lockstep::inventory
