// Runs a ClientCommand to its end, for tests of adapters: files for the three streams, no limits.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "native/client/client.h"

namespace lockstep::client {

/// A folder of its own, without symbolic links in its path, gone at the end.
class Folder {
 public:
  Folder() {
    std::string pattern =
        std::filesystem::canonical(std::filesystem::temp_directory_path()) / "lockstep-test-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

struct Finished {
  int exit_code = 0, signal = 0;
  std::string raw, output, error;  ///< stdout as it came, stdout without markers, stderr
  MarkerLog markers;
  ProcessEnd end() const { return {exit_code, signal, error}; }
};

inline Finished RunToEnd(const ClientCommand& command, const std::string& nonce) {
  const Folder folder;
  WriteFile(folder / "in", command.script);
  std::vector<const char*> argv = {command.program.c_str()};
  for (const std::string& arg : command.args) argv.push_back(arg.c_str());
  argv.push_back(nullptr);
  std::vector<const char*> env;
  for (const std::string& variable : command.env) env.push_back(variable.c_str());
  env.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, (folder / "in").c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, (folder / "out").c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, (folder / "err").c_str(), O_WRONLY | O_CREAT, 0600);
  for (std::size_t i = 0; i < command.files.size(); ++i) {
    const std::string path = folder / ("file" + std::to_string(i));
    WriteFile(path, command.files[i]);
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    posix_spawn_file_actions_addopen(&actions, static_cast<int>(3 + i), path.c_str(), O_RDONLY, 0);
  }
  pid_t pid = 0;
  Finished finished;
  const int failed =
      posix_spawnp(&pid, command.program.c_str(), &actions, nullptr,
                   const_cast<char* const*>(argv.data()), const_cast<char* const*>(env.data()));
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    finished.exit_code = 127;
    return finished;
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  finished.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  finished.raw = ReadFile(folder / "out");
  finished.error = ReadFile(folder / "err");
  MarkerFilter filter(nonce);
  filter.Feed(finished.raw, finished.output);
  filter.Finish(finished.output);
  finished.markers = filter.log();
  return finished;
}

}  // namespace lockstep::client
