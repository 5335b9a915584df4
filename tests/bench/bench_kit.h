// What benches of whole commands share: folders, medians, the built programs.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace lockstep::bench {

namespace fs = std::filesystem;

struct Build {
  fs::path lockstep, fake_client;
};

inline Build FindBuild() {
  const fs::path root =
      fs::read_symlink("/proc/self/exe").parent_path().parent_path().parent_path();
  return {root / "lockstep", root / "tests/e2e/fake_client/fake_client"};
}

inline void Write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

inline double SecondsOf(const std::string& command) {
  const auto begin = std::chrono::steady_clock::now();
  if (std::system(command.c_str()) != 0) {
    std::printf("failed: %s\n", command.c_str());
    std::exit(1);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace lockstep::bench
