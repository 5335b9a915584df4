// Simulating large rollouts, beside a plain discrete-event loop over the same tasks in the same
// run. The peer knows databases, one cap and stages, and nothing else: no gates, no facts, no
// State. It has to find the same makespan. Then the time per event by size, which should be flat,
// and the expansion of a plan of 100,000 specs.
//   bench_simulate [ROUNDS]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>
#include <string>
#include <vector>

#include "core/api/workspace.h"
#include "core/sim/simulator.h"
#include "tests/bench/simulate_model.h"

namespace {

using namespace lockstep;         // NOLINT: a program of its own
using namespace lockstep::bench;  // NOLINT

struct PeerResult {
  base::Instant end{0};
  std::uint64_t events = 0;  // starts and ends
};

// The plain loop: a heap of ends, a queue per database, a heap of tasks that are first on theirs.
PeerResult RunPeer(const rollout::Rollout& rollout) {
  using Ending = std::pair<base::Instant, rollout::TaskIndex>;
  std::vector<std::vector<rollout::TaskIndex>> queues(rollout.databases.size());
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> endings;
  std::priority_queue<rollout::TaskIndex, std::vector<rollout::TaskIndex>, std::greater<>> ready;
  PeerResult result;
  for (const rollout::Stage& stage : rollout.stages) {
    for (std::uint32_t i = stage.tasks.last.value(); i > stage.tasks.first.value(); --i)
      queues[rollout.tasks[rollout::TaskIndex(i - 1)].database.value()].push_back(
          rollout::TaskIndex(i - 1));
    for (const auto& queue : queues) {
      if (!queue.empty()) ready.push(queue.back());
    }
    std::uint32_t running = 0;
    while (true) {
      for (; running < kParallel && !ready.empty(); ready.pop(), ++running, ++result.events) {
        const rollout::TaskIndex task = ready.top();
        endings.push({result.end + DurationOn(rollout.tasks[task].database), task});
      }
      if (endings.empty()) break;
      result.end = endings.top().first;
      while (!endings.empty() && endings.top().first == result.end) {
        auto& queue = queues[rollout.tasks[endings.top().second].database.value()];
        queue.pop_back();
        if (!queue.empty()) ready.push(queue.back());
        endings.pop();
        --running;
        ++result.events;
      }
    }
  }
  return result;
}

sim::Timeline Simulate(const rollout::Rollout& rollout, const sim::Scenario& scenario, bool keep) {
  return sim::Simulate(rollout, scenario, {.keep_events = keep, .keep_waits = keep});
}

void CompareWithPeer(int rounds) {
  const rollout::Rollout rollout = MakeRollout(100'000);
  const sim::Scenario scenario = MakeScenario(rollout);
  std::vector<double> peer_ms, bare_ms, full_ms;
  PeerResult peer;
  sim::Timeline timeline;
  for (int round = 0; round < rounds; ++round) {
    peer_ms.push_back(MillisecondsOf([&] { peer = RunPeer(rollout); }));
    bare_ms.push_back(MillisecondsOf([&] { timeline = Simulate(rollout, scenario, false); }));
    full_ms.push_back(MillisecondsOf([&] { Simulate(rollout, scenario, true); }));
  }
  if (timeline.end != peer.end) {
    std::fprintf(stderr, "the makespans differ: %lld and %lld ms\n",
                 static_cast<long long>(timeline.end.ms), static_cast<long long>(peer.end.ms));
    std::exit(1);
  }
  const double first = Median(peer_ms);
  const auto row = [&](const char* name, double ms, std::uint64_t events) {
    std::printf("%-34s %8.1f ms %8llu events %6.0f ns each %6.2f M/s %7.2f\n", name, ms,
                static_cast<unsigned long long>(events), ms * 1e6 / static_cast<double>(events),
                static_cast<double>(events) / ms / 1e3, ms / first);
  };
  std::printf("100,000 tasks, 10,000 databases, %u at once, %zu stages\n", kParallel, kStages);
  row("plain discrete-event loop", first, peer.events);
  row("simulate, without events and waits", Median(bare_ms), timeline.event_count);
  row("simulate, with events and waits", Median(full_ms), timeline.event_count);
  std::printf("(target: 3 M events a second without events and waits)\n");
}

// How much dearer an event is in a large rollout: for Lockstep, and for the peer, which shows what
// memory alone costs.
void CompareSizes(int rounds) {
  std::printf("\n%10s %10s %12s %8s %22s %8s\n", "tasks", "ms", "ns an event", "ratio",
              "plain loop, ns an event", "ratio");
  double first = 0, first_peer = 0;
  for (const std::size_t tasks : {1'000, 10'000, 100'000, 1'000'000}) {
    const rollout::Rollout rollout = MakeRollout(tasks);
    const sim::Scenario scenario = MakeScenario(rollout);
    // Small ones often enough to be measured.
    const std::size_t repeats = std::max<std::size_t>(100'000 / tasks, 1);
    const auto each = [&](auto work) {
      std::vector<double> times;
      std::uint64_t events = 0;
      for (int round = 0; round < rounds; ++round) {
        const double all = MillisecondsOf([&] {
          for (std::size_t i = 0; i < repeats; ++i) events = work();
        });
        times.push_back(all / static_cast<double>(repeats));
      }
      return std::pair(Median(times), Median(times) * 1e6 / static_cast<double>(events));
    };
    const auto [ms, ns] = each([&] { return Simulate(rollout, scenario, false).event_count; });
    const double peer = each([&] { return RunPeer(rollout).events; }).second;
    if (first == 0) first = ns, first_peer = peer;
    std::printf("%10zu %10.2f %12.0f %8.2f %22.0f %8.2f\n", tasks, ms, ns, ns / first, peer,
                peer / first_peer);
  }
  std::printf("(target: within 1.5)\n");
}

// One step; every tenth spec starts a chain, the others depend on the one before.
std::string MakePlan(int specs) {
  std::string plan = "{\"title\": \"large\", \"steps\": [{\"title\": \"one\", \"specs\": [\n";
  for (int i = 0; i < specs; ++i) {
    const std::string needs = i % 10 == 0 ? "" : "\"spec-" + std::to_string(i - 1) + "\"";
    plan += "{\"id\": \"spec-" + std::to_string(i) + "\", \"dependsOnSpecs\": [" + needs +
            "], \"changeDatabaseConfig\": {\"target\": \"instances/i" + std::to_string(i / 1000) +
            "/databases/d" + std::to_string(i / 10) + "\", \"sheet\": \"projects/p/sheets/" +
            std::to_string(i + 1) + "\", \"type\": \"MIGRATE\"}}" + (i + 1 < specs ? ",\n" : "\n");
  }
  return plan + "]}]}";
}

void ExpandLargePlan(int rounds) {
  constexpr int kSpecs = 100'000;
  api::Inputs inputs;
  inputs.plan = diagnostics::Source("plan.json", MakePlan(kSpecs));
  const auto workspace = api::Workspace::Read(std::move(inputs), {});
  if (workspace->checked() == nullptr) {
    std::fprintf(stderr, "the generated plan has errors: %s\n",
                 workspace->diagnostics()[0].message.c_str());
    std::exit(1);
  }
  std::vector<double> times;
  std::size_t tasks = 0;
  for (int round = 0; round < rounds; ++round) {
    times.push_back(
        MillisecondsOf([&] { tasks = rollout::Expand(*workspace->checked(), {}).tasks.size(); }));
  }
  std::printf("\nexpanding %d specs to %zu tasks, with digest: %.1f ms (target: 60)\n", kSpecs,
              tasks, Median(times));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  CompareWithPeer(rounds);
  CompareSizes(rounds);
  ExpandLargePlan(rounds);
}
