// The sequences of the clients upsert-issue, check-issue-status and approve-issue of
// bytebase/cicd-github-actions-example: they send and read exactly this.
#include "tests/e2e/service/places.h"

namespace lockstep::e2e {
namespace {

constexpr const char* kTitle = "[db-deploy #7] Add email";

/// One run of the action; it is started anew with every push.
class UpsertIssue {
 public:
  UpsertIssue(Serve& serve, const std::string& password) : serve_(serve) {
    serve_.token.clear();
    const Reply login = serve_.Ask(
        "POST", "/v1/auth/login",
        R"({"email": "ci@service.bytebase.com", "password": ")" + password + R"(", "web": true})");
    serve_.token = login.Text("token");
  }

  /// Any body with a `message` is an error to it.
  Reply Fetch(std::string_view verb, const std::string& where, const std::string& body = "") const {
    Reply reply = serve_.Ask(verb, "/v1/" + where, body);
    EXPECT_EQ(reply.status, 200) << where << ": " << reply.json;
    EXPECT_EQ(reply.Text("message"), "-") << where;
    return reply;
  }

  std::string CreateSheet(const std::string& file, const std::string& sql) const {
    base::JsonWriter writer;
    writer.BeginObject().Member("database", "instances/test/databases/hr").Member("title", file);
    writer.Member("content", service::EncodeBase64(sql)).Member("type", "TYPE_SQL");
    return Fetch("POST", "projects/sample/sheets", writer.EndObject().Take()).Text("name");
  }

  /// Files by the names of their sheets, in order; the issue's name.
  std::string Create(const std::vector<std::pair<std::string, std::string>>& files) const {
    std::string specs;
    for (const auto& [file, sheet] : files) {
      const std::string version = file.substr(0, file.find('_'));
      specs += (specs.empty() ? "" : ",") + (R"({"id": "ch-db-deploy-pr7-)" + version) +
               R"(", "change_database_config": {"target": "instances/test/databases/hr",
                   "sheet": ")" +
               sheet + R"(", "schemaVersion": ")" + version + R"(", "type": "MIGRATE"}})";
    }
    const Reply plan = Fetch("POST", "projects/sample/plans",
                             R"({"steps": [{"specs": [)" + specs + R"(]}], "title": ")" + kTitle +
                                 R"(", "description": "By the pull request", "vcs_source": {
                                     "vcs_type": "GITHUB", "pull_request_url": "https://git/7"}})");
    const Reply rollout =
        Fetch("POST", "projects/sample/rollouts", R"({"plan": ")" + plan.Text("name") + "\"}");
    const Reply issue = Fetch(
        "POST", "projects/sample/issues",
        std::string(R"({"approvers": [], "approvalTemplates": [], "subscribers": [], "title": ")") +
            kTitle + R"(", "description": "By the pull request", "type": "DATABASE_CHANGE",
            "assignee": "", "plan": ")" +
            plan.Text("name") + R"(", "rollout": ")" + rollout.Text("name") + "\"}");
    return issue.Text("name");
  }

  /// The issue with the pull request's title: it reads all pages, and the titles itself.
  Reply Find() const {
    const Reply page = Fetch("GET", "projects/sample/issues?page_token=");
    for (int i = 0; i < std::stoi(page.Text("issues")); ++i) {
      const std::string at = "issues." + std::to_string(i) + ".";
      if (page.Text(at + "title") != kTitle) continue;
      EXPECT_NE(page.Text(at + "createTime"), "-");
      return Fetch("GET", page.Text(at + "name"));
    }
    return Reply({404, "{}"});
  }

  /// Puts `sheet` in the place of that of a spec whose task may still change, in the steps as it
  /// has read them.
  Reply Update(const Reply& issue, int spec, const std::string& sheet) const {
    const Reply plan = Fetch("GET", issue.Text("plan"));
    const Reply rollout = Fetch("GET", issue.Text("rollout"));
    const std::string number = std::to_string(spec);
    const std::string before = plan.Text("steps.0.specs." + number + ".changeDatabaseConfig.sheet");
    EXPECT_EQ(rollout.Text("stages.0.tasks." + number + ".specId"),
              plan.Text("steps.0.specs." + number + ".id"));
    EXPECT_NE(Fetch("GET", before + "?raw=true").Text("content"), "-");
    return Fetch("PATCH", plan.Text("name") + "?update_mask=steps",
                 R"({"steps": )" + Replaced(plan.Part("steps"), before, sheet) + "}");
  }

 private:
  Serve& serve_;
};

class UpsertIssueTest : public testing::Test {
 protected:
  const Folder folder_;
};

