// The splitter against what psql and mariadb really send: of sheets that it has nothing to say
// against, the clients' statements are the splitter's, comments around them aside.
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/sql/splitter.h"
#include "tests/e2e/servers/world.h"
#include "tests/unit/native/client_harness.h"
#include "tests/unit/sql/random_sql.h"

namespace lockstep::e2e {
namespace {

constexpr std::string_view kTokens[] = {
    "SELECT",  "1",      "x",       "'a;b'",       "''",       "'it''s'",
    "\"q;\"",  "(",      ")",       "(1;",         ";",        ";",
    ";",       "\n",     "-- c;\n", "--\n",        "/* c; */", "/* a /* b; */ c */",
    ",",       "+",      "-",       "/",           "*",        "CREATE",
    "TABLE",   "OR",     "REPLACE", "FUNCTION",    "f",        "BEGIN",
    "END",     "ATOMIC", "CASE",    "WHEN",        "INSERT",   "$$a;b$$",
    "$t$;$t$", "$1",     "E'\\';'", "U&'\\0041;'", "N'x'",     "B'0;'",
    "::int",   "[1:2]",  "@",       "ä",           "'ä;'",     ".5",
    "e'\\\\'", "%",      "<",       "||"};
// Without what its client and its server see differently: dashes without a blank where a statement
// begins, and a comment that begins at the end of an executable one.
constexpr std::string_view kMysqlTokens[] = {
    "SELECT",     "1",           "x",         "'a;b'",   "''",     "'it''s'",  "'\\';'",
    "\"q;\"",     "\"a\"\"b;\"", "`n;`",      "`a``;`",  "(",      ")",        ";",
    ";",          ";",           "\n",        "-- c;\n", "# c;\n", "/* c; */", "/*! 1; */ ",
    "/*M! 2 */ ", "/*+ h; */",   ",",         "+",       "- ",     "/ ",       "* ",
    "CREATE",     "TABLE",       "PROCEDURE", "BEGIN",   "END",    "CASE",     "IF",
    "ä",          "'ä;'",        "@v",        ":=",      "0x41",   "x'41'",    ".5",
    "n'a'",       "_utf8'a;'",   "$",         "\\",      "|"};

bool IsBlank(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}

/// Without blanks, terminators and comments in front. What a server executes in a comment is none.
std::string_view SkipNothing(sql::Dialect dialect, std::string_view text) {
  const bool mysql = dialect == sql::Dialect::kMysql;
  while (!text.empty()) {
    std::size_t length = 1;
    if (text.starts_with("--") || (mysql && text.starts_with('#'))) {
      length = std::min(text.find('\n'), text.size());
    } else if (text.starts_with("/*") && !text.starts_with("/*!") && !text.starts_with("/*M!")) {
      std::size_t depth = 0, at = 0;
      do {
        if (text.substr(at, 2) == "/*") ++depth, ++at;
        if (text.substr(at, 2) == "*/") --depth, ++at;
        ++at;
      } while (depth > 0 && at < text.size());
      length = at;
    } else if (!IsBlank(text[0]) && text[0] != ';') {
      break;
    }
    text.remove_prefix(length);
  }
  return text;
}

/// Clients drop empty lines, and put blanks behind comments.
bool IsSame(sql::Dialect dialect, std::string_view ours, std::string_view sent) {
  sent = SkipNothing(dialect, sent);
  for (const char c : ours) {
    if (IsBlank(c)) continue;
    while (!sent.empty() && IsBlank(sent[0])) sent.remove_prefix(1);
    if (sent.empty() || sent[0] != c) return false;
    sent.remove_prefix(1);
  }
  return SkipNothing(dialect, sent).empty();
}

/// Of many sheets behind each other, what the client says that it sends for each.
std::vector<std::vector<std::string>> Sent(sql::Dialect dialect, const std::string& output,
                                           std::size_t sheets, std::string_view before,
                                           std::string_view after) {
  std::vector<std::vector<std::string>> sent(sheets + 1);
  std::size_t sheet = 0;
  for (std::size_t at = 0; (at = output.find(before, at)) != std::string::npos;) {
    at += before.size();
    const std::size_t end = output.find(after, at);
    if (end == std::string::npos) break;
    const std::string statement = output.substr(at, end - at);
    at = end + after.size();
    if (statement.find("'==lockstep==") != std::string::npos) {
      if (++sheet > sheets) break;
    } else if (!SkipNothing(dialect, statement).empty()) {
      sent[sheet].push_back(statement);
    }
  }
  return sent;
}

std::vector<std::string> Sheets(sql::Dialect dialect, std::span<const std::string_view> tokens,
                                std::uint64_t seed) {
  base::Prng random(seed);
  std::vector<std::string> sheets;
  while (sheets.size() < 2000) {
    std::string sheet = sql::TokenSoup(random, tokens);
    if (sql::Split(dialect, sheet).problems.empty()) sheets.push_back(std::move(sheet));
  }
  return sheets;
}

void ExpectSame(sql::Dialect dialect, const std::vector<std::string>& sheets,
                const std::vector<std::vector<std::string>>& sent) {
  int different = 0;
  std::size_t statements = 0;
  for (std::size_t i = 0; i < sheets.size() && different < 5; ++i) {
    const sql::SplitResult split = sql::Split(dialect, sheets[i]);
    bool same = split.statements.size() == sent[i].size();
    for (std::size_t s = 0; same && s < sent[i].size(); ++s) {
      const auto& span = split.statements[s].span;
      same = IsSame(dialect, std::string_view(sheets[i]).substr(span.begin, span.end - span.begin),
                    sent[i][s]);
    }
    statements += sent[i].size();
    if (same) continue;
    ++different;
    std::string both;
    for (const sql::Statement& statement : split.statements)
      both += "\n  ours: " +
              sheets[i].substr(statement.span.begin, statement.span.end - statement.span.begin);
    for (const std::string& statement : sent[i]) both += "\n  sent: " + statement;
    ADD_FAILURE() << "sheet " << i << ": " << sheets[i] << both;
  }
  EXPECT_GT(statements, sheets.size()) << "nothing was compared";
}

std::uint64_t Seed() {
  const char* value = std::getenv("LOCKSTEP_SEED");
  return value == nullptr ? 1 : std::strtoull(value, nullptr, 10);
}

TEST(Splitting, IsWhatPsqlSends) {
  if (Postgres() == nullptr) GTEST_SKIP() << "no server";
  Postgres()->MakeDatabase("splitting");
  const auto sheets = Sheets(sql::Dialect::kPostgres, kTokens, Seed());
  std::string input;
  for (const std::string& sheet : sheets) input += sheet + "\n;\nSELECT '==lockstep=='\n;\n";
  const Folder folder;
  client::ClientCommand command;
  command.program = client::ClientFor(sql::Engine::kPostgres)->default_programs().back();
  command.args = {"-X", "-q", "-f", "-", "-L", folder / "log"};
  command.env = {"PGHOST=" + Postgres()->host(), "PGUSER=postgres", "PGDATABASE=splitting",
                 "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
  command.script = input;
  client::RunToEnd(command, "no markers");
  ExpectSame(sql::Dialect::kPostgres, sheets,
             Sent(sql::Dialect::kPostgres, folder.Read("log"), sheets.size(),
                  "********* QUERY **********\n", "\n**************************\n"));
}

TEST(Splitting, IsWhatMariadbSends) {
  if (Mariadb() == nullptr) GTEST_SKIP() << "no server";
  Mariadb()->MakeDatabase("splitting");
  const auto sheets = Sheets(sql::Dialect::kMysql, kMysqlTokens, Seed());
  std::string input;
  for (const std::string& sheet : sheets) input += sheet + "\n;\nSELECT '==lockstep=='\n;\n";
  client::ClientCommand command;
  command.program = "/usr/bin/mariadb";
  command.args = {"--no-defaults", "--user=root", "--socket=" + Mariadb()->host(),
                  "--force",       "--verbose",   "--batch",
                  "--binary-mode", "--comments",  "--local-infile=0",
                  "splitting"};
  command.script = input;
  const std::string output = client::RunToEnd(command, "no markers").raw;
  ExpectSame(
      sql::Dialect::kMysql, sheets,
      Sent(sql::Dialect::kMysql, output, sheets.size(), "--------------\n", "\n--------------\n"));
}

}  // namespace
}  // namespace lockstep::e2e
