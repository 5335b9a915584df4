// The tables of a ledger. PRAGMA user_version counts the steps that made them: a step is never
// changed once it was released, a new one is added.
#pragma once

#include "native/ledger/sqlite_db.h"

namespace lockstep::ledger {

/// A database that somebody else made must not become a ledger.
base::Status RefuseForeignFile(SqliteDb& db);

/// Makes or upgrades. REQUIRES a connection that may write.
base::Status UpgradeSchema(SqliteDb& db);
/// kFailedPrecondition when the file is of a newer Lockstep, kNotFound when it has no tables yet.
base::Status CheckSchema(SqliteDb& db);

}  // namespace lockstep::ledger
