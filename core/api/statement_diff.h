// StatementDiff: how many statements of a sheet differ from those of another.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/sql/splitter.h"

namespace lockstep::api {

/// Statements between two that both sheets have are changed as far as there are as many on both
/// sides. All zero: the sheets differ in comments and white space, or not at all.
struct StatementCounts {
  std::uint32_t added = 0, removed = 0, changed = 0;
  bool same_text = false;  ///< byte for byte
  bool operator==(const StatementCounts&) const = default;
};

struct StatementDiff {
  StatementCounts counts;
  /// The first statements that differ, or where one would be; else the beginnings.
  diagnostics::Span first_a, first_b;
};

/// O(n log n). Equal statements are paired in order, and those that keep their order are kept.
StatementDiff DiffStatements(std::string_view a, const sql::SplitResult& split_a,
                             std::string_view b, const sql::SplitResult& split_b);

}  // namespace lockstep::api
