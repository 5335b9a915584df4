// How each dialect is lexed: one row of switches per dialect, which is all that lexer and splitter
// know of it.
#pragma once

#include <array>
#include <cstdint>

#include "core/sql/engine.h"

namespace lockstep::sql {

enum class DollarQuotes : std::uint8_t { kNone, kTagged, kPlain };  ///< $tag$ … $tag$; only $$ … $$
enum class DashComment : std::uint8_t { kAlways, kBeforeSpace };  ///< MySQL: `--1` is arithmetic
enum class BackslashOutside : std::uint8_t {
  kPlain,
  kPsql,
  kMysql
};  ///< outside quotes: a client command?
/// What stands for itself at the start of a line.
enum class LineRules : std::uint8_t { kNone, kDelimiter, kDotCommands, kSlash, kGo, kBang };
enum class Blocks : std::uint8_t {
  kNone,
  kBeginAtomic,  ///< PostgreSQL: BEGIN ATOMIC … END, and parentheses, hide the terminator
  kTrigger,      ///< SQLite: CREATE TRIGGER … ends at `; END ;`
  kWholeUnit,    ///< Oracle: PL/SQL ends at a line of `/` only
  kMustDelimit,  ///< MySQL, Firebird: a body needs another terminator, or it is cut
};

struct LexRules {
  bool backslash_single = false;  ///< '…\'…'
  bool backslash_double = false;  ///< "…\"…"
  bool escape_strings = false;    ///< E'…\'…'
  bool backticks = false;
  bool backslash_backtick = false;
  bool brackets = false;          ///< [a;b]
  bool doubled_brackets = false;  ///< [a]]b]
  bool q_quotes = false;          ///< q'[…]'
  bool nested_comments = false;
  bool open_comment_ends_text = false;  ///< a comment may end with the text
  bool conditional_comments = false;    ///< /*! code */
  bool hash_comment = false;
  bool slash_comment = false;     ///< // …
  bool return_ends_line = false;  ///< a lone \r ends a line comment
  DollarQuotes dollars = DollarQuotes::kNone;
  DashComment dashes = DashComment::kAlways;
  BackslashOutside backslash = BackslashOutside::kPlain;
  LineRules lines = LineRules::kNone;
  Blocks blocks = Blocks::kNone;
  char variable = 0;  ///< ':' psql, '$' sqlcmd $(…), '&' SQL*Plus
};

constexpr LexRules RulesOf(Dialect dialect) {
  LexRules r;
  switch (dialect) {
    case Dialect::kPostgres:
      r.escape_strings = r.nested_comments = r.return_ends_line = true;
      r.dollars = DollarQuotes::kTagged;
      r.backslash = BackslashOutside::kPsql;
      r.blocks = Blocks::kBeginAtomic;
      r.variable = ':';
      break;
    case Dialect::kMysql:
      r.backslash_single = r.backslash_double = r.backticks = true;
      r.hash_comment = r.conditional_comments = true;
      r.dashes = DashComment::kBeforeSpace;
      r.backslash = BackslashOutside::kMysql;
      r.lines = LineRules::kDelimiter;
      r.blocks = Blocks::kMustDelimit;
      break;
    case Dialect::kSqlite:
      r.backticks = r.brackets = r.open_comment_ends_text = true;
      r.lines = LineRules::kDotCommands;
      r.blocks = Blocks::kTrigger;
      break;
    case Dialect::kOracle:
      r.q_quotes = true;
      r.lines = LineRules::kSlash;
      r.blocks = Blocks::kWholeUnit;
      r.variable = '&';
      break;
    case Dialect::kMssql:
      r.brackets = r.doubled_brackets = r.nested_comments = true;
      r.lines = LineRules::kGo;
      r.variable = '$';
      break;
    case Dialect::kFirebird:
      r.q_quotes = true;
      r.blocks = Blocks::kMustDelimit;
      break;
    case Dialect::kClickhouse:
      r.backslash_single = r.backslash_double = r.backticks = r.backslash_backtick = true;
      r.hash_comment = true;
      r.dollars = DollarQuotes::kTagged;
      break;
    case Dialect::kSnowflake:
      r.backslash_single = r.slash_comment = true;
      r.dollars = DollarQuotes::kPlain;
      r.lines = LineRules::kBang;
      break;
    case Dialect::kDuckdb:
      r.escape_strings = r.nested_comments = true;
      r.dollars = DollarQuotes::kTagged;
      r.lines = LineRules::kDotCommands;
      break;
    case Dialect::kGeneric:
      r.backticks = true;
      break;
  }
  return r;
}

/// What a byte can be the start of, outside quotes and comments.
enum class ByteKind : std::uint8_t {
  kPlain,
  kSpace,
  kNewline,
  kWord,
  kDigit,
  kSingle,
  kDouble,
  kBacktick,
  kBracket,
  kCloseBracket,
  kDash,
  kSlash,
  kStar,
  kHash,
  kDollar,
  kBackslash,
  kColon,
  kAmpersand,
  kSemicolon,
  kOpen,
  kClose,
};

using ByteTable = std::array<ByteKind, 256>;

constexpr bool IsWordStart(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}
constexpr unsigned char Byte(char c) {
  return static_cast<unsigned char>(c);
}
constexpr bool IsDigit(unsigned char c) {
  return c >= '0' && c <= '9';
}
constexpr bool IsWordByte(unsigned char c) {
  return IsWordStart(c) || IsDigit(c) || c == '$';
}
constexpr bool IsSpace(unsigned char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
constexpr bool IsBlank(unsigned char c) {
  return IsSpace(c) && c != '\n';
}  // within a line

/// Only what the dialect gives a meaning is not kPlain, so that all else can be skipped.
constexpr ByteTable BytesOf(const LexRules& r) {
  ByteTable table{};
  const auto set = [&table](char c, ByteKind kind, bool wanted = true) {
    if (wanted) table[static_cast<unsigned char>(c)] = kind;
  };
  for (int c = 0; c < 256; ++c) {
    const auto byte = static_cast<unsigned char>(c);
    if (IsWordStart(byte)) table[byte] = ByteKind::kWord;
    if (IsDigit(byte)) table[byte] = ByteKind::kDigit;
    if (IsSpace(byte)) table[byte] = ByteKind::kSpace;
  }
  set('\n', ByteKind::kNewline);
  set('\'', ByteKind::kSingle);
  set('"', ByteKind::kDouble);
  set('`', ByteKind::kBacktick, r.backticks);
  set('[', ByteKind::kBracket, r.brackets || r.variable == ':');
  set(']', ByteKind::kCloseBracket, r.variable == ':');
  set('-', ByteKind::kDash);
  set('/', ByteKind::kSlash);
  set('*', ByteKind::kStar, r.conditional_comments);
  set('#', ByteKind::kHash, r.hash_comment);
  set('$', ByteKind::kDollar, r.dollars != DollarQuotes::kNone || r.variable == '$');
  set('\\', ByteKind::kBackslash, r.backslash != BackslashOutside::kPlain);
  set(':', ByteKind::kColon, r.variable == ':');
  set('&', ByteKind::kAmpersand, r.variable == '&');
  set(';', ByteKind::kSemicolon);
  set('(', ByteKind::kOpen);
  set(')', ByteKind::kClose);
  return table;
}

}  // namespace lockstep::sql
