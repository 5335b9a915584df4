// README.md shows real output: each `$ lockstep …` in a console block is run again, and must say
// the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/e2e/program.h"

namespace lockstep::e2e {
namespace {

struct Shown {
  std::string command, output;
};

std::vector<Shown> ConsoleBlocks() {
  std::vector<Shown> blocks;
  std::ifstream readme(LOCKSTEP_SOURCE_DIR "/README.md");
  bool inside = false;
  for (std::string line; std::getline(readme, line);) {
    if (line.rfind("```", 0) == 0)
      inside = line == "```console";
    else if (inside && line.rfind("$ ", 0) == 0)
      blocks.push_back({line.substr(2), ""});
    else if (inside && !blocks.empty())
      blocks.back().output += line + "\n";
  }
  return blocks;
}

// Times differ, and what runs at once ends in any order.
std::vector<std::string> Comparable(const std::string& text) {
  static const std::regex times(R"((\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d(\.\d+)?Z|\bin [0-9.]+ m?s)");
  std::vector<std::string> lines;
  std::istringstream in(std::regex_replace(text, times, "TIME"));
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

TEST(Readme, ShowsWhatItReallySays) {
  Folder folder;
  std::filesystem::copy(LOCKSTEP_SOURCE_DIR "/native/example", folder.path(),
                        std::filesystem::copy_options::recursive);
  for (const char* instance : {"test", "prod-eu", "prod-us"}) {
    folder.Write("data/" + std::string(instance) + "/.keep", "");
    Sqlite(folder, "data/" + std::string(instance) + "/hr.db", folder.Read("before.sql"));
  }
  const std::vector<Shown> blocks = ConsoleBlocks();
  ASSERT_GE(blocks.size(), 4u);
  for (const Shown& shown : blocks) {
    Words words;
    std::istringstream in(shown.command);
    for (std::string word; in >> std::quoted(word);) words.push_back(word);
    const Ended ended = RunProgram(folder, words);
    EXPECT_EQ(Comparable(ended.out + ended.err), Comparable(shown.output)) << shown.command;
  }
}

}  // namespace
}  // namespace lockstep::e2e
