// Classify: what kind of statement some words are the beginning of. No parsing: the first words
// decide, and for a few kinds of statement whether a word occurs at all.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "core/sql/splitter.h"
#include "core/sql/words.h"

namespace lockstep::sql {

/// The words of one statement outside quotes and comments, fed in order by the splitter.
class StatementWords {
 public:
  static constexpr std::size_t kHead = 8;

  /// `depth`: open parentheses; `after_open`: the word follows one of them.
  void Add(Word word, std::size_t depth, bool after_open);

  std::size_t count() const { return count_; }
  /// The i-th word, NONE beyond the head.
  Word head(std::size_t i) const { return i < kHead ? head_[i] : Word::NONE; }
  Word first() const { return head_[0]; }
  bool has(Word word) const { return seen_[static_cast<std::size_t>(word)]; }
  /// The first of SELECT, INSERT … that stands after the first word and outside parentheses.
  Word verb() const { return verb_; }
  /// WITH d AS (DELETE …): a verb that writes, just after an opening parenthesis.
  bool writes_inside() const { return writes_inside_; }

 private:
  std::array<Word, kHead> head_{};
  WordSet seen_;
  std::size_t count_ = 0;
  Word verb_ = Word::NONE;
  bool writes_inside_ = false;
};

/// Whether words after these can still matter: if not, the splitter skips them at full speed.
bool WantsMoreWords(Dialect dialect, const StatementWords& words);

/// TABLE, FUNCTION, … of CREATE [OR REPLACE] [modifiers]; NONE when not known.
Word CreatedObject(Dialect dialect, const StatementWords& words);

/// Oracle: ends at a line of `/`, not at a semicolon.
bool IsPlsqlUnit(const StatementWords& words);

/// Whether a statement that begins with these two words is for the client, not for the server.
/// `second` is the text of the second word, possibly empty.
bool IsClientCommand(Dialect dialect, Word first, std::string_view second);

/// Fills in everything but span and repeat. `text` is the statement's.
void Classify(Dialect dialect, const StatementWords& words, std::string_view text,
              Statement& statement);

/// The part of Classify that is about transactions and sessions (classify_effects.cc).
void AddEffects(Dialect dialect, const StatementWords& words, std::string_view text,
                Statement& statement);

/// What this statement does to the lexing of what follows it; empty if nothing.
std::string_view LexingModeChange(Dialect dialect, const StatementWords& words,
                                  std::string_view text);

}  // namespace lockstep::sql
