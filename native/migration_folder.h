// A folder of migrations into memory, and what they become into files.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/api/import.h"
#include "core/base/result.h"

namespace lockstep::native {

/// All files below the folder by their paths from there on, sorted; hidden ones are left out, and
/// so are links to folders. Texts only of what the tool reads. kNotFound, kIo, kResourceExhausted.
base::Result<std::vector<std::pair<std::string, std::string>>> ReadMigrations(
    const std::string& folder, migrations::Tool tool);

/// plan.json, sheets/… and, where there is something to say and none lies there, inventory.json.
/// Answers their paths. kFailedPrecondition when one is there already, and nothing is written then,
/// unless `force`; kIo.
base::Result<std::vector<std::string>> WriteImported(const migrations::Imported& imported,
                                                     const std::string& folder, bool force);

}  // namespace lockstep::native
