#include "native/ledger/schema.h"

#include <iterator>

#include "core/base/text.h"

namespace lockstep::ledger {
namespace {

// Ids start at 101 and are never used again. Documents are stored once however many rollouts use
// them.
constexpr const char* kSteps[] = {
    R"sql(
CREATE TABLE rollouts(
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
  title TEXT NOT NULL,
  created INTEGER NOT NULL, status TEXT NOT NULL DEFAULT 'NOT_STARTED');
INSERT INTO sqlite_sequence(name, seq) VALUES ('rollouts', 100);
CREATE INDEX rollouts_by_digest ON rollouts(digest);
CREATE TABLE options(
  rollout INTEGER NOT NULL REFERENCES rollouts, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY(rollout, name)) WITHOUT ROWID;
CREATE TABLE blobs(id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, bytes BLOB NOT NULL);
CREATE TABLE documents(
  rollout INTEGER NOT NULL REFERENCES rollouts, position INTEGER NOT NULL, role INTEGER NOT NULL,
  name TEXT NOT NULL, path TEXT NOT NULL, blob INTEGER NOT NULL REFERENCES blobs,
  PRIMARY KEY(rollout, position)) WITHOUT ROWID;
CREATE TABLE events(
  rollout INTEGER NOT NULL REFERENCES rollouts, sequence INTEGER NOT NULL, json TEXT NOT NULL,
  PRIMARY KEY(rollout, sequence)) WITHOUT ROWID;
CREATE TABLE outputs(
  rollout INTEGER NOT NULL REFERENCES rollouts, task_run TEXT NOT NULL, stream INTEGER NOT NULL,
  head BLOB NOT NULL, tail BLOB NOT NULL, dropped INTEGER NOT NULL,
  PRIMARY KEY(rollout, task_run, stream));
CREATE TABLE commands(
  id INTEGER PRIMARY KEY AUTOINCREMENT, rollout INTEGER NOT NULL REFERENCES rollouts,
  kind INTEGER NOT NULL,
  tasks TEXT NOT NULL, reason TEXT NOT NULL, created INTEGER NOT NULL, handled_at INTEGER);
CREATE INDEX commands_pending ON commands(rollout, id) WHERE handled_at IS NULL;
CREATE TABLE leases(
  rollout INTEGER PRIMARY KEY REFERENCES rollouts, host TEXT NOT NULL, pid INTEGER NOT NULL,
  since INTEGER NOT NULL);
)sql",
};
constexpr std::int64_t kVersion = std::size(kSteps);

base::Result<std::int64_t> StoredVersion(SqliteDb& db) {
  auto query = db.Prepare("PRAGMA user_version");
  if (!query.ok()) return query.error();
  if (query->Step() != SQLITE_ROW) return db.LastError();
  return query->Int(0);
}

/// "Lock", as SQLite's header has room for.
constexpr std::int64_t kApplicationId = 0x4c6f636b;

base::Error TooNew(const SqliteDb& db, std::int64_t version) {
  return {base::ErrorCode::kFailedPrecondition,
          "the ledger " + base::Quote(db.path()) + " has version " + std::to_string(version) +
              ", and this Lockstep knows up to " + std::to_string(kVersion) +
              "; use the newer Lockstep, or another --ledger"};
}

}  // namespace

base::Status RefuseForeignFile(SqliteDb& db) {
  auto query = db.Prepare(
      "SELECT (SELECT application_id FROM pragma_application_id), EXISTS(SELECT 1 FROM "
      "sqlite_master)");
  if (!query.ok()) return query.error();
  if (query->Step() != SQLITE_ROW) return db.LastError();
  if (query->Int(0) == kApplicationId || query->Int(1) == 0) return {};
  return base::Error{base::ErrorCode::kFailedPrecondition,
                     base::Quote(db.path()) +
                         " is a database of something else, no ledger; choose another --ledger"};
}

base::Status CheckSchema(SqliteDb& db) {
  const auto version = StoredVersion(db);
  if (!version.ok()) return version.error();
  if (*version > kVersion) return TooNew(db, *version);
  if (*version < kVersion) {
    return base::Error{base::ErrorCode::kNotFound,
                       "the ledger " + base::Quote(db.path()) + " has no rollouts yet"};
  }
  return {};
}

base::Status UpgradeSchema(SqliteDb& db) {
  auto version = StoredVersion(db);
  if (!version.ok()) return version.error();
  if (*version > kVersion) return TooNew(db, *version);
  if (*version == kVersion) return {};
  if (auto begun = db.Execute("BEGIN IMMEDIATE"); !begun.ok()) return begun;
  version = StoredVersion(db);  // another process may have been faster
  base::Status status = version.ok() ? base::Status() : base::Status(version.error());
  for (std::int64_t step = version.ok() ? *version : kVersion; status.ok() && step < kVersion;
       ++step) {
    status = db.Execute(kSteps[step]);
    const std::string mark = "PRAGMA user_version=" + std::to_string(step + 1);
    if (status.ok()) status = db.Execute(mark.c_str());
  }
  const std::string id = "PRAGMA application_id=" + std::to_string(kApplicationId);
  if (status.ok()) status = db.Execute(id.c_str());
  if (status.ok()) status = db.Execute("COMMIT");
  if (!status.ok()) (void)db.Execute("ROLLBACK");
  return status;
}

}  // namespace lockstep::ledger
