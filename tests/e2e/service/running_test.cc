// What clients see while a rollout runs: its events as they come, targets that do not answer, a
// server that stops.
#include <signal.h>
#include <sys/wait.h>

#include "tests/e2e/service/places.h"
#include "tests/has.h"

namespace lockstep::e2e {
namespace {

/// A curl that writes what comes to a file, until the stream ends or it is killed.
class Listener {
 public:
  Listener(const Folder& folder, const std::string& url, const std::string& file,
           const Words& options = {})
      : folder_(folder), file_(file) {
    Words words = {"curl", "-sSN", "-H", "Accept: text/event-stream", "-o", folder / file, url};
    words.insert(words.end(), options.begin(), options.end());
    pid_ = tests::Background(words, "");
  }
  ~Listener() {
    if (pid_ > 0) kill(pid_, SIGKILL), Wait();
  }
  bool Hears(const std::string& text) const {
    return tests::Eventually([&] { return Has(folder_.Read(file_), text); });
  }
  int Wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  const Folder& folder_;
  const std::string file_;
  pid_t pid_;
};

class Running : public testing::Test {
 protected:
  const Folder folder_;
};

TEST_F(Running, EventsComeWhileItRuns) {
  WritePlaces(folder_, {.test = R"({"automatic": false})"});
  const Serve serve(folder_);
  const std::string endless = CreateSheet(serve, EndlessSql("1"));
  const std::string plan =
      CreatePlan(serve, {StepJson({SpecOn("a", "test/databases/hr", endless)})});
  const std::string name = CreateRollout(serve, plan);
  Listener listener(folder_, serve.url() + "/v1/" + name + "/events", "heard");
  const Reply rollout = serve.Get(name);
  ASSERT_EQ(BatchRun(serve, rollout, 0).status, 200);
  EXPECT_TRUE(listener.Hears("task_run_started")) << folder_.Read("heard");
  EXPECT_TRUE(Has(folder_.Read("heard"), "id: 1\ndata: {\"sequence\":1,")) << folder_.Read("heard");
  WaitForTasks(serve, name, "1 RUNNING");

  const std::string run = rollout.Text("stages.0.tasks.0.name") + "/taskRuns/1";
  ASSERT_EQ(serve
                .Ask("POST", "/v1/" + name + "/stages/1/tasks/-/taskRuns:batchCancel",
                     R"({"taskRuns": [")" + run + "\"]}")
                .status,
            200);
  EXPECT_TRUE(listener.Hears("\"canceled\"")) << folder_.Read("heard");
  const Reply skipped =
      serve.Ask("POST", "/v1/" + rollout.Text("stages.0.name") + "/tasks:batchSkip",
                R"({"tasks": [")" + rollout.Text("stages.0.tasks.0.name") + "\"]}");
  ASSERT_EQ(skipped.status, 200) << skipped.json;
  EXPECT_TRUE(listener.Hears("event: end")) << folder_.Read("heard");
  EXPECT_EQ(listener.Wait(), 0) << "the stream ends with the rollout";

  // Who was cut off goes on where it was.
  Listener again(folder_, serve.url() + "/v1/" + name + "/events", "rest",
                 {"-H", "Last-Event-ID: 2"});
  EXPECT_EQ(again.Wait(), 0);
  EXPECT_EQ(folder_.Read("rest").rfind("id: 3\n", 0), 0u) << folder_.Read("rest");
}

