// The lanes of a rollout as text, for a terminal: a row for each database, time from left to right,
// tasks as bars. What did not simply go well says so by a letter; colours only repeat it.
#pragma once

#include <string>

#include "core/sim/simulator.h"
#include "core/view/text_line.h"

namespace lockstep::view {

constexpr int kFewestColumns = 24;
constexpr int kMostColumns = 10'000;

struct TextOptions {
  int columns = 80;
  /// Lines of lanes at most; those with a task that did not end well, or on the critical path, go
  /// before others.
  std::uint32_t rows = 40;
  TextStyle style = {};
};

/// REQUIRES: columns from kFewestColumns to kMostColumns, at least one row.
std::string DrawText(const rollout::Rollout& rollout, const sim::Timeline& timeline,
                     const TextOptions& options);

}  // namespace lockstep::view
