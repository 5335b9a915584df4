// The script that the sqlite3 shell runs for one task.
#pragma once

#include <string>

#include "native/client/script.h"

namespace lockstep::client {

Script MakeSqliteScript(const TaskScript& task);

/// Of the task's sheet, as core/sql/refused.h has them.
bool RunsWithoutTransaction(const TaskScript& task);
std::size_t HoistedPragmas(const TaskScript& task);

/// SELECT of the marker row of a task as a marker.
std::string SelectMarkerRow(const TaskScript& task);

}  // namespace lockstep::client
