// What requests change in an inventory's text, in whatever spelling it is written.
#include "core/service/inventory_edit.h"

#include <gtest/gtest.h>

#include "core/service/data_source_edit.h"

namespace lockstep::service {
namespace {

const Setting kTitle = TextSetting("title", "title", "T");
const Setting kLink = TextSetting("externalLink", "externalLink", "L");
const Setting kNoLink = TextSetting("externalLink", "externalLink", "");
const Setting kExpression = {"databaseExpr.expression", "databaseExpr.expression", "\"true\""};

UpdateMask MaskOf(const std::string& mask) {
  constexpr std::string_view kKnown[] = {"title",
                                         "externalLink",
                                         "databaseExpr",
                                         "options",
                                         "options.maximumConnections",
                                         "maximumConnections"};
  return *UpdateMask::Parse(mask, "{}", kKnown);
}

std::string AfterSet(const std::string& entry, const std::vector<Setting>& chosen) {
  return Edited("{\"instances\": [" + entry + "]}",
                [&](InventoryEdit& edit) { edit.Set(edit.Find("instances", "i")->value, chosen); });
}

TEST(Settings, AreChosenByTheMask) {
  const std::vector<Setting> all = {
      kTitle, kNoLink, NumberSetting("maximumConnections", "maximumConnections", 0),
      NumberSetting("options.maximumConnections", "maximumConnections", 7)};
  const auto keys = [&](const UpdateMask* mask) {
    std::string text;
    for (const Setting& setting : Chosen(all, mask))
      text += std::string(setting.key) + "=" + setting.json + " ";
    return text;
  };
  EXPECT_EQ(keys(nullptr), "title=\"T\" maximumConnections=7 ");
  UpdateMask mask = MaskOf("external_link,options");
  EXPECT_EQ(keys(&mask), "externalLink=\"\" maximumConnections=7 ");
  mask = MaskOf("maximumConnections,options.maximumConnections");
  EXPECT_EQ(keys(&mask), "maximumConnections=7 ") << "the one that says something";
  mask = MaskOf("maximum_connections");
  EXPECT_EQ(keys(&mask), "maximumConnections=0 ");
}

TEST(Settings, AreComposed) {
  const Setting automatic = {"p", "rolloutPolicy.automatic", "true"};
  const Setting approval = {"p", "rolloutPolicy.checkers.requiredIssueApproval", "false"};
  EXPECT_EQ(NewEntry("environments/test", {automatic, kTitle, approval}),
            R"({"name":"environments/test","rolloutPolicy":{"automatic":true,)"
            R"("checkers":{"requiredIssueApproval":false}},"title":"T"})");
}

TEST(InventoryEdit, SetsMembersInTheSpellingThatIsThere) {
  EXPECT_EQ(AfterSet(R"({"name": "i", "external_link": "x", "title": null})", {kTitle, kLink}),
            R"({"instances": [{"name": "i", "external_link": "L", "title": "T"}]})");
  EXPECT_EQ(AfterSet(R"({"name": "i", "external_link": "x"})", {kNoLink}),
            R"({"instances": [{"name": "i", "external_link": ""}]})");
  EXPECT_EQ(AfterSet(R"({"name": "i", "title": "\u0054"})", {kTitle, kNoLink}),
            R"({"instances": [{"name": "i", "title": "\u0054"}]})")
      << "what says the same stays as it is written";
  EXPECT_EQ(
      AfterSet(R"({"name": "i", "database_expr": {"title": "mine"}})", {kExpression}),
      R"({"instances": [{"name": "i", "database_expr": {"title": "mine", "expression": "true"}}]})");
  EXPECT_EQ(AfterSet(R"({"name": "i"})", {kExpression}),
            R"({"instances": [{"name": "i", "databaseExpr": {"expression": "true"}}]})");
}

TEST(InventoryEdit, AddsToListsThatAreNotThere) {
  const auto added = [](const std::string& text) {
    return Edited(text, [](InventoryEdit& edit) { edit.Add("databaseGroups", "{}"); });
  };
  EXPECT_EQ(added(R"({"database_groups": null})"), R"({"database_groups": [{}]})");
  EXPECT_EQ(added(R"({"database_groups": [1]})"), R"({"database_groups": [1, {}]})");
  EXPECT_EQ(added("{}"), "{\n  \"databaseGroups\": [\n    {}\n  ]\n}");
}

TEST(InventoryEdit, NumbersEnvironmentsThatAreNumbered) {
  EXPECT_EQ(Edited(R"({"environments": [{"order": "5"}, {}, {"order": 2}, {"order": null}]})",
                   [](InventoryEdit& edit) { edit.NumberEnvironments(); }),
            R"({"environments": [{"order": 0}, {}, {"order": 2}, {"order": null}]})");
}

TEST(DataSources, OnesThatGoMakePlaceForNewOnes) {
  const auto with = [](std::string id, std::string type, std::string host) {
    return SourceBody{std::move(id),
                      std::move(type),
                      {TextSetting("host", "host", host), TextSetting("password", "password", "")}};
  };
  const auto set = [](const std::string& sources, const std::vector<SourceBody>& wanted) {
    return Edited(
        "{\"instances\": [{\"name\": \"i\",\n\"dataSources\": " + sources + "}]}",
        [&](InventoryEdit& edit) { SetSources(edit, edit.Find("instances", "i")->value, wanted); });
  };
  const auto around = [](const std::string& sources) {
    return "{\"instances\": [{\"name\": \"i\",\n\"dataSources\": " + sources + "}]}";
  };
  constexpr const char* kTwo =
      R"([{"host": "a", "password": {"env": "P"}}, {"id": "r", "host": "b"}])";
  EXPECT_EQ(set(kTwo, {with("1", "", "c"), with("n", "READ_ONLY", "d")}),
            around(R"([{"host": "c", "password": {"env": "P"}}, {"id": "n", "host": "d"}])"));
  EXPECT_EQ(set(kTwo, {with("r", "", "b")}), around(R"([{"id": "r", "host": "b"}])"));
  EXPECT_EQ(
      set(kTwo, {with("", "ADMIN", "a"), with("r", "", "b"), with("x", "", "y")}),
      around(
          "[{\"host\": \"a\", \"password\": {\"env\": \"P\"}}, {\"id\": \"r\", \"host\": \"b\"},\n"
          "                {\"id\": \"x\", \"host\": \"y\"}]"));
  EXPECT_EQ(set("null", {with("x", "", "y"), with("z", "", "y")}),
            around(R"([{"id": "x", "host": "y"}, {"id": "z", "host": "y"}])"));
}

}  // namespace
}  // namespace lockstep::service
