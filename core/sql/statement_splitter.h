// StatementSplitter: the machine behind Split. One pass, no recursion; every byte is looked at a
// bounded number of times. Between and at the start of statements it visits each token (the words
// say what kind of statement it is); as soon as words cannot matter any more it only stops at bytes
// that can.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/sql/classify.h"
#include "core/sql/dialect.h"
#include "core/sql/lexer.h"
#include "core/sql/splitter.h"

namespace lockstep::sql {

class StatementSplitter {
 public:
  StatementSplitter(Dialect dialect, std::string_view text);
  SplitResult Run();

 private:
  // One token.
  void Step();
  void OnWord();
  void OnQuote(Lexeme lexeme, std::string_view what);
  void OnDash();
  void OnSlash();
  void OnHash();
  void OnStar();
  void OnDollar();
  void OnBackslash();
  void OnColon();
  void OnAmpersand();
  void OnBracket();
  void OnParenthesis(bool opens);
  void OnTerminator();
  void OnPlain();
  bool SkipComment();
  void SkipToSpecial();

  // Statements.
  void Token(std::size_t begin);  ///< a token starts here: the statement does too, if none is open
  void EndToken(std::size_t end);
  /// The statement ends before `before`, where a terminator or the end of the text stands.
  void Close(std::size_t before, std::uint32_t repeat = 1);
  void MarkSolid(std::size_t before);
  void EndOfText();
  void SkipInlineData();

  // Blocks: what hides a terminator.
  void TrackBlock(Word word, std::size_t begin);
  void TrackTrigger(Word word);
  bool TerminatorIsHidden();

  // Client commands at the start of a statement or a line (statement_splitter_lines.cc).
  bool ClientWord(Word word, std::size_t begin, std::size_t end);
  void SetTerminator(std::size_t begin);
  void LineStart();
  void DelimiterLine(std::size_t at);
  void DotCommandLine(std::size_t at);
  void RefuseDotCommand();
  void GoLine(std::size_t at);
  void SlashLine(std::size_t at);
  void BangLine(std::size_t at);
  void ChangeDelimiter(std::string_view delimiter);
  std::size_t SkipBlanks(std::size_t at) const;
  std::size_t LineEnd(std::size_t at) const;
  /// Nothing but white space from here to the line's end.
  bool BlankToLineEnd(std::size_t at) const { return SkipBlanks(at) >= LineEnd(at); }
  std::string_view TrimmedLine(std::size_t at) const;

  void Report(SplitProblemKind kind, std::size_t begin, std::size_t end, std::string message);

  const Dialect dialect_;
  const LexRules rules_;
  const std::string_view text_;
  const Lexer lexer_;
  const ByteTable base_kinds_;
  ByteTable kinds_;                  // base_kinds_, with the first byte of delimiter_ as kSemicolon
  std::array<bool, 256> special_{};  // where the fast scan stops
  std::string delimiter_ = ";";      // empty: only lines end statements

  std::size_t at_ = 0;
  std::size_t floor_ = 0;  // no token before this place reaches beyond it

  // Of the open statement.
  bool open_ = false;
  bool careful_ = true;  // visit each token
  std::size_t begin_ = 0;
  std::size_t solid_end_ = 0;  // end of the last token before limit_
  std::size_t limit_ = 0;      // end of the last comment
  StatementWords words_;
  bool after_open_ = false;  // the last token was an opening parenthesis
  std::size_t parens_ = 0, first_paren_ = 0;
  std::size_t brackets_ = 0;
  std::size_t blocks_ = 0, first_block_ = 0;
  enum class Trigger : std::uint8_t { kStart, kExplain, kCreate, kNone, kBody, kSemicolon, kEnd };
  Trigger trigger_ = Trigger::kStart;

  bool in_conditional_ = false;  // MySQL /*! … */
  std::size_t conditional_begin_ = 0;
  bool slash_would_repeat_ = false;  // Oracle: a `/` line now would run the last statement again
  SplitResult result_;
};

}  // namespace lockstep::sql
