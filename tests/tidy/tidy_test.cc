// The structure as a test: who may include whom, what may appear where, how large a file may grow. The tables
// are those of core/README.md, "Arrows".
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path kRoot = LOCKSTEP_SOURCE_DIR;

struct File {
  std::string path;  // from the repository root
  std::vector<std::string> lines;
};

std::vector<File> ReadFiles(const std::string& folder) {
  std::vector<File> files;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
    const std::string extension = entry.path().extension();
    if (!entry.is_regular_file() || (extension != ".h" && extension != ".cc" && extension != ".def")) continue;
    File file{fs::relative(entry.path(), kRoot), {}};
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) file.lines.push_back(line);
    files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

// "core/json/document.h" of `#include "core/json/document.h"` and "map" of `#include <map>`.
std::string Included(const std::string& line) {
  if (line.rfind("#include ", 0) != 0) return "";
  const std::size_t begin = line.find_first_of("<\"");
  return line.substr(begin + 1, line.find_first_of(">\"", begin + 1) - begin - 1);
}

// "core/json" of "core/json/document.h"; "native" of "native/runner.h".
std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

// A -> B: a file of A may include files of B. A folder may always include itself.
const std::map<std::string, Names> kArrows = {
    {"base", {}},
    {"diagnostics", {"base"}},
    {"json", {"base", "diagnostics"}},
    {"names", {"base"}},
    {"graph", {"base"}},
    {"sql", {"base", "diagnostics"}},
    {"plan", {"base", "diagnostics", "json", "names", "sql"}},
    {"inventory", {"base", "diagnostics", "json", "names", "sql"}},
    {"check", {"base", "diagnostics", "names", "plan", "inventory", "sql", "graph"}},
    {"convert", {"base", "diagnostics", "json", "names", "plan", "inventory", "check"}},
    {"migrations", {"base", "diagnostics", "names", "sql", "plan", "inventory", "check"}},
    {"rollout", {"base", "graph"}},
    {"sim", {"base", "diagnostics", "json", "rollout"}},
    {"view", {"base", "graph", "rollout", "sim"}},
    {"service",
     {"base", "diagnostics", "json", "names", "sql", "plan", "inventory", "check", "rollout"}},
    {"api",
     {"base", "diagnostics", "json", "names", "sql", "plan", "inventory", "graph", "check", "convert", "migrations",
      "rollout", "sim", "view"}},
};

// Single files that may include more than their folder.
const std::map<std::string, Names> kExtraArrows = {
    {"core/rollout/expand.h", {"check"}},
    {"core/rollout/expand.cc", {"check", "plan", "inventory", "names", "sql"}},
    {"core/rollout/expand_calendar.h", {"check", "inventory"}},
    {"core/rollout/expand_calendar.cc", {"inventory"}},
    {"core/rollout/expand_sheets.h", {"check"}},
    {"core/rollout/expand_sheets.cc", {"check", "plan", "sql"}},
    {"core/rollout/digest.h", {"check"}},
    {"core/rollout/digest.cc", {"check", "plan", "inventory", "sql"}},
    {"core/rollout/event_json.cc", {"json", "diagnostics"}},
};

// Narrower than the folder: sql knows of diagnostics only what a place is; plan and inventory know of sql only
// the engines.
const std::map<std::string, std::map<std::string, Names>> kOnly = {
    {"sql", {{"diagnostics", {"core/diagnostics/source.h"}}}},
    {"plan", {{"sql", {"core/sql/engine.h"}}}},
    {"inventory", {{"sql", {"core/sql/engine.h"}}}},
};

TEST(Arrows, CoreIncludesOnlyWhatItMay) {
  for (const File& file : ReadFiles("core")) {
    const std::string folder = FolderOf(file.path).substr(std::string("core/").size());
    ASSERT_TRUE(kArrows.count(folder)) << "no row in the table of arrows for core/" << folder;
    for (const std::string& line : file.lines) {
      const std::string included = Included(line);
      if (included.rfind("core/", 0) != 0) {
        EXPECT_EQ(included.find('/'), std::string::npos) << file.path << ": " << line;
        continue;
      }
      const std::string target = FolderOf(included).substr(std::string("core/").size());
      const auto extra = kExtraArrows.find(file.path);
      const bool allowed = target == folder || kArrows.at(folder).count(target) ||
                           (extra != kExtraArrows.end() && extra->second.count(target));
      EXPECT_TRUE(allowed) << file.path << " may not include " << included;
      const auto only = kOnly.find(folder);
      if (only != kOnly.end() && only->second.count(target)) {
        EXPECT_TRUE(only->second.at(target).count(included)) << file.path << " may not include " << included;
      }
    }
  }
}

