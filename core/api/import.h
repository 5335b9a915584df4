// Import: the folder of another tool, with the inventory that says what its targets are.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/diagnostics/diagnostic.h"
#include "core/migrations/migrations.h"

namespace lockstep::api {

struct FolderImport {
  diagnostics::Sources sources;  ///< the inventory, if there is one, and the files
  std::vector<diagnostics::Diagnostic> diagnostics;  ///< of the inventory
  migrations::Imported imported;                     ///< empty when the inventory has errors
  bool has_errors = false;
};

/// `files`: paths from the folder on, and texts. `folder` is what remarks put before the paths,
/// with its slash.
base::Result<FolderImport> ImportFolder(std::string_view folder,
                                        std::vector<std::pair<std::string, std::string>> files,
                                        std::optional<diagnostics::Source> inventory,
                                        const migrations::Options& options);

/// {"written": [paths], "summary", "notices": […], "errors": […]}
std::string ImportAnswer(const FolderImport& made, const std::vector<std::string>& written);

}  // namespace lockstep::api
