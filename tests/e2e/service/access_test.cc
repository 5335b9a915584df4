// Who may ask a server, from where, and what it shows to whom.
#include <sys/stat.h>

#include "tests/e2e/service/places.h"

namespace lockstep::e2e {
namespace {

constexpr const char* kOther = "another-token-of-somebody";
constexpr const char* kSheetsPath = "/v1/projects/sample/sheets";

class Access : public testing::Test {
 protected:
  Access() { WritePlaces(folder_); }
  Reply CurlGet(const Serve& serve, const std::string& where, const Words& options = {}) const {
    return Curl(folder_, serve.url() + where, "GET", "", options);
  }
  Ended ServeOn(const std::string& address, Words words = {},
                const Environment& environment = {}) const {
    words.insert(words.begin(), {"serve", "--listen", address});
    return Lockstep(folder_, words, "", environment);
  }
  const Folder folder_;
};

TEST_F(Access, NeedsTheTokenOfTheEnvironment) {
  Serve serve(folder_, {}, {std::string("LOCKSTEP_TOKEN=") + kToken});
  const Reply nobody = serve.Ask("GET", kSheetsPath);
  EXPECT_EQ(nobody.status, 401);
  EXPECT_EQ(nobody.Text("code"), "16");
  serve.token = "not-a-token-of-anybody";
  EXPECT_EQ(serve.Ask("GET", kSheetsPath).status, 401);
  EXPECT_EQ(serve.Ask("GET", "/v1/actuator/info").status, 200) << "asked before anybody logs in";
  EXPECT_EQ(serve.Ask("POST", "/v1/auth/login", R"({"email": "a@b", "password": "no"})").status,
            401);
  serve.token = kToken;
  EXPECT_EQ(serve.Ask("GET", kSheetsPath).status, 200);

  // The verbs take it from their environment.
  const Words list = {"sheet", "list", "--project", "sample", "--server", serve.url()};
  EXPECT_NE(Lockstep(folder_, list).code, 0);
  EXPECT_EQ(Lockstep(folder_, list, "", {{"LOCKSTEP_TOKEN", kToken}}).code, 0);
  EXPECT_EQ(serve.Output().find(kToken), std::string::npos);
}

TEST_F(Access, KnowsPeopleByTheirTokens) {
  folder_.Write("tokens", std::string("# who may ask\nann@example.com ") + kToken + "\n" + kOther);
  chmod((folder_ / "tokens").c_str(), 0600);
  Serve serve(folder_, {"--token-file", "tokens"});
  EXPECT_EQ(serve.Ask("GET", kSheetsPath).status, 401);
  serve.token = kToken;
  const std::string sheet = CreateSheet(serve, EntrySql("1"));
  EXPECT_EQ(serve.Get(sheet).Text("creator"), "users/ann@example.com");
  serve.token = kOther;
  EXPECT_EQ(serve.Get(CreateSheet(serve, EntrySql("2"))).Text("creator"),
            "users/lockstep@localhost");
}

TEST_F(Access, RefusesATokenFileThatOthersMayRead) {
  folder_.Write("tokens", std::string(kToken) + "\n");
  chmod((folder_ / "tokens").c_str(), 0644);
  const Ended ended = ServeOn("127.0.0.1:0", {"--token-file", "tokens"});
  EXPECT_EQ(ended.code, 6) << ended.err;
  EXPECT_NE(ended.err.find("chmod 600"), std::string::npos) << ended.err;
}

TEST_F(Access, ListensForOthersOnlyWithAToken) {
  const Ended ended = ServeOn("0.0.0.0:0");
  EXPECT_EQ(ended.code, 6) << ended.err;
  EXPECT_NE(ended.err.find("LOCKSTEP_TOKEN"), std::string::npos) << ended.err;
  EXPECT_EQ(ServeOn("[::]:0").code, 6);
  EXPECT_EQ(ServeOn("everywhere").code, 2);
  EXPECT_EQ(ServeOn("127.0.0.1:0", {}, {{"LOCKSTEP_TOKEN", "short"}}).code, 2);
}

TEST_F(Access, RefusesPagesOfOtherSites) {
  const Serve serve(folder_);
  const auto status = [&](const std::string& header) {
    return CurlGet(serve, kSheetsPath, {"-H", header}).status;
  };
  EXPECT_EQ(status("Host: evil.example.com"), 403);
  EXPECT_EQ(status("Host: localhost"), 200);
  EXPECT_EQ(status("Origin: http://evil.example.com"), 403);
  EXPECT_EQ(status("Origin: null"), 403);
  EXPECT_EQ(status("Origin: " + serve.url()), 200);
  const Reply posted = Curl(folder_, serve.url() + kSheetsPath, "POST", SheetJson("t", "SELECT 1;"),
                            {"-H", "Origin: http://evil.example.com"});
  EXPECT_EQ(posted.status, 403);
  EXPECT_EQ(serve.Ask("GET", kSheetsPath).Text("sheets"), "0");
}

TEST_F(Access, ThePageKnowsWhereItComesFrom) {
  folder_.Write("page/index.html", "<html><head><title>t</title></head><body></body></html>");
  folder_.Write("page/app.js", "let a = 1;");
  folder_.Write("secret.txt", "not of the page");
  const Serve serve(folder_, {"--page", "page"}, {std::string("LOCKSTEP_TOKEN=") + kToken});
  const auto get = [&](const std::string& path) {
    http::Request request;
    request.method = "GET";
    request.path = path;
    return serve.Send(std::move(request));
  };
  const http::Response index = get("/");
  EXPECT_EQ(index.status, 200) << "a page is for everybody; what it asks for is not";
  EXPECT_NE(index.body.find("<meta name=\"lockstep-server\" content=\"/v1\"></head>"),
            std::string::npos)
      << index.body;
  EXPECT_EQ(get("/app.js").body, "let a = 1;");
  EXPECT_EQ(get("/%2e%2e/secret.txt").body.find("not of the page"), std::string::npos);
}

TEST_F(Access, TokensAreNoBusinessOfRunners) {
  folder_.Write("client", "#!/bin/sh\nenv >>\"$0.env\"\nexec sqlite3 \"$@\"\n");
  chmod((folder_ / "client").c_str(), 0700);
  Serve serve(folder_, {"--client", "sqlite=" + (folder_ / "client")},
              {std::string("LOCKSTEP_TOKEN=") + kToken});
  serve.token = kToken;
  const std::string plan = CreatePlan(
      serve, {StepJson({SpecOn("a", "test/databases/hr", CreateSheet(serve, EntrySql("1")))})});
  WaitForTasks(serve, CreateRollout(serve, plan), "1 DONE");
  const std::string environment = folder_.Read("client.env");
  EXPECT_NE(environment.find("PATH="), std::string::npos);
  EXPECT_EQ(environment.find(kToken), std::string::npos) << environment;
}

}  // namespace
}  // namespace lockstep::e2e
