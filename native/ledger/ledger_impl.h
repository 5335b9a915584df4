// What the parts of Ledger share. Included by them alone.
#pragma once

#include <memory>

#include "native/ledger/ledger.h"
#include "native/ledger/sqlite_db.h"

namespace lockstep::ledger {

/// Commits only when it is told to.
class Transaction {
 public:
  static base::Result<std::unique_ptr<Transaction>> Begin(SqliteDb& db, Durability durability) {
    const bool full = durability == Durability::kPowerSafe;
    if (full) {
      if (auto set = db.Execute("PRAGMA synchronous=FULL"); !set.ok()) return set.error();
    }
    auto begun = db.Execute("BEGIN IMMEDIATE");
    if (!begun.ok()) {
      if (full) (void)db.Execute("PRAGMA synchronous=NORMAL");
      return begun.error();
    }
    return std::unique_ptr<Transaction>(new Transaction(db, full));
  }
  ~Transaction() {
    if (open_) (void)db_.Execute("ROLLBACK");
    if (full_) (void)db_.Execute("PRAGMA synchronous=NORMAL");
  }
  base::Status Commit() {
    auto status = db_.Execute("COMMIT");
    open_ = !status.ok();
    return status;
  }

 private:
  Transaction(SqliteDb& db, bool full) : db_(db), full_(full) {}
  SqliteDb& db_;
  bool full_;
  bool open_ = true;
};

struct Ledger::Impl {
  mutable SqliteDb db;
  SqliteStatement insert_event, set_status, data_version;
  std::int64_t seen_version = -1;

  base::Status PrepareStatements();
  base::Status Run(SqliteStatement& statement) const {
    return statement.Step() == SQLITE_DONE ? base::Status() : base::Status(db.LastError());
  }
  base::Result<std::int64_t> StoreBlob(std::string_view bytes) const;
  base::Result<std::vector<RolloutRecord>> Select(const char* where, std::string_view text,
                                                  std::int64_t id) const;
  base::Status ReadOptions(RolloutRecord& record) const;
};

}  // namespace lockstep::ledger
