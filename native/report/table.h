// Table: columns of text, as wide as their widest cell, for people. Cells may hold colours: widths
// are of what is seen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep::report {

class Table {
 public:
  enum class Align { kLeft, kRight };
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}

  /// As many cells as columns, or one: a line of its own that makes no column wider.
  void Row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// Two blanks between columns, none at the end of a line.
  std::string Text() const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// Columns of a terminal that `text` takes, colours not counted.
std::size_t SeenWidth(std::string_view text);

}  // namespace lockstep::report
