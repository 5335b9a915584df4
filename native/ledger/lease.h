// Lease: at most one runner at a time decides for a rollout: what starts, and which events there
// are. Targets are safe without it (their marker rows decide); the lease is there for the good
// message, for one writer of events, and for whoever takes over from a runner that died.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "native/ledger/ledger.h"

namespace lockstep::ledger {

class Lease {
 public:
  /// kUnavailable, naming host, pid and since, while somebody else holds it.
  static base::Result<std::unique_ptr<Lease>> Acquire(Ledger& ledger, RolloutId rollout,
                                                      base::Instant now);
  /// Who runs this rollout now; empty when nobody does, whatever a row says.
  static base::Result<std::optional<LeaseHolder>> HolderOf(const Ledger& ledger, RolloutId rollout);
  /// Of a shared ledger: who else works on it.
  static base::Result<std::vector<LeaseHolder>> HelpersOf(const Ledger& ledger, RolloutId rollout);
  virtual ~Lease() = default;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 protected:
  Lease() = default;
  static base::Error HeldBy(const std::optional<LeaseHolder>& holder);
};

LeaseHolder ThisProcess(base::Instant now);
/// "host (pid 4711) since 2026-11-22T03:37:00Z".
std::string ToString(const LeaseHolder& holder);

}  // namespace lockstep::ledger
