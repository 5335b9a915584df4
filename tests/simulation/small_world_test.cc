// A small world in full: every order in which its runs can end, and after each of them every place
// in the events where the process may have died, with every truth about the runs that were lost. On
// request: also every order in which somebody can ask for its tasks, before, between and after.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/simulation/session.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::simulation {
namespace {

using namespace rollout;  // NOLINT: its vocabulary is this file's

struct Run {
  TaskIndex task;
  std::uint32_t attempt;
};

// What has happened so far: enough to make it happen again.
struct Path {
  std::vector<Input> inputs;
  std::vector<Run> running;  // as the outside knows
};

class SmallWorld {
 public:
  explicit SmallWorld(const Rollout& rollout, TaskIndex failing)
      : rollout_(rollout), failing_(failing) {}

  void Explore() {
    Path path;
    path.inputs.push_back(Begin{"first"});
    ExploreEnds(path);
  }

  std::uint64_t ends = 0, crashes = 0;
  std::string problem;

 private:
  // Replays the path but for its last input. A Session cannot be copied, and the world is small.
  std::size_t Replay(Session& session, const Path& path) {
    for (std::size_t i = 0; i + 1 < path.inputs.size(); ++i) session.Step({}, path.inputs[i]);
    return session.events().size();
  }

  void ExploreEnds(Path path) {
    if (!problem.empty()) return;
    Session session(rollout_);
    const std::size_t durable = Replay(session, path);
    const Ready ready = session.Step({}, path.inputs.back());
    Check(session);
    for (const Action& action : ready.actions) {
      if (const auto* start = std::get_if<StartRun>(&action))
        path.running.push_back({start->task, start->attempt});
    }
    for (std::size_t kept = durable; kept <= session.events().size(); ++kept) Crash(path, kept);
    ExploreRequests(path, session);
    if (path.running.empty()) return ExploreRest(path, session);
    for (std::size_t i = 0; i < path.running.size(); ++i) {
      Path next = path;
      next.running.erase(next.running.begin() + static_cast<std::ptrdiff_t>(i));
      next.inputs.push_back(EndOf(path.running[i]));
      ExploreEnds(std::move(next));
    }
  }

  void ExploreRequests(const Path& path, const Session& session) {
    if (!rollout_.policy.on_request) return;
    for (const TaskIndex task : session.TasksIn({TaskStatus::kNotStarted})) {
      Path next = path;
      next.inputs.push_back(RunTasks{{task}});
      ExploreEnds(std::move(next));
    }
  }

  // Nothing runs: a person tries again what failed, asks for what is left, or all is over.
  void ExploreRest(Path path, const Session& session) {
    const auto failed = session.TasksIn({TaskStatus::kFailed});
    if (failed.empty()) {
      if (!session.TasksIn({TaskStatus::kNotStarted}).empty()) return;  // ExploreRequests did
      ++ends;
      if (!session.state().ended()) problem = "nothing runs, nothing failed, and it has not ended";
      return;
    }
    path.inputs.push_back(Retry{failed});
    ExploreEnds(std::move(path));
  }

  Input EndOf(const Run& run) const {
    const bool fails = run.task == failing_ && run.attempt == 1;
    return RunEnded{run.task, run.attempt, fails ? Outcome::kFailed : Outcome::kSucceeded, {}, ""};
  }

  // Each of the lost runs may be committed or not.
  void Crash(const Path& path, std::size_t kept) {
    ++crashes;
    Session first(rollout_);
    for (const Input& input : path.inputs) first.Step({}, input);
    first.Restart(kept);
    first.Step({}, Begin{"second"});
    const auto doubted = first.TasksIn({TaskStatus::kInDoubt});
    for (std::uint32_t truth = 0; truth < (1u << doubted.size()); ++truth) {
      Session session(rollout_);
      for (const Input& input : path.inputs) session.Step({}, input);
      session.Restart(kept);
      GoOn(session, doubted, truth);
    }
  }

