#include "native/ledger/objects.h"

#include "native/ledger/ledger_impl.h"

namespace lockstep::ledger {
namespace {

constexpr const char* kColumns =
    "SELECT kind, number, project, parent, revision, created, updated, json FROM objects ";

Object Row(const Statement& row) {
  return {static_cast<Object::Kind>(row.Int(0)),
          row.Int(1),
          row.Text(2),
          row.Text(3),
          row.Int(4),
          base::Instant{row.Int(5)},
          base::Instant{row.Int(6)},
          row.Text(7)};
}

/// What was written must be readable again (core/json's limit), with room for what is added then.
base::Status CheckSize(const Object& object) {
  constexpr std::size_t kMost = 200 << 20;
  if (object.json.size() <= kMost) return {};
  return base::Error{base::ErrorCode::kResourceExhausted,
                     "it is larger than 200 MiB and cannot be kept; make several of it"};
}

base::Result<std::int64_t> NextNumber(Database& db, Object::Kind kind) {
  auto query = db.Prepare("SELECT COALESCE(MAX(number), 100) + 1 FROM objects WHERE kind=?1");
  const auto row = query->Bind(1, static_cast<int>(kind)).One();
  if (!row.ok()) return row.error();
  const std::int64_t number = query->Int(0);
  query->Reset();
  return number;
}

}  // namespace

base::Result<Object> Objects::Create(Object object, std::optional<std::string_view> bytes) {
  std::vector<Draft> drafts;
  drafts.push_back({std::move(object), {}});
  if (bytes) drafts[0].bytes = std::string(*bytes);
  auto created = CreateAll(std::move(drafts));
  if (!created.ok()) return created.error();
  return std::move(created->front());
}

base::Result<std::vector<Object>> Objects::CreateAll(std::vector<Draft> drafts) {
  Database& db = *impl_.db;
  auto transaction = Transaction::Begin(db, Durability::kPowerSafe);
  if (!transaction.ok()) return transaction.error();
  if (auto alone = db.KeepOthersFromWriting("objects"); !alone.ok()) return alone.error();
  auto insert = db.Prepare(
      "INSERT INTO objects(kind, number, project, parent, revision, created, updated, json, blob)"
      " VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, NULLIF(?8, 0))");
  std::vector<Object> created;
  for (Draft& draft : drafts) {
    Object& object = draft.object;
    if (auto fits = CheckSize(object); !fits.ok()) return fits.error();
    const auto number = NextNumber(db, object.kind);
    if (!number.ok()) return number.error();
    object.number = std::max(*number, draft.least_number);
    object.revision = 1;
    std::int64_t blob = 0;
    if (draft.bytes) {
      const auto stored = impl_.StoreBlob(*draft.bytes);
      if (!stored.ok()) return stored.error();
      blob = *stored;
    }
    insert->Bind(1, static_cast<int>(object.kind)).Bind(2, object.number);
    insert->Bind(3, object.project).Bind(4, object.parent);
    insert->Bind(5, object.created.ms).Bind(6, object.updated.ms).Bind(7, object.json);
    if (auto done = insert->Bind(8, blob).Run(); !done.ok()) return done.error();
    created.push_back(std::move(object));
  }
  if (auto committed = transaction->Commit(); !committed.ok()) return committed.error();
  return created;
}

base::Result<std::optional<Object>> Objects::Get(Object::Kind kind, std::int64_t number) const {
  const std::string sql = std::string(kColumns) + "WHERE kind=?1 AND number=?2";
  auto query = impl_.db->Prepare(sql.c_str());
  const auto row = query->Bind(1, static_cast<int>(kind)).Bind(2, number).One();
  if (!row.ok()) return row.error();
  if (!*row) return std::optional<Object>();
  return std::optional<Object>(Row(*query));
}

base::Result<std::vector<Object>> Objects::List(Object::Kind kind, std::string_view project,
                                                std::string_view parent) const {
  // Only what is asked for, so that those of a parent are found by their index.
  std::string sql = std::string(kColumns) + "WHERE kind=?1";
  std::vector<std::string_view> values;
  const auto add = [&](const char* column, std::string_view value) {
    if (value.empty()) return;
    values.push_back(value);
    sql += std::string(" AND ") + column + "=?" + std::to_string(values.size() + 1);
  };
  add("project", project);
  add("parent", parent);
  sql += " ORDER BY number DESC";
  auto query = impl_.db->Prepare(sql.c_str());
  query->Bind(1, static_cast<int>(kind));
  for (std::size_t i = 0; i < values.size(); ++i) query->Bind(static_cast<int>(i) + 2, values[i]);
  std::vector<Object> objects;
  const auto read = query->ForEach([&] { objects.push_back(Row(*query)); });
  if (!read.ok()) return read.error();
  return objects;
}

base::Result<std::vector<std::int64_t>> Objects::Numbers(Object::Kind kind,
                                                         std::string_view project) const {
  auto query = impl_.db->Prepare(
      "SELECT number FROM objects WHERE kind=?1 AND (?2 = '' OR project=?2) ORDER BY number DESC");
  query->Bind(1, static_cast<int>(kind)).Bind(2, project);
  std::vector<std::int64_t> numbers;
  const auto read = query->ForEach([&] { numbers.push_back(query->Int(0)); });
  if (!read.ok()) return read.error();
  return numbers;
}

base::Result<std::uint64_t> Objects::Size(Object::Kind kind, std::int64_t number) const {
  auto query = impl_.db->Prepare(
      "SELECT length(bytes) FROM objects JOIN blobs ON blobs.id=blob WHERE kind=?1 AND number=?2");
  const auto row = query->Bind(1, static_cast<int>(kind)).Bind(2, number).One();
  if (!row.ok()) return row.error();
  const std::uint64_t size = *row ? static_cast<std::uint64_t>(query->Int(0)) : 0;
  query->Reset();
  return size;
}

base::Result<std::optional<std::string>> Objects::FindBytes(Object::Kind kind,
                                                            std::string_view project,
                                                            std::int64_t number) const {
  Statement& query = *impl_.find_bytes;
  const auto row = query.Bind(1, static_cast<int>(kind)).Bind(2, number).Bind(3, project).One();
  if (!row.ok()) return row.error();
  if (!*row) return std::optional<std::string>();
  std::optional<std::string> bytes = query.Text(0);
  query.Reset();
  return bytes;
}

base::Result<std::string> Objects::Bytes(Object::Kind kind, std::int64_t number) const {
  auto query = impl_.db->Prepare(
      "SELECT bytes FROM objects JOIN blobs ON blobs.id=blob WHERE kind=?1 AND number=?2");
  const auto row = query->Bind(1, static_cast<int>(kind)).Bind(2, number).One();
  if (!row.ok()) return row.error();
  return *row ? query->Text(0) : std::string();
}

base::Status Objects::Update(const Object& object, std::optional<std::string_view> bytes) {
  auto transaction = Transaction::Begin(*impl_.db, Durability::kPowerSafe);
  if (!transaction.ok()) return transaction.error();
  if (auto written = Write(object, bytes); !written.ok()) return written;
  return transaction->Commit();
}

base::Status Objects::UpdateAll(const std::vector<Object>& updated) {
  auto transaction = Transaction::Begin(*impl_.db, Durability::kPowerSafe);
  if (!transaction.ok()) return transaction.error();
  for (const Object& object : updated) {
    if (auto written = Write(object, {}); !written.ok()) return written;
  }
  return transaction->Commit();
}

base::Status Objects::UpdatePlan(const Object& plan, const Revision& revision) {
  Database& db = *impl_.db;
  auto transaction = Transaction::Begin(db, Durability::kPowerSafe);
  if (!transaction.ok()) return transaction.error();
  if (auto alone = db.KeepOthersFromWriting("commands"); !alone.ok()) return alone;
  if (auto ours = impl_.CheckLease(revision.rollout); !ours.ok()) return ours;
  if (auto may = revision.check(); !may.ok()) return may;
  if (auto written = Write(plan, {}); !written.ok()) return written;
  auto revise = db.Prepare("UPDATE rollouts SET digest=?2 WHERE id=?1");
  revise->Bind(1, revision.rollout).Bind(2, revision.digest);
  if (auto done = revise->Run(); !done.ok()) return done;
  auto clear = db.Prepare("DELETE FROM documents WHERE rollout=?1");
  if (auto done = clear->Bind(1, revision.rollout).Run(); !done.ok()) return done;
  auto stored = impl_.StoreDocuments(revision.rollout, revision.documents);
  return stored.ok() ? transaction->Commit() : stored;
}

/// REQUIRES a transaction.
base::Status Objects::Write(const Object& object, std::optional<std::string_view> bytes) {
  if (auto fits = CheckSize(object); !fits.ok()) return fits;
  std::int64_t blob = 0;
  if (bytes) {
    const auto stored = impl_.StoreBlob(*bytes);
    if (!stored.ok()) return stored.error();
    blob = *stored;
  }
  auto update = impl_.db->Prepare(
      "UPDATE objects SET parent=?4, revision=revision+1, updated=?5, json=?6,"
      " blob=COALESCE(NULLIF(?7, 0), blob)"
      " WHERE kind=?1 AND number=?2 AND revision=?3 RETURNING number");
  update->Bind(1, static_cast<int>(object.kind)).Bind(2, object.number).Bind(3, object.revision);
  update->Bind(4, object.parent).Bind(5, object.updated.ms).Bind(6, object.json).Bind(7, blob);
  const auto row = update->One();
  if (!row.ok()) return row.error();
  const bool found = *row;
  update->Reset();
  if (found) return {};
  return base::Error{base::ErrorCode::kUnavailable,
                     "somebody else changed it at the same moment; try again"};
}

}  // namespace lockstep::ledger
