// A password is nowhere but with the client that needs it: not in the arguments or environment of
// any process, not in what is printed, not in a file that a run leaves.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/e2e/crash/victim.h"
#include "tests/e2e/servers/world.h"

namespace lockstep::e2e {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Arguments of all processes, environments of the runner and its clients.
void ExpectNoProcessShowsIt(const Victim& runner) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string arguments = ReadAll(entry.path() / "cmdline");
    EXPECT_EQ(arguments.find(tests::Server::kPassword), std::string::npos) << arguments;
  }
  std::vector<pid_t> ours = runner.Clients();
  EXPECT_FALSE(ours.empty());
  for (const pid_t pid : ours) {
    const std::string environment = ReadAll("/proc/" + std::to_string(pid) + "/environ");
    EXPECT_EQ(environment.find(tests::Server::kPassword), std::string::npos);
  }
}

class SecretsTest : public testing::TestWithParam<const char*> {};

TEST_P(SecretsTest, APasswordIsNowhereElse) {
  const bool postgres = GetParam() == std::string("postgres");
  tests::Server* server = postgres ? Postgres() : Mariadb();
  if (server == nullptr) GTEST_SKIP() << "no server";
  const std::string password = tests::Server::kPassword;
  const Folder folder;
  // Sheets that make it out of two halves, for an answer and for an error.
  const std::string half = password.substr(0, 5), other = password.substr(5);
  const std::string whole = "CONCAT('" + half + "', '" + other + "')";
  WriteServerRollout(
      folder, *server,
      {"CREATE TABLE t(a INT);\nSELECT " + whole + ";",
       postgres ? "INSERT INTO t SELECT 1 FROM pg_sleep(1);"
                : "INSERT INTO t SELECT 1 FROM (SELECT SLEEP(1)) s;",
       postgres
           ? "DO $$ BEGIN RAISE EXCEPTION '%', " + whole + "; END $$;"
           : "SELECT * FROM t WHERE a = CAST(1 AS CHAR) AND EXTRACTVALUE('<a/>', CONCAT('#', " +
                 whole + "));"});
  {
    Victim runner(folder, {"run", "plan.json", "--verbose", "--events", "events.jsonl"});
    EXPECT_TRUE(tests::Eventually([&] {
      const std::string active =
          postgres ? "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE "
                     "'INSERT INTO t SELECT%'"
                   : "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%INTO t "
                     "SELECT%' AND id <> CONNECTION_ID()";
      return server->Sql("hr", active) == "1";
    }));
    ExpectNoProcessShowsIt(runner);
    EXPECT_EQ(runner.Wait(), 1) << folder.Read("output");
  }
  for (const Words& words : {Words{"status"}, Words{"logs", "1"}, Words{"logs", "3"},
                             Words{"events"}, Words{"status", "--format", "json"}}) {
    const Ended said = Lockstep(folder, words);
    folder.Write("said-" + words[0] + words.back(), said.out + said.err);
  }
  EXPECT_NE(folder.Read("said-logs1").find("[secret]"), std::string::npos)
      << folder.Read("said-logs1");
  EXPECT_NE(folder.Read("output").find("[secret]"), std::string::npos) << folder.Read("output");
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    const std::string name = entry.path().filename();
    if (!entry.is_regular_file() || name == "password") continue;
    if (entry.path().extension() == ".sql") continue;
    ++files;
    EXPECT_EQ(ReadAll(entry.path()).find(password), std::string::npos) << name;
  }
  EXPECT_GT(files, 5);
}

INSTANTIATE_TEST_SUITE_P(Servers, SecretsTest, testing::Values("postgres", "mariadb"),
                         [](const auto& server) { return std::string(server.param); });

}  // namespace
}  // namespace lockstep::e2e
