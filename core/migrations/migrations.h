// Migrations: the folder of another migration tool, as a plan: the older form, one spec for each
// migration and target, chained on each target by dependsOnSpecs, its SQL in sheets.
//
// Pure: a shell reads the files and writes what comes back. The same files, targets and project
// give the same plan, ids included.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/diagnostics/remark.h"
#include "core/inventory/inventory.h"
#include "core/sql/engine.h"

namespace lockstep::migrations {

enum class Tool { kFlyway, kDbmate, kGolangMigrate, kGoose, kSqitch, kLiquibaseSql };
std::optional<Tool> FindTool(std::string_view name);
std::span<const std::string_view> ToolNames();  ///< "flyway", …

/// A file of the folder. `path` is relative to it, with slashes. Only files that the tool Reads
/// need their text; others are there to be told about.
struct File {
  std::string path;
  diagnostics::SourceId source;
};
bool Reads(Tool tool, std::string_view path);

struct Options {
  Tool tool = Tool::kFlyway;
  std::vector<std::string> targets;    ///< databases or database groups, by their whole names
  std::string project = "migrations";  ///< of the sheets
  std::optional<sql::Engine> engine;   ///< of targets that the inventory does not know
};

struct Imported {
  std::string plan;                                         ///< JSON; "" when there are errors
  std::vector<std::pair<std::string, std::string>> sheets;  ///< "101-name.sql" and its SQL
  /// With --engine and without an inventory: what is known of the targets. Else "".
  std::string inventory;
  std::string summary;  ///< "3 specs of 3 migrations on 1 target"
  /// What is skipped or changed; what keeps anything from being imported.
  std::vector<diagnostics::Remark> notices, errors;
};

/// `inventory` may be null. kInvalidArgument for targets or a project that are none,
/// kNotFound when nothing in the folder is a migration.
base::Result<Imported> Import(const diagnostics::Sources& sources, std::vector<File> files,
                              const inventory::Inventory* inventory, const Options& options);

}  // namespace lockstep::migrations
