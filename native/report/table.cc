#include "native/report/table.h"

#include <algorithm>

#include "core/base/text.h"

namespace lockstep::report {
std::size_t SeenWidth(std::string_view text) {
  std::string seen;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\x1b') {
      seen += text[at];
      continue;
    }
    at = std::min(text.find('m', at), text.size());
  }
  return base::DisplayWidth(seen);
}

std::string Table::Text() const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    if (row.size() != columns_.size()) continue;
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], SeenWidth(row[i]));
  }
  std::string text;
  for (const auto& row : rows_) {
    if (row.size() != columns_.size()) {
      text += row.empty() ? "\n" : row[0] + "\n";
      continue;
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - SeenWidth(row[i]), ' ');
      if (i > 0) text += "  ";
      text += columns_[i] == Align::kRight ? padding + row[i] : row[i] + padding;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

}  // namespace lockstep::report