TEST(Arrows, NativeUsesTheTypedFaceOfCore) {
  const Names allowed = {"api", "base", "check", "diagnostics", "inventory", "json", "migrations", "plan", "rollout", "service", "sim", "sql", "names", "view"};
  for (const File& file : ReadFiles("native")) {
    for (const std::string& line : file.lines) {
      const std::string included = Included(line);
      EXPECT_NE(included.rfind("tests/", 0), 0u) << file.path << ": " << line;
      if (included.rfind("core/", 0) != 0) continue;
      EXPECT_TRUE(allowed.count(FolderOf(included).substr(5))) << file.path << " may not include " << included;
    }
  }
}

TEST(Arrows, LibrariesStayBehindTheirFolder) {
  struct Home {
    const char* include;
    const char* home;
    const char* second_home = nullptr;
  };
  const Home homes[] = {{"simdjson.h", "core/json/document"},
                        {"boost/", "native/process/", "native/http/"},
                        {"sqlite3.h", "native/ledger/"},
                        {"libpq-fe.h", "native/ledger/libpq"},
                        {"CLI/", "native/cli/"},
                        {"date/", "native/time_zones.cc"},
                        {"csv.h", "native/observations.cc"},
                        {"emscripten", "wasm/"}};
  for (const char* folder : {"core", "native"}) {
    for (const File& file : ReadFiles(folder)) {
      for (const std::string& line : file.lines) {
        const std::string included = Included(line);
        for (const Home& home : homes) {
          if (included.rfind(home.include, 0) != 0) continue;
          const bool at_home = file.path.rfind(home.home, 0) == 0 ||
                               (home.second_home != nullptr && file.path.rfind(home.second_home, 0) == 0);
          EXPECT_TRUE(at_home) << file.path << ": " << line;
        }
      }
    }
  }
}

// HTTP knows nothing of what it carries, and nobody else sees the library behind it.
TEST(Arrows, HttpStandsForItself) {
  const Names faces = {"client", "message", "server", "static_files"};
  for (const File& file : ReadFiles("native")) {
    const bool inside = FolderOf(file.path) == "native/http";
    for (const std::string& line : file.lines) {
      const std::string included = Included(line);
      if (inside && included.find('/') != std::string::npos && included.rfind("boost/", 0) != 0) {
        const Names allowed = {"core/base", "native/http", "arpa", "netinet", "sys"};
        EXPECT_TRUE(allowed.count(FolderOf(included)) || included == "native/process/descriptor.h")
            << file.path << " may not include " << included;
      }
      const std::string name = fs::path(file.path).stem();
      if (inside && file.path.ends_with(".h") && faces.count(name)) {
        EXPECT_NE(included.rfind("boost/", 0), 0u) << file.path << ": " << line;
      }
      if (!inside && included.rfind("native/http/", 0) == 0) {
        EXPECT_TRUE(faces.count(fs::path(included).stem())) << file.path << " may not include " << included;
      }
    }
  }
}

TEST(Core, IsPure) {
  const Names banned = {"chrono", "thread", "mutex", "atomic", "condition_variable", "future", "fstream", "iostream",
                        "sstream", "ostream", "istream", "iomanip", "random", "filesystem", "regex", "locale", "ctime",
                        "time.h", "unistd.h", "coroutine", "memory_resource", "source_location", "expected", "format",
                        "ranges", "stdexcept", "exception"};
  for (const File& file : ReadFiles("core")) {
    for (const std::string& line : file.lines) {
      EXPECT_FALSE(banned.count(Included(line))) << file.path << ": " << line;
      for (const char* word : {"throw ", "catch (", "dynamic_cast", "typeid("}) {
        const std::size_t comment = line.find("//");
        EXPECT_GE(line.find(word), comment) << file.path << ": " << line;
      }
    }
  }
}

TEST(Core, PolicyReachesTheSchedulerAsPlainData) {
  for (const char* name : {"scheduler", "state", "admission", "task_run", "drive", "ready", "rollout"}) {
    for (const char* extension : {".h", ".cc"}) {
      std::ifstream in(kRoot / "core/rollout" / (std::string(name) + extension));
      for (std::string line; std::getline(in, line);) {
        for (const char* folder : {"core/plan/", "core/inventory/", "core/check/", "core/json/", "core/diagnostics/"}) {
          EXPECT_NE(Included(line).rfind(folder, 0), 0u) << name << extension << ": " << line;
        }
      }
    }
  }
}

TEST(Core, RuleFamiliesDoNotKnowEachOther) {
  for (const File& file : ReadFiles("core/check")) {
    if (file.path.rfind("core/check/rules_", 0) != 0) continue;
    const std::string own = file.path.substr(0, file.path.rfind('.'));
    for (const std::string& line : file.lines) {
      const std::string included = Included(line);
      if (included == "core/check/rules.h") continue;
      EXPECT_TRUE(included.rfind("core/check/rules_", 0) != 0 || included.rfind(own, 0) == 0)
          << file.path << ": " << line;
    }
  }
}

struct NameGiven {
  std::string name;        // "kFields", "Writer", "Has"
  std::string parameters;  // of a function, as far as they stand in its first line: "(std::string_view text) {"
};

