#include "core/sql/engine.h"

#include <array>

#include "core/base/check.h"
#include "core/base/text.h"

namespace lockstep::sql {
namespace {

using enum CreateDatabaseRule;

// Facts of bytebase@3.4.0. create_database: checkCharacterSetCollationOwner and the engines for
// which a CREATE DATABASE statement is made. supports_ghost: gh-ost speaks the MySQL protocol and
// needs row based binary logs, which TiDB and OceanBase have not. supports_prior_backup: the
// engines with a transformer. transactional_ddl: a sheet may be one transaction, and a rollback
// takes all of it back.
// Letters: t transactional_ddl, g supports_ghost, b supports_prior_backup, c has_client.
constexpr EngineFacts Row(Engine engine, std::string_view name, std::string_view title,
                          Dialect dialect, CreateDatabaseRule create, std::string_view letters) {
  const auto has = [letters](char letter) { return letters.find(letter) != letters.npos; };
  return {engine, name, title, dialect, has('t'), create, has('g'), has('b'), has('c')};
}

using E = Engine;
using D = Dialect;
constexpr std::array kEngines = {
    // clang-format off
    Row(E::kUnspecified, "ENGINE_UNSPECIFIED", "unspecified", D::kGeneric, kUnsupported, ""),
    Row(E::kClickhouse, "CLICKHOUSE", "ClickHouse", D::kClickhouse, kCharsetForbidden, ""),
    Row(E::kMysql, "MYSQL", "MySQL", D::kMysql, kCharsetAndCollation, "gbc"),
    Row(E::kPostgres, "POSTGRES", "PostgreSQL", D::kPostgres, kOwner, "tbc"),
    Row(E::kSnowflake, "SNOWFLAKE", "Snowflake", D::kSnowflake, kCharsetForbidden, ""),
    Row(E::kSqlite, "SQLITE", "SQLite", D::kSqlite, kNothingRequired, "tc"),
    Row(E::kTidb, "TIDB", "TiDB", D::kMysql, kCharsetAndCollation, "b"),
    Row(E::kMongodb, "MONGODB", "MongoDB", D::kGeneric, kCollectionRequired, ""),
    Row(E::kRedis, "REDIS", "Redis", D::kGeneric, kUnsupported, ""),
    Row(E::kOracle, "ORACLE", "Oracle", D::kOracle, kUnsupported, "b"),
    Row(E::kSpanner, "SPANNER", "Spanner", D::kGeneric, kCharsetForbidden, ""),
    Row(E::kMssql, "MSSQL", "SQL Server", D::kMssql, kNothingRequired, "tb"),
    Row(E::kRedshift, "REDSHIFT", "Redshift", D::kPostgres, kOwner, "t"),
    Row(E::kMariadb, "MARIADB", "MariaDB", D::kMysql, kCharsetAndCollation, "gc"),
    Row(E::kOceanbase, "OCEANBASE", "OceanBase", D::kMysql, kCharsetAndCollation, ""),
    Row(E::kDm, "DM", "DM", D::kOracle, kUnsupported, ""),
    Row(E::kRisingwave, "RISINGWAVE", "RisingWave", D::kPostgres, kCharsetForbidden, ""),
    Row(E::kOceanbaseOracle, "OCEANBASE_ORACLE", "OceanBase Oracle", D::kOracle, kUnsupported, ""),
    Row(E::kStarrocks, "STARROCKS", "StarRocks", D::kMysql, kUnsupported, ""),
    Row(E::kDoris, "DORIS", "Doris", D::kMysql, kUnsupported, ""),
    Row(E::kHive, "HIVE", "Hive", D::kGeneric, kCharsetAndCollation, ""),
    Row(E::kElasticsearch, "ELASTICSEARCH", "Elasticsearch", D::kGeneric, kUnsupported, ""),
    Row(E::kBigquery, "BIGQUERY", "BigQuery", D::kGeneric, kUnsupported, ""),
    Row(E::kDynamodb, "DYNAMODB", "DynamoDB", D::kGeneric, kUnsupported, ""),
    Row(E::kDatabricks, "DATABRICKS", "Databricks", D::kGeneric, kUnsupported, ""),
    Row(E::kCockroachdb, "COCKROACHDB", "CockroachDB", D::kPostgres, kOwner, ""),
    Row(E::kCosmosdb, "COSMOSDB", "Cosmos DB", D::kGeneric, kUnsupported, ""),
    Row(E::kFirebird, "FIREBIRD", "Firebird", D::kFirebird, kNothingRequired, "c"),
    Row(E::kDuckdb, "DUCKDB", "DuckDB", D::kDuckdb, kNothingRequired, "t"),
    // clang-format on
};

constexpr std::size_t kBytebaseEngines = 27;  // these stand at the place of their number

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kBytebaseEngines; ++i) {
    if (static_cast<std::size_t>(kEngines[i].engine) != i) return false;
  }
  return true;
}
static_assert(InOrder());

struct Alias {
  std::string_view name;
  Engine engine;
};

constexpr Alias kAliases[] = {
    {"postgresql", Engine::kPostgres},
    {"pg", Engine::kPostgres},
    {"psql", Engine::kPostgres},
    {"sqlite3", Engine::kSqlite},
    {"maria", Engine::kMariadb},
    {"sqlserver", Engine::kMssql},
    {"tsql", Engine::kMssql},
    {"mongo", Engine::kMongodb},
    {"cockroach", Engine::kCockroachdb},
    {"crdb", Engine::kCockroachdb},
    {"oceanbaseoracle", Engine::kOceanbaseOracle},
    {"cosmos", Engine::kCosmosdb},
    {"dameng", Engine::kDm},
    {"elastic", Engine::kElasticsearch},
};

/// Lower case, without the spaces and punctuation that titles and habits differ in.
std::string Fold(std::string_view name) {
  std::string folded;
  for (const char c : base::ToLowerAscii(name)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) folded += c;
  }
  return folded;
}

}  // namespace

const EngineFacts& Facts(Engine engine) {
  const auto number = static_cast<std::size_t>(engine);
  if (number < kBytebaseEngines) return kEngines[number];
  for (const EngineFacts& facts : kEngines) {
    if (facts.engine == engine) return facts;
  }
  LOCKSTEP_CHECK(false, "an engine without facts");
  return kEngines[0];
}

std::span<const EngineFacts> AllEngines() {
  return kEngines;
}

std::optional<Engine> FindEngine(std::string_view name) {
  for (const EngineFacts& facts : kEngines) {
    if (facts.name == name) return facts.engine;
  }
  return std::nullopt;
}

std::optional<Engine> FindEngineLoosely(std::string_view name) {
  const std::string folded = Fold(name);
  for (const EngineFacts& facts : kEngines) {
    if (facts.engine == Engine::kUnspecified) continue;
    if (folded == Fold(facts.name) || folded == Fold(facts.title)) return facts.engine;
  }
  for (const Alias& alias : kAliases) {
    if (folded == alias.name) return alias.engine;
  }
  return std::nullopt;
}

std::optional<Engine> EngineFromNumber(long long number) {
  for (const EngineFacts& facts : kEngines) {
    if (static_cast<long long>(facts.engine) == number) return facts.engine;
  }
  return std::nullopt;
}

}  // namespace lockstep::sql
