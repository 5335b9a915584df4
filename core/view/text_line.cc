#include "core/view/text_line.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/base/utf8.h"

namespace lockstep::view {
namespace {

std::string_view Code(Ink ink) {
  switch (ink) {
    case Ink::kPlain:
      return "0";
    case Ink::kBold:
      return "1";
    case Ink::kDim:
      return "2";
    case Ink::kRed:
      return "31";
    case Ink::kGreen:
      return "32";
    case Ink::kYellow:
      return "33";
    case Ink::kMagenta:
      return "35";
    case Ink::kCyan:
      return "36";
  }
  return "0";
}

}  // namespace

std::string Tidy(std::string_view text, bool ascii) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, length] = base::DecodeUtf8(text, at);
    const bool blank = value == '\n' || value == '\r' || value == '\t';
    if (blank && length != 0) {
      out += ' ';
    } else if (length == 0 || base::IsHarmful(value) || (ascii && length > 1)) {
      out += '?';
    } else {
      out.append(text, at, length);
    }
    at += length == 0 ? 1 : length;
  }
  return out;
}

std::string FitColumns(std::string_view text, std::size_t columns, bool ascii) {
  if (!ascii) return base::Shorten(text, columns);
  if (text.size() <= columns) return std::string(text);
  return columns == 0 ? "" : std::string(text.substr(0, columns - 1)) + "~";
}

std::string WrapColumns(std::string_view text, std::size_t columns, bool ascii) {
  std::string out, line;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string word = FitColumns(text.substr(0, end), columns, ascii);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && base::DisplayWidth(line) + 1 + base::DisplayWidth(word) > columns) {
      out += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line.empty() ? out : out + line + "\n";
}

void TextLine::Put(std::size_t at, std::string_view text, Ink ink) {
  std::size_t before = at;  // the cell of the last glyph, which combining characters belong to
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = std::max<std::size_t>(base::DecodeUtf8(text, i).length, 1);
    const std::string_view glyph = text.substr(i, length);
    const std::size_t width = base::DisplayWidth(glyph);
    i += length;
    if (at + width > cells_.size()) return;
    if (width == 0) {
      if (before < at) cells_[before].glyph += glyph;
      continue;
    }
    cells_[at] = {std::string(glyph), ink};
    if (width == 2) cells_[at + 1] = {"", ink};
    before = at;
    at += width;
  }
}

void TextLine::Fill(std::size_t from, std::size_t to, std::string_view glyph, Ink ink) {
  for (; from < to && from < cells_.size(); ++from) cells_[from] = {std::string(glyph), ink};
}

bool TextLine::Has(std::string_view glyph) const {
  return std::any_of(cells_.begin(), cells_.end(),
                     [&](const Cell& cell) { return cell.glyph == glyph; });
}

std::string TextLine::Text(bool color) const {
  std::size_t end = cells_.size();
  while (end > 0 && cells_[end - 1].glyph == " ") --end;
  std::string out;
  Ink ink = Ink::kPlain;
  for (std::size_t i = 0; i < end; ++i) {
    if (color && cells_[i].ink != ink && cells_[i].glyph != " ") {
      if (ink != Ink::kPlain) out += "\x1b[0m";
      ink = cells_[i].ink;
      if (ink != Ink::kPlain) out.append("\x1b[").append(Code(ink)).append("m");
    }
    out += cells_[i].glyph;
  }
  if (ink != Ink::kPlain) out += "\x1b[0m";
  return out + "\n";
}

}  // namespace lockstep::view
