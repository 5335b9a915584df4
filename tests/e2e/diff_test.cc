// diff: two plans compared by what they mean, as one calls it.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/e2e/program.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

class Diff : public testing::Test {
 protected:
  Diff() {
    std::filesystem::copy(LOCKSTEP_SOURCE_DIR "/native/example", folder.path(),
                          std::filesystem::copy_options::recursive);
  }
  Ended Run(Words words, const std::string& input = "") {
    words.insert(words.begin(), "diff");
    words.insert(words.end(), {"--start", "2026-11-22T01:00:00Z"});
    return Lockstep(folder, words, input);
  }
  /// The example in a folder of its own, where things can be changed.
  void CopyTo(const std::string& name) {
    for (const char* file : {"plan.json", "inventory.json", "sheets/101-department.sql",
                             "sheets/102-department-rows.sql"}) {
      folder.Write(name + "/" + file, folder.Read(file));
    }
  }
  Folder folder;
};

TEST_F(Diff, TellsWhatChangedAndWhatBecomesOfTheSchedule) {
  const Ended ended = Run({"plan.json", "night.json"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_TRUE(Has(ended.out, "plan.json -> night.json: 2 changes\n")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "earliestAllowedTime set to \"2026-11-22T02:00:00Z\"")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "59 min 57 s later\n")) << ended.out;
  EXPECT_TRUE(Has(ended.out, "\nends DONE after 1 h 00 min, was DONE after 4 s\n")) << ended.out;
}

TEST_F(Diff, TheExitCodeTellsWhetherTheyDiffer) {
  EXPECT_EQ(Run({"plan.json", "plan.json", "--exit-code"}).code, 0);
  EXPECT_EQ(Run({"plan.json", "night.json", "--exit-code"}).code, 1);
  EXPECT_EQ(Run({"plan.json", "night.json"}).code, 0);
}

TEST_F(Diff, EachPlanHasItsOwnSurroundings) {
  CopyTo("b");
  folder.Write("b/sheets/102-department-rows.sql",
               folder.Read("sheets/102-department-rows.sql") + "SELECT 1;\n");
  const Ended beside = Run({"plan.json", "b/plan.json"});
  EXPECT_TRUE(Has(beside.out, ": 1 change\n~ b/sheets/102-department-rows.sql:4:1: "))
      << beside.out;
  EXPECT_TRUE(Has(beside.out, "1 statement added (2 specs) (sheets/102-department-rows.sql:3:88)"))
      << beside.out;
  // Named for both, and for B alone.
  EXPECT_TRUE(Has(Run({"plan.json", "b/plan.json", "--sheets", "sheets"}).out, ": no changes\n"));
  const Ended named = Run({"plan.json", "plan.json", "--sheets-b", "b/sheets"});
  EXPECT_TRUE(Has(named.out, "1 statement added")) << named.out;
  std::string inventory = folder.Read("inventory.json");
  inventory.replace(inventory.find("data/test"), 9, "else/test");
  folder.Write("other.json", inventory);
  const Ended elsewhere = Run({"plan.json", "plan.json", "--inventory-b", "other.json"});
  EXPECT_TRUE(Has(elsewhere.out, "dataSources is \"else/test\", was \"data/test\""))
      << elsewhere.out;
}

TEST_F(Diff, OneOfThemCanBeStandardInput) {
  const Ended ended = Run({"-", "night.json"}, folder.Read("plan.json"));
  EXPECT_TRUE(Has(ended.out, "<stdin> -> night.json: 2 changes\n")) << ended.out << ended.err;
  const Ended both = Run({"-", "-"}, folder.Read("plan.json"));
  EXPECT_EQ(both.code, 2);
  EXPECT_TRUE(Has(both.err, "only one plan can be standard input")) << both.err;
}

TEST_F(Diff, APlanWithErrorsIsNotCompared) {
  for (const Words& words :
       {Words{"plan.json", "broken.json"}, Words{"broken.json", "plan.json"}}) {
    const Ended ended = Run(words);
    EXPECT_EQ(ended.code, 3);
    EXPECT_EQ(ended.out, "");
    EXPECT_TRUE(Has(ended.err, "dependency-cycle")) << ended.err;
  }
}

TEST_F(Diff, AScenarioMaySpeakOfWhatOneOfThePlansHas) {
  std::string other = folder.Read("plan.json");
  const std::string id = "2d7e90c1-31c5-4a0e-8b55-0d7c3f0a2b02";
  other.replace(other.find(id), id.size(), "11111111-31c5-4a0e-8b55-0d7c3f0a2b02");
  folder.Write("other.json", other);
  folder.Write("slow.json", R"({"durations": {"specs": {")" + id + R"(": "1m"}}})");
  const Ended slow = Run({"plan.json", "other.json", "--scenario", "slow.json"});
  EXPECT_EQ(slow.code, 0) << slow.err;
  EXPECT_TRUE(Has(slow.out, "\nends DONE after 4 s, was DONE after 1 min 03 s\n")) << slow.out;
  folder.Write("slow.json", R"({"durations": {"specs": {"nobody": "1m"}}})");
  const Ended nobody = Run({"plan.json", "other.json", "--scenario", "slow.json"});
  EXPECT_EQ(nobody.code, 3);
  EXPECT_TRUE(Has(nobody.err, "error[LS141 scenario-selector]")) << nobody.err;
}

TEST_F(Diff, JsonHoldsAllOfIt) {
  const Ended ended = Run({"plan.json", "night.json", "--format", "json"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.out.rfind("{\"changes\":[{\"what\":\"stepTitle\",\"how\":\"changed\"", 0), 0u)
      << ended.out;
  EXPECT_TRUE(Has(ended.out, "\"shift\":\"later\"")) << ended.out;
}

}  // namespace
}  // namespace lockstep::e2e
