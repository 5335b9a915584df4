// From names to files: sheets, databases, clients and secrets.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "native/connection/find_program.h"
#include "native/connection/passwords.h"
#include "native/connection/read_file.h"
#include "native/connection/redactor.h"
#include "native/connection/secret.h"
#include "native/connection/sheet_folder.h"
#include "native/connection/target.h"

namespace lockstep::connection {
namespace {

namespace fs = std::filesystem;

class ConnectionTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "lockstep-connection-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = fs::canonical(pattern).string();
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << text;
    return path;
  }
  /// An inventory as decoded, with one SQLite instance at `host` and its database hr.
  static inventory::Inventory SqliteAt(std::string_view host) {
    inventory::Inventory inventory;
    inventory::Instance instance;
    instance.name = {"instances/local", {}, true};
    instance.engine = {sql::Engine::kSqlite, {}, true};
    inventory::DataSource source;
    source.type = {"ADMIN", {}, true};
    source.host = {host, {}, true};
    instance.data_sources.push_back(source);
    inventory.instances.push_back(instance);
    inventory::Database database;
    database.name = {"instances/local/databases/hr", {}, true};
    database.database = "hr";
    database.instance = inventory::InstanceIndex(0);
    inventory.databases.push_back(database);
    return inventory;
  }
  base::Result<client::Target> Resolve(std::string_view host) {
    return TargetOf(SqliteAt(host), inventory::DatabaseIndex(0), folder_, passwords_);
  }
  std::string folder_;
  Passwords passwords_{""};
};

TEST_F(ConnectionTest, ASheetsNumberNamesItsFile) {
  Write("sheets/741.sql", "a");
  Write("sheets/742-add-phone.sql", "b");
  Write("sheets/intro.sql", "c");
  Write("sheets/other/741.sql", "d");
  Write("sheets/notes.txt", "no sheet");
  const SheetFolder sheets(folder_ + "/sheets", nullptr, "");
  EXPECT_EQ(sheets.Names(),
            (std::vector<std::string>{"741", "742", "intro", "projects/other/sheets/741"}));
  EXPECT_EQ(sheets.Load("projects/sample/sheets/741")->text(), "a");
  EXPECT_EQ(sheets.Load("projects/sample/sheets/742")->text(), "b");
  EXPECT_EQ(sheets.Load("projects/sample/sheets/742")->name(),
            folder_ + "/sheets/742-add-phone.sql");
  EXPECT_EQ(sheets.Load("projects/sample/sheets/intro")->text(), "c");
  EXPECT_EQ(sheets.Load("projects/other/sheets/741")->text(), "d")
      << "a project's own folder goes first";
  EXPECT_EQ(sheets.Load("projects/sample/sheets/743").error().code, base::ErrorCode::kNotFound);
}

TEST_F(ConnectionTest, TwoFilesForOneSheetAreAnErrorWhenItIsUsed) {
  Write("sheets/741-a.sql", "a");
  Write("sheets/741-b.sql", "b");
  Write("sheets/742.sql", "c");
  const SheetFolder sheets(folder_ + "/sheets", nullptr, "");
  EXPECT_TRUE(sheets.Load("projects/p/sheets/742").ok());
  const auto ambiguous = sheets.Load("projects/p/sheets/741");
  ASSERT_FALSE(ambiguous.ok());
  EXPECT_EQ(ambiguous.error().code, base::ErrorCode::kFailedPrecondition);
}

TEST_F(ConnectionTest, TheInventorysSheetsGoFirst) {
  Write("sheets/1.sql", "from the folder");
  Write("elsewhere/one.sql", "from the inventory");
  inventory::Inventory inventory;
  inventory::SheetEntry file, text;
  file.name = {"projects/p/sheets/1", {}, true};
  file.file = {"elsewhere/one.sql", {}, true};
  text.name = {"projects/p/sheets/2", {}, true};
  text.statement = {"SELECT 1;", {}, true};
  inventory.sheets = {file, text};
  const SheetFolder sheets(folder_ + "/sheets", &inventory, folder_);
  EXPECT_EQ(sheets.Load("projects/p/sheets/1")->text(), "from the inventory");
  EXPECT_EQ(sheets.Load("projects/p/sheets/2")->text(), "SELECT 1;");
  EXPECT_EQ(sheets.Load("projects/q/sheets/1")->text(), "from the folder");
}

