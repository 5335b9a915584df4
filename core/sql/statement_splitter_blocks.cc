// StatementSplitter: where statements begin and end, and what hides a terminator.
#include "core/sql/statement_splitter.h"

#include "core/base/text.h"

namespace lockstep::sql {
namespace {

using enum Word;

diagnostics::Span MakeSpan(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

bool IsRoutine(Word object) {
  switch (object) {
    case FUNCTION:
    case PROCEDURE:
    case TRIGGER:
    case EVENT:
    case PACKAGE:
      return true;
    default:
      return false;
  }
}

/// psql's own heuristic (psqlscan.l): only these may hold BEGIN ATOMIC … END.
bool MayHoldAtomicBody(const StatementWords& words) {
  const Word object =
      words.head(1) == OR && words.head(2) == REPLACE ? words.head(3) : words.head(1);
  return words.first() == CREATE && (object == FUNCTION || object == PROCEDURE);
}

}  // namespace

void StatementSplitter::Report(SplitProblemKind kind, std::size_t begin, std::size_t end,
                               std::string message) {
  result_.problems.push_back({kind, MakeSpan(begin, end), std::move(message)});
}

void StatementSplitter::Token(std::size_t begin) {
  after_open_ = false;
  if (open_) return;
  open_ = true;
  careful_ = true;
  slash_would_repeat_ = false;
  begin_ = limit_ = solid_end_ = begin;
  words_ = StatementWords();
  parens_ = brackets_ = blocks_ = 0;
  trigger_ = Trigger::kStart;
  RefuseDotCommand();
}

void StatementSplitter::EndToken(std::size_t end) {
  at_ = end < text_.size() ? end : text_.size();
}

void StatementSplitter::MarkSolid(std::size_t before) {
  std::size_t end = before;
  while (end > limit_ && IsSpace(static_cast<unsigned char>(text_[end - 1]))) --end;
  if (end > limit_) solid_end_ = end;
}

void StatementSplitter::Close(std::size_t before, std::uint32_t repeat) {
  MarkSolid(before);
  open_ = false;
  Statement statement;
  statement.span = MakeSpan(begin_, solid_end_);
  statement.repeat = repeat;
  const std::string_view text = text_.substr(begin_, solid_end_ - begin_);
  Classify(dialect_, words_, text, statement);
  if (const std::string_view what = LexingModeChange(dialect_, words_, text); !what.empty()) {
    Report(SplitProblemKind::kLexingModeChange, begin_, solid_end_,
           "this changes " + std::string(what) +
               ", and with it where strings end in all that follows; set it outside of sheets");
  }
  if (in_conditional_) {
    Report(
        SplitProblemKind::kDelimiterMisuse, conditional_begin_, conditional_begin_ + 3,
        "a terminator cuts this conditional comment; move it behind the comment, or use DELIMITER");
    in_conditional_ = false;
  }
  result_.statements.push_back(statement);
}

void StatementSplitter::TrackBlock(Word word, std::size_t begin) {
  if (word != BEGIN && word != CASE && word != END) return;
  bool may_hold_statements;
  switch (rules_.blocks) {
    case Blocks::kBeginAtomic:
      may_hold_statements = parens_ == 0 && MayHoldAtomicBody(words_);
      break;
    case Blocks::kMustDelimit:
      may_hold_statements = IsRoutine(CreatedObject(dialect_, words_)) ||
                            (words_.first() == BEGIN && dialect_ == Dialect::kMysql) ||
                            (words_.first() == EXECUTE && words_.head(1) == BLOCK);
      break;
    default:
      return;
  }
  if (!may_hold_statements) return;
  if (word == END) {
    if (blocks_ > 0) --blocks_;
  } else if (word == BEGIN || blocks_ > 0) {  // CASE ends with END too
    if (blocks_++ == 0) first_block_ = begin;
  }
}

/// The state machine of sqlite3_complete (complete.c): a trigger ends at `; END ;`.
void StatementSplitter::TrackTrigger(Word word) {
  switch (trigger_) {
    case Trigger::kStart:
      trigger_ = word == EXPLAIN  ? Trigger::kExplain
                 : word == CREATE ? Trigger::kCreate
                                  : Trigger::kNone;
      break;
    case Trigger::kExplain:  // EXPLAIN QUERY PLAN CREATE …
      if (word == CREATE)
        trigger_ = Trigger::kCreate;
      else if (word == TEMP || word == TEMPORARY || word == TRIGGER || word == END ||
               word == EXPLAIN)
        trigger_ = Trigger::kNone;
      break;
    case Trigger::kCreate:
      if (word == TRIGGER)
        trigger_ = Trigger::kBody;
      else if (word != TEMP && word != TEMPORARY)
        trigger_ = Trigger::kNone;
      break;
    case Trigger::kSemicolon:
      trigger_ = word == END ? Trigger::kEnd : Trigger::kBody;
      break;
    case Trigger::kEnd:
      trigger_ = Trigger::kBody;
      break;
    case Trigger::kNone:
    case Trigger::kBody:
      break;
  }
}

bool StatementSplitter::TerminatorIsHidden() {
  switch (rules_.blocks) {
    case Blocks::kBeginAtomic:
      return parens_ > 0 || blocks_ > 0;
    case Blocks::kTrigger:
      if (trigger_ != Trigger::kBody && trigger_ != Trigger::kSemicolon) return false;
      trigger_ = Trigger::kSemicolon;
      return true;
    case Blocks::kWholeUnit:
      return IsPlsqlUnit(words_);
    default:
      return false;
  }
}

void StatementSplitter::OnTerminator() {
  const std::size_t at = at_;
  if (!open_) {  // an empty statement
    at_ += delimiter_.size();
    return;
  }
  if (TerminatorIsHidden()) return EndToken(at + 1);
  if (rules_.blocks == Blocks::kMustDelimit && blocks_ > 0) {
    Report(SplitProblemKind::kDelimiterMisuse, at, at + delimiter_.size(),
           "this " + base::Quote(delimiter_) + " cuts the body that begins before it; put " +
               (dialect_ == Dialect::kMysql ? "DELIMITER //" : "SET TERM ^ ;") +
               " before the statement");
  }
  const bool copies = words_.first() == COPY && words_.has(FROM) && words_.has(STDIN);
  const bool inserts = dialect_ == Dialect::kClickhouse && words_.first() == INSERT &&
                       words_.has(FORMAT) && !words_.has(VALUES) && !words_.has(SELECT);
  Close(at);
  at_ = at + delimiter_.size();
  slash_would_repeat_ = rules_.blocks == Blocks::kWholeUnit;
  if (copies || inserts) SkipInlineData();
}

/// COPY … FROM STDIN reads the lines that follow, up to one of `\.`; INSERT … FORMAT, all that
/// follows.
void StatementSplitter::SkipInlineData() {
  const diagnostics::Span span = result_.statements.back().span;
  Report(
      SplitProblemKind::kInlineData, span.begin, span.end,
      "the rows follow as data of the client, which a sheet cannot carry; write INSERT statements");
  for (std::size_t line = LineEnd(at_); line < text_.size(); line = LineEnd(line + 1)) {
    if (rules_.backslash == BackslashOutside::kPsql && TrimmedLine(line + 1) == "\\.") {
      at_ = LineEnd(line + 1);
      return;
    }
  }
  at_ = text_.size();
}

void StatementSplitter::EndOfText() {
  if (!open_) return;
  // What a quote or a comment without its end has swallowed is not missed as well.
  const bool swallowed =
      !result_.problems.empty() &&
      (result_.problems.back().kind == SplitProblemKind::kUnterminatedQuote ||
       result_.problems.back().kind == SplitProblemKind::kUnterminatedComment);
  if (swallowed) return Close(text_.size());
  // Whether or not the sheet has a terminator that is hidden by it: one that whoever runs it puts
  // behind the sheet would be.
  if (rules_.blocks == Blocks::kBeginAtomic && (parens_ > 0 || blocks_ > 0)) {
    const std::size_t begin = blocks_ > 0 ? first_block_ : first_paren_;
    Report(SplitProblemKind::kUnterminatedBody, begin, begin + (blocks_ > 0 ? 5 : 1),
           blocks_ > 0 ? "BEGIN without its END: all that follows is one statement"
                       : "'(' without its ')': all that follows is one statement");
  }
  if (trigger_ == Trigger::kBody || trigger_ == Trigger::kSemicolon) {
    Report(SplitProblemKind::kUnterminatedBody, begin_, begin_ + 6,
           "a trigger without 'END;' at its end: all that follows is its body");
  }
  Close(text_.size());
}

}  // namespace lockstep::sql
