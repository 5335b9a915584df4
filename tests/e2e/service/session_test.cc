// In which session a running task works, and who waits for whom: asked of a real server.
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <future>
#include <map>

#include "tests/e2e/service/places.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

class Session : public testing::Test {
 protected:
  const Folder folder_;
};

std::string InventoryOf(const tests::Server& server) {
  return R"({"environments": [{"name": "environments/test"}], "instances": [
    {"name": "instances/test", "engine": ")" +
         server.engine() + R"(", "environment": "environments/test", "dataSources": [
     {"type": "ADMIN", "host": ")" +
         server.host() + R"(", "username": "app", "password": {"env": "PASSWORD"}}],
     "databases": [{"name": "instances/test/databases/hr"}]}]})";
}

void MakeDatabase(tests::Server& server) {
  server.MakeDatabase("hr");
  for (const std::string table : {"log", "held"}) {
    server.Sql("hr", "CREATE TABLE " + table + "(entry text); ALTER TABLE " + table +
                         " OWNER TO app; INSERT INTO " + table + " VALUES ('0');");
  }
}

/// A client of the server that goes on by itself, until it is told to end.
class OtherClient {
 public:
  OtherClient(tests::Server& server, const std::string& name, const std::string& sql)
      : server_(server), sql_("SET application_name = '" + name + "'; BEGIN; " + sql) {
    Start();
  }
  ~OtherClient() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  /// Again, if it has ended.
  void KeepUp() {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) Start();
  }

 private:
  void Start() { pid_ = server_.StartSql("hr", sql_); }

  tests::Server& server_;
  const std::string sql_;
  pid_t pid_ = 0;
};

TEST_F(Session, OfABlockedTaskTellsWhoBlocksItAndWhomItBlocks) {
  const auto server = tests::Server::StartPostgres();
  if (server == nullptr) GTEST_SKIP() << "no server";
  MakeDatabase(*server);
  folder_.Write("inventory.json", InventoryOf(*server));
  const Serve serve(folder_, {}, {std::string("PASSWORD=") + tests::Server::kPassword});
  OtherClient locker(*server, "the locker", "LOCK TABLE log; SELECT pg_sleep(600);");
  const auto pid_of_locker = [&] {
    const std::string pid = server->Sql("hr",
                                        "SELECT pid FROM pg_stat_activity WHERE application_name = "
                                        "'the locker' AND wait_event = 'PgSleep'");
    return pid.substr(0, pid.find('\n'));
  };
  ASSERT_TRUE(tests::Eventually([&] { return !pid_of_locker().empty(); }));
  const std::string sheet =
      CreateSheet(serve, "UPDATE held SET entry = '1';\n" + EntrySql(tests::Server::kPassword));
  const std::string name = CreateRollout(
      serve, CreatePlan(serve, {StepJson({SpecOn("a", "test/databases/hr", sheet)})}));
  const std::string run = name + "/stages/1/tasks/1/taskRuns/1";

  // A task that waits for a lock gives up and tries again: in between it has no session.
  Reply reply = serve.Get(run + "/session");
  ASSERT_TRUE(tests::Eventually([&] {
    reply = serve.Get(run + "/session");
    return reply.Text("postgres.blockingSessions") == "1";
  })) << reply.json;
  EXPECT_EQ(reply.Text("name"), run + "/session");
  EXPECT_EQ(reply.Text("postgres.blockingSessions.0.pid"), pid_of_locker());
  EXPECT_EQ(reply.Text("postgres.blockingSessions.0.applicationName"), "the locker");
  const std::string own = "postgres.session.";
  EXPECT_EQ(reply.Text(own + "blockedByPids.0"), pid_of_locker());
  EXPECT_EQ(reply.Text(own + "waitEventType"), "Lock");
  EXPECT_EQ(reply.Text(own + "state"), "active");
  EXPECT_EQ(reply.Text(own + "datname"), "hr");
  EXPECT_EQ(reply.Text(own + "usename"), "app");
  EXPECT_TRUE(Has(reply.Text(own + "applicationName"), "lockstep ")) << reply.json;
  EXPECT_TRUE(Has(reply.Text(own + "query"), "INSERT INTO log")) << reply.json;
  EXPECT_TRUE(Has(reply.Text(own + "query"), "[secret]")) << "its password: " << reply.json;
  EXPECT_EQ(reply.Text("postgres.blockedSessions"), "0");

  OtherClient waiter(*server, "the waiter", "LOCK TABLE held;");
  ASSERT_TRUE(tests::Eventually([&] {
    waiter.KeepUp();
    reply = serve.Get(run + "/session");
    return reply.Text("postgres.blockedSessions.0.applicationName") == "the waiter";
  })) << reply.json;
  EXPECT_EQ(reply.Text("postgres.blockedSessions.0.blockedByPids.0"), reply.Text(own + "pid"));

  server->Sql("hr", "SELECT pg_terminate_backend(" + pid_of_locker() + ")");
  WaitForTasks(serve, name, "1 DONE");
  EXPECT_EQ(serve.Get(run + "/session").Text("code"), "9") << "it does not run any more";
  EXPECT_EQ(serve.Get(name + "/stages/1/tasks/1/taskRuns/2/session").status, 404);
}

