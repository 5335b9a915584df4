#include "core/names/resource_name.h"

#include <gtest/gtest.h>

namespace lockstep::names {
namespace {

TEST(ResourceName, ParsesEachForm) {
  EXPECT_EQ(ParseProjectName("projects/sample"), "sample");
  EXPECT_EQ(ParseInstanceName("instances/oracle"), "oracle");
  EXPECT_EQ(ParseEnvironmentName("environments/prod"), "prod");
  const auto database = ParseDatabaseName("instances/oracle/databases/db1");
  ASSERT_TRUE(database);
  EXPECT_EQ(database->instance, "oracle");
  EXPECT_EQ(database->database, "db1");
  const auto group = ParseDatabaseGroupName("projects/sample/databaseGroups/all-hr");
  ASSERT_TRUE(group);
  EXPECT_EQ(group->project, "sample");
  EXPECT_EQ(group->group, "all-hr");
  const auto sheet = ParseSheetName("projects/sample/sheets/741");
  ASSERT_TRUE(sheet);
  EXPECT_EQ(sheet->sheet, "741");
  const auto plan = ParsePlanName("projects/sample/plans/7");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->plan, "7");
  EXPECT_TRUE(IsReleaseName("projects/p/releases/1"));
  EXPECT_TRUE(IsDeploymentConfigName("projects/p/deploymentConfigs/default"));
}

TEST(ResourceName, SplitsExactlyAtSlashes) {
  EXPECT_FALSE(ParseDatabaseName("instances/oracle"));
  EXPECT_FALSE(ParseDatabaseName("instances/oracle/databases"));
  EXPECT_FALSE(ParseDatabaseName("instances/oracle/databases/a/b"));
  EXPECT_FALSE(ParseDatabaseName("/instances/oracle/databases/a"));
  EXPECT_FALSE(ParseDatabaseName("instances/oracle/databases/a/"));
  EXPECT_FALSE(ParseDatabaseName("Instances/oracle/databases/a"));
  EXPECT_FALSE(ParseDatabaseName("instances/oracle/database/a"));
  EXPECT_FALSE(ParseInstanceName(""));
  EXPECT_FALSE(ParseInstanceName("instances"));
  EXPECT_FALSE(IsReleaseName("projects/p/releases/1/files/2"));
}

TEST(ResourceName, DoesNotLookAtIds) {
  EXPECT_EQ(ParseInstanceName("instances/"), "");
  const auto empty = ParseDatabaseName("instances//databases/x");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->instance, "");
  const auto odd = ParseDatabaseName("instances/a b/databases/ Ünï\"code.%2F ");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->database, " Ünï\"code.%2F ");
}

TEST(ResourceName, NumericIdsAsGoReadsThem) {
  EXPECT_EQ(ParseNumericId("741"), 741);
  EXPECT_EQ(ParseNumericId("007"), 7);
  EXPECT_EQ(ParseNumericId("+7"), 7);
  EXPECT_EQ(ParseNumericId("-7"), -7);
  EXPECT_EQ(ParseNumericId("9223372036854775807"), 9223372036854775807LL);
  for (const char* bad :
       {"", "+", "-", "+-7", "-+7", "7 ", " 7", "7a", "0x7", "1_0", "9223372036854775808"}) {
    EXPECT_FALSE(ParseNumericId(bad)) << bad;
  }
}

TEST(ResourceName, UserIds) {
  EXPECT_TRUE(IsValidUserId("a"));
  EXPECT_TRUE(IsValidUserId("prod-pg-1"));
  EXPECT_TRUE(IsValidUserId(std::string(63, 'a')));
  EXPECT_FALSE(IsValidUserId(std::string(64, 'a')));
  for (const char* bad : {"", "1a", "-a", "a-", "A", "a_b", "a.b", "ä"}) {
    EXPECT_FALSE(IsValidUserId(bad)) << bad;
  }
}

TEST(ResourceName, ExplainsWhatIsWrong) {
  constexpr std::string_view kDatabase = "instances/{instance}/databases/{database}";
  EXPECT_EQ(ExplainMismatch("instance/a/databases/b", kDatabase),
            "has \"instance/\" where \"instances/\" is expected");
  EXPECT_EQ(ExplainMismatch("instances/a/databases", kDatabase),
            "has 3 parts where instances/{instance}/databases/{database} has 4");
  EXPECT_EQ(ExplainMismatch("instances//databases/b", kDatabase),
            "has nothing for {instance} of instances/{instance}/databases/{database}");
  EXPECT_EQ(ExplainMismatch("", "instances/{instance}"),
            "is empty where instances/{instance} is expected");
}

TEST(ResourceName, FormattedNamesParse) {
  const std::string name = FormatDatabaseName("i", "d");
  EXPECT_EQ(name, "instances/i/databases/d");
  EXPECT_TRUE(ParseDatabaseName(name));
}

}  // namespace
}  // namespace lockstep::names
