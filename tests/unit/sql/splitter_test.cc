// What splitting says beyond the texts of the statements: problems with their places, and odd ends.
#include "core/sql/splitter.h"

#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <vector>

namespace lockstep::sql {
namespace {

using Kind = SplitProblemKind;

std::vector<std::string> Texts(Dialect dialect, const std::string& text) {
  std::vector<std::string> texts;
  for (const Statement& statement : Split(dialect, text).statements) {
    texts.push_back(text.substr(statement.span.begin, statement.span.end - statement.span.begin));
  }
  return texts;
}

/// Kind and text of each problem.
std::vector<std::pair<Kind, std::string>> Problems(Dialect dialect, const std::string& text) {
  std::vector<std::pair<Kind, std::string>> problems;
  for (const SplitProblem& problem : Split(dialect, text).problems) {
    problems.emplace_back(problem.kind,
                          text.substr(problem.span.begin, problem.span.end - problem.span.begin));
  }
  return problems;
}

using P = std::vector<std::pair<Kind, std::string>>;
using T = std::vector<std::string>;

TEST(Splitter, EveryTextEndsSomewhere) {
  for (const Dialect dialect :
       {Dialect::kPostgres, Dialect::kMysql, Dialect::kSqlite, Dialect::kOracle, Dialect::kMssql,
        Dialect::kFirebird, Dialect::kClickhouse, Dialect::kSnowflake, Dialect::kDuckdb,
        Dialect::kGeneric}) {
    for (const char* text : {"",
                             ";",
                             "\n",
                             "'",
                             "\"",
                             "`",
                             "[",
                             "$",
                             "$$",
                             "\\",
                             "/",
                             "/*",
                             "-",
                             "--",
                             "#",
                             ":",
                             ":'",
                             "&",
                             "(",
                             ")",
                             ".",
                             "@",
                             "!",
                             "go",
                             "DELIMITER",
                             "DELIMITER ",
                             "delimiter\n",
                             "SET TERM",
                             "SET TERM ",
                             "SET TERM x\n",
                             "$(",
                             "E'",
                             "q'",
                             "q'[",
                             "/*!",
                             "$a",
                             "$a$",
                             "e'a'\n",
                             "\xEF\xBB\xBF",
                             "\xEF\xBB",
                             "\xFF",
                             "COPY t FROM STDIN;",
                             "GO 99999999999",
                             "\r",
                             "a\\"}) {
      const SplitResult result = Split(dialect, text);
      const std::size_t size = std::string_view(text).size();
      for (const Statement& s : result.statements)
        EXPECT_TRUE(s.span.begin < s.span.end && s.span.end <= size) << text;
      for (const SplitProblem& p : result.problems)
        EXPECT_TRUE(p.span.begin <= p.span.end && p.span.end <= size) << text;
    }
  }
}

TEST(Splitter, ANulByteIsAProblem) {
  EXPECT_EQ(Problems(Dialect::kGeneric, std::string("SELECT 1;\0 SELECT 2;", 20)),
            (P{{Kind::kClientCommand, std::string(1, '\0')}}));
}

TEST(SplitterPostgres, BackslashCommandsAnywhereOutsideQuotes) {
  EXPECT_EQ(Problems(Dialect::kPostgres,
                     "SELECT 1; \\! rm -rf /\n\\connect db\nSELECT 2 \\gexec\nSELECT '\\d';"),
            (P{{Kind::kClientCommand, "\\!"},
               {Kind::kClientCommand, "\\connect"},
               {Kind::kClientCommand, "\\gexec"}}));
  EXPECT_EQ(Texts(Dialect::kPostgres, "SELECT 1; \\! rm -rf /\nSELECT 2;"),
            (T{"SELECT 1", "SELECT 2"}));
}

TEST(SplitterPostgres, VariablesThatPsqlWouldReplace) {
  EXPECT_EQ(Problems(Dialect::kPostgres, "SELECT :name, :'name', :\"name\", :{?name}, a[:USER];"),
            (P{{Kind::kVariable, ":name"},
               {Kind::kVariable, ":'name'"},
               {Kind::kVariable, ":\"name\""},
               {Kind::kVariable, ":{?name}"},
               {Kind::kVariable, ":USER"}}));
  EXPECT_EQ(Problems(Dialect::kPostgres,
                     "SELECT 'x'::text, a[1:2], a[lo:hi], ':name', f(x := 1), b::int[] -- :c\n;"),
            P{});
}

TEST(SplitterPostgres, CopyDataIsNotSql) {
  const std::string text = "COPY t (a) FROM STDIN;\nit's; \\x\n:a\n\\.\nSELECT 2;";
  EXPECT_EQ(Texts(Dialect::kPostgres, text), (T{"COPY t (a) FROM STDIN", "SELECT 2"}));
  EXPECT_EQ(Problems(Dialect::kPostgres, text), (P{{Kind::kInlineData, "COPY t (a) FROM STDIN"}}));
  EXPECT_EQ(Texts(Dialect::kPostgres, "COPY t FROM stdin WITH (FORMAT csv);\nno end; of data"),
            (T{"COPY t FROM stdin WITH (FORMAT csv)"}));
  EXPECT_EQ(Problems(Dialect::kPostgres, "COPY t FROM '/x'; COPY t TO STDOUT;"), P{});
}

TEST(SplitterPostgres, WhatHidesATerminatorToTheEnd) {
  EXPECT_EQ(Problems(Dialect::kPostgres, "SELECT (1; SELECT 2;"),
            (P{{Kind::kUnterminatedBody, "("}}));
  EXPECT_EQ(Problems(Dialect::kPostgres, "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; SELECT 2;"),
            (P{{Kind::kUnterminatedBody, "BEGIN"}}));
  // psql would not end it at the terminator that whoever runs it puts behind.
  EXPECT_EQ(Problems(Dialect::kPostgres, "SELECT (1"), (P{{Kind::kUnterminatedBody, "("}}));
  // No letter of a string follows a parameter.
  EXPECT_EQ(Texts(Dialect::kPostgres, "SELECT $1E'\\'; SELECT 2"),
            (T{"SELECT $1E'\\'", "SELECT 2"}));
  EXPECT_EQ(Problems(Dialect::kPostgres, "CREATE U&'a' FUNCTION BEGIN; SELECT 1"),
            (P{{Kind::kUnterminatedBody, "BEGIN"}}));
  EXPECT_EQ(Texts(Dialect::kPostgres,
                  "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3"),
            (T{"CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"}));
  EXPECT_EQ(Texts(Dialect::kPostgres,
                  "create or replace procedure p() begin atomic select case when a then b end; "
                  "end; SELECT 3"),
            (T{"create or replace procedure p() begin atomic select case when a then b end; end",
               "SELECT 3"}));
}

TEST(SplitterPostgres, Unterminated) {
  EXPECT_EQ(Problems(Dialect::kPostgres, "SELECT 1; /* a /* b */"),
            (P{{Kind::kUnterminatedComment, "/*"}}));
  EXPECT_EQ(Problems(Dialect::kPostgres, "SELECT $tag$ a $tag"),
            (P{{Kind::kUnterminatedQuote, "$tag$"}}));
  EXPECT_EQ(Problems(Dialect::kPostgres, "SELECT \"a"), (P{{Kind::kUnterminatedQuote, "\""}}));
}

TEST(SplitterPostgres, LexingModeChanges) {
  EXPECT_EQ(Problems(Dialect::kPostgres, "SET standard_conforming_strings = off;")[0].first,
            Kind::kLexingModeChange);
  EXPECT_EQ(Problems(Dialect::kPostgres,
                     "SELECT set_config('Standard_Conforming_Strings', 'off', false)")[0]
                .first,
            Kind::kLexingModeChange);
  EXPECT_EQ(
      Problems(Dialect::kPostgres, "SELECT 'standard_conforming_strings'; SET search_path = a;"),
      P{});
}

TEST(SplitterPostgres, WhereADollarQuoteBegins) {
  EXPECT_EQ(Texts(Dialect::kPostgres, "SELECT e1$a$; SELECT 1e1$a$;$a$"),
            (T{"SELECT e1$a$", "SELECT 1e1$a$;$a$"}));
}

TEST(SplitterPostgres, StringsJoinedOverLines) {
  EXPECT_EQ(Texts(Dialect::kPostgres, "SELECT E'a' -- c'\n '\\';b'; SELECT 2"),
            (T{"SELECT E'a' -- c'\n '\\';b'", "SELECT 2"}));
  EXPECT_EQ(Texts(Dialect::kPostgres, "SELECT E'a' '\\'; SELECT 2"),
            (T{"SELECT E'a' '\\'", "SELECT 2"}));
}

TEST(SplitterMysql, ClientCommands) {
  EXPECT_EQ(Problems(Dialect::kMysql,
                     "system id;\nSELECT 1\\G\nSELECT \\N;\n\\! id\nSELECT source FROM t;"),
            (P{{Kind::kClientCommand, "system"},
               {Kind::kClientCommand, "\\G"},
               {Kind::kClientCommand, "\\!"}}));
  EXPECT_EQ(Texts(Dialect::kMysql, "SELECT 1\\G\nSELECT 2;"), (T{"SELECT 1", "SELECT 2"}));
}

TEST(SplitterMysql, Delimiters) {
  EXPECT_EQ(
      Texts(Dialect::kMysql,
            "delimiter $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\n  DELIMITER ; \nSELECT 2;"),
      (T{"CREATE PROCEDURE p() BEGIN SELECT 1; END", "SELECT 2"}));
  EXPECT_EQ(Problems(Dialect::kMysql, "DELIMITER\nSELECT 1;"),
            (P{{Kind::kDelimiterMisuse, "DELIMITER"}}));
  EXPECT_EQ(Problems(Dialect::kMysql, "DELIMITER \\\\\nSELECT 1;")[0].first,
            Kind::kDelimiterMisuse);
  EXPECT_EQ(Problems(Dialect::kMysql, "SELECT 1\nDELIMITER //\nSELECT 2//"),
            (P{{Kind::kDelimiterMisuse, "DELIMITER"}}));
  EXPECT_EQ(Problems(Dialect::kMysql, "SELECT\ndelimiter FROM t;"), P{});
}

TEST(SplitterMysql, ARoutineThatItsFirstSemicolonWouldCut) {
  EXPECT_EQ(Problems(Dialect::kMysql,
                     "CREATE DEFINER=`a`@`b` TRIGGER t BEFORE INSERT ON u FOR EACH ROW BEGIN SET "
                     "@a = 1; END;"),
            (P{{Kind::kDelimiterMisuse, ";"}}));
  EXPECT_EQ(Problems(Dialect::kMysql,
                     "CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW SET NEW.a = CASE WHEN 1 "
                     "THEN 2 END; SELECT 1;"),
            P{});
}

TEST(SplitterMysql, LexingModeChanges) {
  EXPECT_EQ(Problems(Dialect::kMysql, "SET SESSION sql_mode = 'ANSI_QUOTES';")[0].first,
            Kind::kLexingModeChange);
  EXPECT_EQ(Problems(Dialect::kMysql, "SET NAMES gbk;")[0].first, Kind::kLexingModeChange);
  EXPECT_EQ(Problems(Dialect::kMysql,
                     "SET NAMES utf8mb4; /*!40101 SET SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;"),
            P{});
}

TEST(SplitterMysql, ConditionalCommentsAreCode) {
  EXPECT_EQ(
      Texts(Dialect::kMysql,
            "/*!40000 ALTER TABLE `a` DISABLE KEYS */;\n/*M!100101 SET @a='*/;' */;SELECT 1"),
      (T{"/*!40000 ALTER TABLE `a` DISABLE KEYS */", "/*M!100101 SET @a='*/;' */", "SELECT 1"}));
  EXPECT_EQ(Problems(Dialect::kMysql, "/*!40000 SELECT 1; */;")[0].first, Kind::kDelimiterMisuse);
}

TEST(SplitterMysql, TwoDashesNeedASpace) {
  EXPECT_EQ(Texts(Dialect::kMysql, "SELECT 5--1; SELECT 2 --\t;\n;"),
            (T{"SELECT 5--1", "SELECT 2"}));
}

TEST(SplitterSqlite, DotCommandsOnlyBetweenStatements) {
  EXPECT_EQ(Problems(Dialect::kSqlite, ".shell id\nSELECT a\n.b;\n/* c */\n.quit\n"),
            (P{{Kind::kClientCommand, ".shell id"}, {Kind::kClientCommand, ".quit"}}));
  EXPECT_EQ(Texts(Dialect::kSqlite, ".shell id\nSELECT a\n.b;\n.quit\nSELECT 2;"),
            (T{"SELECT a\n.b", "SELECT 2"}));
}

TEST(SplitterSqlite, LinesThatTheShellTakesAsTerminators) {
  EXPECT_EQ(Problems(Dialect::kSqlite, "SELECT 1\n GO -- now\n;SELECT 4\n/ /* x */\n2;"),
            (P{{Kind::kClientCommand, "GO"}, {Kind::kClientCommand, "/"}}));
  EXPECT_EQ(Problems(Dialect::kSqlite, "SELECT '\ngo\n', 4\n/2, a AS\ngone;"), P{});
}

TEST(SplitterSqlite, ATriggerWithoutItsEnd) {
  EXPECT_EQ(
      Problems(Dialect::kSqlite, "CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; SELECT 2;"),
      (P{{Kind::kUnterminatedBody, "CREATE"}}));
  EXPECT_EQ(Problems(Dialect::kSqlite, "CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END"),
            P{});
}

TEST(SplitterMssql, GoWithCountsAndComments) {
  const SplitResult result =
      Split(Dialect::kMssql, "INSERT t DEFAULT VALUES\nGO 5 -- five\nSELECT 1;\ngo\n");
  ASSERT_EQ(result.statements.size(), 2u);
  EXPECT_EQ(result.statements[0].repeat, 5u);
  EXPECT_EQ(result.statements[1].repeat, 1u);
  EXPECT_TRUE(result.problems.empty());
  EXPECT_EQ(Problems(Dialect::kMssql, "SELECT 1\nGO SELECT 2\n"),
            (P{{Kind::kDelimiterMisuse, "GO SELECT 2"}}));
  EXPECT_EQ(Texts(Dialect::kMssql, "/* /* \nGO\n*/ */ SELECT 'a\nGO\nb'\nGO"),
            (T{"SELECT 'a\nGO\nb'"}));
}

TEST(SplitterMssql, SqlcmdCommandsAndVariables) {
  EXPECT_EQ(Problems(Dialect::kMssql, "SELECT '$(a)', $(b), $5\n!!dir\n:setvar x 1\nexit\n"),
            (P{{Kind::kVariable, "$(b)"},
               {Kind::kClientCommand, "!!dir"},
               {Kind::kClientCommand, ":setvar x 1"},
               {Kind::kClientCommand, "exit"}}));
}

TEST(SplitterOracle, ClientCommandsAndVariables) {
  EXPECT_EQ(Problems(Dialect::kOracle,
                     "HOST id\n@other.sql\n! id\nSPOOL x.log\nPROMPT hi -\n  there; not "
                     "SQL\nSELECT &x, '&y' FROM dual;\nSET ROLE a;\n"),
            (P{{Kind::kClientCommand, "HOST"},
               {Kind::kClientCommand, "@other.sql"},
               {Kind::kClientCommand, "! id"},
               {Kind::kClientCommand, "SPOOL"},
               {Kind::kClientCommand, "PROMPT"},
               {Kind::kVariable, "&x"}}));
  EXPECT_EQ(Texts(Dialect::kOracle, "REM it's fine\nSELECT q'[a;'b]', nq'!;!' FROM dual;"),
            (T{"SELECT q'[a;'b]', nq'!;!' FROM dual"}));
}

TEST(SplitterOracle, ASlashThatRunsAStatementTwice) {
  EXPECT_EQ(Problems(Dialect::kOracle, "CREATE TABLE a(b NUMBER);\n/\n"),
            (P{{Kind::kDelimiterMisuse, "/"}}));
  EXPECT_EQ(Problems(Dialect::kOracle, "BEGIN NULL; END;\n/\nCREATE TABLE a(b NUMBER)\n/\n"), P{});
}

TEST(SplitterFirebird, Terminators) {
  EXPECT_EQ(Texts(Dialect::kFirebird,
                  "SET TERM ^;\nEXECUTE BLOCK AS BEGIN a = 1; END^\nset term ;^ SELECT 1 FROM t;"),
            (T{"EXECUTE BLOCK AS BEGIN a = 1; END", "SELECT 1 FROM t"}));
  EXPECT_EQ(Problems(Dialect::kFirebird, "CREATE PROCEDURE p AS BEGIN a = 1; END;"),
            (P{{Kind::kDelimiterMisuse, ";"}}));
  EXPECT_EQ(Problems(Dialect::kFirebird, "SET AUTODDL OFF;"), (P{{Kind::kClientCommand, "SET"}}));
  EXPECT_EQ(Problems(Dialect::kFirebird, "SET GENERATOR g TO 1; SET TERM ;"),
            (P{{Kind::kDelimiterMisuse, "SET"}}));
}

TEST(SplitterClickhouse, InsertWithData) {
  EXPECT_EQ(Problems(Dialect::kClickhouse, "INSERT INTO t FORMAT CSV\n1,'x;\n")[0].first,
            Kind::kUnterminatedQuote);
  EXPECT_EQ(Problems(Dialect::kClickhouse, "INSERT INTO t FORMAT CSV;\n1,'x;\n"),
            (P{{Kind::kInlineData, "INSERT INTO t FORMAT CSV"}}));
  EXPECT_EQ(Problems(Dialect::kClickhouse,
                     "INSERT INTO t VALUES (1); INSERT INTO t SELECT format FROM u;"),
            P{});
}

TEST(SplitterSnowflake, BangCommands) {
  EXPECT_EQ(Problems(Dialect::kSnowflake, "!source x.sql\nSELECT 1;"),
            (P{{Kind::kClientCommand, "!source x.sql"}}));
}

// Pieces that are openings of something, over and over. A linear splitter takes milliseconds of
// processor time for each text, a quadratic one half a minute.
TEST(Splitter, IsLinear) {
  const auto repeat = [](std::string_view piece, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += piece;
    return text;
  };
  constexpr std::size_t kBytes = 1u << 18;
  for (const char* piece : {"a$",
                            "$a",
                            "$1$",
                            "1$",
                            "(",
                            "/*",
                            "E'a'\n",
                            "\n",
                            "''",
                            "$a$b",
                            "--\n",
                            ";",
                            "a;",
                            "BEGIN ",
                            "\\",
                            ":a",
                            "[",
                            "\nd",
                            "\n/",
                            "\ngo",
                            "CREATE TRIGGER t BEGIN ;",
                            "delimiter ",
                            "DELIMITER //\n",
                            "@@lockstep",
                            "q'",
                            "&&",
                            "SET TERM ",
                            "SET TERM x\n",
                            "$(",
                            "  ",
                            "a  "}) {
    const std::string text = repeat(piece, kBytes);
    for (const Dialect dialect : {Dialect::kPostgres, Dialect::kMysql, Dialect::kSqlite,
                                  Dialect::kOracle, Dialect::kMssql, Dialect::kFirebird}) {
      const std::clock_t start = std::clock();
      Split(dialect, text);
      EXPECT_LT(std::clock() - start, 3 * CLOCKS_PER_SEC) << piece;
    }
  }
}

}  // namespace
}  // namespace lockstep::sql
