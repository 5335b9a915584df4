// Lexer: where a quote, comment or number that begins at a place ends. It knows no statements.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/sql/dialect.h"

namespace lockstep::sql {

struct Lexeme {
  std::size_t end;
  bool closed = true;  ///< false: the text ended first, and `end` is its end
};

class Lexer {
 public:
  Lexer(const LexRules& rules, std::string_view text) : rules_(rules), text_(text) {}

  /// `at` is the ' that opens a string; letters before it (E, q, nq) are found by looking back, not
  /// further than `floor`.
  Lexeme SingleQuoted(std::size_t at, std::size_t floor) const;
  Lexeme DoubleQuoted(std::size_t at) const { return Quoted(at, '"', rules_.backslash_double); }
  Lexeme Backticked(std::size_t at) const { return Quoted(at, '`', rules_.backslash_backtick); }
  Lexeme Bracketed(std::size_t at) const;
  /// `at` is a `$`. Empty (end == at) when it starts no dollar quote.
  Lexeme DollarQuoted(std::size_t at) const;

  bool StartsLineComment(std::size_t at) const;
  bool StartsBlockComment(std::size_t at) const { return At(at) == '/' && At(at + 1) == '*'; }
  /// To the line's end, which stays.
  std::size_t LineComment(std::size_t at) const;
  Lexeme BlockComment(std::size_t at) const;

  std::size_t Word(std::size_t at) const;
  /// Digits and exponent: what follows is another token, `1$a$` is a number and a dollar quote.
  std::size_t Number(std::size_t at) const;

  /// 0 beyond the end.
  char At(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

 private:
  Lexeme Quoted(std::size_t at, char quote, bool backslash) const;
  Lexeme EscapeString(std::size_t at) const;
  Lexeme QQuoted(std::size_t at) const;
  const LexRules& rules_;
  std::string_view text_;
};

}  // namespace lockstep::sql
