// The script that the sqlite3 shell runs for one task.
#pragma once

#include <string>

#include "native/client/script.h"

namespace lockstep::client {

Script MakeSqliteScript(const TaskScript& task);

/// Statements that SQLite refuses inside a transaction (VACUUM, PRAGMA journal_mode) and that have
/// no place before it: a sheet of them runs without one.
bool RunsWithoutTransaction(const TaskScript& task);

/// How many statements at the start of the sheet are pragmas that only work before the transaction.
std::size_t HoistedPragmas(const TaskScript& task);

/// SELECT of the marker row of a task as a marker.
std::string SelectMarkerRow(const TaskScript& task);

}  // namespace lockstep::client
