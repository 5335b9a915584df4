#include "native/ledger/ledger.h"

#include "core/base/text.h"
#include "native/ledger/ledger_impl.h"
#include "native/ledger/open.h"

namespace lockstep::ledger {

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::~Ledger() = default;
const std::string& Ledger::path() const {
  return impl_->db->name();
}
bool Ledger::is_shared() const {
  return impl_->shared;
}
int Ledger::descriptor() const {
  return impl_->db->descriptor();
}

Reading::Reading(const Ledger& ledger)
    : ledger_(ledger), begun_(ledger.impl().db->BeginReading().ok()) {}
Reading::~Reading() {
  if (begun_) ledger_.impl().db->EndReading();
}

base::Status CheckVersion(const Database& db, const base::Result<std::int64_t>& version,
                          std::int64_t known) {
  if (!version.ok()) return version.error();
  if (*version == known) return {};
  const std::string ledger = "the ledger " + base::Quote(db.name());
  if (*version < known)
    return base::Error{base::ErrorCode::kNotFound, ledger + " has no rollouts yet"};
  return base::Error{base::ErrorCode::kFailedPrecondition,
                     ledger + " has version " + std::to_string(*version) +
                         ", and this Lockstep knows up to " + std::to_string(known) +
                         "; use the newer Lockstep, or another --ledger"};
}

base::Result<std::unique_ptr<Ledger>> Ledger::Open(const std::string& where, Mode mode) {
  if (where.empty()) {
    return base::Error{base::ErrorCode::kInvalidArgument, "the ledger's path is empty"};
  }
  const bool shared = IsOnServer(where);
  if (!shared && (where == ":memory:" || where.find("://") != std::string::npos)) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       base::Quote(where.substr(0, where.find("://"))) +
                           " is no kind of ledger; it is a file, or postgresql://…"};
  }
  auto db = shared ? OpenOnServer(where, mode) : OpenFile(where, mode);
  if (!db.ok()) return db.error();
  return std::unique_ptr<Ledger>(new Ledger(std::make_unique<Impl>(std::move(*db), shared)));
}

// ---- events, outputs ----

base::Status Ledger::Append(RolloutId rollout, const Turn& turn) {
  Database& db = *impl_->db;
  auto transaction = Transaction::Begin(db, turn.durability);
  if (!transaction.ok()) return transaction.error();
  if (auto ours = impl_->CheckLease(rollout); !ours.ok()) return ours;
  if (auto same = impl_->CheckDigest(rollout, turn.digest); !same.ok()) return same;
  for (const EventRow& event : turn.events) {
    Statement& insert = *impl_->insert_event;
    insert.Bind(1, rollout).Bind(2, event.sequence).Bind(3, event.json);
    if (auto done = insert.Run(); !done.ok()) return done;
  }
  if (!turn.status.empty()) {
    impl_->set_status->Bind(1, rollout).Bind(2, turn.status);
    if (auto done = impl_->set_status->Run(); !done.ok()) return done;
  }
  for (const std::int64_t command : turn.handled_commands) {
    if (auto done = impl_->SetHandled(command, turn.now); !done.ok()) return done;
  }
  if (auto stored = impl_->StoreOutputs(rollout, turn.outputs); !stored.ok()) return stored;
  if (auto done = impl_->StoreWork(rollout, turn); !done.ok()) return done;
  return transaction->Commit();
}

base::Status Ledger::Impl::StoreOutputs(RolloutId rollout, std::span<const Output> outputs) const {
  if (outputs.empty()) return {};
  auto insert = db->Prepare(
      "INSERT INTO outputs(rollout, task_run, stream, head, tail, dropped)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (rollout, task_run, stream)"
      " DO UPDATE SET head=excluded.head, tail=excluded.tail, dropped=excluded.dropped");
  for (const Output& output : outputs) {
    insert->Bind(1, rollout).Bind(2, output.task_run).Bind(3, static_cast<int>(output.stream));
    insert->BindBlob(4, output.head).BindBlob(5, output.tail).Bind(6, output.dropped);
    if (auto done = insert->Run(); !done.ok()) return done;
  }
  return {};
}

base::Result<std::vector<EventRow>> Ledger::Events(RolloutId rollout, std::uint64_t after) const {
  auto query = impl_->db->Prepare(
      "SELECT sequence, json FROM events WHERE rollout=?1 AND sequence>?2 ORDER BY sequence");
  query->Bind(1, rollout).Bind(2, after);
  std::vector<EventRow> events;
  const auto read = query->ForEach([&] {
    events.push_back({static_cast<std::uint64_t>(query->Int(0)), query->Text(1)});
  });
  if (!read.ok()) return read.error();
  return events;
}

base::Result<std::string> Ledger::EventLines(RolloutId rollout, std::uint64_t& after) const {
  const auto rows = Events(rollout, after);
  if (!rows.ok()) return rows.error();
  std::string lines;
  for (const EventRow& row : *rows) {
    lines += row.json + "\n";
    after = row.sequence;
  }
  return lines;
}

base::Result<std::vector<Output>> Ledger::Outputs(RolloutId rollout,
                                                  std::string_view task_run) const {
  auto query = impl_->db->Prepare(
      "SELECT task_run, stream, head, tail, dropped FROM outputs WHERE rollout=?1 AND (?2='' OR "
      "task_run=?2)"
      " ORDER BY rowid");
  query->Bind(1, rollout).Bind(2, task_run);
  std::vector<Output> outputs;
  const auto read = query->ForEach([&] {
    outputs.push_back({query->Text(0), static_cast<Output::Stream>(query->Int(1)), query->Text(2),
                       query->Text(3), static_cast<std::uint64_t>(query->Int(4))});
  });
  if (!read.ok()) return read.error();
  return outputs;
}

}  // namespace lockstep::ledger