/// The server of databases takes connections, and does not answer them.
class Frozen {
 public:
  explicit Frozen(tests::Server& server)
      : pid_(std::stoi(
            server.Sql("hr", "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))) {
    kill(pid_, SIGSTOP);
  }
  ~Frozen() { kill(pid_, SIGCONT); }

 private:
  const pid_t pid_;
};

TEST_F(Session, ThatIsNotToldKeepsNobodyElseWaiting) {
  const auto server = tests::Server::StartPostgres();
  if (server == nullptr) GTEST_SKIP() << "no server";
  MakeDatabase(*server);
  folder_.Write("inventory.json", InventoryOf(*server));
  const Serve serve(folder_, {}, {std::string("PASSWORD=") + tests::Server::kPassword});
  const std::string sheet = CreateSheet(serve, "SELECT pg_sleep(600);");
  const std::string name = CreateRollout(
      serve, CreatePlan(serve, {StepJson({SpecOn("a", "test/databases/hr", sheet)})}));
  const std::string session = name + "/stages/1/tasks/1/taskRuns/1/session";
  ASSERT_TRUE(tests::Eventually(
      [&] { return serve.Get(session).Text("postgres.session.waitEvent") == "PgSleep"; }));

  const Frozen frozen(*server);
  std::vector<std::future<std::string>> asked;
  for (int i = 0; i < 8; ++i) {
    asked.push_back(
        std::async(std::launch::async, [&] { return serve.Get(session).Text("code"); }));
  }
  std::map<std::string, int> codes;
  EXPECT_EQ(serve.Get(name).status, 200);
  const auto is_waiting = [](const std::future<std::string>& one) {
    return one.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
  };
  EXPECT_TRUE(std::any_of(asked.begin(), asked.end(), is_waiting))
      << "it was no answer behind them";
  for (std::future<std::string>& one : asked) ++codes[one.get()];
  EXPECT_EQ(codes, (std::map<std::string, int>{{"14", 2}, {"8", 6}})) << "two may ask at a time";
}

TEST_F(Session, OfOtherEnginesIsNotAskedFor) {
  WritePlaces(folder_);
  Serve serve(folder_);
  const std::string endless = CreateSheet(serve, EndlessSql("1"));
  const std::string name = CreateRollout(
      serve, CreatePlan(serve, {StepJson({SpecOn("a", "test/databases/hr", endless)})}));
  WaitForTasks(serve, name, "1 RUNNING");
  const Reply session = serve.Get(name + "/stages/1/tasks/1/taskRuns/1/session");
  EXPECT_EQ(session.status, 501) << session.json;
  EXPECT_TRUE(Has(session.Text("message"), "SQLite")) << session.json;
  EXPECT_EQ(serve.Terminate(), 0);
}

}  // namespace
}  // namespace lockstep::e2e
