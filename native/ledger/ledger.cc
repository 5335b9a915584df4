#include "native/ledger/ledger.h"

#include <unistd.h>

#include <filesystem>

#include "core/base/text.h"
#include "native/ledger/ledger_impl.h"
#include "native/ledger/schema.h"

namespace lockstep::ledger {
namespace {

constexpr int kBusyTimeoutMs = 5000;

base::Status SwitchToWal(SqliteDb& db) {
  // Changing the mode needs the file for itself, and does not wait for it by the busy handler.
  for (int waited_ms = 0;; waited_ms += 10) {
    const auto status = db.Execute("PRAGMA journal_mode=WAL");
    if (status.ok() || status.error().code != base::ErrorCode::kUnavailable ||
        waited_ms >= kBusyTimeoutMs) {
      return status;
    }
    usleep(10'000);
  }
}

}  // namespace

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::~Ledger() = default;
const std::string& Ledger::path() const {
  return impl_->db.path();
}

base::Status Ledger::Impl::PrepareStatements() {
  const std::pair<SqliteStatement*, const char*> wanted[] = {
      {&insert_event, "INSERT INTO events(rollout, sequence, json) VALUES (?1, ?2, ?3)"},
      {&set_status, "UPDATE rollouts SET status=?2 WHERE id=?1 AND status<>?2"},
      {&data_version, "PRAGMA data_version"},
  };
  for (const auto& [statement, sql] : wanted) {
    auto prepared = db.Prepare(sql);
    if (!prepared.ok()) return prepared.error();
    *statement = std::move(*prepared);
  }
  return {};
}

base::Result<std::unique_ptr<Ledger>> Ledger::Open(const std::string& asked, Mode mode) {
  if (asked.empty()) {
    return base::Error{base::ErrorCode::kInvalidArgument, "the ledger's path is empty"};
  }
  std::error_code ec;
  // Whatever link leads to it, it has one lock file.
  const bool is_link = std::filesystem::is_symlink(asked, ec);
  const std::string path = is_link ? std::filesystem::weakly_canonical(asked, ec).string() : asked;
  if (mode == Mode::kWrite) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, ec);
  } else if (!std::filesystem::exists(path, ec)) {
    return base::Error{base::ErrorCode::kNotFound,
                       "there is no ledger at " + base::Quote(path) +
                           "; `lockstep run` makes one, --ledger names another"};
  }
  auto impl = std::make_unique<Impl>();
  SqliteDb& db = impl->db;
  const int create = mode == Mode::kWrite ? SQLITE_OPEN_CREATE : 0;
  if (auto opened = db.Open(path, SQLITE_OPEN_READWRITE | create); !opened.ok())
    return opened.error();
  const std::string busy = "PRAGMA busy_timeout=" + std::to_string(kBusyTimeoutMs);
  base::Status status = db.Execute(busy.c_str());
  if (mode == Mode::kWrite) {
    if (status.ok()) status = RefuseForeignFile(db);
    if (status.ok()) status = SwitchToWal(db);
    if (status.ok()) status = db.Execute("PRAGMA synchronous=NORMAL");
    if (status.ok()) status = UpgradeSchema(db);
  } else {
    if (status.ok()) status = db.Execute("PRAGMA query_only=ON");
    if (status.ok()) status = CheckSchema(db);
  }
  if (status.ok()) status = impl->PrepareStatements();
  if (!status.ok()) return status.error();
  return std::unique_ptr<Ledger>(new Ledger(std::move(impl)));
}

// ---- events, outputs ----

base::Status Ledger::Append(RolloutId rollout, const Turn& turn) {
  SqliteDb& db = impl_->db;
  auto transaction = Transaction::Begin(db, turn.durability);
  if (!transaction.ok()) return transaction.error();
  for (const EventRow& event : turn.events) {
    Use insert(impl_->insert_event);
    const int code = insert->Bind(1, rollout).Bind(2, event.sequence).Bind(3, event.json).Step();
    if (code != SQLITE_DONE && (code & 0xff) == SQLITE_CONSTRAINT) {
      return base::Error{base::ErrorCode::kUnavailable,
                         "another runner wrote event " + std::to_string(event.sequence) +
                             " of this rollout; this one stops, look at `lockstep status`"};
    }
    if (code != SQLITE_DONE) return db.LastError();
  }
  if (!turn.status.empty()) {
    Use set(impl_->set_status);
    if (set->Bind(1, rollout).Bind(2, turn.status).Step() != SQLITE_DONE) return db.LastError();
  }
  for (const std::int64_t command : turn.handled_commands) {
    auto update = db.Prepare("UPDATE commands SET handled_at=?2 WHERE id=?1");
    if (!update.ok()) return update.error();
    update->Bind(1, command).Bind(2, turn.now.ms);
    if (auto done = impl_->Run(*update); !done.ok()) return done;
  }
  for (const Output& output : turn.outputs) {
    auto insert = db.Prepare(
        "INSERT OR REPLACE INTO outputs(rollout, task_run, stream, head, tail, dropped)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    if (!insert.ok()) return insert.error();
    insert->Bind(1, rollout).Bind(2, output.task_run).Bind(3, static_cast<int>(output.stream));
    insert->BindBlob(4, output.head).BindBlob(5, output.tail).Bind(6, output.dropped);
    if (auto done = impl_->Run(*insert); !done.ok()) return done;
  }
  return (*transaction)->Commit();
}

base::Result<std::vector<EventRow>> Ledger::Events(RolloutId rollout, std::uint64_t after) const {
  auto query = impl_->db.Prepare(
      "SELECT sequence, json FROM events WHERE rollout=?1 AND sequence>?2 ORDER BY sequence");
  if (!query.ok()) return query.error();
  query->Bind(1, rollout).Bind(2, after);
  std::vector<EventRow> events;
  int code;
  while ((code = query->Step()) == SQLITE_ROW) {
    events.push_back({static_cast<std::uint64_t>(query->Int(0)), query->Text(1)});
  }
  if (code != SQLITE_DONE) return impl_->db.LastError();
  return events;
}

base::Result<std::vector<Output>> Ledger::Outputs(RolloutId rollout,
                                                  std::string_view task_run) const {
  auto query = impl_->db.Prepare(
      "SELECT task_run, stream, head, tail, dropped FROM outputs WHERE rollout=?1 AND (?2='' OR "
      "task_run=?2)"
      " ORDER BY rowid");
  if (!query.ok()) return query.error();
  query->Bind(1, rollout).Bind(2, task_run);
  std::vector<Output> outputs;
  int code;
  while ((code = query->Step()) == SQLITE_ROW) {
    outputs.push_back({query->Text(0), static_cast<Output::Stream>(query->Int(1)), query->Text(2),
                       query->Text(3), static_cast<std::uint64_t>(query->Int(4))});
  }
  if (code != SQLITE_DONE) return impl_->db.LastError();
  return outputs;
}

}  // namespace lockstep::ledger
