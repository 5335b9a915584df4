#include "core/sql/lexer.h"

namespace lockstep::sql {
namespace {

bool IsLetter(char c, char lower) {
  return c == lower || c == lower - 32;
}

}  // namespace

Lexeme Lexer::Quoted(std::size_t at, char quote, bool backslash) const {
  std::size_t from = at + 1;
  if (!backslash) {
    for (;;) {
      const std::size_t close = text_.find(quote, from);
      if (close == std::string_view::npos) return {text_.size(), false};
      if (At(close + 1) != quote) return {close + 1};
      from = close + 2;
    }
  }
  while (from < text_.size()) {
    const char c = text_[from];
    if (c == '\\') {
      from += 2;
    } else if (c != quote) {
      ++from;
    } else if (At(from + 1) == quote) {
      from += 2;
    } else {
      return {from + 1};
    }
  }
  return {text_.size(), false};
}

// PostgreSQL joins strings that only white space and line comments with a newline separate, and
// reads the second one as the first: E'a' newline 'b\'c' is one escape string (scan.l,
// quotecontinue).
Lexeme Lexer::EscapeString(std::size_t at) const {
  for (;;) {
    const Lexeme part = Quoted(at, '\'', true);
    if (!part.closed) return part;
    std::size_t next = part.end;
    bool newline = false;
    while (next < text_.size()) {
      if (IsSpace(text_[next])) {
        newline |= text_[next] == '\n' || text_[next] == '\r';
        ++next;
      } else if (StartsLineComment(next)) {
        next = LineComment(next);
      } else {
        break;
      }
    }
    if (!newline || At(next) != '\'') return part;
    at = next;
  }
}

Lexeme Lexer::QQuoted(std::size_t at) const {
  constexpr std::string_view kOpen = "[{(<", kClose = "]})>";
  const char open = At(at + 1);
  const std::size_t pair = kOpen.find(open);
  const char close[] = {pair == std::string_view::npos ? open : kClose[pair], '\''};
  const std::size_t end = text_.find(std::string_view(close, 2), at + 2);
  if (end == std::string_view::npos) return {text_.size(), false};
  return {end + 2};
}

Lexeme Lexer::SingleQuoted(std::size_t at, std::size_t floor) const {
  const auto before = [&](std::size_t back) { return at >= floor + back ? text_[at - back] : ' '; };
  const auto starts_word = [&](std::size_t back) {
    return !IsWordByte(static_cast<unsigned char>(before(back + 1)));
  };
  if (rules_.escape_strings && IsLetter(before(1), 'e') && starts_word(1)) return EscapeString(at);
  if (rules_.q_quotes && IsLetter(before(1), 'q') &&
      !IsSpace(static_cast<unsigned char>(At(at + 1)))) {
    if (starts_word(1) || (IsLetter(before(2), 'n') && starts_word(2))) return QQuoted(at);
  }
  return Quoted(at, '\'', rules_.backslash_single);
}

Lexeme Lexer::Bracketed(std::size_t at) const {
  std::size_t from = at + 1;
  for (;;) {
    const std::size_t close = text_.find(']', from);
    if (close == std::string_view::npos) return {text_.size(), false};
    if (!rules_.doubled_brackets || At(close + 1) != ']') return {close + 1};
    from = close + 2;
  }
}

Lexeme Lexer::DollarQuoted(std::size_t at) const {
  std::size_t tag = at + 1;
  if (rules_.dollars == DollarQuotes::kTagged && IsWordStart(static_cast<unsigned char>(At(tag)))) {
    while (tag < text_.size() && text_[tag] != '$' &&
           IsWordByte(static_cast<unsigned char>(text_[tag]))) {
      ++tag;
    }
  }
  if (At(tag) != '$') return {at};
  const std::string_view delimiter = text_.substr(at, tag + 1 - at);
  const std::size_t close = text_.find(delimiter, tag + 1);
  if (close == std::string_view::npos) return {text_.size(), false};
  return {close + delimiter.size()};
}

bool Lexer::StartsLineComment(std::size_t at) const {
  const char c = At(at);
  if (c == '-' && At(at + 1) == '-') {
    // MySQL: only before white space, a control character or the end.
    return rules_.dashes == DashComment::kAlways || static_cast<unsigned char>(At(at + 2)) <= ' ';
  }
  return (c == '#' && rules_.hash_comment) ||
         (c == '/' && rules_.slash_comment && At(at + 1) == '/');
}

std::size_t Lexer::LineComment(std::size_t at) const {
  const std::size_t end =
      rules_.return_ends_line ? text_.find_first_of("\r\n", at) : text_.find('\n', at);
  return end == std::string_view::npos ? text_.size() : end;
}

Lexeme Lexer::BlockComment(std::size_t at) const {
  if (!rules_.nested_comments) {
    const std::size_t end = text_.find("*/", at + 2);
    if (end == std::string_view::npos) return {text_.size(), false};
    return {end + 2};
  }
  std::size_t depth = 1;
  for (std::size_t from = at + 2; from + 1 < text_.size();) {
    if (text_[from] == '*' && text_[from + 1] == '/') {
      from += 2;
      if (--depth == 0) return {from};
    } else if (text_[from] == '/' && text_[from + 1] == '*') {
      from += 2;
      ++depth;
    } else {
      ++from;
    }
  }
  return {text_.size(), false};
}

std::size_t Lexer::Word(std::size_t at) const {
  while (at < text_.size() && IsWordByte(static_cast<unsigned char>(text_[at]))) ++at;
  return at;
}

std::size_t Lexer::Number(std::size_t at) const {
  if (!IsDigit(static_cast<unsigned char>(At(at)))) return at;
  while (IsDigit(static_cast<unsigned char>(At(at)))) ++at;
  if (IsLetter(At(at), 'e') && IsDigit(static_cast<unsigned char>(At(at + 1)))) {
    ++at;
    while (IsDigit(static_cast<unsigned char>(At(at)))) ++at;
  }
  return at;
}

}  // namespace lockstep::sql
