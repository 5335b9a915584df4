// Simulating 100,000 tasks, beside simpy 3 (Debian's python3-simpy3; python3-simpy is the simpy 2
// of 2012) on the same model: databases and instances as resources, one cap, stages as barriers. It
// has to find the same makespan.
//   bench_simpy [ROUNDS]
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/sim/simulator.h"
#include "tests/bench/simulate_model.h"

namespace {

using namespace lockstep;  // NOLINT: a program of its own

/// Debian's own Python has Debian's packages; another one may come first.
std::string FindPython() {
  for (const std::string python : {"python3", "/usr/bin/python3"}) {
    if (std::system((python + " -c 'import simpy' 2>/dev/null").c_str()) == 0) return python;
  }
  return "";
}

void WriteModel(const rollout::Rollout& rollout, const std::string& path) {
  std::ofstream file(path);
  file << bench::kParallel << ' ' << rollout.instances.size() << ' '
       << rollout.instances[rollout::InstanceIndex(0)].maximum_connections << ' '
       << rollout.databases.size() << '\n';
  for (const rollout::Task& task : rollout.tasks) {
    file << task.stage.value() << ' ' << task.database.value() << ' ' << task.instance.value()
         << ' ' << bench::DurationOn(task.database).ms << '\n';
  }
}

struct Peer {
  long long makespan = 0, events = 0;
  double seconds = 0;
};

Peer RunPeer(const std::string& python, const std::string& model) {
  const std::string command =
      python + " " LOCKSTEP_SOURCE_DIR "/tests/bench/peers/simpy_model.py " + model;
  Peer peer;
  std::FILE* const pipe = popen(command.c_str(), "r");
  const bool read = pipe != nullptr && std::fscanf(pipe, "%lld %lld %lf", &peer.makespan,
                                                   &peer.events, &peer.seconds) == 3;
  if (pipe == nullptr || pclose(pipe) != 0 || !read) {
    std::fprintf(stderr, "simpy did not answer\n");
    std::exit(1);
  }
  return peer;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 3;
  const std::string python = FindPython();
  if (python.empty()) {
    std::printf("left out: there is no simpy (apt install python3-simpy3)\n");
    return 0;
  }
  const rollout::Rollout rollout = bench::MakeRollout(100'000);
  const sim::Scenario scenario = bench::MakeScenario(rollout);
  const std::string model =
      (std::filesystem::temp_directory_path() / ("lockstep-simpy-" + std::to_string(getpid())))
          .string();
  WriteModel(rollout, model);
  std::vector<double> ours, theirs;
  sim::Timeline timeline;
  Peer peer;
  for (int round = 0; round < rounds; ++round) {
    ours.push_back(bench::MillisecondsOf([&] {
      timeline = sim::Simulate(rollout, scenario, {.keep_events = false, .keep_waits = false});
    }));
    peer = RunPeer(python, model);
    theirs.push_back(peer.seconds * 1e3);
  }
  std::filesystem::remove(model);
  if (timeline.end.ms != peer.makespan) {
    std::fprintf(stderr, "the makespans differ: %lld and %lld ms\n",
                 static_cast<long long>(timeline.end.ms), peer.makespan);
    return 1;
  }
  const double ms = bench::Median(ours), simpy_ms = bench::Median(theirs);
  const auto row = [](const char* name, double took, double events) {
    std::printf("%-10s %9.1f ms %9.0f starts and ends a second\n", name, took, events / took * 1e3);
  };
  std::printf("100,000 tasks, makespan %lld ms\n", peer.makespan);
  row("simulate", ms, static_cast<double>(peer.events));
  row("simpy", simpy_ms, static_cast<double>(peer.events));
  std::printf("%.0f times as many a second as simpy\n", simpy_ms / ms);
}
