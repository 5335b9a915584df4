// Observations from a table: how long runs took, as people keep it in spreadsheets.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/sim/history.h"

namespace lockstep::sim {

/// The fields of one record. An empty line is a record, too: without fields, or with one that is
/// empty.
using TableRow = std::vector<std::string>;

/// The line on which a record begins, as editors count them: inside quotes a field may have
/// several.
std::size_t LineOf(std::span<const TableRow> rows, std::size_t row);

/// The first record names the columns: "duration" and any of "spec", "target", "class" and "size".
/// Each other one is a run; empty lines are passed over. kInvalidArgument names the line and the
/// column.
base::Result<std::vector<Observation>> ObservationsOfTable(std::span<const TableRow> rows);

}  // namespace lockstep::sim
