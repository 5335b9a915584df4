#include "native/runner.h"
#include "tests/unit/native/service_fixture.h"

namespace lockstep::service {
namespace {

class PlanPreviewTest : public ServiceTest {
 protected:
  static std::string File(const std::string& version, const std::string& sql) {
    return R"({"type": "VERSIONED", "version": ")" + version + R"(", "path": "f.sql",
              "statement": ")" +
           EncodeBase64(sql) + R"("})";
  }
  /// The name of a release with these files.
  std::string MakeRelease(const std::string& files) {
    return Ask("POST", "/v1/projects/p/releases", R"({"title": "R", "files": [)" + files + "]}")
        .Text("name");
  }
  Reply Preview(const std::string& release, const std::string& targets,
                const std::string& more = "") {
    return Ask("POST", "/v1/projects/p:previewPlan",
               R"({"release": ")" + release + R"(", "targets": [)" + targets + "]" + more + "}");
  }
  /// Runs a sheet as version `version` of instances/a/databases/hr, as `lockstep run` does.
  void Run(const std::string& version, const std::string& sql) {
    std::filesystem::create_directories(folder_ + "/sheets");
    Write("sheets/1.sql", sql);
    Write("plan.json", R"({"name": "projects/p/plans/1", "steps": [{"specs": [{"id": "s",
      "changeDatabaseConfig": {"target": "instances/a/databases/hr", "type": "MIGRATE",
        "sheet": "projects/p/sheets/1", "schemaVersion": ")" +
                           version + R"("}}]}]})");
    native::RunRequest request;
    request.documents.plan = folder_ + "/plan.json";
    request.execution = settings_.execution;
    native::RunListener listener;
    const native::Outcome outcome = native::Run(request, listener);
    ASSERT_EQ(outcome.exit_code, native::kExitDone) << outcome.message;
  }
};

// As the newest client does (plan-semantics §6.5).
TEST_F(PlanPreviewTest, ASpecWithAReleaseBecomesItsSteps) {
  const std::string release = MakeRelease(File("2", "SELECT 2") + "," + File("1", "SELECT 1"));
  const std::string config = R"("changeDatabaseConfig": {"targets": ["instances/a/databases/hr",
      "instances/b/databases/hr"], "release": ")" +
                             release + "\"}";
  const Reply plan = Ask("POST", "/v1/projects/p/plans",
                         R"({"title": "to R", "specs": [{"id": "a", )" + config + "}]}");
  ASSERT_EQ(plan.status, 200) << plan.json;
  EXPECT_EQ(plan.Text("title"), "to R");
  EXPECT_EQ(plan.Text("steps"), "2");
  EXPECT_EQ(plan.Text("steps.0.specs.0.changeDatabaseConfig.schemaVersion"), "1");
  const Reply rollout = Ask("POST", "/v1/" + plan.Text("name") + "/rollout", "{}");
  EXPECT_EQ(rollout.Text("stages"), "2") << rollout.json;
  EXPECT_EQ(rollout.Text("stages.1.tasks.0.target"), "instances/b/databases/hr");
  EXPECT_EQ(Ask("GET", "/v1/" + plan.Text("name") + "/rollout").Text("name"), rollout.Text("name"));
  const Reply two =
      Ask("POST", "/v1/projects/p/plans",
          R"({"specs": [{"id": "a", )" + config + R"(}, {"id": "b", )" + config + "}]}");
  EXPECT_EQ(two.status, 400) << two.json;
}

