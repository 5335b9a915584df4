#include "core/json/lexeme.h"

#include <algorithm>
#include <string>

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/json/number.h"

namespace lockstep::json {
namespace {

using base::Quote;
using diagnostics::Rule;
using diagnostics::Span;

constexpr char kHexDigits[] = "0123456789ABCDEF";

Lexeme Fail(Rule rule, std::uint32_t begin, std::size_t end, std::string message) {
  SyntaxError error;
  error.rule = rule;
  error.span = {begin, static_cast<std::uint32_t>(end)};
  error.message = std::move(message);
  return {0, std::move(error)};
}

Lexeme Fail(std::uint32_t begin, std::size_t end, std::string message) {
  return Fail(Rule::kInvalidJson, begin, end, std::move(message));
}

char CharAt(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

std::string Hex(char32_t value, int digits) {
  std::string out;
  while (digits-- > 0) out += kHexDigits[(value >> (4 * digits)) & 15];
  return out;
}

Lexeme InvalidByte(std::string_view text, std::uint32_t at) {
  return Fail(Rule::kInvalidUtf8, at, at + 1,
              "byte 0x" + Hex(static_cast<unsigned char>(text[at]), 2) +
                  " is not UTF-8 here; save the document as UTF-8");
}

// Four hexadecimal digits at `at`, or -1.
std::int32_t ReadHex(std::string_view text, std::size_t at) {
  std::int32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = CharAt(text, i);
    if (base::IsDigit(c)) {
      value = value * 16 + (c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value = value * 16 + (c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      value = value * 16 + (c - 'A' + 10);
    } else {
      return -1;
    }
  }
  return value;
}

Lexeme ReadUnicodeEscape(std::string_view text, std::uint32_t at) {
  const std::int32_t unit = ReadHex(text, at + 2);
  if (unit < 0) {
    return Fail(Rule::kInvalidEscape, at, std::min<std::size_t>(at + 2, text.size()),
                "\\u needs four hexadecimal digits after it");
  }
  const bool high = unit >= 0xd800 && unit < 0xdc00;
  const bool low = unit >= 0xdc00 && unit < 0xe000;
  if (high && text.substr(at + 6).starts_with("\\u")) {
    const std::int32_t second = ReadHex(text, at + 8);
    if (second >= 0xdc00 && second < 0xe000) return {at + 12, {}};
  }
  if (high || low) {
    return Fail(Rule::kInvalidEscape, at, at + 6,
                std::string(text.substr(at, 6)) +
                    " is half of a surrogate pair, the other half is " +
                    (high ? "not behind it" : "not before it"));
  }
  return {at + 6, {}};
}

Lexeme ReadEscape(std::string_view text, std::uint32_t at) {
  const char c = CharAt(text, at + 1);
  if (c == 'u') return ReadUnicodeEscape(text, at);
  if (c != '\0' && std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) {
    return {at + 2, {}};
  }
  std::size_t end = at + 1;
  if (static_cast<unsigned char>(c) >= 0x20)
    end += std::max<std::size_t>(base::DecodeUtf8(text, end).length, 1);
  return Fail(Rule::kInvalidEscape, at, end,
              Quote(text.substr(at, end - at))
                  .append(" is not an escape of JSON; a backslash is written \"\\\\\""));
}

Lexeme UnterminatedString(std::string_view text, std::uint32_t at, std::uint32_t end) {
  return Fail(at, end,
              end == text.size() ? "the string is not closed before the document's end"
                                 : "the string is not closed before the end of its line");
}

Lexeme ReadString(std::string_view text, std::uint32_t begin) {
  std::uint32_t at = begin + 1;
  while (at < text.size()) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"') return {at + 1, {}};
    if (c == '\n' || c == '\r') return UnterminatedString(text, begin, at);
    if (c == '\\') {
      const bool last_of_line =
          at + 1 >= text.size() || text[at + 1] == '\n' || text[at + 1] == '\r';
      if (last_of_line) return UnterminatedString(text, begin, at + 1);
      Lexeme escape = ReadEscape(text, at);
      if (escape.error) return escape;
      at = escape.end;
    } else if (byte < 0x20) {
      return Fail(at, at + 1,
                  "a control character (U+" + Hex(byte, 4) + ") in a string; write it as " +
                      (c == '\t' ? "\\t" : "\\u" + Hex(byte, 4)));
    } else if (byte < 0x80) {
      ++at;
    } else {
      const std::size_t length = base::DecodeUtf8(text, at).length;
      if (length == 0) return InvalidByte(text, at);
      at += static_cast<std::uint32_t>(length);
    }
  }
  return UnterminatedString(text, begin, at);
}

std::size_t SkipDigits(std::string_view text, std::size_t at) {
  while (base::IsDigit(CharAt(text, at))) ++at;
  return at;
}

Lexeme ReadNumber(std::string_view text, std::uint32_t begin) {
  const std::uint32_t word_end = EndOfWord(text, begin);
  const std::string word = Quote(text.substr(begin, word_end - begin));
  std::size_t at = begin + (text[begin] == '-' ? 1 : 0);
  if (!base::IsDigit(CharAt(text, at))) {
    return Fail(begin, word_end, word + " is not a number of JSON; a digit has to follow \"-\"");
  }
  const std::size_t whole = at;
  at = SkipDigits(text, at);
  if (text[whole] == '0' && at > whole + 1) {
    return Fail(begin, word_end, word + " has leading zeros; JSON's numbers have none");
  }
  if (CharAt(text, at) == '.') {
    const std::size_t fraction = ++at;
    at = SkipDigits(text, at);
    if (at == fraction) return Fail(begin, word_end, word + " lacks digits after the point");
  }
  if (CharAt(text, at) == 'e' || CharAt(text, at) == 'E') {
    ++at;
    if (CharAt(text, at) == '+' || CharAt(text, at) == '-') ++at;
    const std::size_t exponent = at;
    at = SkipDigits(text, at);
    if (at == exponent) return Fail(begin, word_end, word + " lacks digits in its exponent");
  }
  if (at < word_end) {
    return Fail(begin, word_end,
                word + " is not a number of JSON; text is written in double quotes");
  }
  if (!FitsIn64Bits(text.substr(begin, at - begin))) {
    return Fail(
        Rule::kNumberOutOfRange, begin, at,
        "the number " + Quote(text.substr(begin, at - begin)) + " does not fit into 64 bits");
  }
  return {static_cast<std::uint32_t>(at), {}};
}

// Neither string nor number: true, false, null, or what somebody took for a value.
Lexeme ReadWord(std::string_view text, std::uint32_t at) {
  const std::uint32_t end = EndOfWord(text, at);
  const std::string_view word = text.substr(at, end - at);
  for (const std::string_view literal : {"true", "false", "null"}) {
    if (word == literal) return {end, {}};
    if (base::EqualsIgnoreCaseAscii(word, literal)) {
      return Fail(
          at, end,
          Quote(word) + " is not a value of JSON; write it in lower case: " + std::string(literal));
    }
  }
  if (word == "NaN" || word == "Infinity" || word == "+Infinity") {
    return Fail(at, end, Quote(word) + " is not a number of JSON");
  }
  if (word == "None" || word == "undefined" || word == "nil") {
    return Fail(at, end, Quote(word) + " is not a value of JSON; write null");
  }
  if (word.starts_with('+') || word.starts_with('.')) {
    return Fail(at, end,
                Quote(word) + " is not a number of JSON, which starts with a digit or \"-\"");
  }
  return Fail(at, end, Quote(word) + " is not a value of JSON; text is written in double quotes");
}

}  // namespace

Lexeme ReadScalar(std::string_view text, std::uint32_t at) {
  const char c = text[at];
  if (c == '"') return ReadString(text, at);
  if (c == '-' || base::IsDigit(c)) return ReadNumber(text, at);
  if (std::optional<SyntaxError> stray = DescribeStray(text, at)) return {0, std::move(stray)};
  return ReadWord(text, at);
}

std::optional<SyntaxError> DescribeStray(std::string_view text, std::uint32_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte == 0) {
    return Fail(at, at + 1,
                "a NUL byte; the document is cut, binary, or in UTF-16 instead of UTF-8")
        .error;
  }
  if (byte < 0x20 || byte == 0x7f) {
    return Fail(at, at + 1, "a control character (U+" + Hex(byte, 4) + ") between tokens").error;
  }
  if (byte == '\'') {
    return Fail(at, at + 1, "a single quote; strings and names are written in double quotes").error;
  }
  if (byte == '#')
    return Fail(at, at + 1, "\"#\" starts no comment; comments are // and /* */").error;
  if (byte == '/') {
    if (CharAt(text, at + 1) == '*') {
      return Fail(Rule::kUnterminatedJsonComment, at, at + 2,
                  "the comment is not closed; \"*/\" is missing")
          .error;
    }
    return Fail(at, at + 1, "a stray \"/\"; comments are // and /* */").error;
  }
  if (byte < 0x80) return {};
  const base::CodePoint code_point = base::DecodeUtf8(text, at);
  if (code_point.length == 0) return InvalidByte(text, at).error;
  const std::size_t end = at + code_point.length;
  const char32_t c = code_point.value;
  if (c >= 0x2018 && c <= 0x201f) {
    return Fail(at, end,
                "a typographic quote " + Quote(text.substr(at, end - at)) +
                    "; strings and names are written in plain double quotes")
        .error;
  }
  const bool blank = c == 0xa0 || c == 0x3000 || c == 0xfeff || (c >= 0x2000 && c <= 0x200f) ||
                     c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x2060;
  if (blank) {
    return Fail(at, end,
                "an invisible character (U+" + Hex(c, 4) +
                    ") between tokens; replace it by a plain space")
        .error;
  }
  return {};
}

std::optional<SyntaxError> FindForeignEncoding(std::string_view text) {
  struct Mark {
    std::string_view bytes;
    std::string_view encoding;
  };
  constexpr Mark kMarks[] = {{std::string_view("\xff\xfe\0\0", 4), "UTF-32"},
                             {std::string_view("\0\0\xfe\xff", 4), "UTF-32"},
                             {"\xff\xfe", "UTF-16"},
                             {"\xfe\xff", "UTF-16"}};
  for (const Mark& mark : kMarks) {
    if (!text.starts_with(mark.bytes)) continue;
    return Fail(Rule::kInvalidUtf8, 0, mark.bytes.size(),
                "the document is in " + std::string(mark.encoding) + "; save it as UTF-8")
        .error;
  }
  return {};
}

std::uint32_t EndOfWord(std::string_view text, std::uint32_t at) {
  constexpr std::string_view kDelimiters = " \t\n\r,:[]{}\"'/=";
  std::size_t end = at;
  while (end < text.size() && static_cast<unsigned char>(text[end]) > 0x20 &&
         kDelimiters.find(text[end]) == kDelimiters.npos) {
    const std::size_t length = base::DecodeUtf8(text, end).length;
    if (length == 0) break;
    end += length;
  }
  if (end == at) ++end;
  return static_cast<std::uint32_t>(end);
}

}  // namespace lockstep::json
