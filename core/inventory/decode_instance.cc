#include "core/inventory/decode_instance.h"

#include "core/base/text.h"
#include "core/inventory/decode_data_source.h"
#include "core/json/proto_scalar.h"

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

// ---- databases ----

struct DatabaseFrame {
  Database& database;
};

template <SpannedText Database::*kField>
void ReadDatabaseText(Reader&, DatabaseFrame& frame, const Member& member) {
  frame.database.*kField = Reader::Text(member.value);
}

void ReadLabels(Reader& reader, DatabaseFrame& frame, const Member& member) {
  reader.ReadMap(member.value, Shape::kText, [&](const Member& entry) {
    frame.database.labels.push_back({{entry.key, entry.key_span, true}, Reader::Text(entry.value)});
  });
}

constexpr Field<DatabaseFrame> kDatabaseFields[] = {
    {"name", "name", Shape::kText, &ReadDatabaseText<&Database::name>},
    {"environment", "environment", Shape::kText, &ReadDatabaseText<&Database::environment>},
    {"labels", "labels", Shape::kObject, &ReadLabels},
    {"uid", "uid", Shape::kAny},
    {"state", "state", Shape::kAny},
    {"syncState", "sync_state", Shape::kAny},
    {"successfulSyncTime", "successful_sync_time", Shape::kAny},
    {"project", "project", Shape::kAny},
    {"schemaVersion", "schema_version", Shape::kAny},
    {"effectiveEnvironment", "effective_environment", Shape::kAny},
    {"instanceResource", "instance_resource", Shape::kAny},
    {"backupAvailable", "backup_available", Shape::kAny},
};
constexpr Message<DatabaseFrame> kDatabase{"a database", kDatabaseFields};

// ---- instances ----

struct InstanceFrame {
  Inventory& inventory;
  Instance& instance;
  InstanceIndex index;
};

template <SpannedText Instance::*kField>
void ReadInstanceText(Reader&, InstanceFrame& frame, const Member& member) {
  frame.instance.*kField = Reader::Text(member.value);
}

void ReportEngine(Reader& reader, Span span, std::string message) {
  std::vector<std::string> names;
  for (const sql::EngineFacts& facts : sql::AllEngines()) {
    if (facts.engine != sql::Engine::kUnspecified) names.emplace_back(facts.name);
  }
  reader.Report(Rule::kUnknownEngine, span,
                message + "; expected one of " + base::Join(names, ", "));
}

void ReadEngine(Reader& reader, InstanceFrame& frame, const Member& member) {
  const Value value = member.value;
  std::optional<sql::Engine> engine;
  if (value.kind() == json::Kind::kString) {
    engine = sql::FindEngine(value.AsString());
  } else if (const auto number = json::ParseInteger(value.NumberText())) {
    engine = sql::EngineFromNumber(*number);
  }
  // Also when it is not known: the finding is then this one, and not that it is missing.
  frame.instance.engine = {engine.value_or(sql::Engine::kUnspecified), value.span(), true};
  if (engine && *engine != sql::Engine::kUnspecified) return;
  if (value.kind() != json::Kind::kString) {
    ReportEngine(reader, value.span(), "there is no engine of this number");
    return;
  }
  const std::string_view text = value.AsString();
  const auto meant = sql::FindEngineLoosely(text);
  if (!meant || *meant == sql::Engine::kUnspecified) {
    ReportEngine(reader, value.span(), "unknown engine " + Quote(text));
    return;
  }
  const std::string name(sql::Facts(*meant).name);
  diagnostics::Diagnostic& diagnostic =
      reader.Report(Rule::kUnknownEngine, value.span(),
                    "unknown engine " + Quote(text) + "; did you mean " + Quote(name) + "?");
  diagnostic.fixes.push_back(
      {"write it as " + Quote(name), {{diagnostic.place, "\"" + name + "\""}}});
}

