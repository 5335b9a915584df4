#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/utf8.h"

namespace lockstep::base {
namespace {

constexpr std::size_t kQuoteLimit =
    120;  // code units of a quoted text before its middle is left out

struct Interval {
  char32_t first, last;
};

// Combining marks and other code points that take no column (the blocks that occur in practice).
constexpr Interval kZeroWidth[] = {
    {0x0300, 0x036f},  {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
    {0x06d6, 0x06dc},  {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948}, {0x0e31, 0x0e31},
    {0x0e34, 0x0e3a},  {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x2028, 0x202e},
    {0x2060, 0x2064},  {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
    {0xe0100, 0xe01ef}};
// East Asian Wide and Fullwidth, and emoji presentation (Unicode UAX #11, by block).
constexpr Interval kWide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},
    {0x25fd, 0x25fe},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26a1, 0x26a1},
    {0x26ce, 0x26ce},   {0x2705, 0x2705},   {0x274c, 0x274c},   {0x2753, 0x2755},
    {0x2795, 0x2797},   {0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},   {0x2e80, 0x303e},
    {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},
    {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf},
    {0x1f18e, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1f64f}, {0x1f680, 0x1f6ff},
    {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd}};

template <std::size_t N>
bool In(const Interval (&table)[N], char32_t code_point) {
  const auto* it = std::upper_bound(std::begin(table), std::end(table), code_point,
                                    [](char32_t c, const Interval& i) { return c < i.first; });
  return it != std::begin(table) && code_point <= (it - 1)->last;
}

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Optimal string alignment distance: insert, delete, replace, swap neighbours. Only called on short
// names.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (Lower(a[i - 1]) != Lower(b[j - 1]));
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      if (i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) &&
          Lower(a[i - 2]) == Lower(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

void AppendEscaped(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const auto [value, length] = DecodeUtf8(text, at);
    if (c == '"' || c == '\\') {
      out += '\\', out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0x20 || c == 0x7f || length == 0) {
      out += "\\x", out += kHex[c >> 4], out += kHex[c & 15];
    } else if (IsHarmful(value)) {  // all of them have four digits
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(value >> shift) & 15];
    } else {
      out.append(text, at, length);
    }
    at += length == 0 ? 1 : length;
  }
}

bool Continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

std::string Quote(std::string_view text) {
  std::string out = "\"";
  if (text.size() <= kQuoteLimit) {
    AppendEscaped(out, text);
  } else {
    std::size_t head = kQuoteLimit * 2 / 3;
    std::size_t tail = text.size() - kQuoteLimit / 3;
    while (head > 0 && Continues(text[head])) --head;
    while (tail < text.size() && Continues(text[tail])) ++tail;
    AppendEscaped(out, text.substr(0, head));
    out += "…";
    AppendEscaped(out, text.substr(tail));
  }
  return out += '"';
}

std::string Plural(std::size_t count, std::string_view singular, std::string_view plural) {
  std::string out = std::to_string(count) + ' ';
  if (count == 1) return out.append(singular);
  if (plural.empty()) return out.append(singular).append("s");
  return out.append(plural);
}

std::string Percent(std::uint64_t part, std::uint64_t whole) {
  const std::uint64_t tenths = part * 1000 / whole;
  const std::string decimal = tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10);
  return std::to_string(tenths / 10) + decimal + "%";
}

std::string_view Trim(std::string_view text, std::string_view blanks) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

std::string Join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += separator;
    out += part;
  }
  return out;
}

std::string_view Nearest(std::string_view text, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongest = 200;  // names; the distance is quadratic
  if (text.empty() || text.size() > kLongest) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (std::string_view candidate : candidates) {
    const std::size_t longer = std::max(candidate.size(), text.size());
    const std::size_t shorter = std::min(candidate.size(), text.size());
    if (candidate.size() > kLongest || longer - shorter >= best_distance) continue;
    const std::size_t distance = EditDistance(text, candidate);
    if (distance < best_distance) best = candidate, best_distance = distance;
  }
  return best;
}

std::string ToLowerAscii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), Lower);
  return out;
}

std::optional<bool> ParseBool(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

bool EqualsIgnoreCaseAscii(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return Lower(x) == Lower(y); });
}

std::size_t FirstInvalidUtf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = DecodeUtf8(text, at).length;
    if (length == 0) return at;
    at += length;
  }
  return at;
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint decoded = DecodeUtf8(text, at);
    if (decoded.length == 0) {
      ++width, ++at;
      continue;
    }
    if (!In(kZeroWidth, decoded.value)) width += In(kWide, decoded.value) ? 2 : 1;
    at += decoded.length;
  }
  return width;
}

namespace {

// The bytes of one code point, at least one.
std::size_t CodePointSize(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
  return size;
}

}  // namespace

std::string Shorten(std::string_view text, std::size_t width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  std::string out;
  std::size_t used = 1;  // the ellipsis
  while (!text.empty()) {
    const std::string_view next = text.substr(0, CodePointSize(text));
    used += DisplayWidth(next);
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

}  // namespace lockstep::base
