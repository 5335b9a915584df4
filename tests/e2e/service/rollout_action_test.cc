// The sequences of bytebase/rollout-action: a rollout without stages, then stage by stage up to the
// target; nothing runs but what it asks for.
#include "tests/e2e/service/places.h"

namespace lockstep::e2e {
namespace {

constexpr const char* kRetryable =
    "cannot create pending task runs because there are pending/running/done task runs";

class RolloutAction : public testing::Test {
 protected:
  RolloutAction() {
    WritePlaces(folder_, {.test = R"({"automatic": false})", .prod = R"({"automatic": false})"});
    serve_ = std::make_unique<Serve>(folder_);
  }
  /// test: hr and shop; prod: hr.
  std::string MakePlan(const std::string& test_sheet, const std::string& prod_sheet) const {
    return CreatePlan(*serve_, {StepJson({SpecOn("a", "test/databases/hr", test_sheet),
                                          SpecOn("b", "test/databases/shop", test_sheet)}),
                                StepJson({SpecOn("c", "prod/databases/hr", prod_sheet)})});
  }
  Reply Post(const std::string& where, const std::string& plan) const {
    return serve_->Ask("POST", "/v1/projects/sample/" + where,
                       R"({"plan": ")" + plan + R"(", "title": "by the action"})");
  }
  /// The action up to a stage: "DONE", or the status that ends it.
  std::string RunUpTo(const std::string& plan, const std::string& target) const {
    const Reply preview = Post("rollouts?validateOnly=true", plan);
    const std::string rollout = Post("rollouts?target=", plan).Text("name");
    for (int stage = 0; stage < std::stoi(preview.Text("stages")); ++stage) {
      const std::string at = "stages." + std::to_string(stage);
      const std::string environment = preview.Text(at + ".environment");
      if (serve_->Get(rollout).Text(at) == "-") Post("rollouts?target=" + environment, plan);
      const std::string ended = RunStage(rollout, stage);
      if (ended != "DONE" || environment == target) return ended;
    }
    return "the target is no stage";
  }
  std::string RunStage(const std::string& rollout, int stage) const {
    const std::string at = "stages." + std::to_string(stage);
    std::string ended;
    const bool ends = tests::Eventually([&] {
      const Reply now = serve_->Get(rollout);
      bool complete = true;
      for (int task = 0; task < std::stoi(now.Text(at + ".tasks")); ++task) {
        const std::string status = now.Text(at + ".tasks." + std::to_string(task) + ".status");
        if (status == "FAILED") ended = status;
        complete = complete && (status == "DONE" || status == "SKIPPED");
        if (status != "NOT_STARTED") continue;
        const Reply asked = BatchRun(*serve_, now, stage);
        EXPECT_TRUE(asked.status == 200 ||
                    asked.Text("message").find(kRetryable) != std::string::npos)
            << asked.json;
      }
      if (complete) ended = "DONE";
      return !ended.empty();
    });
    EXPECT_TRUE(ends) << serve_->Get(rollout).json;
    return ended;
  }

