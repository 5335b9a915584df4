// One step through UTF-8: the only decoder in the tree. Whole texts are in text.h.
#pragma once

#include <cstddef>
#include <string_view>

namespace lockstep::base {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  ///< bytes; 0 where the text is ill-formed
};

/// The code point that starts at `at`. Well-formed means Unicode 15, table 3-7: no overlong forms,
/// no surrogates, nothing above U+10FFFF. REQUIRES: at < text.size().
inline CodePoint DecodeUtf8(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || length > text.size() - at) return {};
  char32_t value = lead & (0xff >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3f);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (overlong || surrogate || value > 0x10ffff) return {};
  return {value, length};
}

/// Control characters, and invisible ones that change how others are shown (bidirectional
/// overrides, zero-width characters): never written raw to a terminal.
inline bool IsHarmful(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  const bool invisible = (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
                         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
  return control || invisible;
}

}  // namespace lockstep::base
