#include "tests/e2e/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace lockstep::e2e {
namespace {

namespace fs = std::filesystem;

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == 0) read = ends[0], write = ends[1];
  }
};

std::vector<char*> Pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Feeds `input` and drains both outputs until they are closed.
void Exchange(int in, int out, int err, std::string_view input, Ended& ended) {
  fcntl(in, F_SETFL, O_NONBLOCK);
  while (in >= 0 || out >= 0 || err >= 0) {
    if (in >= 0 && input.empty()) close(std::exchange(in, -1));
    pollfd polls[] = {{in, POLLOUT, 0}, {out, POLLIN, 0}, {err, POLLIN, 0}};
    poll(polls, 3, -1);
    if (polls[0].revents != 0) {
      const ssize_t count = write(in, input.data(), input.size());
      if (count > 0) input.remove_prefix(static_cast<std::size_t>(count));
      if (count < 0 && errno == EPIPE) input = {};
    }
    for (auto [poll, fd, text] :
         {std::tuple(polls[1], &out, &ended.out), std::tuple(polls[2], &err, &ended.err)}) {
      if (poll.revents == 0) continue;
      char buffer[65536];
      const ssize_t count = read(*fd, buffer, sizeof buffer);
      if (count > 0) text->append(buffer, static_cast<std::size_t>(count));
      if (count == 0) close(std::exchange(*fd, -1));
    }
  }
}

}  // namespace

Folder::Folder() {
  std::string pattern = fs::temp_directory_path() / "lockstep-e2e-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Folder::Write(const std::string& name, const std::string& text) const {
  fs::create_directories(fs::path(path_ + "/" + name).parent_path());
  std::ofstream(path_ + "/" + name, std::ios::binary) << text;
}

std::string Folder::Read(const std::string& name) const {
  std::ifstream in(path_ + "/" + name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string ProgramPath(const std::string& name) {
  return name == "lockstep" ? LOCKSTEP_PROGRAM : name;
}

Environment Complete(const Folder& folder, Environment environment) {
  environment.insert(
      {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", folder.path()}, {"LC_ALL", "C.UTF-8"}});
  return environment;
}

Ended RunProgram(const Folder& folder, const Words& words, const std::string& input,
                 const Environment& environment) {
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> arguments(words), variables;
  arguments[0] = ProgramPath(arguments[0]);
  for (const auto& [name, value] : Complete(folder, environment))
    variables.push_back(name + "=" + value);

  Pipe in, out, err;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write, 1);
  posix_spawn_file_actions_adddup2(&actions, err.write, 2);
  posix_spawn_file_actions_addchdir_np(&actions, folder.path().c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, arguments[0].c_str(), &actions, &attributes,
                                 Pointers(arguments).data(), Pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(in.read), close(out.write), close(err.write);
  Ended ended;
  if (error != 0) {
    ADD_FAILURE() << "can't start " << arguments[0] << ": " << std::strerror(error);
    close(in.write), close(out.read), close(err.read);
    return ended;
  }
  Exchange(in.write, out.read, err.read, input, ended);
  int status = 0;
  rusage usage{};
  wait4(pid, &status, 0, &usage);
  ended.peak_kb = usage.ru_maxrss;
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

Ended Lockstep(const Folder& folder, Words words, const std::string& input,
               const Environment& environment) {
  words.insert(words.begin(), "lockstep");
  return RunProgram(folder, words, input, environment);
}

std::string Sqlite(const Folder& folder, const std::string& database, const std::string& sql) {
  const Ended ended = RunProgram(folder, {"sqlite3", "-batch", database}, sql);
  EXPECT_EQ(ended.code, 0) << ended.err;
  return ended.out;
}

void WriteRollout(const Folder& folder, const Words& sheets) {
  folder.Write("inventory.json", R"({"instances": [{"name": "instances/local", "engine": "SQLITE",
    "dataSources": [{"type": "ADMIN", "host": "data"}],
    "databases": [{"name": "instances/local/databases/hr"}]}]})");
  std::string specs;
  for (std::size_t i = 1; i <= sheets.size(); ++i) {
    const std::string number = std::to_string(i);
    folder.Write("sheets/" + number + ".sql", sheets[i - 1]);
    specs +=
        std::string(i > 1 ? ",\n" : "") + R"({"id": "spec-)" + number +
        R"(", "dependsOnSpecs": [)" + (i > 1 ? "\"spec-" + std::to_string(i - 1) + "\"" : "") +
        R"(], "changeDatabaseConfig": {"target": "instances/local/databases/hr", "sheet": "projects/p/sheets/)" +
        number + R"(", "type": "MIGRATE"}})";
  }
  folder.Write("plan.json", R"({"steps": [{"title": "step 1", "specs": [)" + specs + "]}]}\n");
  folder.Write("data/.keep", "");
  Sqlite(folder, "data/hr.db", "CREATE TABLE t(a INTEGER PRIMARY KEY);");
}

}  // namespace lockstep::e2e
