#include "native/service/openapi_schemas.h"

#include <map>
#include <set>
#include <vector>

#include "core/service/described.h"
#include "native/service/routes.h"

namespace lockstep::service {
namespace {

using base::JsonWriter;
using described::Field;
using described::Message;
using described::Type;

using ByName = std::map<std::string_view, Message>;  // in a stable order

/// Adds the message and all that it is made of; with `asked` only what a request may say.
void Reach(const ByName& messages, std::string_view name, bool asked,
           std::set<std::string_view>& reached) {
  if (name.empty() || !reached.insert(name).second) return;
  for (const Field& field : messages.at(name).fields) {
    const bool is_said = !asked || (field.traits & described::kAnswered) == 0;
    if (field.type == Type::kMessage && is_said) Reach(messages, field.of, asked, reached);
  }
}

struct TypeNames {
  std::string_view type, format;
};
TypeNames NamesOf(Type type) {
  switch (type) {
    case Type::kText:
      return {"string", ""};
    case Type::kBool:
      return {"boolean", ""};
    case Type::kInt32:
      return {"integer", "int32"};
    case Type::kInt64:
      return {"string", "int64"};
    case Type::kTime:
      return {"string", "date-time"};
    case Type::kBytes:
      return {"string", ""};
    case Type::kAny:
    case Type::kEnum:
    case Type::kMessage:
      return {"", ""};
  }
  base::CheckFailed(__FILE__, __LINE__, "type", "not a type");
}

/// Of one value, without the braces around it.
void WriteType(JsonWriter& writer, const Field& field, bool nullable) {
  const auto [type, format] = NamesOf(field.type);
  if (field.type == Type::kAny) return;  // null, too
  if (type.empty() && nullable) {
    writer.Key("anyOf").BeginArray().BeginObject().Member("$ref", SchemaOf(field.of)).EndObject();
    writer.BeginObject().Member("type", "null").EndObject().EndArray();
  } else if (type.empty()) {
    writer.Member("$ref", SchemaOf(field.of));
  } else if (nullable) {
    writer.Key("type").BeginArray().String(type).String("null").EndArray();
  } else {
    writer.Member("type", type);
  }
  if (!format.empty()) writer.Member("format", format);
  if (field.type == Type::kBytes) writer.Member("contentEncoding", "base64");
}

void WriteField(JsonWriter& writer, const Field& field) {
  writer.Key(field.name).BeginObject();
  const bool is_list = (field.traits & described::kList) != 0;
  if (is_list || (field.traits & described::kMap) != 0) {
    writer.Member("type", is_list ? "array" : "object");
    writer.Key(is_list ? "items" : "additionalProperties").BeginObject();
    WriteType(writer, field, false);
    writer.EndObject();
  } else {
    WriteType(writer, field, (field.traits & described::kNullable) != 0);
  }
  std::string note(field.note);
  if ((field.traits & described::kOptional) != 0)
    note += note.empty() ? "not always there" : "; not always there";
  if (!note.empty()) writer.Member("description", note);
  if ((field.traits & described::kAnswered) != 0) writer.MemberBool("readOnly", true);
  writer.EndObject();
}

void WriteRequired(JsonWriter& writer, const Message& message, bool asked, bool answered) {
  std::vector<std::string_view> required;
  for (const Field& field : message.fields) {
    const bool is_needed = (field.traits & described::kNeeded) != 0;
    const bool is_always_there = (field.traits & described::kOptional) == 0;
    if ((asked && !answered && is_needed) || (answered && !asked && is_always_there))
      required.push_back(field.name);
  }
  if (required.empty()) return;
  writer.Key("required").BeginArray();
  for (const std::string_view name : required) writer.String(name);
  writer.EndArray();
}

}  // namespace

std::string SchemaOf(std::string_view name) {
  return "#/components/schemas/" + std::string(name);
}

void WriteSchemas(JsonWriter& writer) {
  ByName messages;
  for (const Message& message : described::Messages()) messages.emplace(message.name, message);
  std::set<std::string_view> asked, answered;
  Reach(messages, "Status", false, answered);
  for (const Route& route : Routes()) {
    Reach(messages, route.request, true, asked);
    Reach(messages, route.answer, false, answered);
  }
  writer.Key("schemas").BeginObject();
  for (const auto& [name, message] : messages) {
    writer.Key(name).BeginObject().Member("type", "object");
    WriteRequired(writer, message, asked.count(name) > 0, answered.count(name) > 0);
    writer.Key("properties").BeginObject();
    for (const Field& field : message.fields) WriteField(writer, field);
    writer.EndObject().EndObject();
  }
  for (const described::Enum& one : described::Enums()) {
    writer.Key(one.name).BeginObject().Member("type", "string").Key("enum").BeginArray();
    for (const std::string_view value : one.values) writer.String(value);
    writer.EndArray().EndObject();
  }
  writer.EndObject();
}

}  // namespace lockstep::service