TEST_F(Running, ATargetThatDoesNotAnswerFailsItsOwnTask) {
  folder_.Write("inventory.json",
                R"({"environments": [{"name": "environments/test"}], "instances": [
    {"name": "instances/here", "engine": "SQLITE", "environment": "environments/test",
     "dataSources": [{"type": "ADMIN", "host": "test"}],
     "databases": [{"name": "instances/here/databases/hr"}]},
    {"name": "instances/gone", "engine": "POSTGRES", "environment": "environments/test",
     "dataSources": [{"type": "ADMIN", "host": "127.0.0.1", "port": "1", "username": "app"}],
     "databases": [{"name": "instances/gone/databases/hr"}]}]})");
  folder_.Write("test/hr.db", "");
  Sqlite(folder_, "test/hr.db", "CREATE TABLE log(entry TEXT);");
  const Serve serve(folder_);
  const std::string sheet = CreateSheet(serve, EntrySql("1"));
  const std::string name = CreateRollout(
      serve, CreatePlan(serve, {StepJson({SpecOn("a", "gone/databases/hr", sheet),
                                          SpecOn("b", "here/databases/hr", sheet)})}));
  const Reply rollout = WaitForTasks(serve, name, "1 DONE, 1 FAILED");
  EXPECT_EQ(rollout.Text("stages.0.tasks.0.status"), "FAILED");
  EXPECT_EQ(LogOf(folder_, "test-hr"), "1");
  const Reply runs = serve.Get(name + "/stages/-/tasks/-/taskRuns");
  EXPECT_TRUE(Has(runs.json, "refused")) << runs.json;
}

TEST_F(Running, APlanIsMendedWhileTheRestRuns) {
  WritePlaces(folder_);
  const Serve serve(folder_);
  const std::string endless = CreateSheet(serve, EndlessSql("1"));
  const std::string bad = CreateSheet(serve, "INSERT INTO lgo VALUES ('2');\n");
  const std::string good = CreateSheet(serve, EntrySql("2"));
  const auto steps = [&](const std::string& first, const std::string& second) {
    return StepJson(
        {SpecOn("a", "test/databases/hr", first), SpecOn("b", "test/databases/shop", second)});
  };
  const std::string plan = CreatePlan(serve, {steps(endless, bad)});
  const std::string name = CreateRollout(serve, plan);
  const Reply failed = WaitForTasks(serve, name, "1 FAILED, 1 RUNNING");
  const auto change = [&](const std::string& step) {
    return serve.Ask("PATCH", "/v1/" + plan + "?updateMask=steps", "{\"steps\": [" + step + "]}");
  };
  const Reply late = change(steps(good, good));
  EXPECT_EQ(late.Text("code"), "9");
  EXPECT_TRUE(Has(late.json, "is RUNNING")) << late.json;
  const Reply changed = change(steps(endless, good));
  ASSERT_EQ(changed.status, 200) << changed.json;

  const std::string stage = failed.Text("stages.0.name");
  const auto ask = [&](const std::string& verb, const std::string& what, const std::string& of) {
    return serve.Ask("POST", "/v1/" + stage + verb, "{\"" + what + "\": [\"" + of + "\"]}");
  };
  const std::string running = failed.Text("stages.0.tasks.0.name") + "/taskRuns/1";
  ASSERT_EQ(ask("/tasks:batchRun", "tasks", failed.Text("stages.0.tasks.1.name")).status, 200);
  EXPECT_EQ(change(steps(endless, bad)).status, 503) << "it was asked for as it is now";
  WaitForTasks(serve, name, "1 FAILED, 1 RUNNING");
  ASSERT_EQ(ask("/tasks/-/taskRuns:batchCancel", "taskRuns", running).status, 200);
  WaitForTasks(serve, name, "1 CANCELED, 1 DONE");
  EXPECT_EQ(LogOf(folder_, "test-shop"), "2");
  EXPECT_EQ(LogOf(folder_, "test-hr"), "");
}

TEST_F(Running, ItStopsWithClientsThatListen) {
  WritePlaces(folder_);
  Serve serve(folder_);
  const std::string endless = CreateSheet(serve, EndlessSql("1"));
  const std::string name = CreateRollout(
      serve, CreatePlan(serve, {StepJson({SpecOn("a", "test/databases/hr", endless)})}));
  Listener listener(folder_, serve.url() + "/v1/" + name + "/events", "heard");
  EXPECT_TRUE(listener.Hears("task_run_started"));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(serve.Terminate(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
  listener.Wait();
  EXPECT_TRUE(Has(serve.Output(), "stopping: ")) << serve.Output();
  EXPECT_EQ(LogOf(folder_, "test-hr"), "");
  const Ended status = Lockstep(folder_, {"status", "--format", "json"});
  EXPECT_FALSE(Has(status.out, "RUNNING")) << status.out;
  EXPECT_FALSE(Has(status.out, "IN_DOUBT")) << status.out;
}

}  // namespace
}  // namespace lockstep::e2e
