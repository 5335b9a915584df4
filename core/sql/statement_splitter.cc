#include "core/sql/statement_splitter.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/sql/dialect.h"

namespace lockstep::sql {
namespace {

using Kind = ByteKind;

}  // namespace

StatementSplitter::StatementSplitter(Dialect dialect, std::string_view text)
    : dialect_(dialect),
      rules_(RulesOf(dialect)),
      text_(text),
      lexer_(rules_, text_),
      base_kinds_(BytesOf(rules_)),
      kinds_(base_kinds_) {
  if (rules_.lines == LineRules::kGo) delimiter_.clear();
  ChangeDelimiter(delimiter_);
}

void StatementSplitter::ChangeDelimiter(std::string_view delimiter) {
  delimiter_ = delimiter;
  kinds_ = base_kinds_;
  kinds_[';'] = Kind::kPlain;
  if (!delimiter_.empty()) kinds_[Byte(delimiter_[0])] = Kind::kSemicolon;
  for (std::size_t c = 0; c < special_.size(); ++c) {
    switch (kinds_[c]) {
      case Kind::kPlain:
      case Kind::kSpace:
      case Kind::kWord:
      case Kind::kDigit:
        special_[c] = false;
        break;
      case Kind::kNewline:
        special_[c] = rules_.lines != LineRules::kNone;
        break;
      case Kind::kOpen:
      case Kind::kClose:
        special_[c] = rules_.blocks == Blocks::kBeginAtomic;
        break;
      default:
        special_[c] = true;
    }
  }
}

SplitResult StatementSplitter::Run() {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  if (const std::size_t nul = text_.find('\0'); nul != std::string_view::npos) {
    Report(SplitProblemKind::kClientCommand, nul, nul + 1,
           "a NUL byte, at which clients cut the text; remove it");
  }
  LineStart();
  while (at_ < text_.size()) {
    if (open_ && !careful_) SkipToSpecial();
    if (at_ < text_.size()) Step();
  }
  EndOfText();
  std::stable_sort(
      result_.problems.begin(), result_.problems.end(),
      [](const SplitProblem& a, const SplitProblem& b) { return a.span.begin < b.span.begin; });
  return std::move(result_);
}

void StatementSplitter::SkipToSpecial() {
  const char* const data = text_.data();
  const std::size_t size = text_.size();
  std::size_t at = at_;
  while (at + 4 <= size) {
    if (special_[Byte(data[at])]) {
      at_ = at;
      return;
    }
    if (special_[Byte(data[at + 1])]) {
      at_ = at + 1;
      return;
    }
    if (special_[Byte(data[at + 2])]) {
      at_ = at + 2;
      return;
    }
    if (special_[Byte(data[at + 3])]) {
      at_ = at + 3;
      return;
    }
    at += 4;
  }
  while (at < size && !special_[Byte(data[at])]) ++at;
  at_ = at;
}

void StatementSplitter::Step() {
  Kind kind = kinds_[Byte(text_[at_])];
  if (kind == Kind::kSemicolon) {
    if (text_.substr(at_, delimiter_.size()) == delimiter_) return OnTerminator();
    kind = base_kinds_[Byte(text_[at_])];
  }
  switch (kind) {
    case Kind::kSpace:
      ++at_;
      break;
    case Kind::kNewline:
      ++at_;
      if (rules_.lines != LineRules::kNone) LineStart();
      break;
    case Kind::kWord:
      OnWord();
      break;
    case Kind::kSingle:
      OnQuote(lexer_.SingleQuoted(at_, std::max(floor_, begin_)), "string");
      break;
    case Kind::kDouble:
      OnQuote(lexer_.DoubleQuoted(at_), "quoted name");
      break;
    case Kind::kBacktick:
      OnQuote(lexer_.Backticked(at_), "quoted name");
      break;
    case Kind::kBracket:
      OnBracket();
      break;
    case Kind::kCloseBracket:
      if (brackets_ > 0) --brackets_;
      OnPlain();
      break;
    case Kind::kDash:
      OnDash();
      break;
    case Kind::kSlash:
      OnSlash();
      break;
    case Kind::kStar:
      OnStar();
      break;
    case Kind::kHash:
      OnHash();
      break;
    case Kind::kDollar:
      OnDollar();
      break;
    case Kind::kBackslash:
      OnBackslash();
      break;
    case Kind::kColon:
      OnColon();
      break;
    case Kind::kAmpersand:
      OnAmpersand();
      break;
    case Kind::kOpen:
      OnParenthesis(true);
      break;
    case Kind::kClose:
      OnParenthesis(false);
      break;
    case Kind::kDigit:
    case Kind::kPlain:
    case Kind::kSemicolon:
      OnPlain();
      break;
  }
}

void StatementSplitter::OnWord() {
  const std::size_t begin = at_;
  std::size_t end = lexer_.Word(begin);
  if (delimiter_.size() > 1 || (delimiter_.size() == 1 && delimiter_[0] != ';')) {
    // DELIMITER $$ and END$$: a client looks for its delimiter in the middle of words too.
    const std::size_t cut =
        text_.substr(begin, end - begin + delimiter_.size() - 1).find(delimiter_);
    if (cut != std::string_view::npos) end = begin + cut;
  }
  const Word word = FindWord(text_.substr(begin, end - begin));
  if ((!open_ || words_.count() == 0) && ClientWord(word, begin, end)) return;
  const bool after_open = open_ && after_open_;
  Token(begin);
  constexpr std::string_view kStringPrefixes = "eEbBxXnN";
  const bool is_prefix = end == begin + 1 && lexer_.At(end) == '\'' &&
                         kStringPrefixes.find(text_[begin]) != std::string_view::npos;
  const bool is_unicode = rules_.escape_strings && end == begin + 1 &&
                          (text_[begin] | 0x20) == 'u' && lexer_.At(end) == '&' &&
                          (lexer_.At(end + 1) == '\'' || lexer_.At(end + 1) == '"');
  if (is_prefix || is_unicode) return EndToken(end);
  words_.Add(word, parens_, after_open);
  TrackBlock(word, begin);
  if (rules_.blocks == Blocks::kTrigger) TrackTrigger(word);
  const bool in_trigger = rules_.blocks == Blocks::kTrigger && trigger_ != Trigger::kNone;
  careful_ = in_trigger || WantsMoreWords(dialect_, words_);
  EndToken(end);
}

void StatementSplitter::OnPlain() {
  Token(at_);
  if (rules_.blocks == Blocks::kTrigger) TrackTrigger(Word::NONE);
  std::size_t end = at_ + 1;
  if (IsDigit(Byte(text_[at_]))) {
    end = rules_.dollars == DollarQuotes::kNone ? lexer_.Word(at_) : lexer_.Number(at_);
  } else if (text_[at_] == '$') {
    end = lexer_.Word(at_);
  }
  EndToken(end);
}

void StatementSplitter::OnQuote(Lexeme lexeme, std::string_view what) {
  Token(at_);
  if (rules_.blocks == Blocks::kTrigger) TrackTrigger(Word::NONE);
  if (!lexeme.closed) {
    Report(SplitProblemKind::kUnterminatedQuote, at_, at_ + 1,
           "unterminated " + std::string(what) + ": the closing " + text_[at_] + " is missing");
  }
  EndToken(lexeme.end);
  floor_ = at_;
}

bool StatementSplitter::SkipComment() {
  std::size_t end;
  if (lexer_.StartsLineComment(at_)) {
    end = lexer_.LineComment(at_);
  } else if (lexer_.StartsBlockComment(at_)) {
    const Lexeme comment = lexer_.BlockComment(at_);
    if (!comment.closed && !rules_.open_comment_ends_text) {
      Report(SplitProblemKind::kUnterminatedComment, at_, at_ + 2,
             "unterminated comment: the closing */ is missing");
    }
    end = comment.end;
  } else {
    return false;
  }
  if (open_) MarkSolid(at_);
  at_ = limit_ = floor_ = end;
  return true;
}

void StatementSplitter::OnDash() {
  if (!SkipComment()) OnPlain();
}

void StatementSplitter::OnHash() {
  if (!SkipComment()) OnPlain();
}

void StatementSplitter::OnSlash() {
  const std::string_view rest = text_.substr(at_, 4);
  const bool mariadb = rest == "/*M!";
  if (rules_.conditional_comments && (mariadb || rest.starts_with("/*!"))) {
    // Code for some servers. The client splits inside it as anywhere else, so we do.
    Token(at_);
    in_conditional_ = true;
    conditional_begin_ = at_;
    EndToken(at_ + (mariadb ? 4 : 3));
    return;
  }
  if (!SkipComment()) OnPlain();
}

void StatementSplitter::OnStar() {
  if (in_conditional_ && lexer_.At(at_ + 1) == '/') {
    in_conditional_ = false;
    EndToken(at_ + 2);
    return;
  }
  OnPlain();
}

void StatementSplitter::OnBracket() {
  if (!rules_.brackets) {
    OnPlain();
    ++brackets_;
    return;
  }
  OnQuote(lexer_.Bracketed(at_), "quoted name");
}

void StatementSplitter::OnParenthesis(bool opens) {
  Token(at_);
  if (opens) {
    if (parens_++ == 0) first_paren_ = at_;
  } else if (parens_ > 0) {
    --parens_;
  }
  OnPlain();
  after_open_ = opens;
}

}  // namespace lockstep::sql
