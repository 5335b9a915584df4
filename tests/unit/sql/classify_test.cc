#include "core/sql/classify.h"

#include <gtest/gtest.h>

#include <string>

namespace lockstep::sql {
namespace {

Statement One(Dialect dialect, const std::string& text) {
  const SplitResult result = Split(dialect, text);
  EXPECT_EQ(result.statements.size(), 1u) << text;
  return result.statements.empty() ? Statement() : result.statements[0];
}

std::string_view Class(Dialect dialect, const std::string& text) {
  return ToString(One(dialect, text).statement_class);
}

TEST(Classify, Classes) {
  const auto postgres = [](const char* text) { return Class(Dialect::kPostgres, text); };
  EXPECT_EQ(postgres("create table a(b int)"), "DDL");
  EXPECT_EQ(postgres("/* c */ Truncate a"), "DDL");
  EXPECT_EQ(postgres("SELECT 1"), "QUERY");
  EXPECT_EQ(postgres("(SELECT 1) UNION SELECT 2"), "QUERY");
  EXPECT_EQ(postgres("WITH RECURSIVE x(n) AS (SELECT 1) SELECT * FROM x FOR UPDATE"), "QUERY");
  EXPECT_EQ(postgres("WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x"), "DML");
  EXPECT_EQ(postgres("WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x"), "DML");
  EXPECT_EQ(postgres("EXPLAIN DELETE FROM a"), "QUERY");
  EXPECT_EQ(postgres("EXPLAIN (ANALYZE, VERBOSE) DELETE FROM a"), "DML");
  EXPECT_EQ(postgres("DO $$ BEGIN END $$"), "DML");
  EXPECT_EQ(postgres("COPY a FROM '/x'"), "DML");
  EXPECT_EQ(postgres("COPY (SELECT 1 FROM b) TO STDOUT"), "QUERY");
  EXPECT_EQ(postgres("BEGIN"), "TRANSACTION_CONTROL");
  EXPECT_EQ(postgres("END"), "TRANSACTION_CONTROL");
  EXPECT_EQ(postgres("PREPARE TRANSACTION 'x'"), "TRANSACTION_CONTROL");
  EXPECT_EQ(postgres("PREPARE p AS SELECT 1"), "SESSION");
  EXPECT_EQ(postgres("SET LOCAL a = 1"), "SESSION");
  EXPECT_EQ(postgres("VACUUM"), "OTHER");
  EXPECT_EQ(Class(Dialect::kOracle, "BEGIN NULL; END;\n/"), "DML");
  EXPECT_EQ(Class(Dialect::kOracle, "ALTER SESSION SET a = 1"), "SESSION");
  EXPECT_EQ(Class(Dialect::kMssql, "UPDATE a SET b = 1\nBEGIN TRAN"), "TRANSACTION_CONTROL");
  EXPECT_EQ(Class(Dialect::kMssql, "CREATE PROCEDURE p AS BEGIN TRAN; COMMIT"), "DDL");
  EXPECT_EQ(Class(Dialect::kMssql, "BEGIN SELECT 1 END"), "DML");
  EXPECT_EQ(Class(Dialect::kSqlite, "PRAGMA user_version = 2"), "SESSION");
  EXPECT_EQ(Class(Dialect::kMysql, "REPLACE INTO a VALUES (1)"), "DML");
  EXPECT_EQ(Class(Dialect::kSnowflake, "BEGIN"), "TRANSACTION_CONTROL");
}

TEST(Classify, WhatPostgresRefusesInATransaction) {
  // client-behaviour.md §3.1: each of them tried on PostgreSQL 15.
  for (const char* text : {"CREATE INDEX CONCURRENTLY i ON a(b)",
                           "CREATE UNIQUE INDEX CONCURRENTLY i ON a(b)",
                           "DROP INDEX CONCURRENTLY i",
                           "REINDEX TABLE CONCURRENTLY a",
                           "REINDEX DATABASE d",
                           "REINDEX (VERBOSE) SCHEMA s",
                           "REINDEX SYSTEM d",
                           "VACUUM",
                           "VACUUM (FULL) a",
                           "CLUSTER",
                           "CLUSTER VERBOSE",
                           "CREATE DATABASE d",
                           "DROP DATABASE d",
                           "ALTER DATABASE d SET TABLESPACE t",
                           "CREATE TABLESPACE t LOCATION '/x'",
                           "DROP TABLESPACE t",
                           "ALTER SYSTEM SET a = 1",
                           "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
                           "CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p",
                           "DISCARD ALL",
                           "COMMIT PREPARED 'x'",
                           "ROLLBACK PREPARED 'x'"}) {
    EXPECT_TRUE(One(Dialect::kPostgres, text).not_in_transaction) << text;
  }
  for (const char* text :
       {"CREATE INDEX i ON a(b)", "DROP INDEX i", "REINDEX TABLE a", "CLUSTER a", "ANALYZE",
        "TRUNCATE a", "CREATE EXTENSION x", "ALTER DATABASE d SET a = 1",
        "ALTER TABLE a DETACH PARTITION b", "DISCARD TEMP", "DISCARD PLANS", "LOCK TABLE a",
        "COMMIT", "REFRESH MATERIALIZED VIEW CONCURRENTLY v", "ALTER TYPE t ADD VALUE 'x'",
        "CREATE TABLE a AS SELECT 'CONCURRENTLY'"}) {
    EXPECT_FALSE(One(Dialect::kPostgres, text).not_in_transaction) << text;
  }
}

TEST(Classify, WhatSqliteRefusesInATransaction) {
  for (const char* text :
       {"VACUUM", "VACUUM main", "PRAGMA journal_mode = WAL", "PRAGMA main.journal_mode(delete)",
        "pragma synchronous=off", "ATTACH 'x' AS y", "DETACH y"}) {
    EXPECT_TRUE(One(Dialect::kSqlite, text).not_in_transaction) << text;
  }
  for (const char* text : {"PRAGMA journal_mode", "PRAGMA foreign_keys = ON",
                           "PRAGMA table_info(journal_mode)", "ANALYZE", "REINDEX"}) {
    EXPECT_FALSE(One(Dialect::kSqlite, text).not_in_transaction) << text;
  }
}

TEST(Classify, WhatMysqlCommitsImplicitly) {
  for (const char* text : {"CREATE TABLE a(b INT)", "ALTER TABLE a ADD c INT", "DROP TABLE a",
                           "RENAME TABLE a TO b", "TRUNCATE TABLE a", "GRANT ALL ON *.* TO x",
                           "LOCK TABLES a WRITE", "BEGIN", "START TRANSACTION", "ANALYZE TABLE a",
                           "SET autocommit = 1", "/*!40000 ALTER TABLE a DISABLE KEYS */"}) {
    EXPECT_TRUE(One(Dialect::kMysql, text).implicit_commit) << text;
  }
  for (const char* text : {"INSERT INTO a VALUES (1)", "CREATE TEMPORARY TABLE a(b INT)",
                           "DROP TEMPORARY TABLE a", "SELECT 1", "SET @a = 1", "CALL p()"}) {
    EXPECT_FALSE(One(Dialect::kMysql, text).implicit_commit) << text;
  }
  EXPECT_TRUE(One(Dialect::kOracle, "CREATE TABLE a(b INT)").implicit_commit);
  EXPECT_FALSE(One(Dialect::kPostgres, "CREATE TABLE a(b INT)").implicit_commit);
}

TEST(Classify, WhatTheSessionRemembers) {
  for (const char* text :
       {"SET search_path = a", "RESET ALL", "CREATE TEMP TABLE a(b INT)",
        "CREATE LOCAL TEMPORARY TABLE a(b INT)", "PREPARE p AS SELECT 1", "LISTEN x",
        "SELECT pg_catalog.set_config('search_path', '', false)", "DISCARD ALL"}) {
    EXPECT_TRUE(One(Dialect::kPostgres, text).leaves_session_state) << text;
  }
  for (const char* text : {"SET LOCAL search_path = a", "SET CONSTRAINTS ALL DEFERRED",
                           "CREATE TABLE temp(b INT)", "SELECT 1", "LOCK TABLE a"}) {
    EXPECT_FALSE(One(Dialect::kPostgres, text).leaves_session_state) << text;
  }
  EXPECT_TRUE(One(Dialect::kSqlite, "PRAGMA foreign_keys = OFF").leaves_session_state);
  EXPECT_TRUE(One(Dialect::kSqlite, "CREATE TEMP VIEW a AS SELECT 1").leaves_session_state);
  EXPECT_FALSE(One(Dialect::kSqlite, "PRAGMA user_version = 3").leaves_session_state);
  EXPECT_FALSE(One(Dialect::kSqlite, "PRAGMA table_info(a)").leaves_session_state);
  EXPECT_TRUE(One(Dialect::kMysql, "USE other").leaves_session_state);
  EXPECT_TRUE(One(Dialect::kMysql, "LOCK TABLES a READ").leaves_session_state);
}

TEST(FindWord, IgnoresCaseAndKnowsOnlyWholeWords) {
  EXPECT_EQ(FindWord("Concurrently"), Word::CONCURRENTLY);
  EXPECT_EQ(FindWord("concurrent"), Word::NONE);
  EXPECT_EQ(FindWord(""), Word::NONE);
  EXPECT_EQ(FindWord("a_word_that_is_longer_than_any"), Word::NONE);
}

TEST(Classify, WhatStandsUnderSetStatementCounts) {
  const auto one = [](const char* sql) {
    return One(Dialect::kMysql, std::string("SET STATEMENT max_statement_time=60 FOR ") + sql);
  };
  EXPECT_EQ(one("UPDATE a SET b = 1").statement_class, StatementClass::kDml);
  EXPECT_EQ(one("SELECT 1").statement_class, StatementClass::kQuery);
  EXPECT_EQ(one("ALTER TABLE a ADD b INT").statement_class, StatementClass::kDdl);
  EXPECT_TRUE(one("ALTER TABLE a ADD b INT").implicit_commit);
  EXPECT_FALSE(one("UPDATE a SET b = 1").implicit_commit);
  EXPECT_FALSE(one("UPDATE a SET b = 1").leaves_session_state);
}

TEST(Classify, VariablesOfMysqlEndWithTheSession) {
  const auto leaves = [](const char* sql) {
    return One(Dialect::kMysql, sql).leaves_session_state;
  };
  EXPECT_TRUE(leaves("SELECT max(id) INTO @v FROM t"));
  EXPECT_TRUE(leaves("SELECT @v := 1"));
  EXPECT_TRUE(leaves("CALL p(@v)"));
  EXPECT_TRUE(leaves("SET @v = 1"));
  EXPECT_FALSE(leaves("INSERT INTO t VALUES ('somebody@example.com', ':=')"));
  EXPECT_FALSE(leaves("INSERT INTO t VALUES (@v)"));
  EXPECT_FALSE(leaves("CREATE PROCEDURE p() SET @v := 1"));
}

}  // namespace
}  // namespace lockstep::sql
