// Random worlds: the scheduler against the reference, step by step, with crashes.
//   LOCKSTEP_WORLDS=1000000   how many (20,000 otherwise; fewer where sanitizers look on)
//   LOCKSTEP_SEED=17          only this one, told in detail
#include <gtest/gtest.h>

#include <cstdio>

#include "core/sim/history.h"
#include "tests/simulation/environment.h"
#include "tests/simulation/session.h"
#include "tests/simulation/world.h"

namespace lockstep::simulation {
namespace {

using namespace rollout;  // NOLINT: its vocabulary is this file's

constexpr std::uint64_t kRandomWorlds = Worlds(20'000);
constexpr std::uint64_t kWorldsWithAllPrefixes = 200;

// Some start nothing before somebody asks for it, which no simulated rollout does.
Rollout MakeAnyRollout(base::Prng& prng) {
  Rollout rollout = MakeRollout(prng);
  rollout.policy.on_request = prng.Chance(1, 4);
  return rollout;
}

class World {
 public:
  explicit World(std::uint64_t seed, bool trace)
      : prng_(seed),
        rollout_(MakeAnyRollout(prng_)),
        outside_(rollout_, prng_),
        session_(rollout_),
        trace_(trace) {
    session_.set_through_json(seed % 20 == 0);
    if (trace_) TellRollout();
  }

  const Rollout& rollout() const { return rollout_; }
  const Session& session() const { return session_; }
  const std::string& problem() const { return problem_.empty() ? session_.problem() : problem_; }

  /// Anything happens for a while, crashes too; then everything goes well.
  void Live() {
    if (prng_.Chance(1, 10)) Step(Skip{outside_.SomeTasks(), "before it began"});
    if (prng_.Chance(1, 10)) Step(RunTasks{outside_.SomeTasks()});
    Step(Begin{"runner"});
    const std::uint64_t steps = 5 + prng_.Below(40);
    for (std::uint64_t i = 0; i < steps && problem().empty(); ++i) {
      PassTime();
      if (prng_.Chance(1, 40)) {
        Crash();
      } else if (session_.state().paused() && prng_.Chance(1, 3)) {
        Step(Begin{"runner"});
      } else {
        Step(outside_.AnyInput());
      }
    }
    Finish();
  }

  /// A runner takes it with these events, which another one left.
  void TakeOver(std::vector<Event> events) {
    session_.Resume(std::move(events));
    if (!session_.events().empty()) now_ = session_.events().back().at;
    Step(Begin{"another runner"});
    Finish();
  }

  /// To the end, as far as it goes: everything succeeds, what failed is tried again.
  void Finish() {
    if (session_.state().paused()) Step(Begin{"runner"});
    for (int i = 0; i < 1000 && problem().empty(); ++i) {
      const auto failed = session_.TasksIn({TaskStatus::kFailed, TaskStatus::kCanceled});
      const auto doubted = session_.TasksIn({TaskStatus::kInDoubt});
      const auto unasked = session_.TasksIn({TaskStatus::kNotStarted});
      if (!outside_.idle()) {
        Step(outside_.GoodInput());
      } else if (!failed.empty()) {
        Step(Retry{failed});
      } else if (session_.state().paused()) {
        Step(Begin{"runner"});  // too many had failed
      } else if (!doubted.empty()) {
        const std::uint32_t attempt = session_.state().attempt(doubted.front());
        Step(RunResolved{doubted.front(), attempt, Resolution::kFailed, "a person said so"});
      } else if (rollout_.policy.on_request && !unasked.empty()) {
        Step(RunTasks{unasked});
      } else if (wakeup_ != base::kNever) {
        now_ = wakeup_;
        Step(Tick{});
      } else {
        return CheckEnd();
      }
    }
    Fail("does not come to rest");
  }

 private:
  void Fail(const std::string& what) {
    if (problem().empty()) problem_ = what;
  }

  void CheckEnd() {
    if (!ended_) return Fail("nothing runs and nothing is waited for, and yet it goes on");
    const bool done = session_.state().rollout_status() == RolloutStatus::kDone;
    if (done != session_.state().ended()) Fail("done and ended are not the same");
    if (!HasDeadlock(rollout_)) {
      if (!done) Fail("everything went well, and it is not done");
      return;
    }
    const bool skipped = !session_.TasksIn({TaskStatus::kSkipped}).empty();
    if (done && !skipped && !rollout_.policy.terminal_end_state) Fail("done, against all order");
  }

  void PassTime() {
    const std::uint64_t dice = prng_.Below(10);
    if (dice < 4) now_.ms += static_cast<std::int64_t>(prng_.Below(8000));
    if (dice == 4 && wakeup_ != base::kNever) now_ = std::max(now_, wakeup_);
    // Somebody sets the clock back.
    if (dice == 5 && prng_.Chance(1, 4)) now_.ms -= static_cast<std::int64_t>(prng_.Below(20000));
  }

  // What the last Step decided may be lost with the process, or a part of it.
  void Crash() {
    const std::size_t kept = durable_ + prng_.Below(session_.events().size() - durable_ + 1);
    Trace("crash, " + std::to_string(kept) + " events left");
    session_.Restart(kept);
    const std::vector<RunAtWork> at_work = outside_.Crash(session_.state());
    while (prng_.Chance(1, 3)) {  // while nobody is at work
      if (!session_.events().empty()) now_ = std::max(now_, session_.events().back().at);
      now_.ms += static_cast<std::int64_t>(prng_.Below(8000));
      Step(outside_.AnyCommand());
    }
    Step(Begin{"another runner", at_work});
  }

  void Step(const Input& input) {
    durable_ = session_.events().size();
    Trace(std::to_string(now_.ms) + " " + Describe(input));
    const Ready ready = session_.Step(now_, input);
    for (const Event& event : ready.events) Trace("    " + ToJson(event, rollout_));
    for (const Action& action : ready.actions) outside_.Perform(action);
    wakeup_ = ready.next_wakeup;
    ended_ = ready.ended;
  }

  void Trace(const std::string& line) const {
    if (trace_) std::printf("%s\n", line.c_str());
  }

  void TellRollout() const {
    const Policy& policy = rollout_.policy;
    std::printf("parallel %u, %s, %s\n", policy.parallel,
                policy.terminal_end_state ? "terminal" : "done or skipped",
                policy.stage_gate == Policy::StageGate::kNone ? "no barrier" : "barrier");
    for (const Instance& instance : rollout_.instances)
      std::printf("%s cap %u\n", instance.name.c_str(), instance.maximum_connections);
    for (TaskIndex index : rollout_.tasks.indices()) {
      const Task& task = rollout_.tasks[index];
      std::printf("task %u: stage %u group %u %s rank %u earliest %lld%s needs", index.value(),
                  task.stage.value(), task.group.value(),
                  task.database.valid() ? rollout_.databases[task.database].name.c_str()
                                        : rollout_.instances[task.instance].name.c_str(),
                  task.version_rank, static_cast<long long>(task.earliest.ms),
                  task.serial ? "" : " free");
      for (GroupIndex group : rollout_.groups[task.group].depends_on.Of(rollout_.dependencies))
        std::printf(" %u", group.value());
      std::printf("\n");
    }
  }

  base::Prng prng_;
  Rollout rollout_;
  Outside outside_;
  Session session_;
  bool trace_;
  base::Instant now_{0};
  base::Instant wakeup_ = base::kNever;
  bool ended_ = false;
  std::size_t durable_ = 0;  // events before the last Step
  std::string problem_;
};

TEST(RandomWorlds, TheSchedulerIsTheReference) {
  const bool one = std::getenv("LOCKSTEP_SEED") != nullptr;
  const std::uint64_t first = FromEnvironment("LOCKSTEP_SEED", 1);
  const std::uint64_t worlds = one ? 1 : FromEnvironment("LOCKSTEP_WORLDS", kRandomWorlds);
  std::uint64_t events = 0;
  for (std::uint64_t seed = first; seed < first + worlds; ++seed) {
    World world(seed, one);
    world.Live();
    events += world.session().events().size();
    ASSERT_EQ(world.problem(), "") << "LOCKSTEP_SEED=" << seed;
    const auto divergence = sim::FindDivergence(world.rollout(), world.session().events());
    ASSERT_FALSE(divergence) << "LOCKSTEP_SEED=" << seed << ": event " << divergence->sequence << ": "
                             << divergence->message;
  }
  RecordProperty("events", static_cast<int>(events));
}

TEST(RandomWorlds, EveryPrefixOfTheEventsResumesToAnEnd) {
  for (std::uint64_t seed = 1; seed <= kWorldsWithAllPrefixes; ++seed) {
    World whole(seed, false);
    whole.Live();
    const std::vector<Event>& events = whole.session().events();
    for (std::size_t kept = 0; kept < events.size(); ++kept) {
      World world(seed, false);
      world.TakeOver({events.begin(), events.begin() + static_cast<std::ptrdiff_t>(kept)});
      ASSERT_EQ(world.problem(), "") << "LOCKSTEP_SEED=" << seed << ", first " << kept << " events";
    }
  }
}

}  // namespace
}  // namespace lockstep::simulation
