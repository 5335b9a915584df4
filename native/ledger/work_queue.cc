#include "native/ledger/work_queue.h"

#include <algorithm>

#include "native/ledger/ledger_impl.h"
#include "native/ledger/shared_lease.h"

namespace lockstep::ledger {
namespace {

/// The upper half of the key of a runner's lock, as the view live_runners has it.
constexpr std::int64_t kLockClass = 1282368363;

std::string LeaseInterval() {
  return "interval '" + std::to_string(SharedLease::kLeaseTime.count()) + " s'";
}

WorkItem ItemOf(const Statement& row) {
  return {static_cast<std::uint32_t>(row.Int(0)), static_cast<std::uint32_t>(row.Int(1))};
}

}  // namespace

base::Status Ledger::Impl::Register(RolloutId rollout, const LeaseHolder& us) {
  if (runners.contains(rollout)) return {};
  auto tidied =
      db->Execute("DELETE FROM runners WHERE expires < clock_timestamp() - interval '1 d'");
  if (!tidied.ok()) return tidied;
  const std::string sql =
      "INSERT INTO runners(rollout, host, pid, since, expires) VALUES (?1, ?2, ?3, ?4, "
      "clock_timestamp() + " +
      LeaseInterval() + ") RETURNING id";
  auto insert = db->Prepare(sql.c_str());
  insert->Bind(1, rollout).Bind(2, us.host).Bind(3, us.pid).Bind(4, us.since.ms);
  if (const auto row = insert->One(); !row.ok()) return row.error();
  const std::int64_t id = insert->Int(0);
  // Gone with the session, however that ends.
  auto lock = db->Prepare("SELECT pg_advisory_lock(?1)");
  if (const auto row = lock->Bind(1, kLockClass << 32 | (id & 0xffffffff)).One(); !row.ok())
    return row.error();
  runners[rollout] = id;
  return {};
}

Ledger::Impl::~Impl() {
  for (const auto& [rollout, id] : runners) {
    auto row = db->Prepare("DELETE FROM runners WHERE id=?1");
    (void)row->Bind(1, id).Run();
  }
}

base::Status Ledger::Impl::StoreWork(RolloutId rollout, const Turn& turn) const {
  if (!shared) return {};
  auto remove = db->Prepare("DELETE FROM work WHERE rollout=?1 AND task=?2 AND attempt=?3");
  for (const WorkItem& item : turn.finished) {
    remove->Bind(1, rollout).Bind(2, item.task).Bind(3, item.attempt);
    if (auto done = remove->Run(); !done.ok()) return done;
  }
  auto take =
      db->Prepare("INSERT INTO work(rollout, task, attempt, runner) VALUES (?1, ?2, ?3, ?4)");
  for (const WorkItem& item : turn.taken) {
    take->Bind(1, rollout).Bind(2, item.task).Bind(3, item.attempt);
    if (auto done = take->Bind(4, runners.at(rollout)).Run(); !done.ok()) return done;
  }
  auto offer = db->Prepare("INSERT INTO work(rollout, task, attempt) VALUES (?1, ?2, ?3)");
  for (const WorkItem& item : turn.offered) {
    offer->Bind(1, rollout).Bind(2, item.task).Bind(3, item.attempt);
    if (auto done = offer->Run(); !done.ok()) return done;
  }
  return turn.offered.empty() ? base::Status() : db->TellOthers(rollout);
}

Database& WorkQueue::db() const {
  return *ledger_->impl().db;
}

base::Result<WorkQueue> WorkQueue::Join(Ledger& ledger, RolloutId rollout, std::string digest,
                                        base::Instant now) {
  if (auto done = ledger.impl().Register(rollout, ThisProcess(now)); !done.ok())
    return done.error();
  return WorkQueue(ledger, rollout, std::move(digest), ledger.impl().runners.at(rollout));
}

// ---- every runner ----

base::Status WorkQueue::Heartbeat() {
  const std::string sql = "UPDATE runners SET expires=clock_timestamp() + " + LeaseInterval() +
                          " WHERE id=?1 AND expires > clock_timestamp() RETURNING 1";
  auto update = db().Prepare(sql.c_str());
  const auto row = update->Bind(1, runner_).One();
  if (!row.ok()) return row.error();
  if (*row) return {};
  return base::Error{base::ErrorCode::kUnavailable,
                     "this runner did not get to the ledger for more than " +
                         std::to_string(SharedLease::kLeaseTime.count()) +
                         " s, others take over what it did, and it stops"};
}

base::Result<std::vector<WorkItem>> WorkQueue::Claim(std::size_t most) {
  auto update = db().Prepare(
      "UPDATE work SET runner=?2 WHERE rollout=?1 AND (task, attempt) IN ("
      "SELECT task, attempt FROM work WHERE rollout=?1 AND runner IS NULL"
      " ORDER BY task LIMIT ?3 FOR UPDATE SKIP LOCKED)"
      " AND EXISTS (SELECT 1 FROM runners WHERE id=?2 AND expires > clock_timestamp())"
      " AND EXISTS (SELECT 1 FROM rollouts WHERE id=?1 AND digest=?4)"
      " RETURNING task, attempt");
  update->Bind(1, rollout_).Bind(2, runner_).Bind(3, most).Bind(4, digest_);
  std::vector<WorkItem> items;
  const auto read = update->ForEach([&] { items.push_back(ItemOf(*update)); });
  if (!read.ok()) return read.error();
  std::sort(items.begin(), items.end());  // in the order of the plan
  return items;
}

base::Result<bool> WorkQueue::Report(WorkItem item, std::string_view result,
                                     std::span<const Output> outputs) {
  auto transaction = Transaction::Begin(db(), Durability::kProcessSafe);
  if (!transaction.ok()) return transaction.error();
  auto update = db().Prepare(
      "UPDATE work SET result=?4 WHERE rollout=?1 AND task=?2 AND attempt=?3 AND runner=?5"
      " AND result IS NULL RETURNING 1");
  update->Bind(1, rollout_).Bind(2, item.task).Bind(3, item.attempt).Bind(4, result);
  const auto row = update->Bind(5, runner_).One();
  if (!row.ok()) return row.error();
  if (!*row) return false;
  const Ledger::Impl& impl = ledger_->impl();
  if (auto stored = impl.StoreOutputs(rollout_, outputs); !stored.ok()) return stored.error();
  if (auto told = db().TellOthers(rollout_); !told.ok()) return told.error();
  if (auto done = transaction->Commit(); !done.ok()) return done.error();
  return true;
}

base::Result<std::vector<WorkQueue::Claimed>> WorkQueue::Claims() const {
  auto query = db().Prepare(
      "SELECT task, attempt, stop FROM work WHERE rollout=?1 AND runner=?2 AND result IS NULL");
  query->Bind(1, rollout_).Bind(2, runner_);
  std::vector<Claimed> claims;
  const auto read = query->ForEach([&] { claims.push_back({ItemOf(*query), query->Int(2) != 0}); });
  if (!read.ok()) return read.error();
  return claims;
}

// ---- the lease's holder ----

base::Result<std::vector<WorkQueue::Reported>> WorkQueue::Reports() const {
  auto query = db().Prepare(
      "SELECT task, attempt, result FROM work WHERE rollout=?1 AND result IS NOT NULL"
      " ORDER BY task");
  query->Bind(1, rollout_);
  std::vector<Reported> reports;
  const auto read = query->ForEach([&] { reports.push_back({ItemOf(*query), query->Text(2)}); });
  if (!read.ok()) return read.error();
  return reports;
}

base::Result<std::vector<WorkQueue::Lost>> WorkQueue::LostItems() const {
  auto query = db().Prepare(
      "SELECT task, attempt, coalesce(host || ':' || pid, 'its runner')"
      " FROM work LEFT JOIN runners ON runners.id=work.runner"
      " WHERE work.rollout=?1 AND result IS NULL"
      " AND work.runner NOT IN (SELECT id FROM live_runners) ORDER BY task");
  query->Bind(1, rollout_);
  std::vector<Lost> lost;
  const auto read = query->ForEach([&] { lost.push_back({ItemOf(*query), query->Text(2)}); });
  if (!read.ok()) return read.error();
  return lost;
}

base::Result<std::vector<WorkItem>> WorkQueue::Items() const {
  auto query = db().Prepare("SELECT task, attempt FROM work WHERE rollout=?1 ORDER BY task");
  query->Bind(1, rollout_);
  std::vector<WorkItem> items;
  const auto read = query->ForEach([&] { items.push_back(ItemOf(*query)); });
  if (!read.ok()) return read.error();
  return items;
}

base::Result<bool> WorkQueue::Stop(WorkItem item) {
  auto transaction = Transaction::Begin(db(), Durability::kProcessSafe);
  if (!transaction.ok()) return transaction.error();
  auto drop = db().Prepare(
      "DELETE FROM work WHERE rollout=?1 AND task=?2 AND attempt=?3 AND runner IS NULL RETURNING "
      "1");
  const auto dropped = drop->Bind(1, rollout_).Bind(2, item.task).Bind(3, item.attempt).One();
  if (!dropped.ok()) return dropped.error();
  if (!*dropped) {
    auto stop = db().Prepare("UPDATE work SET stop=1 WHERE rollout=?1 AND task=?2 AND attempt=?3");
    stop->Bind(1, rollout_).Bind(2, item.task).Bind(3, item.attempt);
    if (auto done = stop->Run(); !done.ok()) return done.error();
    if (auto told = db().TellOthers(rollout_); !told.ok()) return told.error();
  }
  if (auto done = transaction->Commit(); !done.ok()) return done.error();
  return *dropped;
}

base::Result<std::size_t> WorkQueue::OtherRunners() const {
  auto query = db().Prepare("SELECT count(*) FROM live_runners WHERE rollout=?1 AND id<>?2");
  const auto row = query->Bind(1, rollout_).Bind(2, runner_).One();
  if (!row.ok()) return row.error();
  return static_cast<std::size_t>(query->Int(0));
}

}  // namespace lockstep::ledger