// What a line at the left edge gives a name to: nothing, when it begins in capitals (TEST, SQL) or with another sign.
NameGiven ReadNameGiven(const std::string& line) {
  static const std::regex type(R"((?:(?:struct|class|enum class|enum|namespace) |using (?:[\w:]*::)?)(\w+)(?:[^\w:].*)?)");
  static const std::regex function(R"([^=(]*[ *&](\w+)(\(.*))");
  static const std::regex constant(R"([^=({]* (\w+)(?:\[.*\])? ?[={;].*)");
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  if (line.size() < 2 || !(is_small(line[0]) || (is_capital(line[0]) && is_small(line[1])))) return {};
  if (line.rfind("using enum ", 0) == 0) return {};
  std::smatch found;
  if (std::regex_match(line, found, type)) return {found[1], ""};
  if (std::regex_match(line, found, function)) return {found[1], found[2]};
  if (std::regex_match(line, found, constant)) return {found[1], ""};
  return {};
}

// Many files of a folder are compiled as one (core/README.md, "Folders and arrows"). Functions may be overloaded, unless
// they are templates; an alias may be there twice, if it is of the same.
TEST(Names, AreGivenOnceInAFolder) {
  struct Place {
    std::string path, line, parameters;
    bool is_header;
  };
  for (const char* top : {"core", "native", "tests"}) {
    std::map<std::string, std::vector<Place>> places;  // of a name, by folder and namespace
    for (const File& file : ReadFiles(top)) {
      if (FolderOf(file.path) == "tests/bench") continue;  // each is a program
      const bool is_header = file.path.ends_with(".h");    // what it gives a name to is seen by all files
      std::string space, previous;
      bool anonymous = false;
      for (const std::string& line : file.lines) {
        const bool opens = line.rfind("namespace ", 0) == 0 && line.ends_with("{");
        if (opens && line != "namespace {") space = line;
        if (opens || line.rfind("}  // namespace", 0) == 0) anonymous = line == "namespace {";
        NameGiven given = (anonymous || is_header) && !opens ? ReadNameGiven(line) : NameGiven();
        if (previous.rfind("template ", 0) == 0) given.parameters = "";
        previous = line;
        if (given.name.empty()) continue;
        const bool is_alias = line.rfind("using ", 0) == 0 || line.rfind("namespace ", 0) == 0;
        std::vector<Place>& others = places[FolderOf(file.path) + " " + space + " " + given.name];
        for (const Place& other : others) {
          const bool overloads = !given.parameters.empty() && !other.parameters.empty() &&
                                 given.parameters != other.parameters;
          EXPECT_TRUE(other.path == file.path || (other.is_header && is_header) || overloads || (is_alias && line == other.line))
              << given.name << " is in " << other.path << " and in " << file.path
              << ": share it, or call each after what it is";
        }
        others.push_back({file.path, line, given.parameters, is_header});
      }
    }
  }
}

TEST(Sizes, AFileIsOneIdea) {
  constexpr std::size_t kLongest = 400;
  for (const char* folder : {"core", "native"}) {
    for (const File& file : ReadFiles(folder)) {
      if (file.path.ends_with(".def")) continue;
      EXPECT_LE(file.lines.size(), kLongest) << file.path;
      for (std::size_t i = 0; i < file.lines.size(); ++i) {
        // Columns, not bytes: continuation bytes of UTF-8 take none.
        const auto columns = std::count_if(file.lines[i].begin(), file.lines[i].end(),
                                           [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
        EXPECT_LE(columns, 100) << file.path << ":" << i + 1;
      }
    }
  }
}

// The border to JavaScript decides nothing, so it has nothing to say.
TEST(Sizes, TheBindingsAreThin) {
  std::ifstream in(kRoot / "wasm/bindings.cc");
  std::size_t lines = 0;
  for (std::string line; std::getline(in, line);) ++lines;
  EXPECT_GT(lines, 0u);
  EXPECT_LE(lines, 100u);
}

TEST(Sizes, MainOnlyCallsTheLibrary) {
  for (const File& file : ReadFiles("native")) {
    if (file.path != "native/main.cc") continue;
    EXPECT_LE(file.lines.size(), 30u);
  }
}

TEST(Words, NothingIsLeftForLater) {
  for (const char* folder : {"core", "native"}) {
    for (const File& file : ReadFiles(folder)) {
      for (const std::string& line : file.lines) {
        for (const char* word : {"TODO", "FIXME"}) {
          EXPECT_EQ(line.find(word), std::string::npos) << file.path << ": " << line;
        }
      }
    }
  }
}

TEST(Words, TopLevelHoldsTheHouseAndNothingElse) {
  const Names house = {"CMakeLists.txt", "CMakePresets.json", "README.md", "core", "wasm",
                       "native", "web", "schemas", "tests", "build"};
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    const std::string name = entry.path().filename();
    if (name[0] == '.') continue;
    EXPECT_TRUE(house.count(name)) << name;
  }
}

}  // namespace
