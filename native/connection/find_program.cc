#include "native/connection/find_program.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>

#include "core/base/text.h"
#include "native/connection/unavailable.h"

namespace lockstep::connection {
namespace {

bool IsProgram(const std::string& file) {
  struct stat info {};
  return access(file.c_str(), X_OK) == 0 && stat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

/// "/usr/lib/postgresql/*/bin/psql": the one with the highest number; "" when there is none.
std::string Newest(const std::string& pattern) {
  const std::size_t star = pattern.find('*');
  glob_t found{};
  std::string newest;
  double highest = -1;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      const std::string path = found.gl_pathv[i];
      const double number = strtod(path.c_str() + star, nullptr);
      if (number <= highest || !IsProgram(path)) continue;
      highest = number;
      newest = path;
    }
  }
  globfree(&found);
  return newest;
}

}  // namespace

base::Result<std::string> FindProgram(const std::string& program) {
  if (program.find('/') != std::string::npos) {
    std::error_code ec;
    if (access(program.c_str(), X_OK) == 0) return std::filesystem::absolute(program, ec).string();
    return Unavailable("the program " + base::Quote(program) +
                       " cannot be executed: " + strerror(errno));
  }
  const char* path = getenv("PATH");
  const std::string_view folders = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
  for (std::size_t begin = 0; begin <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', begin), folders.size());
    const std::string file = std::string(folders.substr(begin, end - begin)) + "/" + program;
    // Only absolute folders: a client must not come from wherever the runner happens to stand.
    if (file[0] == '/' && IsProgram(file)) return file;
    begin = end + 1;
  }
  return Unavailable("the program " + base::Quote(program) + " is not on PATH");
}

base::Result<std::string> FindClient(sql::Engine engine, const ClientPrograms& programs) {
  if (const auto chosen = programs.find(engine); chosen != programs.end()) {
    return FindProgram(chosen->second);
  }
  const client::Client& client = *client::ClientFor(engine);
  std::string name;
  for (const std::string& program : client.default_programs()) {
    if (program.find('*') != std::string::npos) {
      if (std::string newest = Newest(program); !newest.empty()) return newest;
      continue;
    }
    if (auto found = FindProgram(program); found.ok()) return found;
    if (name.empty()) name = program;
  }
  return Unavailable("the client " + base::Quote(name) +
                     " is not on PATH; install it (Debian: apt install " +
                     std::string(client.package()) + "), or name it with --client");
}

}  // namespace lockstep::connection
