// StatementSplitter: $ \ : & outside of quotes, which are dollar quotes and parameters here, and
// commands and variables of clients there.
#include <algorithm>

#include "core/base/text.h"
#include "core/sql/dialect.h"
#include "core/sql/statement_splitter.h"

namespace lockstep::sql {
namespace {

/// Variables that psql sets by itself: it replaces these wherever it finds them.
// clang-format off
constexpr std::string_view kPsqlVariables[] = {
    "AUTOCOMMIT", "COMP_KEYWORD_CASE", "DBNAME", "ECHO", "ECHO_HIDDEN", "ENCODING", "ERROR",
    "FETCH_COUNT", "HIDE_TABLEAM", "HIDE_TOAST_COMPRESSION", "HISTCONTROL", "HISTFILE",
    "HISTSIZE", "HOST", "IGNOREEOF", "LASTOID", "LAST_ERROR_MESSAGE", "LAST_ERROR_SQLSTATE",
    "ON_ERROR_ROLLBACK", "ON_ERROR_STOP", "PORT", "PROMPT1", "PROMPT2", "PROMPT3", "QUIET",
    "ROW_COUNT", "SERVER_VERSION_NAME", "SERVER_VERSION_NUM", "SHELL_ERROR", "SHELL_EXIT_CODE",
    "SHOW_ALL_RESULTS", "SHOW_CONTEXT", "SINGLELINE", "SINGLESTEP", "SQLSTATE", "USER",
    "VERBOSITY", "VERSION", "VERSION_NAME", "VERSION_NUM"};
// clang-format on

bool IsVariableByte(char c) {
  return IsWordByte(Byte(c)) && c != '$';
}

}  // namespace

void StatementSplitter::OnDollar() {
  if (rules_.variable == '$') {  // sqlcmd
    const std::size_t name_end = lexer_.Word(at_ + 2);
    if (lexer_.At(at_ + 1) == '(' && name_end > at_ + 2 && lexer_.At(name_end) == ')') {
      Report(SplitProblemKind::kVariable, at_, name_end + 1,
             base::Quote(text_.substr(at_, name_end + 1 - at_)) +
                 " is a variable of sqlcmd, which has no value here; write the value");
    }
    return OnPlain();
  }
  const std::size_t floor = std::max(floor_, begin_);
  if (open_ && at_ > floor && IsWordByte(Byte(text_[at_ - 1]))) {
    std::size_t run = at_;  // the fast scan passed the beginning of this run of letters and digits
    while (run > floor && IsWordByte(Byte(text_[run - 1]))) --run;
    if (lexer_.Number(run) != at_) {  // an identifier: a$b$
      EndToken(lexer_.Word(at_));
      floor_ = at_;
      return;
    }
  }
  if (IsDigit(Byte(lexer_.At(at_ + 1)))) {  // $1: what follows is a token of its own …
    Token(at_);
    std::size_t end = at_ + 1;
    while (IsDigit(Byte(lexer_.At(end)))) ++end;
    // … but for one letter: "param_junk" of psqlscan.l since 15, so that $1E'' is no E''.
    if (IsWordStart(Byte(lexer_.At(end)))) ++end;
    EndToken(end);
    floor_ = at_;
    return;
  }
  const Lexeme quote = lexer_.DollarQuoted(at_);
  Token(at_);
  if (!quote.closed) {
    const std::size_t tag_end = text_.find('$', at_ + 1) + 1;
    Report(SplitProblemKind::kUnterminatedQuote, at_, tag_end,
           "unterminated dollar quote: the closing " +
               base::Quote(text_.substr(at_, tag_end - at_)) + " is missing");
  }
  EndToken(std::max(quote.end, at_ + 1));
  floor_ = at_;
}

void StatementSplitter::OnBackslash() {
  const std::size_t begin = at_;
  if (rules_.backslash == BackslashOutside::kMysql) {
    const char command = lexer_.At(at_ + 1);
    if (command == 'N') {  // NULL
      Token(at_);
      return EndToken(at_ + 2);
    }
    at_ = std::min(begin + 2, text_.size());
    Report(SplitProblemKind::kClientCommand, begin, at_,
           base::Quote(text_.substr(begin, at_ - begin)) +
               " is a command of the mysql client, not SQL; end statements with ';'");
    if (open_) MarkSolid(begin);
    if (open_ && (command == 'g' || command == 'G')) Close(begin);
    floor_ = limit_ = at_;
    return;
  }
  at_ = LineEnd(begin);
  const std::size_t word_end = std::min(text_.find_first_of(" \t\r\n", begin), at_);
  Report(SplitProblemKind::kClientCommand, begin, word_end,
         base::Quote(text_.substr(begin, word_end - begin)) +
             " is a command of psql, not SQL; remove it or write the SQL it stands for");
  if (open_) Close(begin);
}

void StatementSplitter::OnColon() {
  const char next = lexer_.At(at_ + 1);
  if (next == ':' || next == '=') {
    Token(at_);
    return EndToken(at_ + 2);
  }
  const bool quoted = next == '\'' || next == '"';
  const bool test = next == '{' && lexer_.At(at_ + 2) == '?';
  const std::size_t begin = at_ + 1 + (quoted ? 1 : 0) + (test ? 2 : 0);
  std::size_t end = begin;
  bool digits_only = true;
  while (end < text_.size() && IsVariableByte(text_[end]))
    digits_only &= IsDigit(Byte(text_[end++]));
  const std::string_view name = text_.substr(begin, end - begin);
  const bool complete =
      !name.empty() && (!quoted || lexer_.At(end) == next) && (!test || lexer_.At(end) == '}');
  const bool own = std::find(std::begin(kPsqlVariables), std::end(kPsqlVariables), name) !=
                   std::end(kPsqlVariables);
  const bool slice = !quoted && !test && (digits_only || brackets_ > 0) && !own;  // a[1:n]
  if (!complete || slice) return OnPlain();
  if (quoted || test) ++end;
  Report(SplitProblemKind::kVariable, at_, end,
         base::Quote(text_.substr(at_, end - at_)) +
             " is a variable of psql, which has no value here; write the value");
  Token(at_);
  EndToken(end);
  floor_ = at_;
}

void StatementSplitter::OnAmpersand() {
  std::size_t end = at_;
  while (lexer_.At(end) == '&') ++end;
  if (IsWordStart(Byte(lexer_.At(end)))) {
    end = lexer_.Word(end);
    Report(SplitProblemKind::kVariable, at_, end,
           base::Quote(text_.substr(at_, end - at_)) +
               " is a variable of SQL*Plus, which has no value here; write the value");
  }
  Token(at_);
  EndToken(end);
}

}  // namespace lockstep::sql
