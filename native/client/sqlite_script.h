// The script that the sqlite3 shell runs for one task, and which of its lines belongs to what.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "native/client/client.h"

namespace lockstep::client {

enum class SqlitePart : std::uint8_t {
  kSettings,  ///< before the lock: opening the file, pragmas
  kLock,
  kHistory,          ///< the table lockstep_history
  kMarkerRow,        ///< fails when the task has one
  kMustBeEmpty,      ///< DATABASE_CREATE of a file that has something in it
  kStatement,        ///< of the sheet
  kSameTransaction,  ///< fails when the sheet ended the transaction
  kForeignKeys,      ///< fails when a sheet without them leaves rows that violate them
  kDone,
  kCommit,
};

struct SqliteSection {
  std::uint32_t line;  ///< first line in the script, from 1
  SqlitePart part;
  std::uint32_t statement = 0;  ///< index in the split, for kStatement
};

struct SqliteScript {
  std::string text;
  std::vector<SqliteSection> sections;  ///< by line

  /// The section that a line of the script is in.
  SqliteSection At(std::uint32_t line) const;
};

SqliteScript MakeSqliteScript(const TaskScript& task);

/// Statements that SQLite refuses inside a transaction (VACUUM, PRAGMA journal_mode) and that have
/// no place before it: a sheet of them runs without one.
bool RunsWithoutTransaction(const TaskScript& task);

/// How many statements at the start of the sheet are pragmas that only work before the transaction.
std::size_t HoistedPragmas(const TaskScript& task);

/// PRAGMA's name in lower case, without its schema; empty for any other statement.
std::string PragmaName(std::string_view statement);

/// SELECT of the marker row of a task as a marker.
std::string SelectMarkerRow(const TaskScript& task);

/// 'it''s'
std::string SqliteQuote(std::string_view text);

}  // namespace lockstep::client
