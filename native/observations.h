// Observations: how long runs took, from the ledger and from tables.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/sim/history.h"

namespace lockstep::native {

struct Observed {
  std::vector<sim::Observation> observations;  ///< the oldest first
  std::size_t rollouts = 0;                    ///< that they come from
  std::vector<std::string> notices;            ///< rollouts that could not be read, and why
};

/// All runs of the ledger that went well. kNotFound without a ledger.
base::Result<Observed> ObserveLedger(const std::string& ledger);

/// A CSV file (RFC 4180) with the columns of sim::ObservationsOfTable. The error names the file and
/// the line.
base::Result<std::vector<sim::Observation>> ReadObservations(const std::string& path);

}  // namespace lockstep::native
