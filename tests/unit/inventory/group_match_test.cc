#include "core/inventory/group_match.h"

#include "tests/unit/document_fixture.h"

namespace lockstep::inventory {
namespace {

class GroupMatchTest : public testing::Test {
 protected:
  GroupMatchTest()
      : parsed_(R"({
          "environments": [{"name": "environments/test"}, {"name": "environments/prod"}],
          "instances": [
            {"name": "instances/a", "engine": "MYSQL", "environment": "environments/test", "databases": [
              {"name": "instances/a/databases/hr", "labels": {"tenant": "x"}},
              {"name": "instances/a/databases/hr_old", "environment": "environments/prod"}]},
            {"name": "instances/b", "engine": "MYSQL", "environment": "environments/prod", "databases": [
              {"name": "instances/b/databases/hr", "labels": {"tenant": "y", "re.gion": "eu"}},
              {"name": "instances/b/databases/log\"s"}]}]})"),
        inventory_(*DecodeInventory(*parsed_.document, false, parsed_.emitter)) {}

  /// Names of the databases that match, without "instances/", or the error.
  std::string Matched(std::string_view expression) {
    const auto parsed = GroupExpression::Parse(expression);
    if (!parsed.ok()) return parsed.error().message;
    std::string names;
    for (const DatabaseIndex index : parsed->Match(inventory_)) {
      const std::string_view name = inventory_.databases[index].name.value;
      names += std::string(names.empty() ? "" : " ") + std::string(name.substr(10));
    }
    return names;
  }

  ParsedText parsed_;
  Inventory inventory_;
};

TEST_F(GroupMatchTest, ComparesEachVariable) {
  EXPECT_EQ(Matched("resource.database_name == \"hr\""), "a/databases/hr b/databases/hr");
  EXPECT_EQ(Matched("'hr' == resource.database_name"), "a/databases/hr b/databases/hr");
  EXPECT_EQ(Matched("resource.instance_id == \"a\""), "a/databases/hr a/databases/hr_old");
  EXPECT_EQ(Matched("resource.environment_name == \"environments/prod\""),
            "a/databases/hr_old b/databases/hr b/databases/log\"s");
  EXPECT_EQ(Matched("resource.labels[\"tenant\"] == \"y\""), "b/databases/hr");
  EXPECT_EQ(Matched("resource.labels.tenant == 'x'"), "a/databases/hr");
  EXPECT_EQ(Matched("resource.database_name != \"hr\""), "a/databases/hr_old b/databases/log\"s");
  EXPECT_EQ(Matched(R"(resource.database_name == "log\"s")"), "b/databases/log\"s");
}

TEST_F(GroupMatchTest, ListsAndCalls) {
  EXPECT_EQ(Matched("resource.database_name in [\"hr_old\", \"x\"]"), "a/databases/hr_old");
  EXPECT_EQ(Matched("resource.database_name in []"), "");
  EXPECT_EQ(Matched("resource.database_name.startsWith(\"hr\") && resource.instance_id == \"a\""),
            "a/databases/hr a/databases/hr_old");
  EXPECT_EQ(Matched("resource.database_name.endsWith(\"old\")"), "a/databases/hr_old");
  EXPECT_EQ(Matched("resource.database_name.contains(\"g\")"), "b/databases/log\"s");
  EXPECT_EQ(Matched("resource.labels.tenant.startsWith(\"x\")"), "a/databases/hr");
  EXPECT_EQ(Matched("\"re.gion\" in resource.labels"), "b/databases/hr");
  EXPECT_EQ(Matched("has(resource.labels.tenant)"), "a/databases/hr b/databases/hr");
}

TEST_F(GroupMatchTest, BooleanOperatorsAndTheirOrder) {
  EXPECT_EQ(Matched("true || false && false"), Matched("true"));
  EXPECT_EQ(Matched("(true || false) && false"), "");
  EXPECT_EQ(Matched("!(resource.instance_id == \"a\")"), "b/databases/hr b/databases/log\"s");
  EXPECT_EQ(Matched(" !!true&&resource.instance_id==\"b\"\n||\tfalse "),
            "b/databases/hr b/databases/log\"s");
}

TEST_F(GroupMatchTest, AMissingLabelIsNoMemberEitherWay) {
  EXPECT_EQ(Matched("resource.labels.tenant != \"x\""), "b/databases/hr")
      << "databases without it don't count";
  EXPECT_EQ(Matched("!(resource.labels.tenant == \"x\")"), "b/databases/hr");
  EXPECT_EQ(Matched("resource.labels.tenant == \"x\" || resource.database_name == \"hr_old\""),
            "a/databases/hr a/databases/hr_old")
      << "|| is decided by its other side";
}

TEST_F(GroupMatchTest, MistakesNameTheirOffset) {
  EXPECT_EQ(Matched(""), "at offset 0: expected a text or resource.…");
  EXPECT_EQ(Matched("resource.database == \"x\""),
            "at offset 9: expected database_name, environment_name, instance_id or labels");
  EXPECT_EQ(Matched("resource.database_name == \"hr"), "at offset 26: this text does not end");
  EXPECT_EQ(Matched("resource.database_name == \"a\\q\""),
            "at offset 28: unknown escape in a text");
  EXPECT_EQ(Matched("resource.database_name = \"x\""),
            "at offset 23: expected ==, !=, in, or a call such as .startsWith(\"…\")");
  EXPECT_EQ(Matched("true true"), "at offset 5: expected && or || or the end");
  EXPECT_EQ(Matched("(true"), "at offset 5: expected \")\"");
  EXPECT_EQ(Matched("resource.database_name.matches(\"a.*\")"),
            "at offset 23: regular expressions are not supported; use startsWith, endsWith, "
            "contains or in");
  EXPECT_EQ(Matched("resource.database_name in \"hr\""),
            "at offset 26: expected a list such as [\"a\", \"b\"]");
  EXPECT_EQ(Matched("has(resource.database_name)"),
            "at offset 4: has() is for resource.labels only");
  EXPECT_EQ(Matched("resource.labels[5] == \"\""), "at offset 16: expected a label's key");
}

TEST_F(GroupMatchTest, DepthIsBoundedAndLengthIsNot) {
  EXPECT_EQ(Matched(std::string(100'000, '(')), "at offset 100: nested too deeply");
  EXPECT_EQ(Matched(std::string(100'000, '!') + "true"), "at offset 100: nested too deeply");
  std::string chain = "true";
  for (int i = 0; i < 20'000; ++i) chain += " && resource.database_name != \"x\"";
  EXPECT_EQ(Matched(chain), Matched("true"));
}

}  // namespace
}  // namespace lockstep::inventory
