// SharedLease: a row of a ledger that several runners share, with a number that grows whenever the
// lease changes hands (a fencing token). Ledger::Append compares the number, so a runner that was
// away and did not notice that another one took over writes nothing any more.
//
// A holder has the lease as long as it is alive (WorkQueue::Heartbeat): its session is open, and it
// was heard of within kLeaseTime. Times are the server's. A runner whose ledger does not answer
// stops its clients well before that (PostgresDb::kAnswerLimit).
#pragma once

#include <chrono>

#include "native/ledger/lease.h"

namespace lockstep::ledger {

class SharedLease : public Lease {
 public:
  static constexpr std::chrono::seconds kLeaseTime{20};

  static base::Result<std::unique_ptr<Lease>> Acquire(Ledger& ledger, RolloutId rollout,
                                                      const LeaseHolder& us);
  static base::Result<std::optional<LeaseHolder>> HolderOf(const Ledger& ledger, RolloutId rollout);
  static base::Result<std::vector<LeaseHolder>> HelpersOf(const Ledger& ledger, RolloutId rollout);
  ~SharedLease() override;

 private:
  SharedLease(Ledger& ledger, RolloutId rollout) : ledger_(ledger), rollout_(rollout) {}
  Ledger& ledger_;
  RolloutId rollout_;
};

}  // namespace lockstep::ledger
