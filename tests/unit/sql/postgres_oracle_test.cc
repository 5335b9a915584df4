// The PostgreSQL splitter against PostgreSQL's own lexer (libpg_query) and psql's rule for where
// statements end (psqlscan.l): a `;` outside parentheses and outside BEGIN … END of a CREATE
// FUNCTION or PROCEDURE.
#include <gtest/gtest.h>

#include "core/base/text.h"
#include "core/sql/splitter.h"
#include "tests/unit/sql/random_sql.h"

#ifdef LOCKSTEP_HAS_PG_QUERY
extern "C" {
#include <pg_query.h>
}
#endif

namespace lockstep::sql {
namespace {

#ifdef LOCKSTEP_HAS_PG_QUERY

struct Token {
  std::size_t begin = 0, end = 0;
  std::uint64_t kind = 0;  ///< ASCII of a single character
};
constexpr std::uint64_t kLineComment = 275, kBlockComment = 276, kIdentifier = 258;

std::uint64_t Varint(const std::string_view bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= static_cast<std::uint64_t>(byte & 127) << shift;
    if (byte < 128) return value;
  }
}

/// pg_query.ScanResult: field 2 is a list of {start = 1, end = 2, token = 4, keyword_kind = 5}.
std::vector<Token> Decode(std::string_view message) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < message.size();) {
    const std::uint64_t tag = Varint(message, at);
    if (tag != ((2 << 3) | 2)) {
      Varint(message, at);
      continue;
    }
    const std::size_t stop = Varint(message, at) + at;
    Token token;
    while (at < stop) {
      const std::uint64_t field = Varint(message, at) >> 3;
      const std::uint64_t value = Varint(message, at);
      if (field == 1) token.begin = value;
      if (field == 2) token.end = value;
      if (field == 4) token.kind = value;
    }
    tokens.push_back(token);
  }
  return tokens;
}

/// psql's count of BEGIN … END in one statement.
class AtomicBody {
 public:
  void Add(std::string_view word, std::size_t parens) {
    const std::string lower = base::ToLowerAscii(word);
    if (count_ < 4) first_[count_] = lower;
    ++count_;
    const std::string& object = first_[1] == "or" && first_[2] == "replace" ? first_[3] : first_[1];
    if (first_[0] != "create" || (object != "function" && object != "procedure") || parens > 0)
      return;
    if (lower == "begin" || (lower == "case" && depth_ > 0)) ++depth_;
    if (lower == "end" && depth_ > 0) --depth_;
  }
  bool open() const { return depth_ > 0; }

 private:
  std::string first_[4];
  std::size_t count_ = 0, depth_ = 0;
};

std::vector<diagnostics::Span> Expected(const std::string& text, const std::vector<Token>& tokens) {
  std::vector<diagnostics::Span> spans;
  AtomicBody body;
  std::size_t parens = 0, begin = 0, end = 0;
  bool open = false;
  const auto close = [&] {
    if (open) spans.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    open = false;
  };
  for (const Token& token : tokens) {
    if (token.kind == kLineComment || token.kind == kBlockComment) continue;
    if (token.kind == ';' && (!open || (parens == 0 && !body.open()))) {
      close();
      continue;
    }
    if (!open) {
      open = true;
      begin = token.begin;
      parens = 0;
      body = AtomicBody();
    }
    if (token.kind == '(') ++parens;
    if (token.kind == ')' && parens > 0) --parens;
    const std::string_view word =
        std::string_view(text).substr(token.begin, token.end - token.begin);
    const bool letter = std::isalpha(static_cast<unsigned char>(word[0])) || word[0] == '_' ||
                        static_cast<unsigned char>(word[0]) >= 0x80;
    const bool string_prefix = word == "n" && text[token.end] == '\'';
    const bool is_word = token.kind >= kIdentifier && letter && !string_prefix &&
                         word.find('\'') == std::string_view::npos;
    if (is_word) body.Add(word, parens);
    end = token.end;
  }
  close();
  return spans;
}

