#include "core/service/instance_body.h"

#include "core/inventory/decode_data_source.h"
#include "core/service/inventory_edit.h"
#include "core/service/message.h"

namespace lockstep::service {
namespace {

using json::Member;
using json::Reader;
using json::Shape;

struct InstanceFrame {
  std::string title, external_link, environment;
  std::string engine = "0";  ///< as the request says it
  std::int64_t connections = 0, connections_of_options = 0;
  bool activation = false;
  std::vector<SourceBody> sources;
};

/// Of a data source. A password has to be a reference, and one that runs nothing: who may ask this
/// server to change an inventory may not thereby run commands on its machine.
SourceBody ReadSource(Reader& reader, json::Value object) {
  const inventory::DataSource source = inventory::DecodeDataSource(reader, object);
  SourceBody body{std::string(source.id.value), std::string(source.type.value), {}};
  const auto add = [&](std::string_view key, std::string_view value) {
    body.settings.push_back(TextSetting(key, key, value));
  };
  add("type", source.type.value == "ADMIN" ? "" : source.type.value);
  add("host", source.host.value);
  add("port", source.port.value);
  add("username", source.username.value);
  if (source.password.kind == inventory::SecretReference::Kind::kNone) {
    add("password", "");
    return body;
  }
  const auto password = FindMember(object, "password");
  if (source.password.kind == inventory::SecretReference::Kind::kCommand) {
    reader.Report(diagnostics::Rule::kSecretReference, password->key_span,
                  "a command that tells a password is taken from the inventory file only, not "
                  "from a request; refer to it as {\"env\": …} or {\"file\": …}");
  }
  base::JsonWriter writer;
  WriteValue(writer, password->value);
  body.settings.push_back({"password", "password", writer.Take()});
  return body;
}

void ReadSources(Reader& reader, InstanceFrame& frame, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](json::Value element) {
    frame.sources.push_back(ReadSource(reader, element));
  });
}

template <std::int64_t InstanceFrame::*kField>
void ReadConnections(Reader& reader, InstanceFrame& frame, const Member& member) {
  if (const auto number = reader.Integer(member.value, 0, INT32_MAX)) frame.*kField = *number;
}

constexpr json::Field<InstanceFrame> kOptionsFields[] = {
    {"maximumConnections", "maximum_connections", Shape::kInteger,
     &ReadConnections<&InstanceFrame::connections_of_options>},
};
constexpr json::Message<InstanceFrame> kOptions{"options", kOptionsFields};
void ReadOptions(Reader& reader, InstanceFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kOptions, frame);
}

constexpr json::Field<InstanceFrame> kInstanceFields[] = {
    {"title", "title", Shape::kText, &ReadString<&InstanceFrame::title>},
    {"externalLink", "external_link", Shape::kText, &ReadString<&InstanceFrame::external_link>},
    {"engine", "engine", Shape::kEnum, &ReadRaw<&InstanceFrame::engine>},
    {"environment", "environment", Shape::kText, &ReadString<&InstanceFrame::environment>},
    {"activation", "activation", Shape::kBool, &ReadBool<&InstanceFrame::activation>},
    {"dataSources", "data_sources", Shape::kList, &ReadSources},
    {"maximumConnections", "maximum_connections", Shape::kInteger,
     &ReadConnections<&InstanceFrame::connections>},
    {"options", "options", Shape::kObject, &ReadOptions},
};
constexpr json::Message<InstanceFrame> kInstance{"an instance", kInstanceFields};

// ---- requests with a data source ----

struct SourceFrame {
  SourceRequest request;
  bool has_source = false;
};
void ReadRequestSource(Reader& reader, SourceFrame& frame, const Member& member) {
  frame.has_source = true;
  frame.request.source = ReadSource(reader, member.value);
  base::JsonWriter writer;
  WriteValue(writer, member.value);
  frame.request.json = writer.Take();
}
void ReadMask(Reader&, SourceFrame& frame, const Member& member) {
  frame.request.mask = std::string(member.value.AsString());
}
void ReadValidateOnly(Reader&, SourceFrame& frame, const Member& member) {
  frame.request.validate_only = member.value.AsBool();
}
constexpr json::Field<SourceFrame> kSourceRequestFields[] = {
    {"dataSource", "data_source", Shape::kObject, &ReadRequestSource},
    {"updateMask", "update_mask", Shape::kText, &ReadMask},
    {"validateOnly", "validate_only", Shape::kBool, &ReadValidateOnly},
};
constexpr json::Message<SourceFrame> kSourceRequest{"the request", kSourceRequestFields};

}  // namespace

Paths PathsOfInstance() {
  static constexpr std::string_view kKnown[] = {
      "title",      "environment",        "externalLink", "dataSources",
      "activation", "maximumConnections", "options",      "options.maximumConnections"};
  static constexpr std::string_view kReadOnly[] = {
      "state",        "uid",    "engine",       "engineVersion", "roles",
      "lastSyncTime", "labels", "syncInterval", "syncDatabases"};
  return {kKnown, kReadOnly};
}

Paths PathsOfSource() {
  static constexpr std::string_view kKnown[] = {"host", "port", "username", "password"};
  static constexpr std::string_view kReadOnly[] = {"id", "type"};
  return {kKnown, kReadOnly};
}

base::Result<InstanceBody> ReadInstanceBody(std::string_view json) {
  auto frame = ReadMessageStrictly(json, kInstance);
  if (!frame.ok()) return frame.error();
  InstanceBody body;
  body.settings = {TextSetting("title", "title", frame->title),
                   {"engine", "engine", frame->engine, frame->engine == "0"},
                   TextSetting("environment", "environment", frame->environment),
                   TextSetting("externalLink", "externalLink", frame->external_link),
                   NumberSetting("maximumConnections", "maximumConnections", frame->connections),
                   NumberSetting("options.maximumConnections", "maximumConnections",
                                 frame->connections_of_options)};
  body.sources = std::move(frame->sources);
  body.is_active = frame->activation;
  return body;
}

base::Result<SourceRequest> ReadSourceRequest(std::string_view json) {
  auto frame = ReadMessageStrictly(json, kSourceRequest);
  if (!frame.ok()) return frame.error();
  if (!frame->has_source)
    return base::Error{base::ErrorCode::kInvalidArgument, "data_source must be set"};
  return std::move(frame->request);
}

}  // namespace lockstep::service
