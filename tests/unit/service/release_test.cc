#include "core/service/release.h"

#include <gtest/gtest.h>

namespace lockstep::service {
namespace {

std::string File(const std::string& version, const std::string& more = "") {
  return R"({"type": "VERSIONED", "version": ")" + version + R"(", "path": ")" + version +
         R"(.sql", "statement": "U0VMRUNUIDE=")" + more + "}";
}
Release Read(const std::string& files) {
  auto release = Release::Read("{\"title\": \"R\", \"files\": [" + files + "]}");
  EXPECT_TRUE(release.ok()) << release.error().message;
  return std::move(*release);
}
std::string Problem(const std::string& files) {
  const base::Status checked = Read(files).CheckFiles();
  return checked.ok() ? "" : checked.error().message;
}

TEST(Release, SortsItsFilesAsTextWhichIsTheServersOrder) {
  Release release = Read(File("9") + "," + File("10") + "," + File("1.0"));
  ASSERT_TRUE(release.CheckFiles().ok());
  EXPECT_EQ(release.files[0].version, "1.0");
  EXPECT_EQ(release.files[1].version, "10");
  EXPECT_EQ(release.files[2].version, "9");
  EXPECT_EQ(release.files[2].statement, "SELECT 1");
}

TEST(Release, RefusesFilesThatNoReleaseCanHave) {
  EXPECT_EQ(Problem(File("1")), "");
  EXPECT_NE(Problem(File("")).find("has no version"), std::string::npos);
  EXPECT_NE(Problem(File("1") + "," + File("1")).find("have version \"1\""), std::string::npos);
  EXPECT_NE(Problem(R"({"version": "1", "sheet": "projects/p/sheets/1"})").find("VERSIONED"),
            std::string::npos);
  EXPECT_NE(Problem(R"({"version": "1", "type": 1})").find("neither a sheet nor a statement"),
            std::string::npos);
  EXPECT_NE(Problem(File("1", R"(, "changeType": 9)")).find("changeType"), std::string::npos);
}

TEST(Release, IsStoredWithoutStatementsAndReadAgain) {
  Release release = Read(File("1", R"(, "change_type": "DML")"));
  release.vcs_source = R"({"url":"u"})";
  release.deleted = true;
  const auto again = Release::Read(release.Stored());
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->title, "R");
  EXPECT_TRUE(again->deleted);
  EXPECT_EQ(again->vcs_source, R"({"url":"u"})");
  EXPECT_EQ(again->files[0].change, ReleaseFile::Change::kDml);
  EXPECT_EQ(again->files[0].statement, "");
  EXPECT_EQ(ChangeTypeOf(again->files[0].change), plan::ChangeType::kData);
}

TEST(Release, IdsOfFilesFollowFromVersionAndContent) {
  ReleaseFile a, b;
  a.version = b.version = "1";
  a.sheet_sha256 = b.sheet_sha256 = "00";
  EXPECT_EQ(FileId(a), FileId(b));
  b.sheet_sha256 = "01";
  EXPECT_NE(FileId(a), FileId(b));
}

}  // namespace
}  // namespace lockstep::service
