#include "core/service/preview_plan.h"

#include <gtest/gtest.h>

namespace lockstep::service {
namespace {

constexpr auto kNumbers = plan::VersionOrder::kNumericParts;
constexpr auto kText = plan::VersionOrder::kText;

class PreviewTest : public testing::Test {
 protected:
  /// Versions in the plan with their database, then what is told, in short.
  std::string Preview(const std::vector<std::vector<PreviewDatabase>>& steps,
                      plan::VersionOrder order = kNumbers) {
    const auto body = Body::Parse(Answer(steps, order));
    EXPECT_TRUE(body.ok()) << body.error().message;
    std::string text;
    const auto root = (*body)->root();
    for (const json::Value step : root.Find("plan")->Find("steps")->elements()) {
      text += "|";
      for (const json::Value spec : step.Find("specs")->elements()) {
        const json::Value config = *spec.Find("changeDatabaseConfig");
        text += std::string(config.Find("target")->AsString()) + ":" +
                std::string(config.Find("schemaVersion")->AsString()) + " ";
      }
    }
    for (const char* key : {"outOfOrderFiles", "appliedButModifiedFiles"}) {
      for (const json::Value entry : root.Find(key)->elements()) {
        text +=
            std::string(key).substr(0, 3) + " " + std::string(entry.Find("database")->AsString());
        for (const json::Value file : entry.Find("files")->elements())
          text += " " + std::string(file.AsString());
        text += ";";
      }
    }
    return text;
  }
  std::string Answer(const std::vector<std::vector<PreviewDatabase>>& steps,
                     plan::VersionOrder order = kNumbers) {
    return PreviewPlan(request_, release_, steps, order);
  }
  void Add(const std::string& version, ReleaseFile::Change change = {}) {
    ReleaseFile file;
    file.id = "f" + version;
    file.version = version;
    file.sheet = "projects/p/sheets/" + version;
    file.sheet_sha256 = "sha" + version;
    file.change = change;
    release_.files.push_back(file);
  }

  PreviewRequest request_{"R", {}, false};
  Release release_;
};

TEST_F(PreviewTest, PlansWhatADatabaseDoesNotHave) {
  Add("1");
  Add("2");
  EXPECT_EQ(Preview({{{"a", {{"1", "sha1"}}}, {"b", {}}}, {{"c", {}}}}), "|a:2 b:1 b:2 |c:1 c:2 ");
  EXPECT_EQ(Preview({{{"a", {{"1", "sha1"}, {"2", "sha2"}}}}}), "");  // not even a step
}

TEST_F(PreviewTest, VersionsComeInTheOrderOfTheirTasks) {
  Add("10");
  Add("9");
  EXPECT_EQ(Preview({{{"a", {}}}}), "|a:9 a:10 ");
  EXPECT_EQ(Preview({{{"a", {}}}}, kText), "|a:10 a:9 ");
}

TEST_F(PreviewTest, TellsFilesThatCameTooLate) {
  Add("9");
  Add("10");
  Add("11");
  const std::vector<std::vector<PreviewDatabase>> steps = {{{"a", {{"10", "sha10"}}}}};
  EXPECT_EQ(Preview(steps), "|a:11 out a R/files/f9;");
  EXPECT_EQ(Preview(steps, kText), "|a:11 a:9 ");  // as text, 9 is above 10
  request_.allow_out_of_order = true;
  EXPECT_EQ(Preview(steps), "|a:9 a:11 out a R/files/f9;");
}

TEST_F(PreviewTest, AnotherSpellingOfTheHighestVersionIsNotAboveIt) {
  Add("007");
  EXPECT_EQ(Preview({{{"a", {{"7", "sha7"}}}}}), "out a R/files/f007;");
}

TEST_F(PreviewTest, TellsFilesThatChangedSinceTheyWereApplied) {
  Add("1");
  EXPECT_EQ(Preview({{{"a", {{"1", "other"}}}}}), "app a R/files/f1;");
  EXPECT_EQ(Preview({{{"a", {{"1", ""}}}}}), "");  // nobody knows what it was
}

TEST_F(PreviewTest, TheSamePreviewGivesTheSamePlan) {
  Add("1", ReleaseFile::Change::kDml);
  Add("2", ReleaseFile::Change::kDdlGhost);
  const std::string answer = Answer({{{"a", {}}, {"b", {}}}});
  EXPECT_EQ(answer, Answer({{{"a", {}}, {"b", {}}}}));
  EXPECT_NE(answer.find(R"("type":"DATA","schemaVersion":"1")"), std::string::npos) << answer;
  EXPECT_NE(answer.find(R"("type":"MIGRATE_GHOST","schemaVersion":"2")"), std::string::npos);
  EXPECT_NE(answer.find(R"("releaseSource":{"release":"R"})"), std::string::npos);
  EXPECT_NE(answer.find(R"("specReleaseSource":{"file":"R/files/f1"})"), std::string::npos);
}

TEST(PreviewRequest, TakesBothSpellings) {
  const auto request = PreviewRequest::Read(
      R"({"release": "r", "targets": ["t"], "allow_out_of_order": true, "more": 1})");
  ASSERT_TRUE(request.ok());
  EXPECT_TRUE(request->allow_out_of_order);
  EXPECT_EQ(request->targets, std::vector<std::string>{"t"});
}

}  // namespace
}  // namespace lockstep::service
