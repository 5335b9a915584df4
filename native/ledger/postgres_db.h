// PostgresDb: a ledger's database on a PostgreSQL server.
//
// No call waits for ever: a server that is silent for kAnswerLimit is out of reach, and so is it
// for all calls after that. What a transaction sends is sent together (libpq's pipeline) and
// answered together, at the next question or at its commit.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "native/ledger/database.h"
#include "native/ledger/libpq.h"

namespace lockstep::ledger {

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, FreeResult>;

class PostgresDb : public Database {
 public:
  static constexpr std::chrono::seconds kAnswerLimit{10};

  PostgresDb() = default;
  PostgresDb(const PostgresDb&) = delete;
  PostgresDb& operator=(const PostgresDb&) = delete;
  ~PostgresDb() override {
    if (connection_ != nullptr) PQfinish(connection_);
  }

  /// kUnavailable without libpq, kInvalidArgument for an address that libpq does not understand, or
  /// one with a password in it, which everybody on this machine could read.
  base::Status Open(const std::string& url);

  const std::string& name() const override { return url_; }
  base::Status Execute(const char* sql) override;
  std::unique_ptr<Statement> Prepare(const char* sql) override;
  base::Status Begin(Durability durability) override;
  base::Status Commit() override;
  void Rollback() override;
  base::Status KeepOthersFromWriting(const char* table) override;
  base::Status TellOthers(std::int64_t rollout) override;
  bool ChangedByOthers() override;
  int descriptor() const override { return PQsocket(connection_); }

  struct Parameter {
    std::string value;
    bool binary;
  };
  /// Within a transaction the answer is not waited for.
  base::Status Run(const std::string& sql, const std::vector<Parameter>& parameters);
  base::Result<PostgresResult> Query(const std::string& sql,
                                     const std::vector<Parameter>& parameters);

 private:
  base::Status Send(const std::string& sql, const std::vector<Parameter>& parameters);
  /// The answer to the last of what was sent; the first error of all.
  base::Result<PostgresResult> Receive();
  base::Result<PostgresResult> Next();
  base::Status AwaitSocket(short events);
  base::Error Lost(const std::string& why);
  base::Error ErrorOf(const PGresult* result) const;

  PGconn* connection_ = nullptr;
  std::string url_;
  std::optional<base::Error> lost_;
  std::size_t sent_ = 0;  // in a transaction, without its answer
  std::chrono::steady_clock::time_point looked_at_{};
};

}  // namespace lockstep::ledger
