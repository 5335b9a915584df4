#include "native/ledger/shared_lease.h"

#include "native/ledger/ledger_impl.h"

namespace lockstep::ledger {

base::Result<std::unique_ptr<Lease>> SharedLease::Acquire(Ledger& ledger, RolloutId rollout,
                                                          const LeaseHolder& us) {
  Ledger::Impl& impl = ledger.impl();
  if (auto registered = impl.Register(rollout, us); !registered.ok()) return registered.error();
  auto transaction = Transaction::Begin(*impl.db, Durability::kProcessSafe);
  if (!transaction.ok()) return transaction.error();
  // Whoever had to wait here has to see who was faster, and that that one lives: with the eyes of a
  // statement that begins after the wait.
  if (auto alone = impl.db->KeepOthersFromWriting("leases"); !alone.ok()) return alone.error();
  auto take = impl.db->Prepare(
      "INSERT INTO leases(rollout, epoch, runner, since) VALUES (?1, 1, ?2, ?3)"
      " ON CONFLICT (rollout) DO UPDATE"
      " SET epoch=leases.epoch+1, runner=excluded.runner, since=excluded.since"
      " WHERE leases.runner IS NULL OR leases.runner NOT IN (SELECT id FROM live_runners)"
      " RETURNING epoch");
  take->Bind(1, rollout).Bind(2, impl.runners.at(rollout)).Bind(3, us.since.ms);
  const auto taken = take->One();
  if (!taken.ok()) return taken.error();
  if (!*taken) {
    const auto holder = HolderOf(ledger, rollout);
    return HeldBy(holder.ok() ? *holder : std::nullopt);
  }
  const std::int64_t epoch = take->Int(0);
  if (auto committed = transaction->Commit(); !committed.ok()) return committed.error();
  impl.epochs[rollout] = epoch;
  return std::unique_ptr<Lease>(new SharedLease(ledger, rollout));
}

base::Result<std::optional<LeaseHolder>> SharedLease::HolderOf(const Ledger& ledger,
                                                               RolloutId rollout) {
  auto query = ledger.impl().db->Prepare(
      "SELECT host, pid, leases.since FROM leases JOIN live_runners ON live_runners.id=runner"
      " WHERE leases.rollout=?1");
  const auto row = query->Bind(1, rollout).One();
  if (!row.ok()) return row.error();
  if (!*row) return std::optional<LeaseHolder>();
  return std::optional<LeaseHolder>({query->Text(0), query->Int(1), base::Instant{query->Int(2)}});
}

base::Result<std::vector<LeaseHolder>> SharedLease::HelpersOf(const Ledger& ledger,
                                                              RolloutId rollout) {
  auto query = ledger.impl().db->Prepare(
      "SELECT host, pid, since FROM live_runners WHERE rollout=?1 AND id NOT IN"
      " (SELECT runner FROM leases WHERE runner IS NOT NULL) ORDER BY id");
  query->Bind(1, rollout);
  std::vector<LeaseHolder> helpers;
  const auto read = query->ForEach([&] {
    helpers.push_back({query->Text(0), query->Int(1), base::Instant{query->Int(2)}});
  });
  if (!read.ok()) return read.error();
  return helpers;
}

SharedLease::~SharedLease() {
  Ledger::Impl& impl = ledger_.impl();
  auto transaction = Transaction::Begin(*impl.db, Durability::kProcessSafe);
  if (!transaction.ok()) return;
  auto row = impl.db->Prepare("UPDATE leases SET runner=NULL WHERE rollout=?1 AND epoch=?2");
  (void)row->Bind(1, rollout_).Bind(2, impl.epochs.at(rollout_)).Run();
  (void)impl.db->TellOthers(rollout_);
  (void)transaction->Commit();
  impl.epochs.erase(rollout_);
}

base::Status Ledger::Impl::CheckLease(RolloutId rollout) const {
  if (!shared) return {};
  const auto epoch = epochs.find(rollout);
  LOCKSTEP_CHECK(epoch != epochs.end(), "events are written without the lease");
  auto query =
      db->Prepare("SELECT 1 FROM leases WHERE rollout=?1 AND epoch=?2 AND runner=?3 FOR SHARE");
  query->Bind(1, rollout).Bind(2, epoch->second).Bind(3, runners.at(rollout));
  const auto row = query->One();
  if (!row.ok()) return row.error();
  if (*row) return {};
  return base::Error{base::ErrorCode::kUnavailable,
                     "another runner has taken over this rollout, and this one stops; look at "
                     "`lockstep status`"};
}

}  // namespace lockstep::ledger
