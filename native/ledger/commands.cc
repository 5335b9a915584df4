// Ledger: commands from other terminals, and who runs what.
#include <utility>

#include "core/base/text.h"
#include "native/ledger/ledger_impl.h"

namespace lockstep::ledger {
namespace {

std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

base::Result<std::int64_t> Ledger::AddCommand(RolloutId rollout, const Command& command) {
  SqliteDb& db = impl_->db;
  auto transaction = Transaction::Begin(db, Durability::kPowerSafe);
  if (!transaction.ok()) return transaction.error();
  auto insert = db.Prepare(
      "INSERT INTO commands(rollout, kind, tasks, reason, created) VALUES (?1, ?2, ?3, ?4, ?5)");
  if (!insert.ok()) return insert.error();
  const std::string tasks = base::Join(command.tasks, "\n");
  insert->Bind(1, rollout).Bind(2, static_cast<int>(command.kind)).Bind(3, tasks);
  insert->Bind(4, command.reason).Bind(5, command.created.ms);
  if (auto done = impl_->Run(*insert); !done.ok()) return done.error();
  const std::int64_t id = db.last_insert_id();
  if (auto committed = (*transaction)->Commit(); !committed.ok()) return committed.error();
  return id;
}

base::Result<std::vector<Command>> Ledger::PendingCommands(RolloutId rollout) const {
  auto query = impl_->db.Prepare(
      "SELECT id, kind, tasks, reason, created FROM commands WHERE rollout=?1 AND handled_at IS "
      "NULL ORDER BY id");
  if (!query.ok()) return query.error();
  query->Bind(1, rollout);
  std::vector<Command> commands;
  int code;
  while ((code = query->Step()) == SQLITE_ROW) {
    commands.push_back({query->Int(0), static_cast<Command::Kind>(query->Int(1)),
                        SplitLines(query->Text(2)), query->Text(3), base::Instant{query->Int(4)}});
  }
  if (code != SQLITE_DONE) return impl_->db.LastError();
  return commands;
}

base::Result<bool> Ledger::IsHandled(std::int64_t command) const {
  auto query = impl_->db.Prepare("SELECT handled_at IS NOT NULL FROM commands WHERE id=?1");
  if (!query.ok()) return query.error();
  query->Bind(1, command);
  if (query->Step() != SQLITE_ROW) return impl_->db.LastError();
  return query->Int(0) != 0;
}

bool Ledger::ChangedByOthers() {
  Use query(impl_->data_version);
  if (query->Step() != SQLITE_ROW) return true;  // whoever reads next will see the error
  const std::int64_t version = query->Int(0);
  return std::exchange(impl_->seen_version, version) != version;
}

// ---- leases ----

base::Status Ledger::SetLeaseHolder(RolloutId rollout, const LeaseHolder& holder) {
  auto insert = impl_->db.Prepare(
      "INSERT OR REPLACE INTO leases(rollout, host, pid, since) VALUES (?1, ?2, ?3, ?4)");
  if (!insert.ok()) return insert.error();
  insert->Bind(1, rollout).Bind(2, holder.host).Bind(3, holder.pid).Bind(4, holder.since.ms);
  return impl_->Run(*insert);
}

base::Status Ledger::ClearLeaseHolder(RolloutId rollout) {
  auto remove = impl_->db.Prepare("DELETE FROM leases WHERE rollout=?1");
  if (!remove.ok()) return remove.error();
  remove->Bind(1, rollout);
  return impl_->Run(*remove);
}

base::Result<std::optional<LeaseHolder>> Ledger::GetLeaseHolder(RolloutId rollout) const {
  auto query = impl_->db.Prepare("SELECT host, pid, since FROM leases WHERE rollout=?1");
  if (!query.ok()) return query.error();
  query->Bind(1, rollout);
  const int code = query->Step();
  if (code == SQLITE_DONE) return std::optional<LeaseHolder>();
  if (code != SQLITE_ROW) return impl_->db.LastError();
  return std::optional<LeaseHolder>({query->Text(0), query->Int(1), base::Instant{query->Int(2)}});
}

}  // namespace lockstep::ledger
