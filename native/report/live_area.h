// LiveArea: lines at the bottom of a terminal that are drawn again and again, below lines that
// stay. It moves the cursor only within its own lines and changes no mode of the terminal, so there
// is nothing to restore however the process ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "native/report/output.h"

namespace lockstep::report {

class LiveArea {
 public:
  explicit LiveArea(Output& output) : output_(output) {}

  /// One write: the old live lines go, `permanent` (whole lines) is printed, `lines` are the live
  /// ones now. A line that is wider than the terminal is the caller's mistake, but only looks bad.
  void Show(std::string_view permanent, const std::vector<std::string>& lines);

 private:
  Output& output_;
  std::vector<std::size_t> widths_;  // of the lines on the screen, as drawn
};

}  // namespace lockstep::report
