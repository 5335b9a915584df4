// What a task of a large rollout costs in memory: the rollout itself, and what a simulation of it
// takes at its peak and leaves behind. Every allocation is counted, by what malloc really gives.
//   bench_memory [TASKS]
#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <new>

#include "core/sim/simulator.h"
#include "tests/bench/simulate_model.h"

namespace {

std::size_t in_use = 0, peak = 0;

}  // namespace

void* operator new(std::size_t size) {
  void* const block = std::malloc(size);
  if (block == nullptr) std::abort();
  in_use += malloc_usable_size(block);
  if (in_use > peak) peak = in_use;
  return block;
}
void operator delete(void* block) noexcept {
  if (block == nullptr) return;
  in_use -= malloc_usable_size(block);
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept {
  operator delete(block);
}

int main(int argc, char** argv) {
  using namespace lockstep;  // NOLINT: a program of its own
  const std::size_t tasks = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
  const std::size_t before = in_use;
  const rollout::Rollout rollout = bench::MakeRollout(tasks);
  const std::size_t after_rollout = in_use;
  const sim::Scenario scenario = bench::MakeScenario(rollout);
  const auto each = [tasks](std::size_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(tasks);
  };
  const double of_rollout = each(after_rollout - before);
  std::printf("%zu tasks, bytes a task: the rollout %.0f\n", tasks, of_rollout);
  const auto measure = [&](const char* name, const sim::SimulateOptions& options) {
    const std::size_t start = in_use;
    peak = in_use;
    const sim::Timeline timeline = sim::Simulate(rollout, scenario, options);
    const double most = each(peak - start);
    std::printf("%-42s %4.0f at the peak, %4.0f left; with the rollout %4.0f\n", name, most,
                each(in_use - start), of_rollout + most);
  };
  measure("start and end of each task",
          {.keep_events = false, .keep_waits = false, .find_critical_path = false});
  measure("and the critical path (as forecasts do)",
          {.keep_events = false, .keep_waits = false, .find_critical_path = true});
  measure("and all waits", {.keep_events = false});
  measure("and all events", {});
  std::printf("(target: at most 400 with the rollout)\n");
}
