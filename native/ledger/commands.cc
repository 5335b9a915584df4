// Ledger: commands from other terminals.
#include <algorithm>

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

base::Result<std::int64_t> Ledger::AddCommand(RolloutId rollout, const Command& command,
                                              std::string_view digest) {
  auto transaction = Transaction::Begin(*impl_->db, Durability::kPowerSafe);
  if (!transaction.ok()) return transaction.error();
  auto insert = impl_->db->Prepare(
      "INSERT INTO commands(rollout, kind, tasks, reason, created) VALUES (?1, ?2, ?3, ?4, ?5)"
      " RETURNING id");
  const std::string tasks = base::Join(command.tasks, "\n");
  insert->Bind(1, rollout).Bind(2, static_cast<int>(command.kind)).Bind(3, tasks);
  insert->Bind(4, command.reason).Bind(5, command.created.ms);
  if (const auto row = insert->One(); !row.ok()) return row.error();
  const std::int64_t id = insert->Int(0);
  insert->Reset();
  // After the insert, which on a server has waited for whoever was about to change the rollout.
  if (auto same = impl_->CheckDigest(rollout, digest); !same.ok()) return same.error();
  if (auto told = impl_->db->TellOthers(rollout); !told.ok()) return told.error();
  if (auto committed = transaction->Commit(); !committed.ok()) return committed.error();
  return id;
}

base::Status Ledger::Impl::SetHandled(std::int64_t command, base::Instant now) const {
  auto update = db->Prepare("UPDATE commands SET handled_at=?2 WHERE id=?1");
  update->Bind(1, command).Bind(2, now.ms);
  return update->Run();
}

base::Result<std::vector<Command>> Ledger::PendingCommands(RolloutId rollout) const {
  auto query = impl_->db->Prepare(
      "SELECT id, kind, tasks, reason, created FROM commands WHERE rollout=?1 AND handled_at IS "
      "NULL ORDER BY id");
  query->Bind(1, rollout);
  std::vector<Command> commands;
  const auto read = query->ForEach([&] {
    commands.push_back({query->Int(0), static_cast<Command::Kind>(query->Int(1)),
                        SplitLines(query->Text(2)), query->Text(3), base::Instant{query->Int(4)}});
  });
  if (!read.ok()) return read.error();
  return commands;
}

base::Result<bool> Ledger::IsHandled(std::int64_t command) const {
  auto query = impl_->db->Prepare("SELECT handled_at FROM commands WHERE id=?1");
  const auto row = query->Bind(1, command).One();
  if (!row.ok()) return row.error();
  return *row && !query->IsNull(0);
}

base::Status Ledger::Withdraw(std::int64_t command, base::Instant now) {
  return impl_->SetHandled(command, now);
}

bool Ledger::ChangedByOthers() {
  return impl_->db->ChangedByOthers();
}

}  // namespace lockstep::ledger
