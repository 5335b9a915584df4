#include "native/http/static_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace lockstep::http {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    Write("outside.txt", "secret");
    Write("site/index.html", "home");
    Write("site/app.js", "code");
    Write("site/a b\xc3\xa4.TXT", "text");
    Write("site/sub/index.html", "below");
    Write("site/data", "bytes");
    Write("site-too/index.html", "secret");
    fs::create_symlink("../outside.txt", folder_ / "site/leaves.txt");
    fs::create_symlink("..", folder_ / "site/up");
    fs::create_symlink("../site-too", folder_ / "site/neighbour");
    fs::create_symlink("app.js", folder_ / "site/stays.js");
    fs::create_symlink("loop", folder_ / "site/loop");
    mkfifo((folder_ / "site/pipe").c_str(), 0600);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  Response Get(std::string path, std::string if_none_match = "") {
    Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.if_none_match = std::move(if_none_match);
    return files_.Serve(request);
  }
  static std::string Header(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

  const fs::path folder_ = fs::temp_directory_path() / ("static-files-" + std::to_string(getpid()));
  const StaticFiles files_{folder_ / "site"};
};

TEST_F(StaticFilesTest, ServesWhatIsThere) {
  EXPECT_EQ(Get("/").body, "home");
  EXPECT_EQ(Get("/index.html").content_type, "text/html; charset=utf-8");
  EXPECT_EQ(Get("/app.js").body, "code");
  EXPECT_EQ(Get("/app.js").content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(Get("/stays.js").body, "code");
  EXPECT_EQ(Get("/sub/").body, "below");
  EXPECT_EQ(Get("/a%20b%C3%A4.TXT").content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(Get("/data").content_type, "application/octet-stream");
  EXPECT_EQ(Header(Get("/"), "Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, ServesNothingElse) {
  for (const char* path : {"/none",
                           "/sub",
                           "/none/",
                           "/../outside.txt",
                           "/%2e%2e/outside.txt",
                           "/sub/../app.js",
                           "/./app.js",
                           "//app.js",
                           "/sub//index.html",
                           "/..%2foutside.txt",
                           "/..\\outside.txt",
                           "/%5c..%5coutside.txt",
                           "/app.js%00",
                           "/app.js%00.html",
                           "/app.js/",
                           "/leaves.txt",
                           "/up/outside.txt",
                           "/up/site/app.js/",
                           "/neighbour/index.html",
                           "/loop",
                           "/pipe",
                           "/%",
                           "app.js",
                           "",
                           "/%2fetc/passwd",
                           "//etc/passwd"}) {
    const Response response = Get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_NE(response.body.find(R"({"code":5,)"), std::string::npos) << path;
  }
}

TEST_F(StaticFilesTest, SendsAFileAgainOnlyWhenItChanged) {
  const Response first = Get("/app.js");
  const std::string tag = Header(first, "ETag");
  ASSERT_FALSE(tag.empty());
  for (const std::string& known : {tag, "W/" + tag, "\"other\", " + tag}) {
    const Response again = Get("/app.js", known);
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(Header(again, "ETag"), tag);
  }
  Write("site/app.js", "code, changed");
  EXPECT_EQ(Get("/app.js", tag).status, 200);
}

TEST_F(StaticFilesTest, ReadsOnly) {
  Request request;
  request.method = "PUT";
  request.path = "/app.js";
  const Response response = files_.Serve(request);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(Header(response, "Allow"), "GET, HEAD");
}

TEST_F(StaticFilesTest, AFolderThatIsMissingIsEmpty) {
  Request request;
  request.method = "GET";
  request.path = "/";
  EXPECT_EQ(StaticFiles(folder_ / "none").Serve(request).status, 404);
}

}  // namespace
}  // namespace lockstep::http
