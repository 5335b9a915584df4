// SheetService.
#include <algorithm>

#include "core/base/text.h"
#include "core/names/resource_name.h"
#include "core/service/paging.h"
#include "core/service/sheet.h"
#include "core/service/update_mask.h"
#include "native/service/methods.h"

namespace lockstep::service {
namespace {

using base::Error;
using base::ErrorCode;
using ledger::Object;

/// Behind the files of the folder, which have names of the same kind: 101-create-table.sql.
std::int64_t LeastNumber(const Context& context) {
  std::int64_t least = 0;
  for (const std::string& name : SheetsOf(context, nullptr)->Names()) {
    // Of any project: "101", "projects/hr/sheets/101".
    const auto number = names::ParseNumericId(std::string_view(name).substr(name.rfind('/') + 1));
    if (number) least = std::max<std::int64_t>(least, *number + 1);
  }
  return least;
}

ledger::Objects::Draft DraftOf(const Context& context, Sheet sheet, const Call& call,
                               std::int64_t least_number) {
  sheet.creator = call.user;
  std::string content = std::move(sheet.content);
  return {{.kind = Object::Kind::kSheet,
           .project = call.path[0],
           .parent = "",
           .created = context.now,
           .updated = context.now,
           .json = sheet.Stored()},
          std::move(content),
          least_number};
}

/// `content`: all of it.
void Write(base::JsonWriter& writer, const Object& object, Sheet sheet, std::string content,
           bool whole) {
  SheetFacts facts{.name = NameOf(object), .created = object.created, .size = content.size()};
  if (!whole && content.size() > kShownBytes) content.resize(kShownBytes);
  sheet.content = std::move(content);
  WriteSheet(writer, sheet, facts);
}

Answer SheetAnswer(Context& context, const Object& object, bool whole) {
  auto sheet = Sheet::Read(object.json);
  if (!sheet.ok()) return sheet.error();
  auto content = context.objects.Bytes(object.kind, object.number);
  if (!content.ok()) return content.error();
  base::JsonWriter writer;
  Write(writer, object, std::move(*sheet), std::move(*content), whole);
  return writer.Take();
}

struct BatchSheetRequest {
  std::vector<Sheet> sheets;
};
struct CreateSheetRequest {
  Sheet sheet;
};

void ReadRequestedSheet(json::Reader& reader, CreateSheetRequest& request,
                        const json::Member& member) {
  reader.ReadObject(member.value, kSheetMessage, request.sheet);
}
constexpr json::Field<CreateSheetRequest> kCreateSheetFields[] = {
    {"parent", "parent", json::Shape::kText},
    {"sheet", "sheet", json::Shape::kObject, &ReadRequestedSheet},
};
constexpr json::Message<CreateSheetRequest> kCreateSheetMessage{"a request", kCreateSheetFields};

void ReadRequests(json::Reader& reader, BatchSheetRequest& batch, const json::Member& member) {
  reader.ReadList(member.value, json::Shape::kObject, [&](json::Value element) {
    CreateSheetRequest request;
    reader.ReadObject(element, kCreateSheetMessage, request);
    batch.sheets.push_back(std::move(request.sheet));
  });
}
constexpr json::Field<BatchSheetRequest> kBatchSheetFields[] = {
    {"requests", "requests", json::Shape::kList, &ReadRequests},
};
constexpr json::Message<BatchSheetRequest> kBatchSheetMessage{"the request", kBatchSheetFields};

}  // namespace

Answer CreateSheet(Context& context, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  auto sheet = Sheet::Read(call.body);
  if (!sheet.ok()) return sheet.error();
  std::vector<ledger::Objects::Draft> drafts;
  drafts.push_back(DraftOf(context, std::move(*sheet), call, LeastNumber(context)));
  const auto objects = context.objects.CreateAll(std::move(drafts));
  if (!objects.ok()) return objects.error();
  return SheetAnswer(context, objects->front(), false);
}

Answer BatchCreateSheets(Context& context, const Call& call) {
  if (auto project = CheckProject(call.path[0]); !project.ok()) return project.error();
  auto batch = ReadMessage(call.body, kBatchSheetMessage);
  if (!batch.ok()) return batch.error();
  std::vector<ledger::Objects::Draft> drafts;
  const std::int64_t least = LeastNumber(context);
  for (Sheet& sheet : batch->sheets)
    drafts.push_back(DraftOf(context, std::move(sheet), call, least));
  const auto objects = context.objects.CreateAll(std::move(drafts));
  if (!objects.ok()) return objects.error();
  base::JsonWriter writer;
  writer.BeginObject().Key("sheets").BeginArray();
  for (const Object& object : *objects) {
    const auto answer = SheetAnswer(context, object, false);
    if (!answer.ok()) return answer.error();
    writer.Raw(*answer);
  }
  return writer.EndArray().EndObject().Take();
}

Answer GetSheet(Context& context, const Call& call) {
  const auto object = Get(context, Object::Kind::kSheet, call.path[0], call.path[1]);
  if (!object.ok()) return object.error();
  return SheetAnswer(context, *object, call.Is("raw"));
}

Answer ListSheets(Context& context, const Call& call) {
  const auto page = Page::Parse(call.Get("pageSize"), call.Get("pageToken"));
  if (!page.ok()) return page.error();
  const auto numbers = Numbers(context, Object::Kind::kSheet, call.path[0]);
  if (!numbers.ok()) return numbers.error();
  base::JsonWriter writer;
  writer.BeginObject().Key("sheets").BeginArray();
  for (std::size_t i = page->offset; i < page->End(numbers->size()); ++i) {
    const auto object = Get(context, Object::Kind::kSheet, (*numbers)[i]);
    if (!object.ok()) return object.error();
    const auto sheet = Sheet::Read(object->json);
    if (!sheet.ok()) return sheet.error();
    const auto size = context.objects.Size(object->kind, object->number);
    if (!size.ok()) return size.error();
    WriteSheet(writer, *sheet,
               {.name = NameOf(*object),
                .created = object->created,
                .size = *size,
                .with_content = false});
  }
  writer.EndArray().Member("nextPageToken", page->NextToken(numbers->size()));
  return writer.EndObject().Take();
}

Answer UpdateSheet(Context& context, const Call& call) {
  constexpr std::string_view kKnown[] = {"title", "content"};
  const auto mask = UpdateMask::Parse(call.Find("updateMask"), call.body, kKnown);
  if (!mask.ok()) return mask.error();
  auto object = Get(context, Object::Kind::kSheet, call.path[0], call.path[1]);
  if (!object.ok()) return object.error();
  auto sheet = Sheet::Read(object->json);
  if (!sheet.ok()) return sheet.error();
  const auto change = Sheet::Read(call.body);
  if (!change.ok()) return change.error();
  if (mask->Has("title")) sheet->title = change->title;
  object->json = sheet->Stored();
  object->updated = context.now;
  std::optional<std::string_view> content;
  if (mask->Has("content")) content = change->content;
  if (auto updated = context.objects.Update(*object, content); !updated.ok())
    return updated.error();
  return SheetAnswer(context, *object, false);
}

}  // namespace lockstep::service
