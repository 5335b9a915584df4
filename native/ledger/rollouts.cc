// Ledger: rollouts and what they were made from.
#include <charconv>

#include "core/base/sha256.h"
#include "core/base/text.h"
#include "native/ledger/ledger_impl.h"

namespace lockstep::ledger {
namespace {

/// The option that native::ReadOptions keeps where relative addresses start.
const std::string kInventoryFolder = "inventory_folder";

}  // namespace

base::Result<std::int64_t> Ledger::Impl::StoreBlob(std::string_view bytes) const {
  const std::string sha256 = base::Sha256Hex(bytes);
  auto insert =
      db.Prepare("INSERT INTO blobs(sha256, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
  if (!insert.ok()) return insert.error();
  insert->Bind(1, sha256).BindBlob(2, bytes);
  if (auto stored = Run(*insert); !stored.ok()) return stored.error();
  auto find = db.Prepare("SELECT id FROM blobs WHERE sha256=?1");
  if (!find.ok()) return find.error();
  find->Bind(1, sha256);
  if (find->Step() != SQLITE_ROW) return db.LastError();
  return find->Int(0);
}

base::Result<RolloutRecord> Ledger::Create(const NewRollout& rollout) {
  SqliteDb& db = impl_->db;
  auto transaction = Transaction::Begin(db, Durability::kPowerSafe);
  if (!transaction.ok()) return transaction.error();
  const auto folder = rollout.options.find(kInventoryFolder);
  auto same = FindByDigest(rollout.digest,
                           folder == rollout.options.end() ? "" : std::string_view(folder->second));
  if (!same.ok()) return same.error();
  if (*same) return std::move(**same);
  auto insert =
      db.Prepare("INSERT INTO rollouts(name, digest, title, created) VALUES (?1, ?2, ?3, ?4)");
  auto rename = db.Prepare("UPDATE rollouts SET name=?2 WHERE id=?1");
  auto option = db.Prepare("INSERT INTO options(rollout, name, value) VALUES (?1, ?2, ?3)");
  auto document = db.Prepare(
      "INSERT INTO documents(rollout, position, role, name, path, blob) VALUES (?1, ?2, ?3, ?4, "
      "?5, ?6)");
  for (const auto* prepared : {&insert, &rename, &option, &document}) {
    if (!prepared->ok()) return prepared->error();
  }
  insert->Bind(1, "").Bind(2, rollout.digest).Bind(3, rollout.title).Bind(4, rollout.created.ms);
  if (auto done = impl_->Run(*insert); !done.ok()) return done.error();
  RolloutRecord record;
  record.id = db.last_insert_id();
  record.name = "projects/" + rollout.project + "/rollouts/" + std::to_string(record.id);
  rename->Bind(1, record.id).Bind(2, record.name);
  if (auto done = impl_->Run(*rename); !done.ok()) return done.error();
  for (const auto& [name, value] : rollout.options) {
    Use use(*option);
    use->Bind(1, record.id).Bind(2, name).Bind(3, value);
    if (auto done = impl_->Run(*option); !done.ok()) return done.error();
  }
  for (std::size_t i = 0; i < rollout.documents.size(); ++i) {
    const Document& d = rollout.documents[i];
    const auto blob = impl_->StoreBlob(d.bytes);
    if (!blob.ok()) return blob.error();
    Use use(*document);
    use->Bind(1, record.id).Bind(2, i).Bind(3, static_cast<int>(d.role)).Bind(4, d.name);
    use->Bind(5, d.path).Bind(6, *blob);
    if (auto done = impl_->Run(*document); !done.ok()) return done.error();
  }
  if (auto committed = (*transaction)->Commit(); !committed.ok()) return committed.error();
  return Find(record.name);
}

base::Status Ledger::Impl::ReadOptions(RolloutRecord& record) const {
  auto query = db.Prepare("SELECT name, value FROM options WHERE rollout=?1");
  if (!query.ok()) return query.error();
  query->Bind(1, record.id);
  int code;
  while ((code = query->Step()) == SQLITE_ROW) record.options[query->Text(0)] = query->Text(1);
  return code == SQLITE_DONE ? base::Status() : base::Status(db.LastError());
}

base::Result<std::vector<RolloutRecord>> Ledger::Impl::Select(const char* where,
                                                              std::string_view text,
                                                              std::int64_t id) const {
  const std::string sql =
      std::string("SELECT id, name, digest, title, created, status FROM rollouts ") + where;
  auto query = db.Prepare(sql.c_str());
  if (!query.ok()) return query.error();
  query->Bind(1, text).Bind(2, id);
  std::vector<RolloutRecord> records;
  int code;
  while ((code = query->Step()) == SQLITE_ROW) {
    records.push_back({query->Int(0),
                       query->Text(1),
                       query->Text(2),
                       query->Text(3),
                       base::Instant{query->Int(4)},
                       query->Text(5),
                       {}});
  }
  if (code != SQLITE_DONE) return db.LastError();
  for (RolloutRecord& record : records) {
    if (auto read = ReadOptions(record); !read.ok()) return read.error();
  }
  return records;
}

base::Result<std::vector<RolloutRecord>> Ledger::List() const {
  return impl_->Select("ORDER BY id", "", 0);
}

base::Result<RolloutRecord> Ledger::Find(std::string_view name) const {
  std::int64_t id = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), id);
  const bool is_number =
      !name.empty() && parsed.ec == std::errc() && parsed.ptr == name.data() + name.size();
  auto found = name.empty() ? impl_->Select("ORDER BY id DESC LIMIT 1", "", 0)
               : is_number  ? impl_->Select("WHERE id=?2", "", id)
                            : impl_->Select("WHERE name=?1", name, 0);
  if (!found.ok()) return found.error();
  if (!found->empty()) return std::move(found->front());
  const auto all = List();
  if (!all.ok()) return all.error();
  std::string message = name.empty() ? "the ledger " + base::Quote(path()) + " has no rollouts yet"
                                     : "there is no rollout " + base::Quote(name);
  if (!all->empty()) {
    message +=
        "; the newest is " + base::Quote(all->back().name) + " of " + std::to_string(all->size());
  }
  return base::Error{base::ErrorCode::kNotFound, message};
}

base::Result<std::optional<RolloutRecord>> Ledger::FindByDigest(
    std::string_view digest, std::optional<std::string_view> inventory_folder) const {
  auto found = impl_->Select("WHERE digest=?1 ORDER BY id DESC", digest, 0);
  if (!found.ok()) return found.error();
  for (RolloutRecord& record : *found) {
    if (!inventory_folder || record.options[kInventoryFolder] == *inventory_folder) {
      return std::optional(std::move(record));
    }
  }
  return std::optional<RolloutRecord>();
}

base::Result<std::vector<Document>> Ledger::Documents(RolloutId rollout) const {
  auto query = impl_->db.Prepare(
      "SELECT role, name, path, bytes FROM documents JOIN blobs ON blobs.id=blob WHERE rollout=?1 "
      "ORDER BY position");
  if (!query.ok()) return query.error();
  query->Bind(1, rollout);
  std::vector<Document> documents;
  int code;
  while ((code = query->Step()) == SQLITE_ROW) {
    documents.push_back({static_cast<Document::Role>(query->Int(0)), query->Text(1), query->Text(2),
                         query->Text(3)});
  }
  if (code != SQLITE_DONE) return impl_->db.LastError();
  return documents;
}

}  // namespace lockstep::ledger
