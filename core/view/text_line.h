// TextLine: one line of a terminal as cells, so that wide characters, combining ones and colours
// move nothing out of its column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep::view {

enum class Ink : std::uint8_t { kPlain, kBold, kDim, kRed, kGreen, kYellow, kMagenta, kCyan };

struct TextStyle {
  bool color = false;  ///< SGR codes
  bool ascii = false;  ///< for a terminal that does not take UTF-8
};

/// `text` of a plan as a terminal may have it: what is invisible or ill-formed (base/utf8.h,
/// IsHarmful) becomes "?", and in ASCII so does everything that is not.
std::string Tidy(std::string_view text, bool ascii);
/// At most `columns`; what was cut ends with "…", in ASCII with "~". REQUIRES: tidy text.
std::string FitColumns(std::string_view text, std::size_t columns, bool ascii);
/// In lines of at most `columns`, each with its end; words that are longer are cut.
std::string WrapColumns(std::string_view text, std::size_t columns, bool ascii);

class TextLine {
 public:
  explicit TextLine(std::size_t columns) : cells_(columns) {}

  /// From column `at`, as far as the line goes. REQUIRES: tidy text; nothing there that is wider
  /// than one column.
  void Put(std::size_t at, std::string_view text, Ink ink = Ink::kPlain);
  void Fill(std::size_t from, std::size_t to, std::string_view glyph, Ink ink = Ink::kPlain);

  bool Has(std::string_view glyph) const;
  /// Without blanks at its end, with a line end.
  std::string Text(bool color) const;

 private:
  struct Cell {
    std::string glyph = " ";  ///< "": the second half of the one before
    Ink ink = Ink::kPlain;
  };
  std::vector<Cell> cells_;
};

}  // namespace lockstep::view
