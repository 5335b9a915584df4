// ReleaseService, but for its check (release_check.cc).
#include <algorithm>

#include "core/base/sha256.h"
#include "core/service/paging.h"
#include "core/service/release.h"
#include "core/service/sheet.h"
#include "core/service/update_mask.h"
#include "native/service/inventory_now.h"
#include "native/service/methods.h"

namespace lockstep::service {
namespace {

using ledger::Object;

/// With the statements of its files, which are those of their sheets.
base::Status LoadStatements(const inventory::SheetLibrary& sheets, Release& release) {
  for (ReleaseFile& file : release.files) {
    auto text = sheets.Load(file.sheet);
    if (!text.ok()) {
      return base::Error{text.error().code,
                         "version " + file.version + " of the release: " + text.error().message};
    }
    file.statement = std::string(text->text().substr(0, kShownBytes));
  }
  return {};
}

Answer ReleaseAnswer(Context& context, const Object& object) {
  auto release = Release::Read(object.json);
  if (!release.ok()) return release.error();
  const auto inventory = InventoryNow::Read(context.settings);
  if (!inventory.ok()) return inventory.error();
  const auto loaded = LoadStatements(*SheetsOf(context, (*inventory)->get()), *release);
  if (!loaded.ok()) return loaded.error();
  base::JsonWriter writer;
  WriteRelease(writer, *release, {NameOf(object), object.created});
  return writer.Take();
}

/// Statements become sheets of the project; their files name them.
base::Status StoreStatements(Context& context, const Call& call, Release& release) {
  std::vector<ledger::Objects::Draft> drafts;
  std::vector<ReleaseFile*> files;
  for (ReleaseFile& file : release.files) {
    if (!file.sheet.empty()) continue;
    Sheet sheet;
    sheet.title = file.path.empty() ? file.version : file.path;
    sheet.creator = call.user;
    drafts.push_back({{.kind = Object::Kind::kSheet,
                       .project = call.path[0],
                       .parent = "",
                       .created = context.now,
                       .updated = context.now,
                       .json = sheet.Stored()},
                      file.statement});
    files.push_back(&file);
  }
  if (drafts.empty()) return {};
  const auto stored = context.objects.CreateAll(std::move(drafts));
  if (!stored.ok()) return stored.error();
  for (std::size_t i = 0; i < files.size(); ++i) files[i]->sheet = NameOf((*stored)[i]);
  return {};
}

/// What of its files the server says: their ids, digests and sizes.
base::Status DescribeFiles(Context& context, Release& release) {
  const auto inventory = InventoryNow::Read(context.settings);
  if (!inventory.ok()) return inventory.error();
  const auto sheets = SheetsOf(context, (*inventory)->get());
  for (ReleaseFile& file : release.files) {
    std::string statement = std::move(file.statement);
    if (!file.sheet.empty()) {
      const auto text = sheets->Load(file.sheet);
      if (!text.ok()) return text.error();
      statement = std::string(text->text());
    }
    file.statement_size = statement.size();
    file.sheet_sha256 = base::Sha256Hex(statement);
    file.id = FileId(file);
    file.statement = std::move(statement);
  }
  return {};
}

base::Result<Object> SetDeleted(Context& context, const Call& call, bool deleted) {
  auto object = Get(context, Object::Kind::kRelease, call.path[0], call.path[1]);
  if (!object.ok()) return object.error();
  auto release = Release::Read(object->json);
  if (!release.ok()) return release.error();
  release->deleted = deleted;
  object->json = release->Stored();
  object->updated = context.now;
  if (auto updated = context.objects.Update(*object); !updated.ok()) return updated.error();
  return object;
}

}  // namespace

Answer CreateRelease(Context& context, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  auto release = Release::Read(call.body);
  if (!release.ok()) return release.error();
  release->creator = call.user;
  release->deleted = false;
  if (auto checked = release->CheckFiles(); !checked.ok()) return checked.error();
  if (auto described = DescribeFiles(context, *release); !described.ok()) return described.error();
  if (auto stored = StoreStatements(context, call, *release); !stored.ok()) return stored.error();
  const auto object = context.objects.Create({.kind = Object::Kind::kRelease,
                                              .project = call.path[0],
                                              .parent = "",
                                              .created = context.now,
                                              .updated = context.now,
                                              .json = release->Stored()});
  if (!object.ok()) return object.error();
  return ReleaseAnswer(context, *object);
}

Answer GetRelease(Context& context, const Call& call) {
  const auto object = Get(context, Object::Kind::kRelease, call.path[0], call.path[1]);
  if (!object.ok()) return object.error();
  return ReleaseAnswer(context, *object);
}

Answer ListReleases(Context& context, const Call& call) {
  const auto page = Page::Parse(call.Get("pageSize"), call.Get("pageToken"));
  if (!page.ok()) return page.error();
  const auto objects = context.objects.List(Object::Kind::kRelease, ProjectFilter(call.path[0]));
  if (!objects.ok()) return objects.error();
  const bool with_deleted = call.Is("showDeleted");
  std::vector<std::pair<const Object*, Release>> listed;
  for (const Object& object : *objects) {
    auto release = Release::Read(object.json);
    if (!release.ok()) return release.error();
    if (with_deleted || !release->deleted) listed.emplace_back(&object, std::move(*release));
  }
  base::JsonWriter writer;
  writer.BeginObject().Key("releases").BeginArray();
  for (std::size_t i = page->offset; i < page->End(listed.size()); ++i) {
    const auto& [object, release] = listed[i];
    WriteRelease(writer, release, {NameOf(*object), object->created});
  }
  writer.EndArray().Member("nextPageToken", page->NextToken(listed.size()));
  return writer.EndObject().Take();
}

Answer UpdateRelease(Context& context, const Call& call) {
  constexpr std::string_view kKnown[] = {"title"};
  const auto mask = UpdateMask::Parse(call.Find("updateMask"), call.body, kKnown);
  if (!mask.ok()) return mask.error();
  auto object = Get(context, Object::Kind::kRelease, call.path[0], call.path[1]);
  if (!object.ok()) return object.error();
  auto release = Release::Read(object->json);
  if (!release.ok()) return release.error();
  const auto change = Release::Read(call.body);
  if (!change.ok()) return change.error();
  release->title = change->title;
  object->json = release->Stored();
  object->updated = context.now;
  if (auto updated = context.objects.Update(*object); !updated.ok()) return updated.error();
  return ReleaseAnswer(context, *object);
}

Answer DeleteRelease(Context& context, const Call& call) {
  const auto object = SetDeleted(context, call, true);
  if (!object.ok()) return object.error();
  return std::string("{}");
}

Answer UndeleteRelease(Context& context, const Call& call) {
  const auto object = SetDeleted(context, call, false);
  if (!object.ok()) return object.error();
  return ReleaseAnswer(context, *object);
}

}  // namespace lockstep::service
