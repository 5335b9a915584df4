// Where in a sheet something is, as people count.
#pragma once

#include <cstdint>
#include <string_view>

namespace lockstep::client {

/// Line and column from 1, columns in code points. Lines end with \n, \r\n or \r.
struct SheetPlace {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};
SheetPlace PlaceInSheet(std::string_view sheet, std::size_t offset);

}  // namespace lockstep::client
