#include "core/service/preview_plan.h"

#include <algorithm>

#include "core/base/sha256.h"
#include "core/base/uuid.h"
#include "core/check/version_order.h"

namespace lockstep::service {
namespace {

using base::JsonWriter;

constexpr json::Field<PreviewRequest> kPreviewFields[] = {
    {"project", "project", json::Shape::kText},
    {"release", "release", json::Shape::kText, &ReadString<&PreviewRequest::release>},
    {"targets", "targets", json::Shape::kList, &ReadStrings<&PreviewRequest::targets>},
    {"allowOutOfOrder", "allow_out_of_order", json::Shape::kBool,
     &ReadBool<&PreviewRequest::allow_out_of_order>},
};
constexpr json::Message<PreviewRequest> kPreviewMessage{"the request", kPreviewFields};

using Files = std::vector<const ReleaseFile*>;

/// What becomes of the files on one database.
struct Sorted {
  Files planned, out_of_order, modified;
};

class Preview {
 public:
  Preview(const PreviewRequest& request, const Release& release, plan::VersionOrder order)
      : request_(request), release_(release), order_(order) {
    for (const ReleaseFile& file : release.files) files_.push_back(&file);
    // As the tasks will run, which need not be the order of the release's list.
    std::stable_sort(files_.begin(), files_.end(), [&](const auto* a, const auto* b) {
      return check::CompareVersions(order_, a->version, b->version) < 0;
    });
  }

  std::string Answer(const std::vector<std::vector<PreviewDatabase>>& steps);

 private:
  Sorted Sort(const PreviewDatabase& database) const;
  void WriteStep(JsonWriter& writer, const std::vector<PreviewDatabase>& databases);
  void WriteSpec(JsonWriter& writer, const ReleaseFile& file, const std::string& database) const;
  /// Keeps {"database", "files"} for when the plan is written.
  void Note(JsonWriter& list, const std::string& database, const Files& files) const;

  const PreviewRequest& request_;
  const Release& release_;
  const plan::VersionOrder order_;
  Files files_;
  JsonWriter out_of_order_, modified_;
};

Sorted Preview::Sort(const PreviewDatabase& database) const {
  const auto& applied = database.applied;
  const auto highest = std::max_element(
      applied.begin(), applied.end(), [&](const AppliedVersion& a, const AppliedVersion& b) {
        return check::CompareVersions(order_, a.version, b.version) < 0;
      });
  Sorted sorted;
  for (const ReleaseFile* file : files_) {
    const auto same = std::find_if(applied.begin(), applied.end(), [&](const AppliedVersion& a) {
      return a.version == file->version;
    });
    if (same != applied.end()) {
      const bool known = !same->sheet_sha256.empty();
      if (known && same->sheet_sha256 != file->sheet_sha256) sorted.modified.push_back(file);
      continue;
    }
    const bool late = highest != applied.end() &&
                      check::CompareVersions(order_, file->version, highest->version) <= 0;
    if (late) sorted.out_of_order.push_back(file);
    if (!late || request_.allow_out_of_order) sorted.planned.push_back(file);
  }
  return sorted;
}

void Preview::WriteSpec(JsonWriter& writer, const ReleaseFile& file,
                        const std::string& database) const {
  base::Sha256 digest;
  digest.Field("spec of a release").Field(request_.release).Field(file.id).Field(database);
  writer.BeginObject().Member("id", base::UuidOf(digest));
  writer.Key("dependsOnSpecs").BeginArray().EndArray().Key("earliestAllowedTime").Null();
  writer.Key("specReleaseSource").BeginObject();
  writer.Member("file", FileName(request_.release, file)).EndObject();
  writer.Key("changeDatabaseConfig").BeginObject().Member("target", database);
  writer.Member("sheet", file.sheet).Member("type", plan::ToString(ChangeTypeOf(file.change)));
  writer.Member("schemaVersion", file.version);
  writer.Key("ghostFlags").BeginObject().EndObject();
  writer.Key("preUpdateBackupDetail").BeginObject().Member("database", "").EndObject();
  writer.EndObject().EndObject();
}

void Preview::Note(JsonWriter& list, const std::string& database, const Files& files) const {
  if (files.empty()) return;
  list.BeginObject().Member("database", database).Key("files").BeginArray();
  for (const ReleaseFile* file : files) list.String(FileName(request_.release, *file));
  list.EndArray().EndObject();
}

void Preview::WriteStep(JsonWriter& writer, const std::vector<PreviewDatabase>& databases) {
  std::vector<std::pair<const std::string*, Files>> planned;
  for (const PreviewDatabase& database : databases) {
    Sorted sorted = Sort(database);
    Note(out_of_order_, database.name, sorted.out_of_order);
    Note(modified_, database.name, sorted.modified);
    if (!sorted.planned.empty()) planned.emplace_back(&database.name, std::move(sorted.planned));
  }
  if (planned.empty()) return;  // a step without specs would be refused
  writer.BeginObject().Member("title", "").Key("specs").BeginArray();
  for (const auto& [database, files] : planned) {
    for (const ReleaseFile* file : files) WriteSpec(writer, *file, *database);
  }
  writer.EndArray().EndObject();
}

std::string Preview::Answer(const std::vector<std::vector<PreviewDatabase>>& steps) {
  out_of_order_.BeginArray();
  modified_.BeginArray();
  JsonWriter writer;
  writer.BeginObject().Key("plan").BeginObject().Member("name", "").Member("issue", "");
  writer.Member("title", release_.title).Member("description", "").Key("steps").BeginArray();
  for (const auto& databases : steps) WriteStep(writer, databases);
  writer.EndArray().Key("vcsSource").Null().Key("releaseSource").BeginObject();
  writer.Member("release", request_.release).EndObject().Member("creator", "");
  writer.Key("createTime").Null().Key("updateTime").Null();
  writer.Key("planCheckRunStatusCount").BeginObject().EndObject();
  writer.Key("deploymentConfigSnapshot").Null().EndObject();
  writer.Key("outOfOrderFiles").Raw(out_of_order_.EndArray().Take());
  writer.Key("appliedButModifiedFiles").Raw(modified_.EndArray().Take());
  return writer.EndObject().Take();
}

}  // namespace

base::Result<PreviewRequest> PreviewRequest::Read(std::string_view json) {
  return ReadMessage(json, kPreviewMessage);
}

std::string PreviewPlan(const PreviewRequest& request, const Release& release,
                        const std::vector<std::vector<PreviewDatabase>>& steps,
                        plan::VersionOrder order) {
  return Preview(request, release, order).Answer(steps);
}

}  // namespace lockstep::service
