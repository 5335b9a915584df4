#include "native/ledger/sqlite_db.h"

#include "core/base/text.h"

namespace lockstep::ledger {
namespace {

struct Known {
  int code;
  base::ErrorCode error;
  const char* advice;
};
constexpr Known kKnown[] = {
    {SQLITE_BUSY, base::ErrorCode::kUnavailable,
     "another process keeps it locked; see who has it open, and try again"},
    {SQLITE_LOCKED, base::ErrorCode::kUnavailable, "another statement keeps it locked"},
    {SQLITE_FULL, base::ErrorCode::kResourceExhausted,
     "make room on its disk, then `lockstep resume`"},
    {SQLITE_READONLY, base::ErrorCode::kPermissionDenied,
     "the file or its folder cannot be written; mend the permissions or choose another --ledger"},
    {SQLITE_PERM, base::ErrorCode::kPermissionDenied,
     "mend the permissions or choose another --ledger"},
    {SQLITE_CANTOPEN, base::ErrorCode::kIo,
     "the file or its folder cannot be opened; choose another --ledger"},
    {SQLITE_CORRUPT, base::ErrorCode::kCorrupt,
     "keep a copy and repair it with `sqlite3 FILE .recover`; the target databases still know what "
     "was applied"},
    {SQLITE_NOTADB, base::ErrorCode::kCorrupt, "this is no ledger; choose another --ledger"},
};

}  // namespace

base::Error SqliteDb::LastError() const {
  const int code = db_ == nullptr ? SQLITE_NOMEM : sqlite3_errcode(db_);
  std::string message = "the ledger " + base::Quote(path_) + " failed: ";
  message += db_ == nullptr ? "out of memory" : sqlite3_errmsg(db_);
  for (const Known& known : kKnown) {
    if ((code & 0xff) == known.code) return {known.error, message + "; " + known.advice};
  }
  return {base::ErrorCode::kIo, message};
}

base::Status SqliteDb::Open(const std::string& path, int flags) {
  path_ = path;
  if (sqlite3_open_v2(path.c_str(), &db_, flags, nullptr) != SQLITE_OK) return LastError();
  sqlite3_extended_result_codes(db_, 1);
  return {};
}

base::Status SqliteDb::Execute(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return LastError();
  return {};
}

base::Result<SqliteStatement> SqliteDb::Prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK) {
    return LastError();
  }
  return SqliteStatement(statement);
}

}  // namespace lockstep::ledger
