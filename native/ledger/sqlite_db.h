// SqliteDb: a ledger's database in a file.
#pragma once

#include <sqlite3.h>

#include <string>

#include "native/ledger/database.h"

namespace lockstep::ledger {

class SqliteDb : public Database {
 public:
  ~SqliteDb() override { sqlite3_close_v2(db_); }
  SqliteDb() = default;
  SqliteDb(const SqliteDb&) = delete;
  SqliteDb& operator=(const SqliteDb&) = delete;

  base::Status Open(const std::string& path, int flags);
  /// What the last call on this connection complained about.
  base::Error LastError() const;

  const std::string& name() const override { return path_; }
  base::Status Execute(const char* sql) override;
  std::unique_ptr<Statement> Prepare(const char* sql) override;
  base::Status Begin(Durability durability) override;
  base::Status Commit() override;
  void Rollback() override;
  base::Status BeginReading() override { return Execute("BEGIN"); }
  void EndReading() override { (void)Execute("COMMIT"); }
  base::Status KeepOthersFromWriting(const char*) override { return {}; }  // they can't anyway
  base::Status TellOthers(std::int64_t) override { return {}; }            // the file tells them
  bool ChangedByOthers() override;

 private:
  void EndPowerSafety();
  /// Of a statement that is executed often: prepared once.
  base::Status Run(std::unique_ptr<Statement>& statement, const char* sql);

  sqlite3* db_ = nullptr;
  std::string path_;
  bool power_safe_ = false;  // as this connection is set now
  std::unique_ptr<Statement> begin_, commit_;
  std::unique_ptr<Statement> data_version_;
  std::int64_t seen_version_ = -1;
};

}  // namespace lockstep::ledger
