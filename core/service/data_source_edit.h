// Data sources of an instance in an inventory's text. A reference to a password that is written
// there stays until a request says another.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/service/instance_body.h"
#include "core/service/inventory_edit.h"

namespace lockstep::service {

/// {"id", "type", "host", …}, compact.
std::string NewSource(const SourceBody& source);

void AddSource(InventoryEdit& edit, json::Value instance, const SourceBody& source);

/// Those of the request, no others. One without an id is that of its type.
void SetSources(InventoryEdit& edit, json::Value instance, const std::vector<SourceBody>& sources);

/// The one that requests know by this id.
std::optional<InventoryEdit::Entry> FindSource(json::Value instance, std::string_view id);

}  // namespace lockstep::service
