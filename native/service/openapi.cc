#include "native/service/openapi.h"

#include <map>
#include <vector>

#include "core/base/json_writer.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "native/service/openapi_schemas.h"
#include "native/service/routes.h"

namespace lockstep::service {
namespace {

using base::JsonWriter;

/// "project" of "projects", "policy" of "policies", "taskRun" of "taskRuns".
std::string Singular(std::string_view collection) {
  if (collection.ends_with("ies"))
    return std::string(collection.substr(0, collection.size() - 3)) + "y";
  return std::string(collection.substr(0, collection.size() - 1));
}

/// The pattern with names for its stars: /v1/projects/{project}/plans/{plan}.
struct Path {
  std::string text;
  std::vector<std::string> parameters;
};
Path PathOf(std::string_view pattern) {
  Path path;
  std::string_view collection;
  for (std::string_view rest = pattern.substr(1); !rest.empty();) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    path.text += '/';
    if (part[0] == '*') {
      path.parameters.push_back(Singular(collection));
      path.text += "{" + path.parameters.back() + "}" + std::string(part.substr(1));
    } else {
      path.text += part;
    }
    collection = part;
  }
  return path;
}

void WriteParameter(JsonWriter& writer, std::string_view name, std::string_view in,
                    std::string_view description, std::string_view type) {
  writer.BeginObject().Member("name", name).Member("in", in);
  writer.MemberBool("required", in == "path");
  if (!description.empty()) writer.Member("description", description);
  writer.Key("schema").BeginObject().Member("type", type).EndObject().EndObject();
}

void WriteParameters(JsonWriter& writer, const Route& route, const Path& path) {
  writer.Key("parameters").BeginArray();
  for (const std::string& name : path.parameters)
    WriteParameter(writer, name, "path", "", "string");
  const bool lists = route.name.starts_with("List");
  if (lists) {
    WriteParameter(writer, "pageSize", "query", "at most 1000", "integer");
    WriteParameter(writer, "pageToken", "query", "nextPageToken of the page before", "string");
  }
  if (route.verb == "PATCH")
    WriteParameter(writer, "updateMask", "query",
                   "fields to change, with commas between; those of the body without it", "string");
  for (const Parameter& parameter : route.parameters) {
    if (!parameter.name.empty())
      WriteParameter(writer, parameter.name, "query", parameter.description,
                     parameter.type == Parameter::Type::kFlag ? "boolean" : "string");
  }
  writer.EndArray();
}

void WriteContent(JsonWriter& writer, std::string_view message) {
  writer.Key("content").BeginObject().Key("application/json").BeginObject();
  writer.Key("schema").BeginObject().Member("$ref", SchemaOf(message)).EndObject();
  writer.EndObject().EndObject();
}

void WriteOperation(JsonWriter& writer, const Route& route, const Path& path) {
  writer.Key(base::ToLowerAscii(route.verb)).BeginObject().Key("tags").BeginArray();
  writer.String(route.service).EndArray();
  writer.Member("operationId", std::string(route.service) + "_" + std::string(route.name));
  writer.Member("summary", route.summary);
  WriteParameters(writer, route, path);
  if (!route.request.empty()) {
    writer.Key("requestBody").BeginObject();
    WriteContent(writer, route.request);
    writer.EndObject();
  }
  writer.Key("responses").BeginObject().Key("200").BeginObject().Member("description", "done");
  WriteContent(writer, route.answer);
  writer.EndObject().Key("default").BeginObject().Member("description", "an error");
  WriteContent(writer, "Status");
  writer.EndObject().EndObject().EndObject();
}

void WriteComponents(JsonWriter& writer) {
  writer.Key("components").BeginObject().Key("securitySchemes").BeginObject().Key("token");
  writer.BeginObject().Member("type", "http").Member("scheme", "bearer").EndObject().EndObject();
  WriteSchemas(writer);
  writer.EndObject();
}

}  // namespace

std::string OpenApi() {
  std::map<std::string, std::vector<const Route*>> by_path;  // in a stable order
  for (const Route& route : Routes()) by_path[PathOf(route.pattern).text].push_back(&route);
  JsonWriter writer(2);
  writer.BeginObject().Member("openapi", "3.1.0").Key("info").BeginObject();
  writer.Member("title", "Lockstep").Member("version", base::Version());
  writer.Member(
      "description",
      "Sheets, plans, rollouts and issues, as Bytebase's API names them. Bodies are proto3 JSON: "
      "requests may also name fields in snake_case, write enums as numbers and 64-bit integers as "
      "numbers, and say null for what they do not set; fields that nobody knows are read past. An "
      "answer has every field of its message, but for those of which the description says that "
      "they are not always there.");
  writer.EndObject().Key("security").BeginArray().BeginObject().Key("token").BeginArray();
  writer.EndArray().EndObject().BeginObject().EndObject().EndArray().Key("paths").BeginObject();
  for (const auto& [path, routes] : by_path) {
    writer.Key(path).BeginObject();
    for (const Route* route : routes) WriteOperation(writer, *route, PathOf(route->pattern));
    writer.EndObject();
  }
  writer.EndObject();
  WriteComponents(writer);
  return writer.EndObject().Take() + "\n";
}

}  // namespace lockstep::service
