// What no sheet may hold that Lockstep's runner executes: it would end the runner's transaction or
// take its lock, reach past the task's own database, or be without the effect that it looks like.
// Known before anything runs, and so to whoever only checks a plan.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/sql/engine.h"
#include "core/sql/splitter.h"

namespace lockstep::sql {

struct Refusal {
  std::uint32_t statement;  ///< index in the split
  std::string message;      ///< in the style of Diagnostic::message
};

/// In order of statements, one each; nothing on engines that the runner has no client for. What
/// could not be split (SplitResult::problems) is refused too, and not told again.
std::vector<Refusal> RefusedStatements(Engine engine, std::string_view sheet,
                                       const SplitResult& split);

/// SQLite: how many statements at the start of a sheet are pragmas that only work before the
/// transaction.
std::size_t HoistedPragmas(std::string_view sheet, const SplitResult& split);

/// SQLite: a sheet of statements that it refuses inside a transaction (VACUUM, PRAGMA journal_mode)
/// and that have no place before it runs without one.
bool RunsWithoutTransaction(std::string_view sheet, const SplitResult& split);

}  // namespace lockstep::sql
