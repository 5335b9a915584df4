// Assemble: migrations that are read and targets that are known, as a plan. For this folder only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/migrations/reading.h"

namespace lockstep::migrations {

struct Target {
  std::string name;
  std::uint32_t stage = 0;  ///< rank of its environment: those that nobody knows come last
  sql::Dialect dialect = sql::Dialect::kPostgres;  ///< where nobody knows it
  std::optional<sql::Engine> engine;
};

/// kInvalidArgument for the first that is no database and no database group, or is named twice.
base::Result<std::vector<Target>> FindTargets(const Options& options,
                                              const inventory::Inventory* inventory);

/// Takes BEGIN … COMMIT from around a migration's statements, and leaves out migrations that have
/// none. Tells both.
void Tidy(sql::Dialect dialect, Reading& reading);

/// The numbers of the sheets: as many digits for each, from 101 on as Bytebase's, so that files
/// sort as they run.
std::size_t FirstSheet(std::size_t count);
std::string SheetFile(const Migration& migration, std::size_t number);  ///< "101-name.sql"

std::string WritePlan(const Reading& reading, const std::vector<Target>& targets,
                      const Options& options);
/// What is known of the targets; "" when one is a group.
std::string WriteInventory(const std::vector<Target>& targets, sql::Engine engine);

}  // namespace lockstep::migrations
