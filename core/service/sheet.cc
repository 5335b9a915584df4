#include "core/service/sheet.h"

#include "core/json/proto_scalar.h"
#include "core/sql/splitter.h"

namespace lockstep::service {
namespace {

using json::Field;
using json::Member;
using json::Reader;
using json::Shape;

/// Statements of larger sheets are not looked for: one place stands for all (as on the server).
constexpr std::uint64_t kSplitUpTo = 2 << 20;

void ReadContent(Reader& reader, Sheet& sheet, const Member& member) {
  if (auto bytes = reader.Bytes(member.value)) sheet.content = std::move(*bytes);
}

void ReadEngine(Reader&, Sheet& sheet, const Member& member) {
  std::optional<sql::Engine> engine;
  if (member.value.kind() == json::Kind::kString) {
    engine = sql::FindEngine(member.value.AsString());
  } else if (const auto number = json::ParseInteger(member.value.NumberText())) {
    engine = sql::EngineFromNumber(*number);
  }
  if (engine) sheet.engine = *engine;
}

constexpr Field<Sheet> kSheetFields[] = {
    {"name", "name", Shape::kText},
    {"title", "title", Shape::kText, &ReadString<&Sheet::title>},
    {"creator", "creator", Shape::kText, &ReadString<&Sheet::creator>},
    {"createTime", "create_time", Shape::kTimestamp},
    {"content", "content", Shape::kBytes, &ReadContent},
    {"contentSize", "content_size", Shape::kInteger},
    {"payload", "payload", Shape::kObject},
    {"engine", "engine", Shape::kEnum, &ReadEngine},
};

void WriteCommand(base::JsonWriter& writer, std::uint64_t begin, std::uint64_t end) {
  writer.BeginObject().Member("start", static_cast<std::int64_t>(begin));
  writer.Member("end", static_cast<std::int64_t>(end)).EndObject();
}

}  // namespace

const json::Message<Sheet> kSheetMessage{"a sheet", kSheetFields};

base::Result<Sheet> Sheet::Read(std::string_view json) {
  return ReadMessage(json, kSheetMessage);
}

std::string Sheet::Stored() const {
  base::JsonWriter writer;
  writer.BeginObject().Member("title", title).Member("creator", creator);
  return writer.Member("engine", sql::Facts(engine).name).EndObject().Take();
}

void WriteSheet(base::JsonWriter& writer, const Sheet& sheet, const SheetFacts& facts) {
  writer.BeginObject().Member("name", facts.name).Member("title", sheet.title);
  writer.Member("creator", sheet.creator);
  WriteTime(writer, "createTime", facts.created);
  writer.Member("content", facts.with_content ? EncodeBase64(sheet.content) : "");
  writer.Member("contentSize", std::to_string(facts.size));
  writer.Key("payload").BeginObject().Member("type", "TYPE_UNSPECIFIED").Key("commands");
  writer.BeginArray();
  if (sheet.engine != sql::Engine::kUnspecified && sheet.content.size() == facts.size &&
      facts.size <= kSplitUpTo) {
    for (const auto& statement :
         sql::Split(sql::Facts(sheet.engine).dialect, sheet.content).statements)
      WriteCommand(writer, statement.span.begin, statement.span.end);
  } else {
    WriteCommand(writer, 0, facts.size);
  }
  writer.EndArray().EndObject();
  writer.Member("engine", sql::Facts(sheet.engine).name).EndObject();
}

}  // namespace lockstep::service