// Without U&'…', for which libpg_query gives a wrong end.
constexpr std::string_view kPostgresTokens[] = {"SELECT",
                                                "select",
                                                "CREATE",
                                                "OR",
                                                "REPLACE",
                                                "FUNCTION",
                                                "PROCEDURE",
                                                "BEGIN",
                                                "ATOMIC",
                                                "END",
                                                "CASE",
                                                "INSERT",
                                                "COPY",
                                                "WITH",
                                                "(",
                                                ")",
                                                ";",
                                                ";",
                                                ";",
                                                ",",
                                                "+",
                                                "-",
                                                "*",
                                                "/",
                                                "1",
                                                "1.5",
                                                "1e5",
                                                "a",
                                                "b1",
                                                "a$b",
                                                "x",
                                                "e",
                                                "E",
                                                "n",
                                                "'a'",
                                                "'a;b'",
                                                "'it''s'",
                                                "'a\\'",
                                                "E'a\\'b;'",
                                                "e'\\\\'",
                                                "e'a'\n'b\\';'",
                                                "n'x;'",
                                                "B'01'",
                                                "\"a;b\"",
                                                "\"a\"\"b\"",
                                                "$$;$$",
                                                "$a$;$a$",
                                                "$a$ $b$; $a$",
                                                "$1",
                                                "$1$a$;$a$",
                                                "a$$",
                                                "1$a$;$a$",
                                                "-- c;\n",
                                                "--\n",
                                                "/* ; */",
                                                "/* /* ; */ */",
                                                "'",
                                                "\"",
                                                "$$",
                                                "$a$",
                                                "/*",
                                                "*/",
                                                "\r",
                                                "::",
                                                "[",
                                                "]",
                                                "äö",
                                                "$ä$;$ä$",
                                                "_x"};
constexpr std::string_view kPostgresBytes = "'\"$$aeEb_1;;-/*() \n\r\\\xC3\xA4";

struct Counts {
  int compared = 0, unterminated = 0, other_errors = 0;
};

bool HasCommentBetweenStrings(std::string_view text) {
  for (std::size_t quote = text.find('\''); quote != std::string_view::npos;
       quote = text.find('\'', quote + 1)) {
    std::size_t at = quote + 1;
    bool comment = false;
    for (;;) {
      at = std::min(text.find_first_not_of(" \t\n\r\f\v", at), text.size());
      if (text.substr(at, 2) != "--") break;
      comment = true;
      at = std::min(text.find_first_of("\n\r", at), text.size());
    }
    if (comment && at < text.size() && text[at] == '\'') return true;
  }
  return false;
}

void Compare(const std::string& text, Counts& counts) {
  // libpg_query makes a token of a comment, and so misses that it joins strings as white space
  // does.
  if (HasCommentBetweenStrings(text)) return;
  // psql's own commands are not PostgreSQL's: no backslash outside quotes in what is compared.
  const SplitResult ours = Split(Dialect::kPostgres, text);
  for (const SplitProblem& problem : ours.problems) {
    if (problem.kind == SplitProblemKind::kClientCommand ||
        problem.kind == SplitProblemKind::kInlineData)
      return;
  }
  const PgQueryScanResult scan = pg_query_scan(text.c_str());
  if (scan.error != nullptr) {
    const std::string message = scan.error->message;
    if (message.starts_with("unterminated")) {
      ++counts.unterminated;
      const bool told =
          std::any_of(ours.problems.begin(), ours.problems.end(), [](const SplitProblem& problem) {
            return problem.kind == SplitProblemKind::kUnterminatedQuote ||
                   problem.kind == SplitProblemKind::kUnterminatedComment;
          });
      EXPECT_TRUE(told) << message << " in\n" << text;
    } else {
      ++counts.other_errors;  // not lexable at all (junk after a number, bad escapes): it has no
                              // statements
    }
  } else {
    ++counts.compared;
    std::vector<diagnostics::Span> spans;
    for (const Statement& statement : ours.statements) spans.push_back(statement.span);
    EXPECT_EQ(spans, Expected(text, Decode({scan.pbuf.data, scan.pbuf.len}))) << text;
  }
  pg_query_free_scan_result(scan);
}

TEST(PostgresOracle, AgreesOnGeneratedSheets) {
  constexpr std::uint64_t kSeed = 20261122;
  base::Prng random(kSeed);
  Counts counts;
  for (int i = 0; i < 20000 && !testing::Test::HasFailure(); ++i) {
    Compare(TokenSoup(random, kPostgresTokens), counts);
    Compare(ByteSoup(random, kPostgresBytes), counts);
  }
  std::cout << "seed " << kSeed << ": " << counts.compared << " compared, " << counts.unterminated
            << " unterminated, " << counts.other_errors << " not lexable\n";
  EXPECT_GT(counts.compared, 5000);
  EXPECT_GT(counts.unterminated, 1000);
}

#else

TEST(PostgresOracle, AgreesOnGeneratedSheets) {
  GTEST_SKIP() << "libpg_query is not installed (libpg-query-dev)";
}

#endif

}  // namespace
}  // namespace lockstep::sql
