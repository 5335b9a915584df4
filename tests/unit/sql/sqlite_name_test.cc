#include "core/sql/sqlite_name.h"

#include <gtest/gtest.h>

namespace lockstep::sql {
namespace {

TEST(SqliteName, APragmaIsKnownInQuotesAndBehindComments) {
  EXPECT_EQ(ReadPragma("PRAGMA foreign_keys").name, "foreign_keys");
  EXPECT_EQ(ReadPragma("pragma/**/\"main\" -- x\n . [Foreign_Keys]=1").name, "foreign_keys");
  EXPECT_EQ(ReadPragma("PRAGMA `synchronous`").name, "synchronous");
  EXPECT_EQ(ReadPragma("SELECT 1").name, "");
  EXPECT_EQ(ReadPragma("PRAGMA").name, "");
  EXPECT_EQ(ReadPragma("PRAGMA \"x").name, "x");
  EXPECT_TRUE(ReadPragma("PRAGMA /* a */ foreign_keys /* b */ = ON").has_value);
  EXPECT_TRUE(ReadPragma("PRAGMA foreign_keys(ON)").has_value);
  EXPECT_FALSE(ReadPragma("PRAGMA foreign_keys -- = 1").has_value);
}

TEST(SqliteName, TheSchemaTempIsTheSessions) {
  EXPECT_TRUE(CreatesInTemp("CREATE TABLE temp.t(a)"));
  EXPECT_TRUE(CreatesInTemp("create table if not exists \"TEMP\" /* x */ . t(a)"));
  EXPECT_TRUE(CreatesInTemp("CREATE VIEW [temp].v AS SELECT 1"));
  EXPECT_FALSE(CreatesInTemp("CREATE TABLE temp(a)"));
  EXPECT_FALSE(CreatesInTemp("CREATE TABLE main.temp(a)"));
  EXPECT_FALSE(CreatesInTemp("CREATE TABLE t AS SELECT a FROM temp.u"));
}

}  // namespace
}  // namespace lockstep::sql
