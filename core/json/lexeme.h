// The scanner's tokens: strings, numbers and literals of strict JSON, and names for what is
// neither.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/json/scanner.h"

namespace lockstep::json {

struct Lexeme {
  std::uint32_t end = 0;  ///< when there is no error
  std::optional<SyntaxError> error;
};

/// The string, number or literal that starts at `at`. REQUIRES: at < text.size().
Lexeme ReadScalar(std::string_view text, std::uint32_t at);

/// Names what can never stand between tokens, whatever was expected: an ill-formed or invisible
/// character, a comment that does not end, a typographic or single quote. Nothing for others.
std::optional<SyntaxError> DescribeStray(std::string_view text, std::uint32_t at);

/// A text in UTF-16 or UTF-32, by its byte-order mark.
std::optional<SyntaxError> FindForeignEncoding(std::string_view text);

/// Where the run of letters, digits and the like that starts at `at` ends; at least one character.
std::uint32_t EndOfWord(std::string_view text, std::uint32_t at);

}  // namespace lockstep::json
