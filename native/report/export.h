// Export: a rollout with everything that the ledger has of it, as one JSON document.
#pragma once

#include <string>

#include "native/ledger/ledger.h"

namespace lockstep::report {

/// {"rollout", "digest", "documents": [{"role", "name", "path", "text"}], "events": […],
/// "outputs": […]}
base::Result<std::string> ExportJson(const ledger::Ledger& ledger,
                                     const ledger::RolloutRecord& record);

}  // namespace lockstep::report
