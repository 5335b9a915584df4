// PlanService and SheetService as clients know them: numbers from 101, every field in the answers,
// what they got can be sent back, errors in Bytebase's form (plan-semantics §1, §3, §6, W33 to
// W42).
#include <regex>

#include "service_fixture.h"

namespace lockstep::service {
namespace {

/// "SELECT 1;" in base64.
constexpr const char* kSelect = "U0VMRUNUIDE7";

class PlansTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    for (const char* title : {"one", "two"}) {
      const Reply sheet =
          Ask("POST", "/v1/projects/p/sheets",
              std::string(R"({"title": ")") + title + R"(", "content": ")" + kSelect + "\"}");
      ASSERT_EQ(sheet.status, 200) << sheet.json;
    }
  }
  static std::string Spec(const std::string& id, const std::string& more = "",
                          const std::string& sheet = "101") {
    return R"({"id": ")" + id + R"(", )" + more +
           R"("changeDatabaseConfig": {"target": "instances/a/databases/hr", "sheet": )" +
           "\"projects/p/sheets/" + sheet + R"(", "type": "MIGRATE"}})";
  }
  static std::string Plan(const std::string& specs) {
    return R"({"title": "t", "steps": [{"title": "s", "specs": [)" + specs + "]}]}";
  }
};

TEST_F(PlansTest, SheetsGiveBackWhatTheyGot) {
  const Reply sheet = Ask("GET", "/v1/projects/p/sheets/101");
  EXPECT_EQ(sheet.status, 200);
  EXPECT_EQ(sheet.Text("name"), "projects/p/sheets/101");
  EXPECT_EQ(sheet.Text("content"), kSelect);
  EXPECT_EQ(sheet.Text("contentSize"), "9");
  EXPECT_EQ(sheet.Text("creator"), "users/me@example.com");
  const Reply list = Ask("GET", "/v1/projects/p/sheets?pageSize=1");
  EXPECT_EQ(list.Text("sheets.0.name"), "projects/p/sheets/102");
  const Reply rest = Ask("GET", "/v1/projects/-/sheets?page_token=" + list.Text("nextPageToken"));
  EXPECT_EQ(rest.Text("sheets"), "1");
  EXPECT_EQ(rest.Text("nextPageToken"), "");
  EXPECT_EQ(Ask("GET", "/v1/projects/other/sheets/101").status, 404);
  const Reply changed = Ask("PATCH", "/v1/projects/p/sheets/101?updateMask=content",
                            R"({"content": "U0VMRUNUIDI7"})");
  EXPECT_EQ(changed.Text("content"), "U0VMRUNUIDI7");
  EXPECT_EQ(changed.Text("title"), "one");
}

TEST_F(PlansTest, APlanHasEveryFieldAndCanBeSentBack) {
  const Reply plan = Ask("POST", "/v1/projects/p/plans", Plan(Spec("a")));
  ASSERT_EQ(plan.status, 200) << plan.json;
  EXPECT_EQ(plan.Text("name"), "projects/p/plans/101");
  const std::string spec = "steps.0.specs.0.";
  EXPECT_EQ(plan.Text(spec + "earliestAllowedTime"), "null");
  EXPECT_EQ(plan.Text(spec + "dependsOnSpecs"), "0");
  EXPECT_EQ(plan.Text(spec + "specReleaseSource.file"), "");
  EXPECT_EQ(plan.Text(spec + "changeDatabaseConfig.ghostFlags"), "{}");
  EXPECT_EQ(plan.Text(spec + "changeDatabaseConfig.preUpdateBackupDetail.database"), "");
  EXPECT_EQ(plan.Text(spec + "changeDatabaseConfig.schemaVersion"), "");
  EXPECT_EQ(plan.Text("planCheckRunStatusCount"), "{}");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/plans/101").json, plan.json);
  const Reply again = Ask("POST", "/v1/projects/p/plans", plan.json);
  EXPECT_EQ(again.status, 200) << again.json;
  EXPECT_EQ(again.Text("name"), "projects/p/plans/102");
}

TEST_F(PlansTest, SpellingsMayBeMixedAsRealClientsDo) {
  const Reply plan = Ask("POST", "/v1/projects/p/plans", R"({
    "steps": [{"specs": [{"id": "ch-repo-pr7-1", "change_database_config": {
      "target": "instances/a/databases/hr", "sheet": "projects/p/sheets/101", "schemaVersion": "1",
      "type": "MIGRATE"}}]}],
    "title": "PR", "description": "d", "unknown": 7,
    "vcs_source": {"vcs_type": "GITHUB", "pull_request_url": "https://example.com/7"}})");
  ASSERT_EQ(plan.status, 200) << plan.json;
  EXPECT_EQ(plan.Text("vcsSource.pullRequestUrl"), "https://example.com/7");
}