TEST_F(PlanPreviewTest, TheGroupIsExpandedIntoAStepForEachEnvironment) {
  const std::string release = MakeRelease(File("2", "SELECT 2") + "," + File("1", "SELECT 1"));
  const Reply preview = Preview(release, "\"projects/p/databaseGroups/all-hr\"");
  ASSERT_EQ(preview.status, 200) << preview.json;
  EXPECT_EQ(preview.Text("plan.steps"), "2");
  EXPECT_EQ(preview.Text("plan.steps.0.specs"), "2");
  const std::string spec = "plan.steps.1.specs.0.";
  EXPECT_EQ(preview.Text(spec + "changeDatabaseConfig.target"), "instances/b/databases/hr");
  EXPECT_EQ(preview.Text(spec + "changeDatabaseConfig.schemaVersion"), "1");
  EXPECT_EQ(preview.Text(spec + "specReleaseSource.file").rfind(release + "/files/", 0), 0u);
  EXPECT_EQ(preview.Text("plan.releaseSource.release"), release);
  EXPECT_EQ(preview.Text("outOfOrderFiles"), "0");
  EXPECT_EQ(preview.json, Preview(release, "\"projects/p/databaseGroups/all-hr\"").json);

  // As the client does: the plan goes back as it came.
  const auto read = service_->With([&](Context& context) -> base::Status {
    const auto workspace = ReadPlan(context, "plan", preview.Part("plan"));
    EXPECT_TRUE((*workspace)->diagnostics().empty()) << (*workspace)->diagnostics()[0].message;
    return ErrorsOf(**workspace);
  });
  EXPECT_TRUE(read.ok()) << read.error().message;
  const Reply created = Ask("POST", "/v1/projects/p/plans", preview.Part("plan"));
  EXPECT_EQ(created.status, 200) << created.json;
  EXPECT_EQ(created.Text(spec.substr(5) + "id"), preview.Text(spec + "id"));
}

TEST_F(PlanPreviewTest, VersionsThatRanAreLeftOut) {
  Run("9", "CREATE TABLE t(i)");
  const std::string release = MakeRelease(File("9", "CREATE TABLE t(i)") + "," +
                                          File("8", "SELECT 8") + "," + File("10", "SELECT 10"));
  const Reply preview = Preview(release, "\"instances/a/databases/hr\"");
  EXPECT_EQ(preview.Text("plan.steps.0.specs"), "1");
  EXPECT_EQ(preview.Text("plan.steps.0.specs.0.changeDatabaseConfig.schemaVersion"), "10");
  EXPECT_EQ(preview.Text("outOfOrderFiles.0.database"), "instances/a/databases/hr");
  EXPECT_EQ(preview.Text("outOfOrderFiles.0.files"), "1");
  EXPECT_EQ(preview.Text("appliedButModifiedFiles"), "0");
  const Reply all =
      Preview(release, "\"instances/a/databases/hr\"", R"(, "allowOutOfOrder": true)");
  EXPECT_EQ(all.Text("plan.steps.0.specs"), "2");
  // Another database has nothing yet.
  EXPECT_EQ(Preview(release, "\"instances/a/databases/shop\"").Text("plan.steps.0.specs"), "3");

  settings_.semantics = *plan::FindSemantics("bytebase-3.4");
  Open();
  const Reply as_text = Preview(release, "\"instances/a/databases/hr\"");
  EXPECT_EQ(as_text.Text("plan.steps"), "0") << as_text.json;  // "10" and "8" are below "9"
}

TEST_F(PlanPreviewTest, AFileThatChangedAfterItRanIsTold) {
  Run("9", "CREATE TABLE t(i)");
  const Reply preview =
      Preview(MakeRelease(File("9", "CREATE TABLE u(i)")), "\"instances/a/databases/hr\"");
  EXPECT_EQ(preview.Text("plan.steps"), "0");
  EXPECT_EQ(preview.Text("appliedButModifiedFiles.0.files"), "1");
}

TEST_F(PlanPreviewTest, WhatIsNotThereIsToldWithItsName) {
  const std::string release = MakeRelease(File("1", "SELECT 1"));
  EXPECT_EQ(Preview(release, "\"instances/a/databases/x\"").status, 400);
  EXPECT_EQ(Preview(release, "\"projects/p/databaseGroups/x\"").status, 400);
  EXPECT_EQ(Preview(release, "\"x\"").status, 400);
  EXPECT_EQ(Preview("projects/p/releases/999", "").status, 404);
  EXPECT_EQ(Preview("releases/101", "").status, 400);
  Ask("DELETE", "/v1/" + release);
  EXPECT_EQ(Preview(release, "").status, 400);
}

}  // namespace
}  // namespace lockstep::service
