// Database, Statement: what the ledger asks of the database that keeps it. Its SQL is written once,
// in what SQLite and PostgreSQL both understand: parameters are ?1, ?2 …, ids come by RETURNING.
// Errors are base::Error, with the way out where there is one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/base/result.h"

namespace lockstep::ledger {

enum class Durability {
  kProcessSafe,  ///< nothing is lost when processes are killed
  kPowerSafe     ///< nor when the database's machine loses its power
};

/// One statement, good for many uses. Binds from 1, reads from 0. A mistake in preparing it is told
/// by its first use.
class Statement {
 public:
  virtual ~Statement() = default;

  /// What is bound must live until the statement has run. Not while it stands on a row.
  template <class T>
  Statement& Bind(int index, const T& value) {
    if constexpr (std::is_integral_v<T>)
      BindInt(index, static_cast<std::int64_t>(value));
    else
      BindText(index, std::string_view(value));
    return *this;
  }
  virtual Statement& BindBlob(int index, std::string_view bytes) = 0;

  /// To its next row; false after the last, and then it is ready for its next use.
  virtual base::Result<bool> Next() = 0;
  /// Runs one that gives no rows. Within a transaction its error may come with Commit only.
  virtual base::Status Run() = 0;
  virtual std::int64_t Int(int column) const = 0;
  virtual std::string Text(int column) const = 0;  ///< of a blob: its bytes
  virtual bool IsNull(int column) const = 0;
  /// Done with its rows, before the last one was reached.
  virtual void Reset() = 0;

  /// Calls `row` for each of its rows.
  template <class Row>
  base::Status ForEach(Row row) {
    for (;;) {
      const base::Result<bool> next = Next();
      if (!next.ok()) return next.error();
      if (!*next) return {};
      row();
    }
  }
  /// To its only row, which stays readable until the next use; false without one.
  base::Result<bool> One() {
    Reset();
    return Next();
  }

 private:
  virtual void BindInt(int index, std::int64_t value) = 0;
  virtual void BindText(int index, std::string_view text) = 0;
};

class Database {
 public:
  virtual ~Database() = default;
  /// As messages name it: a path, or an address without password.
  virtual const std::string& name() const = 0;
  /// One or several statements without parameters and rows.
  virtual base::Status Execute(const char* sql) = 0;
  virtual std::unique_ptr<Statement> Prepare(const char* sql) = 0;

  virtual base::Status Begin(Durability durability) = 0;
  virtual base::Status Commit() = 0;
  virtual void Rollback() = 0;
  /// What is read until EndReading is as of one moment, and cheaper, where the database has a price
  /// for each read. Not within a transaction.
  virtual base::Status BeginReading() { return {}; }
  virtual void EndReading() {}
  /// Within a transaction: until its end nobody else writes this table.
  virtual base::Status KeepOthersFromWriting(const char* table) = 0;

  /// Within a transaction: when it is committed, others are told that this rollout has news.
  virtual base::Status TellOthers(std::int64_t rollout) = 0;
  /// Whether another connection may have changed something since the last call. Cheap.
  virtual bool ChangedByOthers() = 0;
  /// Readable when others may have changed something; -1: nothing tells.
  virtual int descriptor() const { return -1; }
};

/// Commits only when it is told to.
class Transaction {
 public:
  static base::Result<Transaction> Begin(Database& db, Durability durability) {
    if (auto begun = db.Begin(durability); !begun.ok()) return begun.error();
    return Transaction(db);
  }
  Transaction(Transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() {
    if (db_ != nullptr) db_->Rollback();
  }
  base::Status Commit() {
    auto status = db_->Commit();
    if (status.ok()) db_ = nullptr;
    return status;
  }

 private:
  explicit Transaction(Database& db) : db_(&db) {}
  Database* db_;
};

}  // namespace lockstep::ledger
