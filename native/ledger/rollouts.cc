// Ledger: rollouts and what they were made from.
#include <charconv>

#include "core/base/sha256.h"
#include "core/base/text.h"
#include "native/ledger/ledger_impl.h"
#include "native/ledger/objects.h"

namespace lockstep::ledger {
namespace {

/// The option that native::ReadOptions keeps where relative addresses start.
const std::string kInventoryFolder = "inventory_folder";

/// The plan is from now on one that has a rollout: another revision.
base::Status TakePlan(Database& db, const PlanRevision& plan) {
  auto take = db.Prepare(
      "UPDATE objects SET revision=revision+1 WHERE kind=?1 AND number=?2 AND revision=?3"
      " RETURNING number");
  take->Bind(1, static_cast<int>(Object::Kind::kPlan)).Bind(2, plan.number).Bind(3, plan.revision);
  const auto row = take->One();
  if (!row.ok()) return row.error();
  const bool taken = *row;
  take->Reset();
  if (taken) return {};
  return base::Error{base::ErrorCode::kUnavailable,
                     "somebody else changed the plan at the same moment; try again"};
}

}  // namespace

std::string OptionOf(const Options& options, const std::string& name) {
  const auto found = options.find(name);
  return found == options.end() ? "" : found->second;
}

base::Result<std::int64_t> Ledger::Impl::StoreBlob(std::string_view bytes) const {
  const std::string sha256 = base::Sha256Hex(bytes);
  insert_blob->Bind(1, sha256).BindBlob(2, bytes);
  if (auto stored = insert_blob->Run(); !stored.ok()) return stored.error();
  find_blob->Reset();
  const auto found = find_blob->Bind(1, sha256).One();
  if (!found.ok()) return found.error();
  LOCKSTEP_CHECK(*found, "a blob that was just stored is not there");
  const std::int64_t id = find_blob->Int(0);
  find_blob->Reset();
  return id;
}

base::Result<RolloutRecord> Ledger::Create(const NewRollout& rollout) {
  Database& db = *impl_->db;
  auto transaction = Transaction::Begin(db, Durability::kPowerSafe);
  if (!transaction.ok()) return transaction.error();
  if (auto alone = db.KeepOthersFromWriting("rollouts"); !alone.ok()) return alone.error();
  auto same = FindSame(rollout);
  if (!same.ok()) return same.error();
  if (*same) return std::move(**same);
  if (rollout.plan) {
    if (auto taken = TakePlan(db, *rollout.plan); !taken.ok()) return taken.error();
  }
  auto insert = db.Prepare(
      "INSERT INTO rollouts(name, digest, title, created) VALUES ('', ?1, ?2, ?3) RETURNING id");
  insert->Bind(1, rollout.digest).Bind(2, rollout.title).Bind(3, rollout.created.ms);
  if (const auto inserted = insert->One(); !inserted.ok()) return inserted.error();
  const RolloutId id = insert->Int(0);
  insert->Reset();
  const std::string name = "projects/" + rollout.project + "/rollouts/" + std::to_string(id);
  auto rename = db.Prepare("UPDATE rollouts SET name=?2 WHERE id=?1");
  rename->Bind(1, id).Bind(2, name);
  if (auto done = rename->Run(); !done.ok()) return done.error();
  auto option = db.Prepare("INSERT INTO options(rollout, name, value) VALUES (?1, ?2, ?3)");
  for (const auto& [key, value] : rollout.options) {
    option->Bind(1, id).Bind(2, key).Bind(3, value);
    if (auto done = option->Run(); !done.ok()) return done.error();
  }
  if (auto stored = impl_->StoreDocuments(id, rollout.documents); !stored.ok())
    return stored.error();
  if (auto committed = transaction->Commit(); !committed.ok()) return committed.error();
  return Find(name);
}

base::Status Ledger::Impl::StoreDocuments(RolloutId rollout,
                                          std::span<const Document> documents) const {
  auto document = db->Prepare(
      "INSERT INTO documents(rollout, position, role, name, path, blob) VALUES (?1, ?2, ?3, ?4, "
      "?5, ?6)");
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const Document& d = documents[i];
    const auto blob = StoreBlob(d.bytes);
    if (!blob.ok()) return blob.error();
    document->Bind(1, rollout).Bind(2, i).Bind(3, static_cast<int>(d.role)).Bind(4, d.name);
    document->Bind(5, d.path).Bind(6, *blob);
    if (auto done = document->Run(); !done.ok()) return done;
  }
  return {};
}

/// Of one plan of the services there is one rollout, whatever its digest is by now.
base::Result<std::optional<RolloutRecord>> Ledger::FindSame(const NewRollout& rollout) const {
  const std::string plan = OptionOf(rollout.options, kPlanOption);
  if (!plan.empty()) return FindByPlan(plan);
  return FindByDigest(rollout.digest, OptionOf(rollout.options, kInventoryFolder));
}

