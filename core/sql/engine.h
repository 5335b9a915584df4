// Database engines, by Bytebase's names and numbers, and the facts about each that rules and
// clients need.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace lockstep::sql {

enum class Engine {  // numbers of bytebase proto/v1/common.proto@3.4.0
  kUnspecified = 0,
  kClickhouse = 1,
  kMysql = 2,
  kPostgres = 3,
  kSnowflake = 4,
  kSqlite = 5,
  kTidb = 6,
  kMongodb = 7,
  kRedis = 8,
  kOracle = 9,
  kSpanner = 10,
  kMssql = 11,
  kRedshift = 12,
  kMariadb = 13,
  kOceanbase = 14,
  kDm = 15,
  kRisingwave = 16,
  kOceanbaseOracle = 17,
  kStarrocks = 18,
  kDoris = 19,
  kHive = 20,
  kElasticsearch = 21,
  kBigquery = 22,
  kDynamodb = 23,
  kDatabricks = 24,
  kCockroachdb = 25,
  kCosmosdb = 26,
  kFirebird = 1000,  ///< ours: Bytebase has none
  kDuckdb = 1001,    ///< ours
};

/// How statements are lexed and split.
enum class Dialect {
  kPostgres,
  kMysql,
  kSqlite,
  kOracle,
  kMssql,
  kFirebird,
  kClickhouse,
  kSnowflake,
  kDuckdb,
  kGeneric
};

/// Who must say what when a database is created (plan-semantics §3.6).
enum class CreateDatabaseRule {
  kCharsetAndCollation,
  kOwner,
  kNothingRequired,
  kCharsetForbidden,
  kCollectionRequired,
  kUnsupported
};

struct EngineFacts {
  Engine engine;
  std::string_view name;   ///< "POSTGRES", as in JSON
  std::string_view title;  ///< "PostgreSQL", for people
  Dialect dialect;
  bool transactional_ddl;  ///< a sheet can be one transaction
  CreateDatabaseRule create_database;
  bool supports_ghost;         ///< MIGRATE_GHOST
  bool supports_prior_backup;  ///< preUpdateBackupDetail
  bool has_client;             ///< Lockstep's runner executes tasks on it
};

const EngineFacts& Facts(Engine engine);
std::span<const EngineFacts> AllEngines();
/// Exact-case JSON name ("POSTGRES"); also the title's usual aliases are accepted by
/// FindEngineLoosely.
std::optional<Engine> FindEngine(std::string_view name);
/// For the command line: case ignored, "postgresql", "pg", "mariadb", "sqlite3" and the like.
std::optional<Engine> FindEngineLoosely(std::string_view name);
std::optional<Engine> EngineFromNumber(long long number);

}  // namespace lockstep::sql
