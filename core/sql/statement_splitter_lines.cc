// StatementSplitter: commands of clients, which stand at the start of a statement or of a line.
#include <algorithm>

#include "core/base/text.h"
#include "core/sql/statement_splitter.h"

namespace lockstep::sql {
namespace {

bool IsWordEnd(char c) {
  return !IsWordByte(static_cast<unsigned char>(c));
}

std::string_view ClientOf(Dialect dialect) {
  switch (dialect) {
    case Dialect::kMysql:
      return "the mysql client";
    case Dialect::kOracle:
      return "SQL*Plus";
    case Dialect::kFirebird:
      return "isql";
    case Dialect::kMssql:
      return "sqlcmd";
    case Dialect::kSnowflake:
      return "snowsql";
    case Dialect::kDuckdb:
      return "the duckdb shell";
    default:
      return "the sqlite3 shell";
  }
}

std::string NotSql(Dialect dialect, std::string_view command) {
  return base::Quote(command) + " is a command of " + std::string(ClientOf(dialect)) +
         ", not SQL; remove it from the sheet";
}

}  // namespace

std::size_t StatementSplitter::SkipBlanks(std::size_t at) const {
  while (at < text_.size() && IsBlank(static_cast<unsigned char>(text_[at]))) ++at;
  return at;
}

std::size_t StatementSplitter::LineEnd(std::size_t at) const {
  const std::size_t end = text_.find('\n', at);
  return end == std::string_view::npos ? text_.size() : end;
}

std::string_view StatementSplitter::TrimmedLine(std::size_t at) const {
  at = SkipBlanks(at);
  std::string_view line = text_.substr(at, LineEnd(at) - at);
  while (!line.empty() && IsSpace(static_cast<unsigned char>(line.back()))) line.remove_suffix(1);
  return line;
}

/// The first word of a statement. True when it was a command and is dealt with.
bool StatementSplitter::ClientWord(Word word, std::size_t begin, std::size_t end) {
  if (word == Word::NONE) return false;
  const std::size_t next = SkipBlanks(end);
  const std::string_view second = text_.substr(next, lexer_.Word(next) - next);
  if (dialect_ == Dialect::kFirebird && word == Word::SET && FindWord(second) == Word::TERM) {
    SetTerminator(begin);
    return true;
  }
  if (dialect_ == Dialect::kOracle && (word == Word::REM || word == Word::REMARK)) {
    at_ = LineEnd(begin);
    return true;
  }
  if (!IsClientCommand(dialect_, word, second)) return false;
  Report(SplitProblemKind::kClientCommand, begin, end,
         NotSql(dialect_, text_.substr(begin, end - begin)));
  // Elsewhere it goes on to the terminator, as a statement would.
  if (dialect_ != Dialect::kOracle) return false;
  // A `-` at a line's end joins it with the next.
  std::size_t line_end = LineEnd(begin);
  while (line_end < text_.size() && TrimmedLine(begin).ends_with('-')) {
    begin = line_end + 1;
    line_end = LineEnd(begin);
  }
  at_ = line_end;
  return true;
}

/// Firebird: SET TERM new old
void StatementSplitter::SetTerminator(std::size_t begin) {
  std::size_t at = SkipBlanks(begin + 3);
  at = lexer_.Word(at);  // behind TERM
  while (at < text_.size() && IsSpace(static_cast<unsigned char>(text_[at]))) ++at;
  const std::size_t line_end = LineEnd(at);
  const std::size_t old =
      at < line_end ? text_.substr(0, line_end).find(delimiter_, at + 1) : std::string_view::npos;
  const std::size_t stop = std::min(old, line_end);
  std::string_view wanted = text_.substr(at, stop - at);
  while (!wanted.empty() && IsSpace(static_cast<unsigned char>(wanted.back())))
    wanted.remove_suffix(1);
  if (wanted.empty() || wanted.size() > 15 || old == std::string_view::npos) {
    Report(
        SplitProblemKind::kDelimiterMisuse, begin, begin + 3,
        "SET TERM needs the new terminator and then the present one, " + base::Quote(delimiter_));
    at_ = LineEnd(begin);
    return;
  }
  at_ = old + delimiter_.size();
  ChangeDelimiter(wanted);
}

void StatementSplitter::LineStart() {
  const std::size_t at = SkipBlanks(at_);
  if (at >= text_.size()) return;
  switch (rules_.lines) {
    case LineRules::kNone:
      return;
    case LineRules::kDelimiter:
      return DelimiterLine(at);
    case LineRules::kDotCommands:
      return DotCommandLine(at);
    case LineRules::kSlash:
      return SlashLine(at);
    case LineRules::kGo:
      return GoLine(at);
    case LineRules::kBang:
      return BangLine(at);
  }
}

/// mysql: DELIMITER // at the start of a line. The client takes what follows up to white space.
void StatementSplitter::DelimiterLine(std::size_t at) {
  constexpr std::string_view kWord = "delimiter";
  if ((text_[at] | 0x20) != 'd' ||
      !base::EqualsIgnoreCaseAscii(text_.substr(at, kWord.size()), kWord))
    return;
  const std::size_t after = at + kWord.size();
  if (after < text_.size() && !IsSpace(static_cast<unsigned char>(text_[after]))) return;
  std::string_view wanted = TrimmedLine(after < LineEnd(at) ? after : LineEnd(at));
  if (LineEnd(at) <= after) wanted = {};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (IsSpace(static_cast<unsigned char>(wanted[i]))) wanted = wanted.substr(0, i);
  }
  if (wanted.size() >= 2 && (wanted[0] == '\'' || wanted[0] == '"') && wanted.back() == wanted[0]) {
    wanted = wanted.substr(1, wanted.size() - 2);
  }
  if (open_) {
    // A column of this name can stand here; a delimiter is hardly ever a word there.
    if (wanted.empty() || IsWordByte(static_cast<unsigned char>(wanted[0])) || wanted[0] == ',')
      return;
    Report(SplitProblemKind::kDelimiterMisuse, at, after,
           "DELIMITER inside a statement; end the statement with " + base::Quote(delimiter_) +
               " before it");
    Close(at);
  }
  at_ = LineEnd(at);
  if (wanted.empty() || wanted.size() > 15 || wanted.find('\\') != std::string_view::npos) {
    Report(SplitProblemKind::kDelimiterMisuse, at, after,
           "DELIMITER needs 1 to 15 characters, without a backslash");
    return;
  }
  ChangeDelimiter(wanted);
}