  const Folder folder_;
  std::unique_ptr<Serve> serve_;
};

TEST_F(RolloutAction, GoesStageByStage) {
  const Reply info = serve_->Ask("GET", "/v1/actuator/info");
  int major = 0, minor = 0, patch = 0;
  ASSERT_EQ(std::sscanf(info.Text("version").c_str(), "%d.%d.%d", &major, &minor, &patch), 3);
  EXPECT_GE(std::pair(major, minor), std::pair(3, 5));

  const std::string plan =
      MakePlan(CreateSheet(*serve_, EntrySql("1")), CreateSheet(*serve_, EntrySql("2")));
  EXPECT_EQ(Post("rollouts?target=", plan).Text("stages"), "0");
  EXPECT_EQ(RunUpTo(plan, "environments/test"), "DONE");
  EXPECT_EQ(LogOf(folder_, "test-hr") + " " + LogOf(folder_, "test-shop"), "1 1");
  EXPECT_EQ(LogOf(folder_, "prod-hr"), "") << "not asked for";
  EXPECT_EQ(serve_->Get("projects/sample/rollouts/101").Text("stages"), "1");
  EXPECT_EQ(RunUpTo(plan, "environments/prod"), "DONE");
  EXPECT_EQ(LogOf(folder_, "prod-hr"), "2");
  EXPECT_EQ(LogOf(folder_, "test-hr"), "1") << "not twice";
}

TEST_F(RolloutAction, AFailureEndsItAndTheOthersAreDone) {
  const std::string plan = CreatePlan(
      *serve_, {StepJson({SpecOn("a", "test/databases/hr", CreateSheet(*serve_, "DELETE FROM x;")),
                          SpecOn("b", "test/databases/shop", CreateSheet(*serve_, EntrySql("1")))}),
                StepJson({SpecOn("c", "prod/databases/hr", CreateSheet(*serve_, EntrySql("2")))})});
  EXPECT_EQ(RunUpTo(plan, "environments/prod"), "FAILED");
  WaitForTasks(*serve_, "projects/sample/rollouts/101", "1 DONE, 1 FAILED");
  EXPECT_EQ(LogOf(folder_, "test-shop"), "1");
  EXPECT_EQ(LogOf(folder_, "prod-hr"), "");
}

TEST_F(RolloutAction, AskingTwiceIsRetryable) {
  const std::string plan =
      MakePlan(CreateSheet(*serve_, EndlessSql("1")), CreateSheet(*serve_, EntrySql("2")));
  const Reply rollout = serve_->Get(CreateRollout(*serve_, plan));
  EXPECT_EQ(BatchRun(*serve_, rollout, 0).status, 200);
  const Reply again = BatchRun(*serve_, rollout, 0);
  EXPECT_GT(again.status, 299);
  EXPECT_NE(again.Text("message").find(kRetryable), std::string::npos) << again.json;
}

TEST_F(RolloutAction, CancelsWhatRuns) {
  const std::string endless = CreateSheet(*serve_, EndlessSql("1"));
  const std::string quick = CreateSheet(*serve_, EntrySql("2"));
  const std::string plan = MakePlan(endless, quick);
  const std::string name = CreateRollout(*serve_, plan);
  ASSERT_EQ(BatchRun(*serve_, serve_->Get(name), 0).status, 200);
  WaitForTasks(*serve_, name, "1 NOT_STARTED, 2 RUNNING");

  const Reply runs = serve_->Get(name + "/stages/-/tasks/-/taskRuns");
  EXPECT_EQ(runs.Text("taskRuns"), "2");
  EXPECT_EQ(runs.Text("nextPageToken"), "");
  std::string names;
  for (const std::string i : {"0", "1"}) {
    EXPECT_EQ(runs.Text("taskRuns." + i + ".status"), "RUNNING");
    names += (names.empty() ? "" : ", ") + ("\"" + runs.Text("taskRuns." + i + ".name") + "\"");
  }
  const std::string where = "/v1/" + name + "/stages/1/tasks/-/taskRuns:batchCancel";
  const Reply canceled = serve_->Ask("POST", where, R"({"taskRuns": [)" + names + "]}");
  EXPECT_EQ(canceled.status, 200) << canceled.json;
  const Reply rollout = WaitForTasks(*serve_, name, "2 CANCELED, 1 NOT_STARTED");
  EXPECT_EQ(LogOf(folder_, "test-hr") + LogOf(folder_, "test-shop"), "");

  // Mended, they run when they are asked for again.
  const Reply read = serve_->Get(plan);
  const Reply mended =
      serve_->Ask("PATCH", "/v1/" + plan + "?updateMask=steps",
                  R"({"steps": )" + Replaced(read.Part("steps"), endless, quick) + "}");
  EXPECT_EQ(mended.status, 200) << mended.json;
  EXPECT_EQ(BatchRun(*serve_, rollout, 0).status, 200);
  WaitForTasks(*serve_, name, "2 DONE, 1 NOT_STARTED");
  EXPECT_EQ(LogOf(folder_, "test-hr") + LogOf(folder_, "test-shop"), "22");
}

}  // namespace
}  // namespace lockstep::e2e
