// What the parts of the ledger share. Included by them alone.
#pragma once

#include <map>
#include <memory>

#include "native/ledger/database.h"
#include "native/ledger/ledger.h"

namespace lockstep::ledger {

struct Ledger::Impl {
  Impl(std::unique_ptr<Database> database, bool on_a_server)
      : db(std::move(database)), shared(on_a_server) {}
  ~Impl();  ///< no longer among the runners

  std::unique_ptr<Database> db;
  const bool shared;
  std::unique_ptr<Statement> insert_event =
      db->Prepare("INSERT INTO events(rollout, sequence, json) VALUES (?1, ?2, ?3)");
  std::unique_ptr<Statement> set_status =
      db->Prepare("UPDATE rollouts SET status=?2 WHERE id=?1 AND status<>?2");
  std::unique_ptr<Statement> insert_blob =
      db->Prepare("INSERT INTO blobs(sha256, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
  std::unique_ptr<Statement> find_blob = db->Prepare("SELECT id FROM blobs WHERE sha256=?1");
  std::unique_ptr<Statement> find_bytes =
      db->Prepare("SELECT bytes FROM objects LEFT JOIN blobs ON blobs.id=blob"
                  " WHERE kind=?1 AND number=?2 AND project=?3");

  // Of a shared ledger: who we are among a rollout's runners, and the number of our lease of it.
  std::map<RolloutId, std::int64_t> runners;
  std::map<RolloutId, std::int64_t> epochs;

  base::Result<std::int64_t> StoreBlob(std::string_view bytes) const;
  base::Status StoreDocuments(RolloutId rollout, std::span<const Document> documents) const;
  base::Result<std::vector<RolloutRecord>> Select(std::unique_ptr<Statement> query) const;
  std::unique_ptr<Statement> SelectRollouts(const char* where) const;
  base::Status StoreOutputs(RolloutId rollout, std::span<const Output> outputs) const;
  base::Status StoreWork(RolloutId rollout, const Turn& turn) const;
  base::Status SetHandled(std::int64_t command, base::Instant now) const;
  base::Status ReadOptions(RolloutRecord& record) const;
  /// Within a transaction; "": any.
  base::Status CheckDigest(RolloutId rollout, std::string_view digest) const;
  /// Shared: among the runners of this rollout, once.
  base::Status Register(RolloutId rollout, const LeaseHolder& us);
  /// Shared: fails when somebody else has taken the lease since. Within a transaction: nobody takes
  /// it before its end.
  base::Status CheckLease(RolloutId rollout) const;
};

}  // namespace lockstep::ledger
