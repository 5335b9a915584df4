#include "native/ledger/lease.h"

#include <unistd.h>

#include "native/ledger/file_lease.h"
#include "native/ledger/shared_lease.h"

namespace lockstep::ledger {

LeaseHolder ThisProcess(base::Instant now) {
  char host[256] = {};
  gethostname(host, sizeof(host) - 1);
  return {host, getpid(), now};
}

std::string ToString(const LeaseHolder& holder) {
  return holder.host + " (pid " + std::to_string(holder.pid) + ") since " +
         base::FormatInstant(holder.since);
}

base::Error Lease::HeldBy(const std::optional<LeaseHolder>& holder) {
  return {base::ErrorCode::kUnavailable,
          "this rollout is being run by " + (holder ? ToString(*holder) : "another runner") +
              "; watch it with `lockstep status`, stop it with `lockstep cancel`"};
}

base::Result<std::unique_ptr<Lease>> Lease::Acquire(Ledger& ledger, RolloutId rollout,
                                                    base::Instant now) {
  const LeaseHolder us = ThisProcess(now);
  return ledger.is_shared() ? SharedLease::Acquire(ledger, rollout, us)
                            : FileLease::Acquire(ledger, rollout, us);
}

base::Result<std::optional<LeaseHolder>> Lease::HolderOf(const Ledger& ledger, RolloutId rollout) {
  return ledger.is_shared() ? SharedLease::HolderOf(ledger, rollout)
                            : FileLease::HolderOf(ledger, rollout);
}

base::Result<std::vector<LeaseHolder>> Lease::HelpersOf(const Ledger& ledger, RolloutId rollout) {
  if (!ledger.is_shared()) return std::vector<LeaseHolder>();
  return SharedLease::HelpersOf(ledger, rollout);
}

}  // namespace lockstep::ledger
