#include "core/sql/engine.h"

#include <gtest/gtest.h>

#include <set>

namespace lockstep::sql {
namespace {

TEST(Engine, NamesAndNumbersOfBytebase) {
  EXPECT_EQ(FindEngine("POSTGRES"), Engine::kPostgres);
  EXPECT_EQ(FindEngine("postgres"), std::nullopt);
  EXPECT_EQ(EngineFromNumber(5), Engine::kSqlite);
  EXPECT_EQ(EngineFromNumber(26), Engine::kCosmosdb);
  EXPECT_EQ(EngineFromNumber(27), std::nullopt);
  EXPECT_EQ(EngineFromNumber(-1), std::nullopt);
  EXPECT_EQ(EngineFromNumber(1LL << 40), std::nullopt);
}

TEST(Engine, EveryEngineHasItsFacts) {
  std::set<std::string_view> names;
  for (const EngineFacts& facts : AllEngines()) {
    EXPECT_EQ(Facts(facts.engine).name, facts.name);
    EXPECT_EQ(FindEngine(facts.name), facts.engine);
    EXPECT_TRUE(names.insert(facts.name).second);
  }
  EXPECT_EQ(names.size(), 29u);
}

TEST(Engine, PeopleWriteManyNames) {
  for (const char* name : {"postgresql", "PostgreSQL", "pg", "POSTGRES", "psql"}) {
    EXPECT_EQ(FindEngineLoosely(name), Engine::kPostgres) << name;
  }
  EXPECT_EQ(FindEngineLoosely("sqlite3"), Engine::kSqlite);
  EXPECT_EQ(FindEngineLoosely("SQL Server"), Engine::kMssql);
  EXPECT_EQ(FindEngineLoosely("sqlserver"), Engine::kMssql);
  EXPECT_EQ(FindEngineLoosely("MariaDB"), Engine::kMariadb);
  EXPECT_EQ(FindEngineLoosely("duckdb"), Engine::kDuckdb);
  EXPECT_EQ(FindEngineLoosely("firebird"), Engine::kFirebird);
  EXPECT_EQ(FindEngineLoosely("oceanbase-oracle"), Engine::kOceanbaseOracle);
  EXPECT_EQ(FindEngineLoosely("oracle8i"), std::nullopt);
  EXPECT_EQ(FindEngineLoosely(""), std::nullopt);
}

// plan-semantics §3.6, §5.12, G16, G18, G22.
TEST(Engine, WhatCreatingADatabaseTakes) {
  EXPECT_EQ(Facts(Engine::kMysql).create_database, CreateDatabaseRule::kCharsetAndCollation);
  EXPECT_EQ(Facts(Engine::kHive).create_database, CreateDatabaseRule::kCharsetAndCollation);
  EXPECT_EQ(Facts(Engine::kRedshift).create_database, CreateDatabaseRule::kOwner);
  EXPECT_EQ(Facts(Engine::kSpanner).create_database, CreateDatabaseRule::kCharsetForbidden);
  EXPECT_EQ(Facts(Engine::kMssql).create_database, CreateDatabaseRule::kNothingRequired);
  EXPECT_EQ(Facts(Engine::kMongodb).create_database, CreateDatabaseRule::kCollectionRequired);
  EXPECT_EQ(Facts(Engine::kOceanbaseOracle).create_database, CreateDatabaseRule::kUnsupported);
}

TEST(Engine, GhostAndPriorBackup) {
  std::set<std::string_view> ghost, backup;
  for (const EngineFacts& facts : AllEngines()) {
    if (facts.supports_ghost) ghost.insert(facts.name);
    if (facts.supports_prior_backup) backup.insert(facts.name);
  }
  EXPECT_EQ(ghost, (std::set<std::string_view>{"MYSQL", "MARIADB"}));
  EXPECT_EQ(backup, (std::set<std::string_view>{"MYSQL", "TIDB", "MSSQL", "POSTGRES", "ORACLE"}));
}

}  // namespace
}  // namespace lockstep::sql
