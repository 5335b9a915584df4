// SqliteDb, SqliteStatement: the few calls of SQLite that the ledger makes, with errors as
// base::Error.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/base/result.h"

namespace lockstep::ledger {

/// A prepared statement that is kept and used again. Binds from 1, reads from 0.
class SqliteStatement {
 public:
  explicit SqliteStatement(sqlite3_stmt* statement = nullptr) : statement_(statement) {}

  template <class T>
  SqliteStatement& Bind(int index, const T& value) {
    if constexpr (std::is_integral_v<T>) {
      sqlite3_bind_int64(get(), index, static_cast<std::int64_t>(value));
    } else {
      const std::string_view text(
          value);  // must live until Step; never null, which would bind NULL
      sqlite3_bind_text64(get(), index, text.data() == nullptr ? "" : text.data(), text.size(),
                          SQLITE_STATIC, SQLITE_UTF8);
    }
    return *this;
  }
  SqliteStatement& BindBlob(int index, std::string_view bytes) {
    sqlite3_bind_blob64(get(), index, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                        SQLITE_STATIC);
    return *this;
  }

  /// SQLITE_ROW, SQLITE_DONE or an error's code.
  int Step() { return sqlite3_step(get()); }
  std::int64_t Int(int column) { return sqlite3_column_int64(get(), column); }
  std::string Text(int column) {
    const void* bytes = sqlite3_column_blob(get(), column);  // of a text: its bytes
    const int size = sqlite3_column_bytes(get(), column);
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
  }
  bool IsNull(int column) { return sqlite3_column_type(get(), column) == SQLITE_NULL; }
  sqlite3_stmt* get() { return statement_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Ready for its next use when it goes: a statement that stands on a row holds a read transaction
/// open.
class Use {
 public:
  explicit Use(SqliteStatement& statement) : statement_(statement) {}
  ~Use() { sqlite3_reset(statement_.get()); }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  SqliteStatement* operator->() { return &statement_; }

 private:
  SqliteStatement& statement_;
};

class SqliteDb {
 public:
  ~SqliteDb() { sqlite3_close_v2(db_); }
  SqliteDb() = default;
  SqliteDb(const SqliteDb&) = delete;
  SqliteDb& operator=(const SqliteDb&) = delete;

  base::Status Open(const std::string& path, int flags);
  base::Status Execute(const char* sql);
  base::Result<SqliteStatement> Prepare(const char* sql);
  /// What the last call on this connection complained about, with the way out where there is one.
  base::Error LastError() const;
  std::int64_t last_insert_id() const { return sqlite3_last_insert_rowid(db_); }
  const std::string& path() const { return path_; }

 private:
  sqlite3* db_ = nullptr;
  std::string path_;
};

}  // namespace lockstep::ledger
