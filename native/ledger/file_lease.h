// FileLease: a lock of the operating system beside the ledger's file, so it ends with its holder
// however that one dies; the row in the ledger only names the holder.
#pragma once

#include "native/ledger/lease.h"

namespace lockstep::ledger {

class FileLease : public Lease {
 public:
  static base::Result<std::unique_ptr<Lease>> Acquire(Ledger& ledger, RolloutId rollout,
                                                      const LeaseHolder& us);
  static base::Result<std::optional<LeaseHolder>> HolderOf(const Ledger& ledger, RolloutId rollout);
  ~FileLease() override;

 private:
  FileLease(Ledger& ledger, RolloutId rollout, int fd)
      : ledger_(ledger), rollout_(rollout), fd_(fd) {}
  Ledger& ledger_;
  RolloutId rollout_;
  int fd_;
  bool locked_ = true;
};

}  // namespace lockstep::ledger