TEST_F(PlansTest, MistakesAreToldWithTheirPlaces) {
  const Reply empty = Ask("POST", "/v1/projects/p/plans", R"({"steps": []})");
  EXPECT_EQ(empty.status, 400);
  EXPECT_EQ(empty.Text("code"), "3");
  const Reply wrong =
      Ask("POST", "/v1/projects/p/plans", Plan(Spec("a", R"("dependsOnSpecs": ["b"], )", "999")));
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(wrong.Text("message").find("/steps/0/specs/0/dependsOnSpecs/0"), std::string::npos);
  EXPECT_NE(wrong.Text("message").find("projects/p/sheets/999"), std::string::npos);
  EXPECT_EQ(Ask("POST", "/v1/projects/p/plans", "{").status, 400);
  EXPECT_EQ(Ask("POST", "/v1/projects/P!/plans", Plan(Spec("a"))).status, 400);
  EXPECT_EQ(Ask("GET", "/v1/projects/p/plans/101").status, 404);
  EXPECT_EQ(Ask("DELETE", "/v1/projects/p/plans/101").status, 501);
  EXPECT_EQ(Ask("GET", "/v1/nothing").status, 404);
}

TEST_F(PlansTest, AnUpdateTellsWhatIsNew) {
  const Reply plan = Ask("POST", "/v1/projects/p/plans", Plan(Spec("a")));
  const Reply same = Ask("PATCH", "/v1/projects/p/plans/101?update_mask=steps", plan.json);
  EXPECT_EQ(same.Text("message"), "no specs updated");
  const Reply title =
      Ask("PATCH", "/v1/projects/p/plans/101?updateMask=title", R"({"title": "new"})");
  EXPECT_EQ(title.Text("title"), "new");
  EXPECT_EQ(title.Text("steps.0.specs.0.id"), "a");
  EXPECT_EQ(Ask("PATCH", "/v1/projects/p/plans/101?updateMask=creator", "{}").status, 400);
  // Before there is a rollout, specs come and go.
  const Reply more = Ask("PATCH", "/v1/projects/p/plans/101?update_mask=steps",
                         Plan(Spec("a") + "," + Spec("b", "", "102")));
  EXPECT_EQ(more.Text("steps.0.specs"), "2") << more.json;
  ASSERT_EQ(
      Ask("POST", "/v1/projects/p/rollouts?target=", R"({"plan": "projects/p/plans/101"})").status,
      200);
  const Reply fewer = Ask("PATCH", "/v1/projects/p/plans/101?update_mask=steps", plan.json);
  EXPECT_NE(fewer.Text("message").find("cannot remove specs from plan"), std::string::npos);
}

TEST_F(PlansTest, AnUpdateOfStepsLeavesTheRest) {
  Ask("POST", "/v1/projects/p/plans",
      R"({"vcsSource": {"vcsType": "GITHUB", "pullRequestUrl": "u"}, "releaseSource":
          {"release": "projects/p/releases/1"}, )" +
          Plan(Spec("a")).substr(1));
  const Reply changed =
      Ask("PATCH", "/v1/projects/p/plans/101?updateMask=steps", Plan(Spec("a", "", "102")));
  ASSERT_EQ(changed.status, 200) << changed.json;
  EXPECT_EQ(changed.Text("steps.0.specs.0.changeDatabaseConfig.sheet"), "projects/p/sheets/102");
  EXPECT_EQ(changed.Text("vcsSource.pullRequestUrl"), "u");
  EXPECT_EQ(changed.Text("releaseSource.release"), "projects/p/releases/1");
}

TEST_F(PlansTest, AnExportsPasswordIsNeitherKeptNorTold) {
  const Reply plan = Ask("POST", "/v1/projects/p/plans", Plan(R"({"id": "a", "exportDataConfig":
      {"target": "instances/a/databases/hr", "sheet": "projects/p/sheets/101", "format": "CSV",
       "password": "hunter2"}})"));
  ASSERT_EQ(plan.status, 200) << plan.json;
  EXPECT_EQ(plan.Text("steps.0.specs.0.exportDataConfig.password"), "");
  const std::string stored =
      service_
          ->With([](Context& context) -> base::Result<std::string> {
            return (*context.objects.Get(ledger::Object::Kind::kPlan, 101))->json;
          })
          .value();
  EXPECT_EQ(stored.find("hunter2"), std::string::npos);
  EXPECT_EQ(Ask("PATCH", "/v1/projects/p/plans/101?updateMask=steps",
                R"({"steps": )" + plan.Part("steps") + "}")
                .Text("message"),
            "no specs updated")
      << "as it was given";
}

TEST_F(PlansTest, PagesAndTokens) {
  for (int i = 0; i < 12; ++i)
    ASSERT_EQ(Ask("POST", "/v1/projects/p/plans", Plan(Spec("a"))).status, 200);
  const Reply first = Ask("GET", "/v1/projects/p/plans");
  EXPECT_EQ(first.Text("plans"), "10");
  EXPECT_EQ(first.Text("plans.0.name"), "projects/p/plans/112");
  const Reply second = Ask("GET", "/v1/projects/p/plans?pageToken=" + first.Text("nextPageToken"));
  EXPECT_EQ(second.Text("plans"), "2");
  EXPECT_EQ(second.Text("nextPageToken"), "");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/plans?pageToken=x").status, 400);
  EXPECT_EQ(Ask("GET", "/v1/projects/p/plans?pageSize=-1").status, 400);
  EXPECT_EQ(Ask("GET", "/v1/projects/p/plans?filter=title == \"t\"").Text("plans"), "10");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/plans?filter=title == \"u\"").Text("plans"), "0");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/plans?filter=colour == \"u\"").status, 400);
  EXPECT_EQ(Ask("POST", "/v1/projects/p/plans:search", R"({"pageSize": 3})").Text("plans"), "3");
}

}  // namespace
}  // namespace lockstep::service
