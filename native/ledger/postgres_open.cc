#include <iterator>

#include "core/base/text.h"
#include "native/ledger/open.h"
#include "native/ledger/postgres_db.h"

namespace lockstep::ledger {
namespace {

// The tables of sqlite_open.cc, and those that runners share work by (work_queue.h, lease.h).
constexpr const char* kPostgresSteps[] = {
    R"sql(
CREATE TABLE rollouts(
  id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 101) PRIMARY KEY,
  name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, title TEXT NOT NULL,
  created BIGINT NOT NULL, status TEXT NOT NULL DEFAULT 'NOT_STARTED');
CREATE INDEX rollouts_by_digest ON rollouts(digest);
CREATE TABLE options(
  rollout BIGINT NOT NULL REFERENCES rollouts, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY(rollout, name));
CREATE TABLE blobs(
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE,
  bytes BYTEA NOT NULL);
CREATE TABLE documents(
  rollout BIGINT NOT NULL REFERENCES rollouts, position BIGINT NOT NULL, role BIGINT NOT NULL,
  name TEXT NOT NULL, path TEXT NOT NULL, blob BIGINT NOT NULL REFERENCES blobs,
  PRIMARY KEY(rollout, position));
CREATE TABLE events(
  rollout BIGINT NOT NULL REFERENCES rollouts, sequence BIGINT NOT NULL, json TEXT NOT NULL,
  PRIMARY KEY(rollout, sequence));
CREATE TABLE outputs(
  rowid BIGINT GENERATED ALWAYS AS IDENTITY,
  rollout BIGINT NOT NULL REFERENCES rollouts, task_run TEXT NOT NULL, stream BIGINT NOT NULL,
  head BYTEA NOT NULL, tail BYTEA NOT NULL, dropped BIGINT NOT NULL,
  PRIMARY KEY(rollout, task_run, stream));
CREATE TABLE commands(
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rollout BIGINT NOT NULL REFERENCES rollouts, kind BIGINT NOT NULL,
  tasks TEXT NOT NULL, reason TEXT NOT NULL, created BIGINT NOT NULL, handled_at BIGINT);
CREATE INDEX commands_pending ON commands(rollout, id) WHERE handled_at IS NULL;

CREATE TABLE runners(
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rollout BIGINT NOT NULL REFERENCES rollouts, host TEXT NOT NULL, pid BIGINT NOT NULL,
  since BIGINT NOT NULL, expires TIMESTAMPTZ NOT NULL);
CREATE INDEX runners_by_rollout ON runners(rollout);
-- Those whose session is there and who were heard of. The lock's key is in work_queue.cc.
CREATE VIEW live_runners AS
  SELECT * FROM runners WHERE expires > clock_timestamp() AND id IN (
    SELECT objid::BIGINT FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 1282368363 AND objsubid = 1 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()));
CREATE TABLE leases(
  rollout BIGINT PRIMARY KEY REFERENCES rollouts, epoch BIGINT NOT NULL, runner BIGINT,
  since BIGINT NOT NULL);
CREATE TABLE work(
  rollout BIGINT NOT NULL REFERENCES rollouts, task BIGINT NOT NULL, attempt BIGINT NOT NULL,
  runner BIGINT, stop BIGINT NOT NULL DEFAULT 0, result TEXT,
  PRIMARY KEY(rollout, task, attempt));
)sql",
    R"sql(
CREATE TABLE objects(
  kind BIGINT NOT NULL, number BIGINT NOT NULL, project TEXT NOT NULL, parent TEXT NOT NULL,
  revision BIGINT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL,
  json TEXT NOT NULL, blob BIGINT REFERENCES blobs,
  PRIMARY KEY(kind, number));
CREATE INDEX objects_by_parent ON objects(kind, parent);
CREATE INDEX rollouts_by_plan ON options(value) WHERE name = 'plan';
)sql",
};
constexpr std::int64_t kPostgresVersion = std::size(kPostgresSteps);

/// 0: no tables yet.
base::Result<std::int64_t> StoredVersion(PostgresDb& db) {
  auto there = db.Prepare(
      "SELECT to_regclass('lockstep_ledger.version')::TEXT, EXISTS(SELECT 1 FROM pg_class WHERE "
      "relnamespace=to_regnamespace('lockstep_ledger'))::INT");
  if (const auto row = there->One(); !row.ok()) return row.error();
  if (there->IsNull(0)) {
    if (there->Int(1) == 0) return std::int64_t{0};
    return base::Error{base::ErrorCode::kFailedPrecondition,
                       "the schema lockstep_ledger of " + base::Quote(db.name()) +
                           " is of something else; choose another database for --ledger"};
  }
  auto version = db.Prepare("SELECT steps FROM version");
  if (const auto row = version->One(); !row.ok()) return row.error();
  return version->Int(0);
}

base::Status CheckEncoding(PostgresDb& db) {
  auto query = db.Prepare("SHOW server_encoding");
  if (const auto row = query->One(); !row.ok()) return row.error();
  if (query->Text(0) == "UTF8") return {};
  return base::Error{base::ErrorCode::kFailedPrecondition,
                     "the ledger " + base::Quote(db.name()) + " is stored as " + query->Text(0) +
                         "; choose a database whose encoding is UTF8"};
}

/// In one transaction, under a lock: another process may be about to do the same.
base::Status UpgradeSchema(PostgresDb& db) {
  auto version = StoredVersion(db);
  if (auto known = CheckVersion(db, version, kPostgresVersion);
      known.ok() || !version.ok() || *version > kPostgresVersion)
    return known;
  base::Status status = db.Execute("BEGIN; SELECT pg_advisory_xact_lock(1282368363)");
  if (!status.ok()) return status;
  version = StoredVersion(db);
  if (!version.ok()) status = version.error();
  if (status.ok() && *version == 0) {
    status = db.Execute(
        "CREATE SCHEMA IF NOT EXISTS lockstep_ledger;"
        "CREATE TABLE version(steps BIGINT NOT NULL); INSERT INTO version VALUES (0)");
  }
  for (std::int64_t step = version.ok() ? *version : kPostgresVersion;
       status.ok() && step < kPostgresVersion; ++step) {
    status = db.Execute(kPostgresSteps[step]);
    const std::string mark = "UPDATE version SET steps=" + std::to_string(step + 1);
    if (status.ok()) status = db.Execute(mark.c_str());
  }
  if (status.ok()) return db.Execute("COMMIT");
  (void)db.Execute("ROLLBACK");
  return status;
}

}  // namespace

bool IsOnServer(std::string_view where) {
  return where.starts_with("postgresql://") || where.starts_with("postgres://");
}

base::Result<std::unique_ptr<Database>> OpenOnServer(const std::string& url, Ledger::Mode mode) {
  auto db = std::make_unique<PostgresDb>();
  if (auto open = db->Open(url); !open.ok()) return open.error();
  if (auto fit = CheckEncoding(*db); !fit.ok()) return fit.error();
  const auto version = StoredVersion(*db);
  const bool older = version.ok() && *version > 0 && *version < kPostgresVersion;
  base::Status status;
  if (mode == Ledger::Mode::kWrite || older) status = UpgradeSchema(*db);
  if (mode == Ledger::Mode::kWrite) {
    if (status.ok()) status = db->Execute("LISTEN lockstep");
  } else {
    if (status.ok()) status = db->Execute("SET default_transaction_read_only=on");
    if (status.ok()) status = CheckVersion(*db, StoredVersion(*db), kPostgresVersion);
  }
  if (!status.ok()) return status.error();
  return std::unique_ptr<Database>(std::move(db));
}

}  // namespace lockstep::ledger
