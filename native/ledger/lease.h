// Lease: at most one runner per rollout. A lock of the operating system, so it ends with its holder
// however that one dies; the row in the ledger only names the holder. Targets are safe without it
// (their marker rows decide); the lease is there for the good message and for one writer of events.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "native/ledger/ledger.h"

namespace lockstep::ledger {

class Lease {
 public:
  /// kUnavailable, naming host, pid and since, while somebody else holds it.
  static base::Result<std::unique_ptr<Lease>> Acquire(Ledger& ledger, RolloutId rollout,
                                                      base::Instant now);
  /// Who runs this rollout now; empty when nobody does, whatever the row says.
  static base::Result<std::optional<LeaseHolder>> HolderOf(const Ledger& ledger, RolloutId rollout);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 private:
  Lease(Ledger& ledger, RolloutId rollout, int fd) : ledger_(ledger), rollout_(rollout), fd_(fd) {}
  Ledger& ledger_;
  RolloutId rollout_;
  int fd_;
  bool locked_ = true;
};

/// "host (pid 4711) since 2026-11-22T03:37:00Z".
std::string ToString(const LeaseHolder& holder);

}  // namespace lockstep::ledger
