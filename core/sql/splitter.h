// Splitter: a sheet of SQL into statements with exact places, without running or understanding it.
// The lexical rules are those of the engine's own client and server; cases and oracles in
// tests/unit/sql.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics/source.h"
#include "core/sql/engine.h"

namespace lockstep::sql {

enum class StatementClass : std::uint8_t {
  kDdl,                 ///< CREATE, ALTER, DROP, TRUNCATE, COMMENT, GRANT …
  kDml,                 ///< INSERT, UPDATE, DELETE, MERGE, REPLACE, COPY FROM, CALL, DO
  kQuery,               ///< SELECT, VALUES, TABLE, SHOW, EXPLAIN, WITH … SELECT
  kTransactionControl,  ///< BEGIN, COMMIT, ROLLBACK, SAVEPOINT, PREPARE TRANSACTION …
  kSession,             ///< SET, PRAGMA, USE, ATTACH, RESET, LOCK TABLES, PREPARE …
  kOther,               ///< VACUUM, ANALYZE, and what is not known
};
std::string_view ToString(
    StatementClass
        statement_class);  ///< "DDL", "DML", "QUERY", "TRANSACTION_CONTROL", "SESSION", "OTHER"

struct Statement {
  diagnostics::Span
      span;  ///< first token to last token, without the terminator; outer comments not included
  StatementClass statement_class = StatementClass::kOther;
  bool not_in_transaction =
      false;  ///< the engine refuses it inside a transaction (VACUUM, CREATE INDEX CONCURRENTLY)
  bool implicit_commit = false;  ///< the engine commits what is open before or after it (MySQL DDL)
  bool leaves_session_state =
      false;  ///< a following statement of the same session could notice (SET, TEMP, ATTACH …)
  std::uint32_t repeat = 1;  ///< SQL Server: GO n
};

enum class SplitProblemKind : std::uint8_t {
  kClientCommand,  ///< \connect, .shell, SOURCE, :r … : reaches outside the database
  kUnterminatedQuote,
  kUnterminatedComment,
  kUnterminatedBody,  ///< BEGIN … without END, dollar quote, parenthesis that hides a terminator
  kInlineData,        ///< COPY … FROM STDIN and its data lines
  kDelimiterMisuse,
  kLexingModeChange,  ///< standard_conforming_strings, sql_mode ANSI_QUOTES: the rest would be read
                      ///< wrongly
  kVariable,          ///< psql :name, sqlcmd $(name), sqlplus &name: the client would replace it
};

struct SplitProblem {
  SplitProblemKind kind;
  diagnostics::Span span;
  std::string message;  ///< in the style of Diagnostic::message
};

struct SplitResult {
  std::vector<Statement> statements;   ///< in order; classified (classify.h)
  std::vector<SplitProblem> problems;  ///< in order of place
};

/// Linear time; never fails: what cannot be split is a problem with a place. `text` < 4 GiB.
SplitResult Split(Dialect dialect, std::string_view text);

}  // namespace lockstep::sql