/// sqlite3 and duckdb: dot-commands and `#` at column 1 between statements; `/` or `go` alone on a
/// line, with comments at most, ends a statement in the shell, but is an operator or a name for the
/// library.
void StatementSplitter::DotCommandLine(std::size_t at) {
  const char c = text_[at];
  if (!open_ && at == at_ && (c == '.' || c == '#')) {
    const std::size_t end = LineEnd(at);
    const std::string_view line = TrimmedLine(at);
    Report(SplitProblemKind::kClientCommand, at, at + line.size(),
           c == '#' ? "unexpected '#': a comment only in the shell; write '--'"
                    : NotSql(dialect_, line.substr(0, line.find_first_of(" \t"))));
    at_ = end;
    return;
  }
  const std::size_t size = c == '/' ? 1 : 2;
  if (c != '/' && !base::EqualsIgnoreCaseAscii(text_.substr(at, 2), "go")) return;
  if (trigger_ == Trigger::kBody && open_) return;  // incomplete for the shell: it reads on
  std::size_t rest = SkipBlanks(at + size);
  while (lexer_.StartsBlockComment(rest)) rest = SkipBlanks(lexer_.BlockComment(rest).end);
  if (rest < LineEnd(at) && !lexer_.StartsLineComment(rest)) return;
  Report(
      SplitProblemKind::kClientCommand, at, at + size,
      base::Quote(text_.substr(at, size)) +
          " alone on its line ends a statement in the shell; put it on a line with something else");
}

