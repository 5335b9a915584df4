#include "core/sql/classify.h"

#include <array>
#include <initializer_list>

namespace lockstep::sql {
namespace {

using enum Word;

bool IsVerb(Word word) {
  return OneOf(word, {SELECT, INSERT, UPDATE, DELETE, MERGE, REPLACE, VALUES, TABLE});
}

bool Writes(Word verb) {
  return OneOf(verb, {INSERT, UPDATE, DELETE, MERGE, REPLACE});
}

StatementClass ClassOfVerb(const StatementWords& words) {
  if (Writes(words.verb()) || words.writes_inside()) return StatementClass::kDml;
  return StatementClass::kQuery;
}

/// BEGIN is a transaction in one dialect and a block of statements in the other.
StatementClass ClassOfBegin(Dialect dialect, const StatementWords& words) {
  const bool block = dialect == Dialect::kOracle ||
                     (dialect == Dialect::kMysql && words.head(1) == NOT) ||
                     (dialect == Dialect::kSnowflake && words.count() > 1 &&
                      !OneOf(words.head(1), {TRANSACTION, WORK})) ||
                     (dialect == Dialect::kMssql && !OneOf(words.head(1), {TRAN, TRANSACTION}));
  return block ? StatementClass::kDml : StatementClass::kTransactionControl;
}

/// Of most statements, by their first word.
constexpr auto kClassOfFirst = [] {
  using enum StatementClass;
  std::array<StatementClass, static_cast<std::size_t>(COUNT)> table{};
  const auto set = [&table](StatementClass c, std::initializer_list<Word> words) {
    for (const Word word : words) table[static_cast<std::size_t>(word)] = c;
  };
  table.fill(kOther);
  set(kDdl,
      {CREATE, ALTER, DROP, TRUNCATE, COMMENT, GRANT, REVOKE, RENAME, REASSIGN, SECURITY, UNDROP});
  set(kDml, {INSERT, UPDATE, DELETE, MERGE, REPLACE, UPSERT, CALL, DO, EXECUTE, EXEC, COPY, IMPORT,
             LOAD, DECLARE});
  set(kQuery, {SELECT, VALUES, TABLE, SHOW, DESCRIBE, DESC, FETCH, HELP, HANDLER, EXPLAIN, WITH});
  set(kTransactionControl, {COMMIT, END, ROLLBACK, ABORT, SAVEPOINT, RELEASE, XA});
  set(kSession, {SET, PRAGMA, USE, ATTACH, DETACH, RESET, LOCK, UNLOCK, DEALLOCATE, DISCARD, LISTEN,
                 UNLISTEN, MOVE, UNSET, PREPARE});
  return table;
}();

/// MariaDB: SET STATEMENT variable = value FOR a statement: what that one is.
StatementClass ClassOfSetStatement(const StatementWords& words) {
  for (const Word ddl : {CREATE, ALTER, DROP, TRUNCATE, RENAME, GRANT, REVOKE}) {
    if (words.has(ddl)) return StatementClass::kDdl;
  }
  return words.verb() == NONE ? StatementClass::kOther : ClassOfVerb(words);
}

StatementClass ClassOf(Dialect dialect, const StatementWords& words) {
  using enum StatementClass;
  const Word second = words.head(1);
  switch (words.first()) {
    case BEGIN:
      return ClassOfBegin(dialect, words);
    case ALTER:
      return second == SESSION ? kSession : kDdl;
    case IMPORT:
      return second == FOREIGN ? kDdl : kDml;
    case LOAD:
    case DECLARE:
      return dialect == Dialect::kPostgres ? kSession : kDml;
    case COPY:
      return words.has(TO) ? kQuery : kDml;
    case EXPLAIN:  // EXPLAIN ANALYZE runs what it explains
      return words.has(ANALYZE) || words.has(ANALYSE) ? ClassOfVerb(words) : kQuery;
    case WITH:
      return ClassOfVerb(words);
    case START:
      return second == TRANSACTION ? kTransactionControl : kOther;
    case SAVE:
      return OneOf(second, {TRAN, TRANSACTION}) ? kTransactionControl : kOther;
    case PREPARE:
      return second == TRANSACTION ? kTransactionControl : kSession;
    case SET:
      if (dialect == Dialect::kMysql && second == STATEMENT) return ClassOfSetStatement(words);
      return dialect == Dialect::kFirebird && second == TRANSACTION ? kTransactionControl
                                                                    : kSession;
    default:
      return kClassOfFirst[static_cast<std::size_t>(words.first())];
  }
}

/// SQL Server: a batch is one statement here, and statements in it need no separator.
bool ControlsTransaction(const StatementWords& words) {
  if (OneOf(CreatedObject(Dialect::kMssql, words), {FUNCTION, PROCEDURE, TRIGGER})) return false;
  return words.has(COMMIT) || words.has(ROLLBACK) ||
         (words.has(BEGIN) && (words.has(TRAN) || words.has(TRANSACTION)));
}

}  // namespace

void StatementWords::Add(Word word, std::size_t depth, bool after_open) {
  if (count_ < kHead) head_[count_] = word;
  seen_.set(static_cast<std::size_t>(word));
  if (count_ > 0 && verb_ == NONE && depth == 0 && IsVerb(word)) verb_ = word;
  if (after_open && Writes(word)) writes_inside_ = true;
  ++count_;
}

bool WantsMoreWords(Dialect dialect, const StatementWords& words) {
  if (dialect == Dialect::kMssql) return true;
  switch (words.first()) {
    case INSERT:  // ClickHouse: INSERT … FORMAT CSV is followed by data
      return dialect == Dialect::kClickhouse && !words.has(VALUES) && !words.has(SELECT);
    case SELECT:
    case UPDATE:
    case DELETE:
    case MERGE:
    case REPLACE:
    case VALUES:
    case CALL:
    case COMMENT:
    case GRANT:
    case REVOKE:
    case DO:
      return false;
    case WITH:
      return words.verb() == NONE;
    case CREATE: {
      if (words.head(1) == TABLE) return false;
      const Word object = CreatedObject(dialect, words);
      return words.count() < StatementWords::kHead ||
             OneOf(object, {FUNCTION, PROCEDURE, TRIGGER, EVENT, PACKAGE});
    }
    default:
      return true;
  }
}

Word CreatedObject(Dialect dialect, const StatementWords& words) {
  if (!OneOf(words.first(), {CREATE, ALTER})) return NONE;
  const bool has_definer = dialect == Dialect::kMysql;  // CREATE DEFINER = user FUNCTION …
  for (std::size_t i = 1; i < StatementWords::kHead; ++i) {
    const Word word = words.head(i);
    if (word == NONE && (has_definer || words.has(JAVA))) continue;
    if (!OneOf(word, {OR, REPLACE, ALTER, EDITIONABLE, NONEDITIONABLE, AND, TEMP, TEMPORARY}))
      return word;
  }
  return NONE;
}

bool IsPlsqlUnit(const StatementWords& words) {
  switch (words.first()) {
    case BEGIN:
    case DECLARE:
      return true;
    case CREATE:
      return OneOf(CreatedObject(Dialect::kOracle, words),
                   {FUNCTION, PROCEDURE, PACKAGE, TRIGGER, TYPE, LIBRARY, JAVA});
    case WITH:
      return OneOf(words.head(1), {FUNCTION, PROCEDURE});
    default:
      return false;
  }
}

void Classify(Dialect dialect, const StatementWords& words, std::string_view text,
              Statement& statement) {
  statement.statement_class = ClassOf(dialect, words);
  if (dialect == Dialect::kMssql && ControlsTransaction(words)) {
    statement.statement_class = StatementClass::kTransactionControl;
  }
  AddEffects(dialect, words, text, statement);
}

std::string_view ToString(StatementClass statement_class) {
  switch (statement_class) {
    case StatementClass::kDdl:
      return "DDL";
    case StatementClass::kDml:
      return "DML";
    case StatementClass::kQuery:
      return "QUERY";
    case StatementClass::kTransactionControl:
      return "TRANSACTION_CONTROL";
    case StatementClass::kSession:
      return "SESSION";
    case StatementClass::kOther:
      return "OTHER";
  }
  return "OTHER";
}

}  // namespace lockstep::sql
