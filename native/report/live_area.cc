#include "native/report/live_area.h"

#include "native/report/table.h"

namespace lockstep::report {

void LiveArea::Show(std::string_view permanent, const std::vector<std::string>& lines) {
  if (permanent.empty() && output_.behind()) return;  // a terminal that stands still
  std::string out;
  if (!widths_.empty()) {
    // A terminal that became narrower since has wrapped our lines: count the rows they take now.
    const std::size_t columns = static_cast<std::size_t>(output_.width());
    std::size_t rows = 0;
    for (std::size_t width : widths_) rows += width == 0 ? 1 : (width + columns - 1) / columns;
    out += "\x1b[" + std::to_string(rows) + "A\r\x1b[J";
  }
  out += permanent;
  widths_.clear();
  for (const std::string& line : lines) {
    out += line + "\n";
    widths_.push_back(SeenWidth(line));
  }
  if (!out.empty()) output_.Write(out);
}

}  // namespace lockstep::report
