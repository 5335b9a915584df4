// Words: the SQL words that splitting and classifying look at, as numbers.
#pragma once

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace lockstep::sql {

// clang-format off
#define LOCKSTEP_SQL_WORDS(X) \
  X(ABORT) X(ACCEPT) X(ADD) X(ALL) X(ALTER) X(ANALYSE) X(ANALYZE) X(AND) X(ARCHIVE) X(ATTACH) \
  X(AUTOCOMMIT) X(BACKUP) X(BEGIN) X(BLOBDUMP) X(BLOBVIEW) X(BLOCK) X(BTITLE) X(CACHE) X(CALL) \
  X(CASE) X(CHANGE) X(CHARACTER) X(CHARSET) X(CHECK) X(CLEAR) X(CLUSTER) X(COLUMN) X(COMMENT) \
  X(COMMIT) X(COMPUTE) X(CONCURRENTLY) X(CONNECT) X(CONSTRAINT) X(CONSTRAINTS) X(COPY) X(CREATE) \
  X(DATABASE) X(DEALLOCATE) X(DECLARE) X(DEFINE) X(DELETE) X(DESC) X(DESCRIBE) X(DETACH) \
  X(DISCARD) X(DISCONNECT) X(DO) X(DROP) X(EDIT) X(EDITIONABLE) X(EGO) X(END) X(EVENT) X(EXEC) \
  X(EXECUTE) X(EXIT) X(EXPLAIN) X(FETCH) X(FLUSH) X(FOREIGN) X(FORMAT) X(FROM) X(FULLTEXT) \
  X(FUNCTION) X(GET) X(GLOBAL) X(GO) X(GRANT) X(HANDLER) X(HELP) X(HOST) X(IMPORT) X(IN) X(INDEX) \
  X(INPUT) X(INSERT) X(INSTALL) X(JAVA) X(LIBRARY) X(LIST) X(LISTEN) X(LOAD) X(LOCAL) X(LOCK) \
  X(MERGE) X(MOVE) X(NAMES) X(NONEDITIONABLE) X(NOPAGER) X(NOT) X(NOTEE) X(NOWARNING) X(OPTIMIZE) \
  X(OR) X(OUT) X(OUTPUT) X(PACKAGE) X(PAGER) X(PASSWORD) X(PAUSE) X(PERSIST) X(PRAGMA) X(PREPARE) \
  X(PREPARED) X(PRINT) X(PROCEDURE) X(PROMPT) X(QUIT) X(REASSIGN) X(RECONFIGURE) X(REFRESH) \
  X(REHASH) X(REINDEX) X(RELEASE) X(REM) X(REMARK) X(RENAME) X(REPAIR) X(REPLACE) X(RESET) \
  X(RESETCONNECTION) X(RESTORE) X(REVOKE) X(ROLE) X(ROLLBACK) X(RUN) X(SAVE) X(SAVEPOINT) \
  X(SCHEMA) X(SECURITY) X(SELECT) X(SESSION) X(SET) X(SHELL) X(SHOW) X(SHUTDOWN) X(SOURCE) \
  X(SPOOL) X(START) X(STARTUP) X(STATEMENT) X(STATUS) X(STDIN) X(STOP) X(STORE) X(SUBSCRIPTION) \
  X(SYSTEM) X(TABLE) X(TABLES) X(TABLESPACE) X(TEE) X(TEMP) X(TEMPORARY) X(TERM) X(TIMING) X(TO) \
  X(TRAN) X(TRANSACTION) X(TRIGGER) X(TRUNCATE) X(TTITLE) X(TYPE) X(UNDEFINE) X(UNDROP) \
  X(UNINSTALL) X(UNLISTEN) X(UNLOCK) X(UNSET) X(UPDATE) X(UPSERT) X(USE) X(VACUUM) X(VALUES) \
  X(VAR) X(VARIABLE) X(VERBOSE) X(WARNINGS) X(WHENEVER) X(WITH) X(WORK) X(XA)
// clang-format on

enum class Word : std::uint8_t {
  NONE,  ///< any other
#define LOCKSTEP_SQL_WORD(name) name,
  LOCKSTEP_SQL_WORDS(LOCKSTEP_SQL_WORD)
#undef LOCKSTEP_SQL_WORD
      COUNT,
};

/// Case ignored (ASCII).
Word FindWord(std::string_view text);

/// Case ignored (ASCII), for words that are not worth a number.
bool IsNamed(std::string_view name, std::initializer_list<std::string_view> names);

inline bool OneOf(Word word, std::initializer_list<Word> words) {
  for (const Word other : words) {
    if (word == other) return true;
  }
  return false;
}

/// All words of a statement, without their order.
using WordSet = std::bitset<static_cast<std::size_t>(Word::COUNT)>;

}  // namespace lockstep::sql
