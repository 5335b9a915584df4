// An inventory that begins as {} and is made and changed by curl, with comments that stay; what it
// then says is what rollouts work on, and what approvals hold for.
#include "tests/e2e/service/places.h"

namespace lockstep::e2e {
namespace {

constexpr const char* kAtFirst = R"({
  // Changed by requests, kept in git.
}
)";

constexpr const char* kAtLast = R"({
  // Changed by requests, kept in git.
  "environments": [
    {"name": "environments/test", "title": "Test",
     "rolloutPolicy": {"automatic": false, "checkers": {"requiredIssueApproval": true}}}
  ],
  "instances": [
    {
      "name": "instances/test",
      "engine": "SQLITE",
      "environment": "environments/test",
      "dataSources": [{"host": "test"}],
      "databases": [{"name": "instances/test/databases/hr", "labels": {"app": "staff"}},
                    {"name": "instances/test/databases/shop", "labels": {"app": "staff"}}]
    }
  ],
  "databaseGroups": [
    {
      "name": "projects/sample/databaseGroups/staff",
      "databaseExpr": {"expression": "resource.labels.app == \"staff\""}
    }
  ]
}
)";

class InventoryByCurl : public testing::Test {
 protected:
  InventoryByCurl() {
    WritePlaces(folder_);  // for its databases
    folder_.Write("inventory.json", kAtFirst);
  }
  Reply Send(const Serve& serve, const std::string& verb, const std::string& where,
             const std::string& body = "") const {
    return Curl(folder_, serve.url() + "/v1/" + where, verb, body);
  }
  Reply Done(const Serve& serve, const std::string& verb, const std::string& where,
             const std::string& body = "") const {
    Reply reply = Send(serve, verb, where, body);
    EXPECT_EQ(reply.status, 200) << verb << " " << where << ": " << reply.json;
    return reply;
  }
  /// An environment that waits for approvals, an instance, the database hr, and a group.
  void MakeAll(const Serve& serve) const {
    Done(serve, "POST", "environments?environmentId=test", R"({"title": "Test"})");
    Done(serve, "PATCH", "environments/test/policies/rollout_policy?updateMask=rollout_policy",
         R"({"type": "ROLLOUT_POLICY", "rolloutPolicy": {"automatic": false,
             "checkers": {"requiredIssueApproval": true}}})");
    Done(serve, "POST", "instances?instanceId=test",
         R"({"engine": "SQLITE", "environment": "environments/test",
             "dataSources": [{"type": "ADMIN", "host": "test"}]})");
    AddDatabase(serve, "hr");
    Done(serve, "POST", "projects/sample/databaseGroups?databaseGroupId=staff",
         R"({"databaseExpr": {"expression": "resource.labels.app == \"staff\""}})");
  }
  void AddDatabase(const Serve& serve, const std::string& name) const {
    Done(serve, "PATCH", "instances/test/databases/" + name + "?allowMissing=true",
         R"({"labels": {"app": "staff"}})");
  }

  const Folder folder_;
};

TEST_F(InventoryByCurl, IsWhatRolloutsAndApprovalsAreOf) {
  Serve serve(folder_);
  MakeAll(serve);
  const std::string sheet = CreateSheet(serve, EntrySql("1"));
  const std::string plan =
      CreatePlan(serve, {StepJson({R"({"id": "a", "changeDatabaseConfig": {"type": "MIGRATE",
          "target": "projects/sample/databaseGroups/staff", "sheet": ")" +
                                   sheet + "\"}}"})});
  const std::string issue =
      Done(serve, "POST", "projects/sample/issues",
           R"({"title": "t", "type": "DATABASE_CHANGE", "plan": ")" + plan + "\"}")
          .Text("name");
  EXPECT_EQ(Done(serve, "POST", issue + ":approve", "{}").Text("approvalStatus"), "APPROVED");

  AddDatabase(serve, "shop");  // the plan now works on it, too
  EXPECT_EQ(folder_.Read("inventory.json"), kAtLast);
  EXPECT_EQ(Done(serve, "GET", issue).Text("approvalStatus"), "PENDING");
  const std::string rollout = CreateRollout(serve, plan);
  EXPECT_EQ(BatchRun(serve, serve.Get(rollout), 0).status, 400) << "not approved";
  Done(serve, "POST", issue + ":approve", "{}");
  EXPECT_EQ(BatchRun(serve, serve.Get(rollout), 0).status, 200);
  WaitForTasks(serve, rollout, "2 DONE");
  EXPECT_EQ(LogOf(folder_, "test-hr") + LogOf(folder_, "test-shop"), "11");

  EXPECT_EQ(Send(serve, "DELETE", "environments/test").Text("code"), "9");
  EXPECT_EQ(Send(serve, "POST", "instances?instanceId=x",
                 R"({"engine": "POSTGRES", "dataSources": [{"password": "hunter2"}]})")
                .Text("code"),
            "3");
  EXPECT_EQ(folder_.Read("inventory.json"), kAtLast);
  EXPECT_EQ(serve.Terminate(), 0);
  serve.Start();
  EXPECT_EQ(Done(serve, "GET", "instances/test/databases").Text("databases"), "2");
}

}  // namespace
}  // namespace lockstep::e2e
