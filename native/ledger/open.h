// Opens the database of a ledger and brings its tables up to date. The tables are made by steps
// that are counted in the database: a step is never changed once it was released, a new one is
// added.
#pragma once

#include <memory>
#include <string>

#include "native/ledger/database.h"
#include "native/ledger/ledger.h"

namespace lockstep::ledger {

/// A file. kNotFound when it is only to be read and not there, or has no tables yet;
/// kFailedPrecondition when it is of a newer Lockstep, or of something else.
base::Result<std::unique_ptr<Database>> OpenFile(const std::string& path, Ledger::Mode mode);

/// The tables stand in a schema of their own.
base::Result<std::unique_ptr<Database>> OpenOnServer(const std::string& url, Ledger::Mode mode);

/// For both, of tables that were made by `version` steps where `known` are known: kNotFound when
/// some are missing, kFailedPrecondition when a newer Lockstep made them.
base::Status CheckVersion(const Database& db, const base::Result<std::int64_t>& version,
                          std::int64_t known);

}  // namespace lockstep::ledger