  void GoOn(Session& session, const std::vector<TaskIndex>& doubted, std::uint32_t truth) {
    std::vector<Run> running;
    const auto step = [&](const Input& input) {
      for (const Action& action : session.Step({}, input).actions) {
        if (const auto* start = std::get_if<StartRun>(&action))
          running.push_back({start->task, start->attempt});
      }
    };
    step(Begin{"second"});
    for (std::size_t i = 0; i < doubted.size(); ++i) {
      const bool committed = (truth >> i & 1) != 0;
      step(RunResolved{doubted[i], session.state().attempt(doubted[i]),
                       committed ? Resolution::kCommitted : Resolution::kNotApplied, ""});
    }
    const auto done = [&] { return session.state().rollout_status() == RolloutStatus::kDone; };
    for (int i = 0; i < 100 && !done(); ++i) {
      if (!running.empty()) {
        const Run run = running.front();
        running.erase(running.begin());
        step(EndOf(run));
      } else {
        step(Retry{session.TasksIn({TaskStatus::kFailed})});
        if (rollout_.policy.on_request) step(RunTasks{session.TasksIn({TaskStatus::kNotStarted})});
      }
    }
    Check(session);
    if ((!done() || !session.state().ended()) && problem.empty())
      problem = "a resumed rollout does not end";
  }

  void Check(const Session& session) {
    if (problem.empty()) problem = session.problem();
  }

  const Rollout& rollout_;
  const TaskIndex failing_;
};

// Two databases on one instance with two connections; a task in each of them to begin with.
RolloutBuilder TwoDatabases() {
  RolloutBuilder builder;
  const InstanceIndex instance = builder.AddInstance(2);
  builder.AddDatabase(instance);
  builder.AddDatabase(instance);
  return builder;
}

constexpr DatabaseIndex kA{0}, kB{1};

void ExpectAllIsWell(const Rollout& rollout, TaskIndex failing, std::uint64_t least_ends) {
  SmallWorld world(rollout, failing);
  world.Explore();
  EXPECT_EQ(world.problem, "");
  EXPECT_GE(world.ends, least_ends);
  EXPECT_GE(world.crashes, world.ends);
}

TEST(SmallWorld, TwoStagesWithADependencyAndAFailure) {
  RolloutBuilder builder = TwoDatabases();
  builder.AddStage();
  builder.AddTask(kA);
  const TaskIndex needed = builder.AddTask(kB);
  builder.Depend(builder.AddTask(kA), needed);
  builder.AddStage();
  builder.AddTask(kA);
  builder.AddTask(kB);
  const Rollout rollout = builder.Build();
  for (TaskIndex failing : rollout.tasks.indices()) ExpectAllIsWell(rollout, failing, 4);
}

TEST(SmallWorld, OnRequest) {
  RolloutBuilder builder = TwoDatabases();
  builder.policy().on_request = true;
  builder.AddStage();
  builder.AddTask(kA);
  builder.AddTask(kB);
  builder.AddStage();
  builder.AddTask(kA);
  builder.AddTask(kB);
  const Rollout rollout = builder.Build();
  for (TaskIndex failing : {TaskIndex(0), TaskIndex(3)}) ExpectAllIsWell(rollout, failing, 100);
}

TEST(SmallWorld, OneStageWithTwoDependencies) {
  RolloutBuilder builder = TwoDatabases();
  builder.AddStage();
  const TaskIndex forward = builder.AddTask(kA);
  builder.AddTask(kA);
  builder.AddTask(kB);
  const TaskIndex last = builder.AddTask(kB);
  const TaskIndex needed = builder.AddTask(kB);
  builder.Depend(forward, needed);
  builder.Depend(last, TaskIndex(1));
  const Rollout rollout = builder.Build();
  for (TaskIndex failing : rollout.tasks.indices()) ExpectAllIsWell(rollout, failing, 3);
}

TEST(SmallWorld, TheTerminalPolicyWithVersions) {
  RolloutBuilder builder = TwoDatabases();
  builder.policy().terminal_end_state = true;
  builder.policy().parallel = 2;
  builder.AddStage();
  builder.task(builder.AddTask(kA)).version_rank = 2;
  builder.task(builder.AddTask(kA)).version_rank = 1;
  builder.AddTask(kB);
  builder.AddStage();
  builder.AddTask(kA);
  builder.AddTask(kB);
  const Rollout rollout = builder.Build();
  // The stage goes on without what failed; it is tried again at the end.
  for (TaskIndex failing : {TaskIndex(2), TaskIndex(3), TaskIndex(4)})
    ExpectAllIsWell(rollout, failing, 3);
}

}  // namespace
}  // namespace lockstep::simulation