/// Behind a blank, a comment or another statement it is no command of the shell yet. It would be
/// one in any script that gives each statement a line of its own.
void StatementSplitter::RefuseDotCommand() {
  if (rules_.lines != LineRules::kDotCommands) return;
  if (text_[begin_] != '.' && text_[begin_] != '#') return;
  const std::string_view line = TrimmedLine(begin_);
  Report(SplitProblemKind::kClientCommand, begin_, begin_ + line.size(),
         NotSql(dialect_, line.substr(0, line.find_first_of(" \t"))));
}

/// SQL Server: GO [count] ends a batch; lines of `:command`, `!!` and a few words are sqlcmd's.
void StatementSplitter::GoLine(std::size_t at) {
  const std::string_view line = TrimmedLine(at);
  const bool command =
      (line[0] == ':' && line.size() > 1 && IsWordStart(static_cast<unsigned char>(line[1]))) ||
      line.starts_with("!!") || base::EqualsIgnoreCaseAscii(line, "ed") ||
      base::EqualsIgnoreCaseAscii(line, "exit") ||
      base::EqualsIgnoreCaseAscii(line.substr(0, 5), "exit(") ||
      base::EqualsIgnoreCaseAscii(line, "quit") || base::EqualsIgnoreCaseAscii(line, "reset");
  if (command) {
    Report(SplitProblemKind::kClientCommand, at, at + line.size(),
           NotSql(dialect_, line.substr(0, line.find_first_of(" \t"))));
    if (open_) MarkSolid(at);
    at_ = limit_ = LineEnd(at);
    return;
  }
  if (!base::EqualsIgnoreCaseAscii(line.substr(0, 2), "go") ||
      (line.size() > 2 && !IsWordEnd(line[2])))
    return;
  std::size_t digit = SkipBlanks(at + 2);
  std::uint32_t count = 0;
  const std::size_t digits = digit;
  while (IsDigit(static_cast<unsigned char>(lexer_.At(digit))) && digit - digits < 9) {
    count = count * 10 + static_cast<std::uint32_t>(text_[digit++] - '0');
  }
  const std::size_t rest = SkipBlanks(digit);
  const std::size_t end = LineEnd(at);
  if (rest < end && !lexer_.StartsLineComment(rest)) {
    if (lexer_.At(SkipBlanks(at + 2)) == '=' || lexer_.At(SkipBlanks(at + 2)) == ',')
      return;  // a column
    Report(SplitProblemKind::kDelimiterMisuse, at, at + line.size(),
           "GO is alone on its line, or before a number of repetitions");
  }
  if (open_) Close(at, digit == digits ? 1 : count);
  at_ = end;
}

/// Oracle: a line of `/` ends the statement or PL/SQL unit; after a `;` it would run the statement
/// again.
void StatementSplitter::SlashLine(std::size_t at) {
  const char c = text_[at];
  if (c == '/' && BlankToLineEnd(at + 1)) {
    if (open_) {
      Close(at);
    } else if (slash_would_repeat_) {
      Report(SplitProblemKind::kDelimiterMisuse, at, at + 1,
             "'/' after ';' runs the statement a second time; remove one of them");
    }
    slash_would_repeat_ = false;
    at_ = LineEnd(at);
  } else if (!open_ && (c == '@' || c == '!' || (c == '.' && BlankToLineEnd(at + 1)))) {
    const std::string_view line = TrimmedLine(at);
    Report(SplitProblemKind::kClientCommand, at, at + line.size(),
           NotSql(dialect_, line.substr(0, line.find(' '))));
    at_ = LineEnd(at);
  }
}

/// snowsql: !source, !system …
void StatementSplitter::BangLine(std::size_t at) {
  if (open_ || text_[at] != '!') return;
  const std::string_view line = TrimmedLine(at);
  Report(SplitProblemKind::kClientCommand, at, at + line.size(),
         NotSql(dialect_, line.substr(0, line.find(' '))));
  at_ = LineEnd(at);
}

}  // namespace lockstep::sql