TEST_F(UpsertIssueTest, CreatesFindsAndMendsAnIssue) {
  WritePlaces(folder_);
  Serve serve(folder_, {}, {std::string("LOCKSTEP_TOKEN=") + kToken});
  const UpsertIssue first(serve, kToken);
  EXPECT_EQ(first.Find().status, 404);
  const std::string good = first.CreateSheet("0001_one.sql", EntrySql("1"));
  const std::string bad = first.CreateSheet("0002_two.sql", "INSERT INTO lgo VALUES ('2');\n");
  const std::string issue = first.Create({{"0001_one.sql", good}, {"0002_two.sql", bad}});
  const std::string rollout = serve.Get(issue).Text("rollout");
  const Reply failed = WaitForTasks(serve, rollout, "1 DONE, 1 FAILED");
  EXPECT_EQ(serve.Get(issue).Text("status"), "OPEN");
  const Reply runs = serve.Get(rollout + "/stages/-/tasks/-/taskRuns");
  EXPECT_NE(runs.json.find("no such table: lgo"), std::string::npos) << runs.json;

  // The next push.
  const UpsertIssue second(serve, kToken);
  const Reply found = second.Find();
  EXPECT_EQ(found.Text("name"), issue);
  const std::string mended = second.CreateSheet("0002_two.sql", EntrySql("2"));
  EXPECT_EQ(second.Update(found, 1, mended).Text("steps.0.specs.1.changeDatabaseConfig.sheet"),
            mended);
  const std::string task = failed.Text("stages.0.tasks.1.name");
  second.Fetch("POST", failed.Text("stages.0.name") + "/tasks:batchRun",
               R"({"tasks": [")" + task + "\"]}");
  WaitForTasks(serve, rollout, "2 DONE");
  EXPECT_EQ(LogOf(folder_, "test-hr"), "1,2");

  // check-issue-status
  const Reply after = second.Fetch("GET", issue);
  EXPECT_EQ(after.Text("status"), "DONE");
  const Reply stages = second.Fetch("GET", after.Text("rollout"));
  EXPECT_NE(stages.Text("stages.0.title"), "-");
  EXPECT_EQ(stages.Text("stages.0.tasks.1.status"), "DONE");
  EXPECT_EQ(stages.Text("stages.0.tasks.1.title"), "DDL(schema) for database \"hr\"");
  EXPECT_EQ(stages.Text("stages.0.tasks.1.databaseSchemaUpdate.sheet"), mended);
  EXPECT_EQ(stages.Text("stages.0.tasks.1.databaseSchemaUpdate.schemaVersion"), "0002");

  // What has been done is not taken back.
  const Reply plan = serve.Get(after.Text("plan"));
  const Reply late = serve.Ask("PATCH", "/v1/" + plan.Text("name") + "?update_mask=steps",
                               R"({"steps": )" + Replaced(plan.Part("steps"), mended, bad) + "}");
  EXPECT_EQ(late.Text("code"), "9") << late.json;
}

TEST_F(UpsertIssueTest, WaitsForApprovalAndAChangeVoidsIt) {
  WritePlaces(folder_, {.test = R"({"checkers": {"requiredIssueApproval": true}})"});
  Serve serve(folder_, {}, {std::string("LOCKSTEP_TOKEN=") + kToken});
  const UpsertIssue action(serve, kToken);
  const std::string sheet = action.CreateSheet("1_one.sql", "DELETE FROM nowhere;\n");
  const std::string issue = action.Create({{"1_one.sql", sheet}});
  const auto approve = [&] {
    return serve.Ask("POST", "/v1/" + issue + ":approve", R"({"comment": "By the CI"})");
  };
  const std::string rollout = action.Find().Text("rollout");
  EXPECT_EQ(TaskCounts(serve.Get(rollout)), "1 NOT_STARTED");
  EXPECT_EQ(BatchRun(serve, serve.Get(rollout), 0).Text("code"), "9");
  EXPECT_EQ(approve().Text("approvalStatus"), "APPROVED");
  WaitForTasks(serve, rollout, "1 FAILED");
  const Reply twice = approve();
  EXPECT_EQ(twice.Text("code"), "3");
  EXPECT_NE(twice.Text("message").find("has been approved"), std::string::npos) << twice.json;

  action.Update(action.Find(), 0, action.CreateSheet("1_one.sql", EntrySql("1")));
  EXPECT_EQ(serve.Get(issue).Text("approvalStatus"), "PENDING");
  EXPECT_EQ(BatchRun(serve, serve.Get(rollout), 0).Text("code"), "9");
  EXPECT_EQ(LogOf(folder_, "test-hr"), "");
  EXPECT_EQ(approve().Text("approvalStatus"), "APPROVED");
  EXPECT_EQ(BatchRun(serve, serve.Get(rollout), 0).status, 200);
  WaitForTasks(serve, rollout, "1 DONE");
  EXPECT_EQ(serve.Get(issue).Text("status"), "DONE");
  EXPECT_EQ(LogOf(folder_, "test-hr"), "1");
}

}  // namespace
}  // namespace lockstep::e2e
