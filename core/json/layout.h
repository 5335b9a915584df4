// Layout: JSON text laid out for people: a value stands on one line while it fits there, else each
// of its items has a line of its own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lockstep::json {

struct Style {
  std::string line_end = "\n";
  std::string unit = "  ";  ///< of indentation
  std::size_t width = 100;  ///< columns, counted in bytes
};

enum class Breaks {
  kWhereNeeded,
  kOutermost,  ///< its own items have lines of their own in any case
};

/// `compact`: a value, or a member ("key":value), as base::JsonWriter writes them without
/// indentation. `indent` is that of the line on which it begins, at `column`.
std::string LayOut(std::string_view compact, const std::string& indent, std::size_t column,
                   const Style& style, Breaks breaks = Breaks::kWhereNeeded);

/// On one line, whatever its length: {"a": 1, "b": [2, 3]}.
std::string OnOneLine(std::string_view compact);

}  // namespace lockstep::json
