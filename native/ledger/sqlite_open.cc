#include <unistd.h>

#include <filesystem>
#include <iterator>

#include "core/base/text.h"
#include "native/ledger/open.h"
#include "native/ledger/sqlite_db.h"

namespace lockstep::ledger {
namespace {

// Ids start at 101 and are never used again. Documents are stored once however many rollouts use
// them.
constexpr const char* kSqliteSteps[] = {
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
    R"sql(
CREATE TABLE objects(
  kind INTEGER NOT NULL, number INTEGER NOT NULL, project TEXT NOT NULL, parent TEXT NOT NULL,
  revision INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  json TEXT NOT NULL, blob INTEGER REFERENCES blobs,
  PRIMARY KEY(kind, number)) WITHOUT ROWID;
CREATE INDEX objects_by_parent ON objects(kind, parent);
CREATE INDEX rollouts_by_plan ON options(value) WHERE name = 'plan';
)sql",
};
constexpr std::int64_t kSqliteVersion = std::size(kSqliteSteps);

base::Result<std::int64_t> StoredVersion(SqliteDb& db) {
  auto query = db.Prepare("PRAGMA user_version");
  if (const auto row = query->One(); !row.ok()) return row.error();
  const std::int64_t version = query->Int(0);
  query->Reset();
  return version;
}

/// "Lock", as SQLite's header has room for.
constexpr std::int64_t kApplicationId = 0x4c6f636b;

/// A database that somebody else made must not become a ledger.
base::Status RefuseForeignFile(SqliteDb& db) {
  auto query = db.Prepare(
      "SELECT (SELECT application_id FROM pragma_application_id), EXISTS(SELECT 1 FROM "
      "sqlite_master)");
  if (const auto row = query->One(); !row.ok()) return row.error();
  if (query->Int(0) == kApplicationId || query->Int(1) == 0) return {};
  return base::Error{base::ErrorCode::kFailedPrecondition,
                     base::Quote(db.name()) +
                         " is a database of something else, no ledger; choose another --ledger"};
}

base::Status UpgradeSchema(SqliteDb& db) {
  auto version = StoredVersion(db);
  if (auto known = CheckVersion(db, version, kSqliteVersion);
      known.ok() || !version.ok() || *version > kSqliteVersion)
    return known;
  if (auto begun = db.Execute("BEGIN IMMEDIATE"); !begun.ok()) return begun;
  version = StoredVersion(db);  // another process may have been faster
  base::Status status = version.ok() ? base::Status() : base::Status(version.error());
  for (std::int64_t step = version.ok() ? *version : kSqliteVersion;
       status.ok() && step < kSqliteVersion; ++step) {
    status = db.Execute(kSqliteSteps[step]);
    const std::string mark = "PRAGMA user_version=" + std::to_string(step + 1);
    if (status.ok()) status = db.Execute(mark.c_str());
  }
  const std::string id = "PRAGMA application_id=" + std::to_string(kApplicationId);
  if (status.ok()) status = db.Execute(id.c_str());
  if (status.ok()) status = db.Execute("COMMIT");
  if (!status.ok()) (void)db.Execute("ROLLBACK");
  return status;
}

/// Who only reads a ledger of an older Lockstep finds it in today's form.
base::Status UpgradeOlder(SqliteDb& db) {
  const auto version = StoredVersion(db);
  if (!version.ok() || *version == 0 || *version >= kSqliteVersion) return {};
  return UpgradeSchema(db);
}

constexpr int kBusyTimeoutMs = 5000;

base::Status SwitchToWal(SqliteDb& db) {
  // Changing the mode needs the file for itself, and does not wait for it by the busy handler.
  for (int waited_ms = 0;; waited_ms += 10) {
    const auto status = db.Execute("PRAGMA journal_mode=WAL");
    if (status.ok() || status.error().code != base::ErrorCode::kUnavailable ||
        waited_ms >= kBusyTimeoutMs) {
      return status;
    }
    usleep(10'000);
  }
}

base::Status Prepare(SqliteDb& db, Ledger::Mode mode) {
  const std::string busy = "PRAGMA busy_timeout=" + std::to_string(kBusyTimeoutMs);
  base::Status status = db.Execute(busy.c_str());
  if (status.ok()) status = RefuseForeignFile(db);
  if (mode == Ledger::Mode::kWrite) {
    if (status.ok()) status = SwitchToWal(db);
    if (status.ok()) status = db.Execute("PRAGMA synchronous=NORMAL");
    if (status.ok()) status = UpgradeSchema(db);
  } else {
    if (status.ok()) status = UpgradeOlder(db);
    if (status.ok()) status = db.Execute("PRAGMA query_only=ON");
    if (status.ok()) status = CheckVersion(db, StoredVersion(db), kSqliteVersion);
  }
  return status;
}

}  // namespace

base::Result<std::unique_ptr<Database>> OpenFile(const std::string& asked, Ledger::Mode mode) {
  std::error_code ec;
  // Whatever link leads to it, it has one lock file.
  const bool is_link = std::filesystem::is_symlink(asked, ec);
  const std::string path = is_link ? std::filesystem::weakly_canonical(asked, ec).string() : asked;
  if (mode == Ledger::Mode::kWrite) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, ec);
  } else if (!std::filesystem::exists(path, ec)) {
    return base::Error{base::ErrorCode::kNotFound,
                       "there is no ledger at " + base::Quote(path) +
                           "; `lockstep run` makes one, --ledger names another"};
  }
  auto db = std::make_unique<SqliteDb>();
  const int create = mode == Ledger::Mode::kWrite ? SQLITE_OPEN_CREATE : 0;
  base::Status status = db->Open(path, SQLITE_OPEN_READWRITE | create);
  if (status.ok()) status = Prepare(*db, mode);
  if (!status.ok()) return status.error();
  return std::unique_ptr<Database>(std::move(db));
}

}  // namespace lockstep::ledger
