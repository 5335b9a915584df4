#include "core/service/release.h"

#include <algorithm>
#include <limits>

#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/base/uuid.h"

namespace lockstep::service {
namespace {

using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;

constexpr json::EnumName kFileTypes[] = {{"TYPE_UNSPECIFIED", 0}, {"VERSIONED", 1}};
constexpr json::EnumName kChanges[] = {
    {"CHANGE_TYPE_UNSPECIFIED", 0}, {"DDL", 1}, {"DDL_GHOST", 2}, {"DML", 3}};

void ReadType(Reader& reader, ReleaseFile& file, const Member& member) {
  if (const auto number = reader.Enum(member.value, kFileTypes))
    file.type = static_cast<ReleaseFile::Type>(*number);
}
void ReadChange(Reader& reader, ReleaseFile& file, const Member& member) {
  if (const auto number = reader.Enum(member.value, kChanges))
    file.change = static_cast<ReleaseFile::Change>(*number);
}
void ReadStatement(Reader& reader, ReleaseFile& file, const Member& member) {
  if (auto bytes = reader.Bytes(member.value)) file.statement = std::move(*bytes);
}
void ReadSize(Reader& reader, ReleaseFile& file, const Member& member) {
  const auto size = reader.Integer(member.value, 0, std::numeric_limits<std::int64_t>::max());
  if (size) file.statement_size = static_cast<std::uint64_t>(*size);
}

constexpr Field<ReleaseFile> kFileFields[] = {
    {"id", "id", Shape::kText, &ReadString<&ReleaseFile::id>},
    {"path", "path", Shape::kText, &ReadString<&ReleaseFile::path>},
    {"sheet", "sheet", Shape::kText, &ReadString<&ReleaseFile::sheet>},
    {"sheetSha256", "sheet_sha256", Shape::kText, &ReadString<&ReleaseFile::sheet_sha256>},
    {"type", "type", Shape::kEnum, &ReadType},
    {"version", "version", Shape::kText, &ReadString<&ReleaseFile::version>},
    {"changeType", "change_type", Shape::kEnum, &ReadChange},
    {"statement", "statement", Shape::kBytes, &ReadStatement},
    {"statementSize", "statement_size", Shape::kInteger, &ReadSize},
};
constexpr Message<ReleaseFile> kFileMessage{"a file of a release", kFileFields};

void ReadFiles(Reader& reader, Release& release, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](json::Value element) {
    reader.ReadObject(element, kFileMessage, release.files.emplace_back());
  });
}
void ReadState(Reader&, Release& release, const Member& member) {
  const json::Value value = member.value;
  release.deleted = value.kind() == json::Kind::kString ? value.AsString() == "DELETED"
                                                        : value.NumberText() == "2";
}

void ReadSource(Reader&, Release& release, const Member& member) {
  base::JsonWriter writer;
  WriteFields(writer, member.value);
  release.vcs_source = writer.Take();
}

constexpr Field<Release> kReleaseFields[] = {
    {"name", "name", Shape::kText},
    {"title", "title", Shape::kText, &ReadString<&Release::title>},
    {"files", "files", Shape::kList, &ReadFiles},
    {"vcsSource", "vcs_source", Shape::kObject, &ReadSource},
    {"creator", "creator", Shape::kText, &ReadString<&Release::creator>},
    {"createTime", "create_time", Shape::kTimestamp},
    {"state", "state", Shape::kEnum, &ReadState},
};

template <std::size_t kCount>
std::string_view NameOf(const json::EnumName (&names)[kCount], int number) {
  LOCKSTEP_CHECK(number >= 0 && number < static_cast<int>(kCount), "a release that is not checked");
  return names[number].name;
}

void WriteFile(base::JsonWriter& writer, const ReleaseFile& file) {
  writer.BeginObject().Member("id", file.id).Member("path", file.path);
  writer.Member("sheet", file.sheet).Member("sheetSha256", file.sheet_sha256);
  writer.Member("type", NameOf(kFileTypes, static_cast<int>(file.type)));
  writer.Member("version", file.version);
  writer.Member("changeType", NameOf(kChanges, static_cast<int>(file.change)));
  writer.Member("statement", EncodeBase64(file.statement));
  writer.Member("statementSize", std::to_string(file.statement_size)).EndObject();
}

void WriteMembers(base::JsonWriter& writer, const Release& release) {
  writer.Member("title", release.title).Key("files").BeginArray();
  for (const ReleaseFile& file : release.files) WriteFile(writer, file);
  writer.EndArray().Key("vcsSource").Raw(release.vcs_source);
  writer.Member("creator", release.creator);
  writer.Member("state", release.deleted ? "DELETED" : "ACTIVE");
}

base::Status CheckFile(const ReleaseFile& file) {
  const auto refuse = [&](std::string what) {
    const std::string& name = file.path.empty() ? file.version : file.path;
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "the release's file " + base::Quote(name) + " " + std::move(what)};
  };
  if (file.type != ReleaseFile::Type::kVersioned)
    return refuse("is not of type VERSIONED, the only one that there is");
  if (file.version.empty()) return refuse("has no version");
  if (file.change < ReleaseFile::Change::kUnspecified || file.change > ReleaseFile::Change::kDml)
    return refuse("has an unknown changeType; it may be DDL, DDL_GHOST or DML");
  if (file.sheet.empty() && file.statement.empty())
    return refuse("has neither a sheet nor a statement");
  return {};
}

}  // namespace

const Message<Release> kReleaseMessage{"a release", kReleaseFields};

plan::ChangeType ChangeTypeOf(ReleaseFile::Change change) {
  switch (change) {
    case ReleaseFile::Change::kDdlGhost:
      return plan::ChangeType::kMigrateGhost;
    case ReleaseFile::Change::kDml:
      return plan::ChangeType::kData;
    case ReleaseFile::Change::kUnspecified:
    case ReleaseFile::Change::kDdl:
      break;
  }
  return plan::ChangeType::kMigrate;
}

base::Result<Release> Release::Read(std::string_view json) {
  return ReadMessage(json, kReleaseMessage);
}

std::string Release::Stored() const {
  Release without = *this;
  for (ReleaseFile& file : without.files) file.statement.clear();
  base::JsonWriter writer;
  writer.BeginObject();
  WriteMembers(writer, without);
  return writer.EndObject().Take();
}

base::Status Release::CheckFiles() {
  for (const ReleaseFile& file : files) {
    if (auto checked = CheckFile(file); !checked.ok()) return checked.error();
  }
  std::stable_sort(files.begin(), files.end(), [](const ReleaseFile& a, const ReleaseFile& b) {
    return a.version < b.version;
  });
  const auto twice = std::adjacent_find(
      files.begin(), files.end(),
      [](const ReleaseFile& a, const ReleaseFile& b) { return a.version == b.version; });
  if (twice == files.end()) return {};
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "two files of the release have version " + base::Quote(twice->version) + ": " +
                         base::Quote(twice->path) + " and " + base::Quote(std::next(twice)->path)};
}

std::string FileId(const ReleaseFile& file) {
  base::Sha256 digest;
  digest.Field("release file").Field(file.version).Field(file.sheet_sha256);
  return base::UuidOf(digest);
}

std::string FileName(std::string_view release, const ReleaseFile& file) {
  return std::string(release) + "/files/" + file.id;
}

void WriteRelease(base::JsonWriter& writer, const Release& release, const ReleaseFacts& facts) {
  writer.BeginObject().Member("name", facts.name);
  WriteMembers(writer, release);
  WriteTime(writer, "createTime", facts.created);
  writer.EndObject();
}

}  // namespace lockstep::service
