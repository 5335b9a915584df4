#include "native/client/sheet_place.h"

#include <algorithm>

namespace lockstep::client {

SheetPlace PlaceInSheet(std::string_view sheet, std::size_t offset) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  SheetPlace place;
  for (std::size_t i = sheet.starts_with(kByteOrderMark) ? 3 : 0;
       i < std::min(offset, sheet.size()); ++i) {
    const char c = sheet[i];
    if (c == '\n' || (c == '\r' && (i + 1 == sheet.size() || sheet[i + 1] != '\n'))) {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

}  // namespace lockstep::client
