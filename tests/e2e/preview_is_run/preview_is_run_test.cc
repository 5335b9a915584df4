// Preview = run: random plans, simulated and then really run with clients that do nothing but end
// when they are told to, in the simulated order. The facts must be the same in the same order, but
// for times and the runner's name.
//   LOCKSTEP_SEED=n repeats a run.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <set>

#include "core/base/prng.h"
#include "core/sim/simulator.h"
#include "native/runner.h"
#include "native/stored_rollout.h"
#include "tests/e2e/program.h"

namespace lockstep::e2e {
namespace {

using rollout::TaskIndex;

struct World {
  int databases, specs;
  rollout::Pace pace;
  std::set<int> failing;  ///< specs
};

std::string Id(int spec) {
  return "spec-" + std::to_string(spec);
}

World MakeWorld(const Folder& folder, base::Prng& random) {
  World world;
  world.databases = 1 + static_cast<int>(random.Below(4));
  world.specs = 2 + static_cast<int>(random.Below(6));
  world.pace.parallel = static_cast<std::uint32_t>(random.Below(4));
  if (random.Chance(1, 3))
    world.pace.max_failures = rollout::FailureLimit{static_cast<std::uint32_t>(random.Below(2))};
  std::string databases;
  for (int d = 0; d < world.databases; ++d) {
    folder.Write("data/db" + std::to_string(d) + ".db", "");
    databases += (d > 0 ? ", " : "") +
                 ("{\"name\": \"instances/local/databases/db" + std::to_string(d) + "\"}");
  }
  folder.Write(
      "inventory.json",
      "{\"environments\": [{\"name\": \"environments/test\"}], \"instances\": [{\"name\": "
      "\"instances/local\", "
      "\"engine\": \"SQLITE\", \"environment\": \"environments/test\", \"maximumConnections\": " +
          std::to_string(1 + random.Below(3)) +
          ", \"dataSources\": [{\"type\": \"ADMIN\", \"host\": \"data\"}], \"databases\": [" +
          databases + "]}]}");
  std::string steps;
  for (int s = 0; s < world.specs; ++s) {
    const bool new_step = s == 0 || random.Chance(1, 3);
    steps += s == 0 ? "{\"specs\": [" : new_step ? "]}, {\"specs\": [" : ", ";
    std::string depends;
    if (!new_step && random.Chance(1, 3)) depends = ", \"dependsOnSpecs\": [\"" + Id(s - 1) + "\"]";
    steps += "{\"id\": \"" + Id(s) + "\"" + depends +
             ", \"changeDatabaseConfig\": {\"target\": \"instances/local/databases/db" +
             std::to_string(random.Below(static_cast<std::uint64_t>(world.databases))) +
             "\", \"sheet\": \"projects/p/sheets/" + std::to_string(s) + "\", \"type\": \"DATA\"}}";
    if (random.Chance(1, 8)) world.failing.insert(s);
    const std::string fifo = folder / ("fifo" + std::to_string(s));
    EXPECT_EQ(mkfifo(fifo.c_str(), 0600), 0);
    folder.Write("sheets/" + std::to_string(s) + ".sql",
                 "SELECT 'fake wait " + fifo + "';\n" +
                     (world.failing.contains(s) ? "SELECT 'fake fail on purpose';\n" : ""));
  }
  folder.Write("plan.json", "{\"steps\": [" + steps + "]}]}");
  return world;
}

sim::Scenario MakeScenario(const World& world, base::Prng& random) {
  sim::Scenario scenario;
  // All different, so that no two runs end at the same moment by chance of equal sums: powers of
  // two.
  std::vector<std::int64_t> lengths;
  for (int s = 0; s < world.specs; ++s) lengths.push_back(std::int64_t{1000} << s);
  for (std::size_t i = lengths.size(); i > 1; --i)
    std::swap(lengths[i - 1], lengths[random.Below(i)]);
  for (int s = 0; s < world.specs; ++s) {
    scenario.durations.push_back(
        {{Id(s), ""}, base::Milliseconds(lengths[static_cast<std::size_t>(s)])});
    if (world.failing.contains(s)) {
      sim::Scenario::Failure failure;
      failure.selector = {Id(s), ""};
      failure.message = "on purpose";
      scenario.failures.push_back(failure);
    }
  }
  return scenario;
}

/// What happened, without when, by whom and in whose words.
std::string Facts(std::span<const rollout::Event> events, const rollout::Rollout& rollout) {
  std::string text;
  for (const rollout::Event& event : events) {
    rollout::Event bare{event.sequence, {}, event.fact};
    if (auto* started = std::get_if<rollout::RolloutStarted>(&bare.fact)) started->runner.clear();
    if (auto* ended = std::get_if<rollout::TaskRunEnded>(&bare.fact))
      ended->error = {}, ended->detail.clear();
    text += rollout::ToJson(bare, rollout) + "\n";
  }
  return text;
}

/// Lets the clients end in the given order, each when the one before has been recorded.
class Conductor : public native::RunListener {
 public:
  Conductor(const Folder& folder, std::vector<TaskIndex> order)
      : folder_(folder), order_(std::move(order)) {}

