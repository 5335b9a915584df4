#include "core/inventory/decode_data_source.h"

#include "core/base/text.h"

namespace lockstep::inventory {
namespace {

using base::Quote;
using diagnostics::Rule;
using json::Field;
using json::Member;
using json::Message;
using json::Reader;
using json::Shape;
using json::Value;

/// A field of Bytebase that Lockstep has no use for yet: said when it is set, for it may matter a
/// lot.
template <class Frame>
void ReadUnsupported(Reader& reader, Frame&, const Member& member) {
  const Value value = member.value;
  const json::Kind kind = value.kind();
  const bool is_set = kind == json::Kind::kBool     ? value.AsBool()
                      : kind == json::Kind::kString ? !value.AsString().empty()
                      : kind == json::Kind::kArray || kind == json::Kind::kObject ? value.size() > 0
                                                                                  : true;
  if (!is_set) return;
  reader.Report(Rule::kFieldWithoutEffect, member.key_span,
                "Lockstep does nothing with " + Quote(member.key) + " of a data source");
}

struct SecretFrame {
  SecretReference& secret;
  int references = 0;
};

template <SecretReference::Kind kKind>
void ReadSecretName(Reader&, SecretFrame& frame, const Member& member) {
  frame.secret.kind = kKind;
  frame.secret.name = member.value.AsString();
  frame.references += frame.secret.name.empty() ? 0 : 1;
}

void ReadSecretCommand(Reader& reader, SecretFrame& frame, const Member& member) {
  frame.secret.kind = SecretReference::Kind::kCommand;
  reader.ReadList(member.value, Shape::kText,
                  [&](Value element) { frame.secret.command.push_back(element.AsString()); });
  frame.references += frame.secret.command.empty() ? 0 : 1;
}

constexpr Field<SecretFrame> kSecretFields[] = {
    {"env", "env", Shape::kText, &ReadSecretName<SecretReference::Kind::kEnvironment>},
    {"file", "file", Shape::kText, &ReadSecretName<SecretReference::Kind::kFile>},
    {"command", "command", Shape::kList, &ReadSecretCommand},
};
constexpr Message<SecretFrame> kSecret{"a secret", kSecretFields};

struct DataSourceFrame {
  DataSource& source;
};

template <SpannedText DataSource::*kField>
void ReadSourceText(Reader&, DataSourceFrame& frame, const Member& member) {
  frame.source.*kField = Reader::Text(member.value);
}

constexpr json::EnumName kSourceTypes[] = {
    {"DATA_SOURCE_UNSPECIFIED", 0},
    {"ADMIN", 1},
    {"READ_ONLY", 2},
};

void ReadSourceType(Reader& reader, DataSourceFrame& frame, const Member& member) {
  const std::optional<int> number = reader.Enum(member.value, kSourceTypes);
  for (const json::EnumName& type : kSourceTypes) {
    if (number == type.number && type.number != 0) {
      frame.source.type = {type.name, member.value.span(), true};
    }
  }
}

void ReadPort(Reader& reader, DataSourceFrame& frame, const Member& member) {
  ReadSourceText<&DataSource::port>(reader, frame, member);
  if (!frame.source.port.value.empty()) reader.Integer(member.value, 1, 65535);
}

void ReadPassword(Reader& reader, DataSourceFrame& frame, const Member& member) {
  constexpr std::string_view kForms = R"({"env": …}, {"file": …} or {"command": […]})";
  const Value value = member.value;
  if (value.kind() == json::Kind::kString && value.AsString().empty()) return;  // as an API answers
  if (value.kind() != json::Kind::kObject) {
    // At the key and without the value: findings are shown in logs.
    reader.Report(Rule::kSecretReference, member.key_span,
                  "the password is written here; keep it out of the inventory and refer to it as " +
                      std::string(kForms));
    return;
  }
  SecretFrame secret{frame.source.password};
  reader.ReadObject(value, kSecret, secret);
  if (secret.references == 1) return;
  reader.Report(
      Rule::kSecretReference, member.key_span,
      "the password needs exactly one reference that is not empty: " + std::string(kForms));
}

constexpr Field<DataSourceFrame> kDataSourceFields[] = {
    {"id", "id", Shape::kText, &ReadSourceText<&DataSource::id>},
    {"type", "type", Shape::kEnum, &ReadSourceType},
    {"host", "host", Shape::kText, &ReadSourceText<&DataSource::host>},
    {"port", "port", Shape::kText, &ReadPort},
    {"username", "username", Shape::kText, &ReadSourceText<&DataSource::username>},
    {"password", "password", Shape::kAny, &ReadPassword},
    {"database", "database", Shape::kAny, &ReadUnsupported},
    {"useSsl", "use_ssl", Shape::kAny, &ReadUnsupported},
    {"sslCa", "ssl_ca", Shape::kAny, &ReadUnsupported},
    {"sslCert", "ssl_cert", Shape::kAny, &ReadUnsupported},
    {"sslKey", "ssl_key", Shape::kAny, &ReadUnsupported},
    {"srv", "srv", Shape::kAny, &ReadUnsupported},
    {"sid", "sid", Shape::kAny, &ReadUnsupported},
    {"serviceName", "service_name", Shape::kAny, &ReadUnsupported},
    {"authenticationDatabase", "authentication_database", Shape::kAny, &ReadUnsupported},
    {"authenticationType", "authentication_type", Shape::kAny},
    {"authenticationPrivateKey", "authentication_private_key", Shape::kAny, &ReadUnsupported},
    {"externalSecret", "external_secret", Shape::kAny, &ReadUnsupported},
    {"sshHost", "ssh_host", Shape::kAny, &ReadUnsupported},
    {"sshPort", "ssh_port", Shape::kAny, &ReadUnsupported},
    {"sshUser", "ssh_user", Shape::kAny, &ReadUnsupported},
    {"sshPassword", "ssh_password", Shape::kAny, &ReadUnsupported},
    {"sshPrivateKey", "ssh_private_key", Shape::kAny, &ReadUnsupported},
    {"additionalAddresses", "additional_addresses", Shape::kAny, &ReadUnsupported},
    {"replicaSet", "replica_set", Shape::kAny, &ReadUnsupported},
    {"directConnection", "direct_connection", Shape::kAny, &ReadUnsupported},
};
constexpr Message<DataSourceFrame> kDataSource{"a data source", kDataSourceFields};

}  // namespace

DataSource DecodeDataSource(Reader& reader, Value object) {
  DataSource source;
  source.span = source.type.span = source.host.span = source.port.span = source.username.span =
      object.span();
  DataSourceFrame frame{source};
  reader.ReadObject(object, kDataSource, frame);
  return source;
}

void AppendDataSourceTables(std::vector<json::MessageFields>& tables) {
  tables.insert(tables.end(), {Describe(kDataSource), Describe(kSecret)});
}

}  // namespace lockstep::inventory
