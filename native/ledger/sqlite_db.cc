#include "native/ledger/sqlite_db.h"

#include <optional>

#include "core/base/text.h"

namespace lockstep::ledger {
namespace {

struct SqliteKnown {
  int code;
  base::ErrorCode error;
  const char* advice;
};
constexpr SqliteKnown kSqliteKnown[] = {
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
    {SQLITE_CONSTRAINT, base::ErrorCode::kUnavailable,
     "another runner writes to this rollout, and this one stops; look at `lockstep status`"},
    {SQLITE_NOTADB, base::ErrorCode::kCorrupt, "this is no ledger; choose another --ledger"},
};

}  // namespace

base::Error SqliteDb::LastError() const {
  const int code = db_ == nullptr ? SQLITE_NOMEM : sqlite3_errcode(db_);
  std::string message = "the ledger " + base::Quote(path_) + " failed: ";
  message += db_ == nullptr ? "out of memory" : sqlite3_errmsg(db_);
  for (const SqliteKnown& known : kSqliteKnown) {
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

namespace {

class SqliteStatement : public Statement {
 public:
  SqliteStatement(const SqliteDb& db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  SqliteStatement(const SqliteDb& db, base::Error error) : db_(db), error_(std::move(error)) {}
  ~SqliteStatement() override { sqlite3_finalize(statement_); }

  Statement& BindBlob(int index, std::string_view bytes) override {
    sqlite3_bind_blob64(statement_, index, bytes.data() == nullptr ? "" : bytes.data(),
                        bytes.size(), SQLITE_STATIC);
    return *this;
  }
  base::Result<bool> Next() override {
    if (error_) return *error_;
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    base::Result<bool> end = false;
    if (code != SQLITE_DONE) end = db_.LastError();
    sqlite3_reset(statement_);
    return end;
  }
  base::Status Run() override {
    const base::Result<bool> next = Next();
    return next.ok() ? base::Status() : base::Status(next.error());
  }
  std::int64_t Int(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string Text(int column) const override {
    const void* bytes = sqlite3_column_blob(statement_, column);  // of a text: its bytes
    const int size = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
  }
  bool IsNull(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  // A statement that stands on a row holds a read transaction open.
  void Reset() override { sqlite3_reset(statement_); }

 private:
  void BindInt(int index, std::int64_t value) override {
    sqlite3_bind_int64(statement_, index, value);
  }
  void BindText(int index, std::string_view text) override {
    // Never null, which would bind NULL.
    sqlite3_bind_text64(statement_, index, text.data() == nullptr ? "" : text.data(), text.size(),
                        SQLITE_STATIC, SQLITE_UTF8);
  }

  const SqliteDb& db_;
  sqlite3_stmt* statement_ = nullptr;
  std::optional<base::Error> error_;
};

}  // namespace

std::unique_ptr<Statement> SqliteDb::Prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK) {
    return std::make_unique<SqliteStatement>(*this, LastError());
  }
  return std::make_unique<SqliteStatement>(*this, statement);
}

base::Status SqliteDb::Run(std::unique_ptr<Statement>& statement, const char* sql) {
  if (statement == nullptr) statement = Prepare(sql);
  return statement->Run();
}

base::Status SqliteDb::Begin(Durability durability) {
  if (durability == Durability::kPowerSafe) {
    if (auto set = Execute("PRAGMA synchronous=FULL"); !set.ok()) return set;
    power_safe_ = true;
  }
  auto begun = Run(begin_, "BEGIN IMMEDIATE");
  if (!begun.ok()) EndPowerSafety();
  return begun;
}

base::Status SqliteDb::Commit() {
  auto status = Run(commit_, "COMMIT");
  if (status.ok()) EndPowerSafety();
  return status;
}

void SqliteDb::Rollback() {
  (void)Execute("ROLLBACK");
  EndPowerSafety();
}

void SqliteDb::EndPowerSafety() {
  if (std::exchange(power_safe_, false)) (void)Execute("PRAGMA synchronous=NORMAL");
}

bool SqliteDb::ChangedByOthers() {
  if (data_version_ == nullptr) data_version_ = Prepare("PRAGMA data_version");
  const auto row = data_version_->One();
  if (!row.ok() || !*row) return true;  // whoever reads next will see the error
  const std::int64_t version = data_version_->Int(0);
  data_version_->Reset();
  return std::exchange(seen_version_, version) != version;
}

}  // namespace lockstep::ledger
