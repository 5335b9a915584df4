// What a statement does beyond itself: refused in a transaction, commits, leaves its mark on the
// session or on the lexing of what follows.
#include <algorithm>
#include <initializer_list>

#include "core/base/text.h"
#include "core/sql/classify.h"
#include "core/sql/dialect.h"
#include "core/sql/sqlite_name.h"

namespace lockstep::sql {
namespace {

using enum Word;

bool ContainsIgnoreCase(std::string_view text, std::string_view lower) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  return std::search(text.begin(), text.end(), lower.begin(), lower.end(), same) != text.end();
}

void ClassifyPragma(std::string_view text, Statement& statement) {
  const SqlitePragma pragma = ReadPragma(text);
  // Their argument asks, or what they change stays in the file.
  const bool no_memory =
      IsNamed(pragma.name,
              {"table_info", "table_xinfo", "table_list", "index_info", "index_list", "index_xinfo",
               "foreign_key_list", "foreign_key_check", "integrity_check", "quick_check",
               "optimize", "user_version", "application_id", "schema_version", "wal_checkpoint",
               "incremental_vacuum", "auto_vacuum", "page_size", "encoding"});
  statement.leaves_session_state = pragma.has_value && !no_memory;
  statement.not_in_transaction =
      (pragma.has_value && IsNamed(pragma.name, {"journal_mode", "synchronous", "temp_store"})) ||
      IsNamed(pragma.name, {"wal_checkpoint"});
}

/// Measured on PostgreSQL 15: each of these is SQLSTATE 25001 inside a transaction block.
bool PostgresRefusesInTransaction(const StatementWords& words) {
  const Word second = words.head(1);
  switch (words.first()) {
    case VACUUM:
      return true;
    case CREATE:
      return OneOf(second, {DATABASE, TABLESPACE, SUBSCRIPTION}) || words.has(CONCURRENTLY);
    case DROP:
      return OneOf(second, {DATABASE, TABLESPACE, SUBSCRIPTION}) ||
             (second == INDEX && words.has(CONCURRENTLY));
    case REINDEX:
      return words.has(CONCURRENTLY) || words.has(DATABASE) || words.has(SCHEMA) ||
             words.has(SYSTEM);
    case CLUSTER:  // CLUSTER [VERBOSE], without a table
      return words.count() == 1 || (words.count() == 2 && second == VERBOSE);
    case ALTER:
      return second == SYSTEM || (second == DATABASE && words.has(TABLESPACE)) ||
             (words.has(DETACH) && words.has(CONCURRENTLY)) ||
             (second == SUBSCRIPTION && words.has(REFRESH));
    case DISCARD:
      return second == ALL;
    case COMMIT:
    case ROLLBACK:
      return second == PREPARED;
    default:
      return false;
  }
}

bool RefusedInTransaction(Dialect dialect, const StatementWords& words) {
  switch (dialect) {
    case Dialect::kPostgres:
      return PostgresRefusesInTransaction(words);
    case Dialect::kSqlite:
      return OneOf(words.first(), {VACUUM, ATTACH, DETACH});
    case Dialect::kMssql:
      return OneOf(words.first(), {BACKUP, RESTORE, RECONFIGURE}) ||
             (OneOf(words.first(), {CREATE, ALTER, DROP}) &&
              OneOf(words.head(1), {DATABASE, FULLTEXT}));
    default:
      return false;
  }
}

/// MySQL manual, "Statements That Cause an Implicit Commit"; MariaDB has the same list.
bool MysqlCommits(const StatementWords& words, StatementClass statement_class) {
  const Word second = words.head(1);
  switch (words.first()) {
    case CREATE:
    case DROP:
      return second != TEMPORARY;
    case ALTER:
    case RENAME:
    case TRUNCATE:
    case GRANT:
    case REVOKE:
    case INSTALL:
    case UNINSTALL:
    case ANALYZE:
    case CHECK:
    case OPTIMIZE:
    case REPAIR:
    case CACHE:
    case FLUSH:
    case RESET:
    case BEGIN:
    case CHANGE:
    case STOP:
      return second != NOT;  // BEGIN NOT ATOMIC
    case START:
      return true;
    case LOCK:
    case UNLOCK:
      return OneOf(second, {TABLE, TABLES});
    case LOAD:
      return second == INDEX;
    case SET:
      if (second == STATEMENT) return statement_class == StatementClass::kDdl;
      return second == PASSWORD || words.has(AUTOCOMMIT);
    default:
      return false;
  }
}

bool CommitsImplicitly(Dialect dialect, const StatementWords& words,
                       StatementClass statement_class) {
  switch (dialect) {
    case Dialect::kMysql:
      return MysqlCommits(words, statement_class);
    case Dialect::kOracle:
    case Dialect::kSnowflake:
      return statement_class == StatementClass::kDdl;
    default:
      return false;
  }
}

/// User variables, which end with the session: @v := 1, SELECT … INTO @v, CALL p(@v). Looked for in
/// the text: the values of an INSERT may hold anything.
bool SetsMysqlVariable(const StatementWords& words, std::string_view text) {
  if (OneOf(words.first(), {CREATE, ALTER})) return false;  // in a body it is not run now
  const std::string_view head = text.substr(0, 65536);
  for (std::size_t at = head.find('@'); at != std::string_view::npos; at = head.find('@', at + 1)) {
    if (OneOf(words.first(), {CALL, EXECUTE})) return true;
    std::size_t end = at + 1;
    while (end < head.size() && IsWordByte(static_cast<unsigned char>(head[end]))) ++end;
    while (end < head.size() && IsSpace(static_cast<unsigned char>(head[end]))) ++end;
    if (head.substr(end).starts_with(":=")) return true;
    std::size_t begin = at;
    while (begin > 0 && IsSpace(static_cast<unsigned char>(head[begin - 1]))) --begin;
    if (begin < at && begin >= 4 && IsNamed(head.substr(begin - 4, 4), {"into"})) return true;
  }
  return false;
}

bool LeavesSessionState(Dialect dialect, const StatementWords& words, std::string_view text) {
  const Word second = words.head(1);
  if (dialect == Dialect::kMysql && SetsMysqlVariable(words, text)) return true;
  switch (words.first()) {
    case CREATE:
      if (dialect == Dialect::kSqlite && CreatesInTemp(text)) return true;
      return second == TEMP || second == TEMPORARY ||
             (OneOf(second, {LOCAL, GLOBAL, OR}) && (words.has(TEMP) || words.has(TEMPORARY)) &&
              dialect != Dialect::kOracle);
    case SET:
      return !OneOf(second,
                    {LOCAL, TRANSACTION, CONSTRAINTS, CONSTRAINT, GLOBAL, PERSIST, PASSWORD,
                     STATEMENT});
    case SELECT:
      return dialect == Dialect::kPostgres && text.size() < 4096 &&
             ContainsIgnoreCase(text, "set_config");
    case ALTER:
      return second == SESSION;
    case LOCK:
    case UNLOCK:
      return dialect == Dialect::kMysql;
    case LOAD:
      return dialect == Dialect::kPostgres;
    case USE:
    case ATTACH:
    case DETACH:
    case RESET:
    case PREPARE:
    case DEALLOCATE:
    case DISCARD:
    case LISTEN:
    case UNLISTEN:
    case UNSET:
      return !(words.first() == PREPARE && second == TRANSACTION);
    default:
      return false;
  }
}

}  // namespace

