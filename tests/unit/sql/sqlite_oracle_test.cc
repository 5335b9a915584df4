// The SQLite splitter against sqlite3_complete: a statement ends at the first `;` that completes
// it.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "core/sql/splitter.h"
#include "tests/unit/sql/random_sql.h"

namespace lockstep::sql {
namespace {

/// The offset behind white space and comments.
std::size_t SkipOuter(std::string_view text, std::size_t at) {
  for (;;) {
    if (at < text.size() &&
        std::string_view(" \t\n\f\r\v").find(text[at]) != std::string_view::npos) {
      ++at;
    } else if (text.substr(at, 2) == "--") {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at, 2) == "/*") {
      const std::size_t end = text.find("*/", at + 2);
      at = end == std::string_view::npos ? text.size() : end + 2;
    } else {
      return at;
    }
  }
}

void Compare(const std::string& text) {
  const SplitResult ours = Split(Dialect::kSqlite, text);
  std::size_t next = 0;  // of our statements
  std::size_t start = 0;
  const auto piece = [&](std::size_t end) {  // `end`: of the terminator, or of the text
    const std::size_t begin = SkipOuter(std::string_view(text).substr(0, end), start);
    const bool terminated = end > start && text[end - 1] == ';' &&
                            sqlite3_complete(text.substr(start, end - start).c_str());
    const std::size_t stop = terminated ? end - 1 : end;
    start = end;
    if (begin >= stop) return;  // an empty statement
    ASSERT_LT(next, ours.statements.size()) << text;
    const diagnostics::Span span = ours.statements[next++].span;
    EXPECT_EQ(span.begin, begin) << text;
    ASSERT_LE(span.end, stop) << text;
    EXPECT_EQ(SkipOuter(std::string_view(text).substr(0, stop), span.end), stop) << text;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == ';' && sqlite3_complete(text.substr(start, at + 1 - start).c_str()))
      piece(at + 1);
  }
  if (start < text.size()) piece(text.size());
  EXPECT_EQ(next, ours.statements.size()) << text;
}

constexpr std::string_view kSqliteTokens[] = {"SELECT",
                                              "CREATE",
                                              "create",
                                              "TEMP",
                                              "TEMPORARY",
                                              "TRIGGER",
                                              "trigger",
                                              "IF",
                                              "NOT",
                                              "EXISTS",
                                              "EXPLAIN",
                                              "QUERY",
                                              "PLAN",
                                              "BEGIN",
                                              "END",
                                              "end",
                                              "CASE",
                                              "WHEN",
                                              "UPDATE",
                                              "t",
                                              "tr",
                                              "ON",
                                              "(",
                                              ")",
                                              ";",
                                              ";",
                                              ";",
                                              ";",
                                              ",",
                                              "1",
                                              "1TRIGGER",
                                              "a$b",
                                              "$TRIGGER",
                                              "@x",
                                              ":x",
                                              "'a;b'",
                                              "'it''s'",
                                              "'a\\'",
                                              "\"a;b\"",
                                              "`c;d`",
                                              "[e;f]",
                                              "-- c;\n",
                                              "/* ; */",
                                              "/* a /* b */",
                                              "- -",
                                              "'",
                                              "\"",
                                              "`",
                                              "[",
                                              "]",
                                              "/*",
                                              "; END ;",
                                              ";END;",
                                              "BEGIN SELECT 1;",
                                              "CREATE TRIGGER tr AFTER INSERT ON t BEGIN",
                                              "äö",
                                              "x'00'",
                                              "*",
                                              "+"};
constexpr std::string_view kSqliteBytes = "'\"`[];;;-/*() \nae1$_\\";

TEST(SqliteOracle, AgreesOnGeneratedSheets) {
  constexpr std::uint64_t kSeed = 20261122;
  base::Prng random(kSeed);
  std::cout << "seed " << kSeed << "\n";
  for (int i = 0; i < 20000 && !testing::Test::HasFailure(); ++i) {
    Compare(TokenSoup(random, kSqliteTokens));
    Compare(ByteSoup(random, kSqliteBytes));
  }
}

}  // namespace
}  // namespace lockstep::sql
