#include "native/report/table.h"

#include <algorithm>

#include "core/base/text.h"

namespace lockstep::report {
namespace {

// The bytes of one code point, at least one.
std::size_t CodePointSize(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
  return size;
}

}  // namespace

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

std::string Shorten(std::string_view text, std::size_t width) {
  if (base::DisplayWidth(text) <= width) return std::string(text);
  std::string out;
  std::size_t used = 1;  // the ellipsis
  while (!text.empty()) {
    const std::string_view next = text.substr(0, CodePointSize(text));
    used += base::DisplayWidth(next);
    if (used > width) break;
    out += next;
    text.remove_prefix(next.size());
  }
  return width == 0 ? "" : out + "…";
}

std::string Printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const unsigned char c = static_cast<unsigned char>(text[at]);
    // U+0080..U+009F are C2 80..C2 9F in UTF-8, and some terminals obey them.
    const bool c1 =
        c == 0xc2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;
    if (c == '\t' || c == '\n' || c == '\r') {
      out += ' ';
    } else if (c < 0x20 || c == 0x7f || c1) {
      out += '?';
      at += c1;
    } else {
      out += text[at];
    }
  }
  return out;
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