void AddEffects(Dialect dialect, const StatementWords& words, std::string_view text,
                Statement& statement) {
  statement.not_in_transaction = RefusedInTransaction(dialect, words);
  statement.implicit_commit = CommitsImplicitly(dialect, words, statement.statement_class);
  statement.leaves_session_state = LeavesSessionState(dialect, words, text);
  if (words.first() == PRAGMA) ClassifyPragma(text, statement);
}

std::string_view LexingModeChange(Dialect dialect, const StatementWords& words,
                                  std::string_view text) {
  const Word first = words.first();
  if (dialect == Dialect::kPostgres) {
    const bool can_set = first == SET || (first == SELECT && text.size() < 4096);
    if (can_set && ContainsIgnoreCase(text, "standard_conforming_strings") &&
        (first == SET || ContainsIgnoreCase(text, "set_config"))) {
      return "standard_conforming_strings";
    }
  }
  if (dialect == Dialect::kMysql && first == SET) {
    if (ContainsIgnoreCase(text, "sql_mode")) {
      for (const std::string_view mode :
           {"ansi", "no_backslash_escapes", "oracle", "mssql", "db2", "maxdb", "postgresql"}) {
        if (ContainsIgnoreCase(text, mode)) return "sql_mode";
      }
    }
    // In these a backslash can be the second byte of a character.
    if (OneOf(words.head(1), {NAMES, CHARACTER, CHARSET}) ||
        ContainsIgnoreCase(text, "character_set_client")) {
      for (const std::string_view charset : {"big5", "cp932", "gb18030", "gbk", "sjis"}) {
        if (ContainsIgnoreCase(text, charset)) return "the character set";
      }
    }
  }
  return {};
}

}  // namespace lockstep::sql