  void OnRollout(const ledger::RolloutRecord&, const rollout::Scheduler& scheduler) override {
    rollout_ = &scheduler.rollout();
  }
  void OnEvents(std::span<const rollout::Event> events, const rollout::Scheduler&) override {
    for (const rollout::Event& event : events) {
      if (std::holds_alternative<rollout::TaskRunEnded>(event.fact)) released_ = false;
    }
    ReleaseNext();
  }
  void OnOutput(TaskIndex task, bool, std::string_view) override {
    waiting_.insert(task);
    ReleaseNext();
  }

 private:
  void ReleaseNext() {
    if (released_ || next_ == order_.size() || !waiting_.contains(order_[next_])) return;
    released_ = true;
    const std::string fifo =
        folder_ / ("fifo" + std::to_string(rollout_->tasks[order_[next_++]].spec));
    const int fd = open(fifo.c_str(), O_WRONLY);  // the client has said that it opens it, too
    EXPECT_EQ(write(fd, "x", 1), 1);
    close(fd);
  }

  const Folder& folder_;
  std::vector<TaskIndex> order_;
  std::set<TaskIndex> waiting_;
  std::size_t next_ = 0;
  bool released_ = false;
  const rollout::Rollout* rollout_ = nullptr;
};

void Compare(std::uint64_t seed) {
  base::Prng random(seed);
  Folder folder;
  const World world = MakeWorld(folder, random);
  native::RunRequest request;
  request.documents.plan = folder / "plan.json";
  request.documents.pace = world.pace;
  request.execution.ledger = folder / "ledger.db";
  request.execution.clients[sql::Engine::kSqlite] = FAKE_CLIENT;

  const auto workspace = native::ReadDocuments(request.documents, {});
  ASSERT_TRUE(workspace.ok()) << workspace.error().message;
  ASSERT_NE((*workspace)->checked(), nullptr) << (*workspace)->diagnostics().front().message;
  const rollout::Rollout planned = rollout::Expand(
      *(*workspace)->checked(), {.name = "projects/p/rollouts/101", .pace = world.pace});
  const sim::Timeline timeline = sim::Simulate(planned, MakeScenario(world, random), {});
  std::vector<TaskIndex> order;
  for (const rollout::Event& event : timeline.events) {
    if (const auto* ended = std::get_if<rollout::TaskRunEnded>(&event.fact))
      order.push_back(ended->task);
  }

  Conductor conductor(folder, order);
  const native::Outcome outcome = native::Run(request, conductor);
  ASSERT_EQ(outcome.rollout, "projects/p/rollouts/101") << outcome.message;
  const auto ledger = ledger::Ledger::Open(request.execution.ledger, ledger::Ledger::Mode::kRead);
  const auto stored = native::StoredRollout::Load(**ledger, *(*ledger)->Find(""));
  ASSERT_TRUE(stored.ok()) << stored.error().message;
  EXPECT_EQ(Facts((*stored)->events(), (*stored)->rollout()), Facts(timeline.events, planned))
      << folder.Read("plan.json");
  EXPECT_EQ(outcome.status, timeline.status);
}

TEST(PreviewIsRunTest, TheSameFactsInTheSameOrder) {
  const char* given = std::getenv("LOCKSTEP_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10)
                                              : static_cast<std::uint64_t>(time(nullptr));
  std::printf("LOCKSTEP_SEED=%llu\n", static_cast<unsigned long long>(seed));
  for (std::uint64_t i = 0; i < 40 && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE("LOCKSTEP_SEED=" + std::to_string(seed + i));
    Compare(seed + i);
  }
}

}  // namespace
}  // namespace lockstep::e2e
