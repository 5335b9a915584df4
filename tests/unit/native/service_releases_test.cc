#include "core/base/sha256.h"
#include "tests/unit/native/service_fixture.h"

namespace lockstep::service {
namespace {

std::string File(const std::string& version, const std::string& sql,
                 const std::string& change = "DDL") {
  return R"({"type": "VERSIONED", "changeType": ")" + change + R"(", "version": ")" + version +
         R"(", "path": ")" + version + R"(.sql", "statement": ")" + EncodeBase64(sql) + R"("})";
}

TEST_F(ServiceTest, AReleaseKeepsItsStatementsAsSheets) {
  const Reply made = Ask("POST", "/v1/projects/p/releases",
                         R"({"title": "R", "files": [)" + File("2", "SELECT 2") + "," +
                             File("1", "CREATE TABLE t(i)") + "]}");
  ASSERT_EQ(made.status, 200) << made.json;
  EXPECT_EQ(made.Text("name"), "projects/p/releases/101");
  EXPECT_EQ(made.Text("creator"), "users/me@example.com");
  EXPECT_EQ(made.Text("state"), "ACTIVE");
  EXPECT_EQ(made.Text("vcsSource"), "null");
  EXPECT_EQ(made.Text("files.0.version"), "1");
  EXPECT_EQ(made.Text("files.0.statement"), EncodeBase64("CREATE TABLE t(i)"));
  EXPECT_EQ(made.Text("files.0.statementSize"), "17");
  EXPECT_EQ(made.Text("files.0.sheetSha256"), base::Sha256Hex("CREATE TABLE t(i)"));
  EXPECT_EQ(made.Text("files.0.id").size(), 36u);
  const Reply sheet = Ask("GET", "/v1/" + made.Text("files.0.sheet"));
  EXPECT_EQ(sheet.Text("content"), EncodeBase64("CREATE TABLE t(i)"));
  EXPECT_EQ(Ask("GET", "/v1/projects/p/releases/101").json, made.json);

  // By the sheet, and not twice the same content.
  const Reply by_sheet = Ask("POST", "/v1/projects/p/releases",
                             R"({"files": [{"type": 1, "version": "1", "sheet": ")" +
                                 made.Text("files.0.sheet") + R"("}]})");
  EXPECT_EQ(by_sheet.Text("files.0.sheetSha256"), made.Text("files.0.sheetSha256"));
  const Reply unknown = Ask("POST", "/v1/projects/p/releases",
                            R"({"files": [{"type": 1, "version": "1",
                                "sheet": "projects/p/sheets/999"}]})");
  EXPECT_EQ(unknown.status, 404) << unknown.json;
}

TEST_F(ServiceTest, ReleasesAreListedRenamedDeletedAndTakenBack) {
  for (const char* title : {"one", "two", "three"})
    Ask("POST", "/v1/projects/p/releases", "{\"title\": \"" + std::string(title) + "\"}");
  const Reply page = Ask("GET", "/v1/projects/p/releases?pageSize=2");
  EXPECT_EQ(page.Text("releases.0.title"), "three");
  EXPECT_EQ(page.Text("releases"), "2");
  const Reply rest =
      Ask("GET", "/v1/projects/p/releases?pageSize=2&page_token=" + page.Text("nextPageToken"));
  EXPECT_EQ(rest.Text("releases"), "1");
  EXPECT_EQ(rest.Text("nextPageToken"), "");

  EXPECT_EQ(Ask("DELETE", "/v1/projects/p/releases/102").json, "{}");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/releases").Text("releases"), "2");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/releases?showDeleted=true").Text("releases"), "3");
  EXPECT_EQ(Ask("GET", "/v1/projects/p/releases/102").Text("state"), "DELETED");
  EXPECT_EQ(Ask("POST", "/v1/projects/p/releases/102:undelete").Text("state"), "ACTIVE");

  EXPECT_EQ(Ask("PATCH", "/v1/projects/p/releases/101", R"({"title": "1"})").Text("title"), "1");
  EXPECT_EQ(Ask("PATCH", "/v1/projects/p/releases/101?update_mask=files", "{}").status, 400);
  EXPECT_EQ(Ask("GET", "/v1/projects/q/releases/101").status, 404);
}

TEST_F(ServiceTest, TheCheckOfAReleaseTellsWhatTheRulesFind) {
  const Reply checked =
      Ask("POST", "/v1/projects/p/releases:check",
          R"({"targets": ["projects/p/databaseGroups/all-hr"], "release": {"files": [)" +
              File("1", "CREATE TABLE t(i)") + "," + File("2", "SELECT 1;\n .shell ls\n") + "]}}");
  ASSERT_EQ(checked.status, 200) << checked.json;
  EXPECT_EQ(checked.Text("results"), "4");  // two files on two databases
  EXPECT_EQ(checked.Text("results.0.file"), "1.sql");
  EXPECT_EQ(checked.Text("results.0.target"), "instances/a/databases/hr");
  EXPECT_EQ(checked.Text("results.0.advices"), "0");
  EXPECT_EQ(checked.Text("results.3.target"), "instances/b/databases/hr");
  EXPECT_EQ(checked.Text("results.3.advices.0.status"), "ERROR") << checked.json;
  EXPECT_EQ(checked.Text("results.3.advices.0.line"), "2");
  EXPECT_EQ(checked.Text("results.3.advices.0.column"), "2");
  EXPECT_EQ(checked.Text("results.3.advices.0.code"), "601");

  const Reply unknown =
      Ask("POST", "/v1/projects/p/releases:check", R"({"targets": ["instances/a/databases/x"]})");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_NE(unknown.json.find("unknown target"), std::string::npos);
}

}  // namespace
}  // namespace lockstep::service
