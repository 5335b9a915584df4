// Milliseconds that api::Answer takes natively for a plan's timeline, the median of eleven: beside it
// web/web_bench.mjs puts WebAssembly.
//   bench_api PLAN
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/api/api.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::puts("started by web/web_bench.mjs");
    return 0;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string plan{std::istreambuf_iterator<char>(file), {}};
  std::vector<double> times;
  for (int round = 0; round < 11; ++round) {
    lockstep::api::Message request{R"({"plan":{"attachment":0}})", {plan}};
    const auto start = std::chrono::steady_clock::now();
    const lockstep::api::Message answer = lockstep::api::Answer("timeline", std::move(request));
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    if (answer.attachments.empty()) return 1;
  }
  std::sort(times.begin(), times.end());
  std::printf("%.3f\n", times[5]);
}