void ReadMaximumConnections(Reader& reader, InstanceFrame& frame, const Member& member) {
  Spanned<std::int64_t>& maximum = frame.instance.maximum_connections;
  const auto number = reader.Integer(member.value, 0, INT32_MAX);
  if (!number) return;
  if (maximum.present && maximum.value != *number) {
    reader
        .Report(Rule::kDuplicateField, member.key_span,
                "this instance has two different \"maximumConnections\"; keep one of them")
        .related.push_back(reader.RelatedAt(maximum.span, "the other one"));
  }
  maximum = {*number, member.value.span(), true};
}

constexpr Field<InstanceFrame> kOptionsFields[] = {
    {"maximumConnections", "maximum_connections", Shape::kInteger, &ReadMaximumConnections},
    {"syncInterval", "sync_interval", Shape::kAny},
    {"syncDatabases", "sync_databases", Shape::kAny},
};
constexpr Message<InstanceFrame> kOptions{"options", kOptionsFields};

void ReadOptions(Reader& reader, InstanceFrame& frame, const Member& member) {
  reader.ReadObject(member.value, kOptions, frame);
}

void ReadDataSources(Reader& reader, InstanceFrame& frame, const Member& member) {
  reader.ReadList(member.value, Shape::kObject, [&](Value element) {
    frame.instance.data_sources.push_back(DecodeDataSource(reader, element));
  });
}

void ReadInstanceDatabases(Reader& reader, InstanceFrame& frame, const Member& member) {
  DecodeDatabases(reader, member.value, frame.index, frame.inventory);
}

constexpr Field<InstanceFrame> kInstanceFields[] = {
    {"name", "name", Shape::kText, &ReadInstanceText<&Instance::name>},
    {"engine", "engine", Shape::kEnum, &ReadEngine},
    {"environment", "environment", Shape::kText, &ReadInstanceText<&Instance::environment>},
    {"maximumConnections", "maximum_connections", Shape::kInteger, &ReadMaximumConnections},
    {"dataSources", "data_sources", Shape::kList, &ReadDataSources},
    {"databases", "databases", Shape::kList, &ReadInstanceDatabases},
    {"options", "options", Shape::kObject, &ReadOptions},
    {"uid", "uid", Shape::kAny},
    {"title", "title", Shape::kText, &ReadInstanceText<&Instance::title>},
    {"externalLink", "external_link", Shape::kText, &ReadInstanceText<&Instance::external_link>},
    {"state", "state", Shape::kAny},
    {"engineVersion", "engine_version", Shape::kAny},
    {"activation", "activation", Shape::kAny},
    {"roles", "roles", Shape::kAny},
    {"lastSyncTime", "last_sync_time", Shape::kAny},
    {"syncInterval", "sync_interval", Shape::kAny},
    {"syncDatabases", "sync_databases", Shape::kAny},
    {"labels", "labels", Shape::kAny},
};
constexpr Message<InstanceFrame> kInstance{"an instance", kInstanceFields};

}  // namespace

void DecodeDatabases(Reader& reader, Value array, InstanceIndex enclosing, Inventory& inventory) {
  reader.ReadList(array, Shape::kObject, [&](Value element) {
    Database database;
    database.instance = enclosing;
    database.span = database.name.span = database.environment.span = element.span();
    DatabaseFrame frame{database};
    reader.ReadObject(element, kDatabase, frame);
    inventory.databases.push_back(std::move(database));
  });
}

void DecodeInstances(Reader& reader, Value array, Inventory& inventory) {
  reader.ReadList(array, Shape::kObject, [&](Value element) {
    Instance instance;
    instance.span = instance.name.span = instance.title.span = instance.engine.span =
        instance.environment.span = instance.maximum_connections.span = element.span();
    InstanceFrame frame{inventory, instance, inventory.instances.next()};
    reader.ReadObject(element, kInstance, frame);
    if (!instance.engine.present) {
      ReportEngine(reader, instance.name.span, "this instance has no engine");
    }
    inventory.instances.push_back(std::move(instance));
  });
}

void AppendInstanceTables(std::vector<json::MessageFields>& tables) {
  tables.insert(tables.end(), {Describe(kInstance), Describe(kOptions), Describe(kDatabase)});
  AppendDataSourceTables(tables);
}

}  // namespace lockstep::inventory