base::Result<std::optional<RolloutRecord>> Ledger::FindByPlan(std::string_view plan) const {
  auto query = impl_->SelectRollouts(
      "WHERE id IN (SELECT rollout FROM options WHERE name='plan' AND value=?1)");
  query->Bind(1, plan);
  auto found = impl_->Select(std::move(query));
  if (!found.ok()) return found.error();
  if (found->empty()) return std::optional<RolloutRecord>();
  return std::optional(std::move(found->front()));
}

base::Status Ledger::Impl::CheckDigest(RolloutId rollout, std::string_view digest) const {
  if (digest.empty()) return {};
  auto query = db->Prepare("SELECT 1 FROM rollouts WHERE id=?1 AND digest=?2");
  const auto row = query->Bind(1, rollout).Bind(2, digest).One();
  if (!row.ok()) return row.error();
  if (*row) return {};
  return base::Error{base::ErrorCode::kUnavailable,
                     "the rollout was changed at the same moment; try again"};
}

base::Status Ledger::SetOption(RolloutId rollout, std::string_view name, std::string_view value) {
  auto transaction = Transaction::Begin(*impl_->db, Durability::kPowerSafe);
  if (!transaction.ok()) return transaction.error();
  auto set = impl_->db->Prepare(
      "INSERT INTO options(rollout, name, value) VALUES (?1, ?2, ?3)"
      " ON CONFLICT (rollout, name) DO UPDATE SET value=excluded.value");
  set->Bind(1, rollout).Bind(2, name).Bind(3, value);
  if (auto done = set->Run(); !done.ok()) return done;
  return transaction->Commit();
}

base::Status Ledger::Impl::ReadOptions(RolloutRecord& record) const {
  auto query = db->Prepare("SELECT name, value FROM options WHERE rollout=?1");
  query->Bind(1, record.id);
  return query->ForEach([&] { record.options[query->Text(0)] = query->Text(1); });
}

std::unique_ptr<Statement> Ledger::Impl::SelectRollouts(const char* where) const {
  const std::string sql =
      std::string("SELECT id, name, digest, title, created, status FROM rollouts ") + where;
  return db->Prepare(sql.c_str());
}

base::Result<std::vector<RolloutRecord>> Ledger::Impl::Select(
    std::unique_ptr<Statement> query) const {
  std::vector<RolloutRecord> records;
  const auto read = query->ForEach([&] {
    records.push_back({query->Int(0),
                       query->Text(1),
                       query->Text(2),
                       query->Text(3),
                       base::Instant{query->Int(4)},
                       query->Text(5),
                       {}});
  });
  if (!read.ok()) return read.error();
  for (RolloutRecord& record : records) {
    if (auto options = ReadOptions(record); !options.ok()) return options.error();
  }
  return records;
}

base::Result<std::vector<RolloutRecord>> Ledger::List() const {
  return impl_->Select(impl_->SelectRollouts("ORDER BY id"));
}

base::Result<RolloutRecord> Ledger::Find(std::string_view name) const {
  std::int64_t id = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), id);
  const bool is_number =
      !name.empty() && parsed.ec == std::errc() && parsed.ptr == name.data() + name.size();
  auto query = impl_->SelectRollouts(name.empty() ? "ORDER BY id DESC LIMIT 1"
                                     : is_number  ? "WHERE id=?1"
                                                  : "WHERE name=?1");
  if (is_number) query->Bind(1, id);
  if (!is_number && !name.empty()) query->Bind(1, name);
  auto found = impl_->Select(std::move(query));
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
  auto query = impl_->SelectRollouts("WHERE digest=?1 ORDER BY id DESC");
  query->Bind(1, digest);
  auto found = impl_->Select(std::move(query));
  if (!found.ok()) return found.error();
  for (RolloutRecord& record : *found) {
    if (!inventory_folder || record.options[kInventoryFolder] == *inventory_folder) {
      return std::optional(std::move(record));
    }
  }
  return std::optional<RolloutRecord>();
}

base::Result<std::vector<Document>> Ledger::Documents(RolloutId rollout) const {
  auto query = impl_->db->Prepare(
      "SELECT role, name, path, bytes FROM documents JOIN blobs ON blobs.id=blob WHERE rollout=?1 "
      "ORDER BY position");
  query->Bind(1, rollout);
  std::vector<Document> documents;
  const auto read = query->ForEach([&] {
    documents.push_back({static_cast<Document::Role>(query->Int(0)), query->Text(1), query->Text(2),
                         query->Text(3)});
  });
  if (!read.ok()) return read.error();
  return documents;
}

}  // namespace lockstep::ledger