TEST_F(ConnectionTest, FilesAreReadUpToTheirLimit) {
  const std::string path = Write("f", std::string(1000, 'x'));
  EXPECT_EQ(ReadFile(path, 1000)->size(), 1000u);
  EXPECT_EQ(ReadFile(path, 999).error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_EQ(ReadFile("/dev/zero", 5000).error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_EQ(ReadFile(folder_ + "/none", 10).error().code, base::ErrorCode::kNotFound);
  EXPECT_FALSE(ReadFile(folder_, 10).ok());
  EXPECT_EQ(ReadFile("/proc/self/status", 1 << 20)->find("Name:"), 0u);  // says that its size is 0

  // A pipe that nobody writes to: refused, not waited for.
  const std::string pipe = folder_ + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_FALSE(ReadFile(pipe, 10, Readable::kRegularFile).ok());

  // Beyond the limit nothing is read, however much it would be.
  const std::string huge = folder_ + "/huge";
  std::ofstream(huge).put('x');
  std::filesystem::resize_file(huge, std::uint64_t{1} << 40);
  EXPECT_EQ(ReadFile(huge, 1000).error().code, base::ErrorCode::kResourceExhausted);
}

TEST_F(ConnectionTest, ADatabaseIsAFileInItsInstancesFolder) {
  Write("data/hr.db", "");
  EXPECT_EQ(Resolve("data")->database, folder_ + "/data/hr.db");
  EXPECT_EQ(Resolve("data/hr.db")->database, folder_ + "/data/hr.db");
  EXPECT_EQ(Resolve(folder_ + "/data")->database, folder_ + "/data/hr.db");
  fs::create_symlink(folder_ + "/data", folder_ + "/link");
  EXPECT_EQ(Resolve("link")->database, folder_ + "/data/hr.db") << "the client follows no links";
}

TEST_F(ConnectionTest, AnInventoryThatDoesNotSayWhereIsAnError) {
  const auto nowhere = Resolve("");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().code, base::ErrorCode::kFailedPrecondition);
  const auto outside =
      NewTargetOf(SqliteAt("data"), inventory::InstanceIndex(0), "../hr", folder_, passwords_);
  EXPECT_EQ(outside.error().code, base::ErrorCode::kInvalidArgument);
}

TEST_F(ConnectionTest, WhatCanBeSeenWithoutAClientIsSeen) {
  Write("data/hr.db", "");
  EXPECT_TRUE(CheckReachable(*Resolve("data"), false).ok())
      << "an empty file is a database without tables";
  Write("data/hr.db", "this is a text file");
  EXPECT_FALSE(CheckReachable(*Resolve("data"), false).ok());
  Write("data/hr.db", std::string("SQLite format 3\0", 16));
  EXPECT_TRUE(CheckReachable(*Resolve("data"), false).ok());
  fs::remove(folder_ + "/data/hr.db");
  EXPECT_FALSE(CheckReachable(*Resolve("data"), false).ok());
  EXPECT_TRUE(CheckReachable(*Resolve("data"), true).ok());
  EXPECT_FALSE(CheckReachable(*Resolve("none"), true).ok());
}

TEST_F(ConnectionTest, ClientsAreLookedUpInAbsoluteFoldersOnly) {
  const std::string tool = Write("bin/tool-of-this-test", "#!/bin/sh\n");
  chmod(tool.c_str(), 0755);
  const std::string before = getenv("PATH");
  setenv("PATH", (":.:bin:" + folder_ + "/bin").c_str(), 1);
  EXPECT_EQ(*FindProgram("tool-of-this-test"), tool);
  EXPECT_EQ(FindProgram("no-such-tool").error().code, base::ErrorCode::kUnavailable);
  setenv("PATH", before.c_str(), 1);
  EXPECT_EQ(*FindProgram(tool), tool);
}

TEST_F(ConnectionTest, SecretsComeByReferenceAndAreNotTold) {
  setenv("LOCKSTEP_TEST_SECRET", "s3cret", 1);
  inventory::SecretReference reference{
      inventory::SecretReference::Kind::kEnvironment, "LOCKSTEP_TEST_SECRET", {}};
  EXPECT_EQ(ReadSecret(reference, folder_)->value(), "s3cret");
  unsetenv("LOCKSTEP_TEST_SECRET");
  EXPECT_EQ(ReadSecret(reference, folder_).error().code, base::ErrorCode::kUnavailable);

  const std::string path = Write("password", "s3cret\n");
  reference = {inventory::SecretReference::Kind::kFile, "password", {}};
  chmod(path.c_str(), 0644);
  const auto open_to_all = ReadSecret(reference, folder_);
  ASSERT_FALSE(open_to_all.ok());
  EXPECT_EQ(open_to_all.error().code, base::ErrorCode::kPermissionDenied);
  EXPECT_EQ(open_to_all.error().message.find("s3cret"), std::string::npos);
  chmod(path.c_str(), 0600);
  EXPECT_EQ(ReadSecret(reference, folder_)->value(), "s3cret");
}

TEST_F(ConnectionTest, ACommandTellsAPassword) {
  const auto run = [&](std::vector<std::string_view> words) {
    return ReadSecret({inventory::SecretReference::Kind::kCommand, {}, std::move(words)}, folder_);
  };
  Write("token", "from a vault\n");
  EXPECT_EQ(run({"cat", "token"})->value(), "from a vault");
  const auto failed = run({"sh", "-c", "echo s3cret; exit 3"});
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().message, "the password command \"sh\" ended with exit code 3");
  EXPECT_EQ(run({"true"}).error().message, "the password command \"true\" printed nothing");
  EXPECT_EQ(run({"no-such-tool"}).error().code, base::ErrorCode::kUnavailable);
}

TEST(Redactor, TakesSecretsOutWhereverAChunkEnds) {
  const std::string text = "user=a password=s3cret-1; s3cret-s3cret s3cre";
  const std::vector<std::string_view> secrets = {"s3cret", "s3cret-1", "x"};
  const std::string redacted = "user=a password=[secret]; [secret]-[secret] s3cre";
  EXPECT_EQ(Redactor(secrets).Redact(text), redacted);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    for (std::size_t second = cut; second <= text.size(); ++second) {
      Redactor redactor(secrets);
      std::string shown = redactor.Feed(std::string_view(text).substr(0, cut));
      shown += redactor.Feed(std::string_view(text).substr(cut, second - cut));
      shown += redactor.Feed(std::string_view(text).substr(second));
      EXPECT_EQ(shown + redactor.Finish(), redacted) << cut << " " << second;
    }
  }
}

}  // namespace
}  // namespace lockstep::connection
