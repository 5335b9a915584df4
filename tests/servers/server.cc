#include "tests/servers/server.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace lockstep::tests {
namespace {

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

int FileWith(const std::string& text) {
  const int fd = memfd_create("input", MFD_CLOEXEC);
  if (write(fd, text.data(), text.size()) < 0) _exit(126);
  lseek(fd, 0, SEEK_SET);
  return fd;
}

}  // namespace

Server::Server(std::string user, const std::string& name) : user_(std::move(user)) {
  std::string pattern = std::filesystem::temp_directory_path() / ("lockstep-" + name + "-XXXXXX");
  folder_ = mkdtemp(pattern.data());
  chmod(folder_.c_str(), 0755);
  const passwd* owner = geteuid() == 0 ? getpwnam(user_.c_str()) : nullptr;
  if (owner != nullptr && chown(folder_.c_str(), owner->pw_uid, owner->pw_gid) != 0) {
    throw std::runtime_error("cannot give a folder to " + user_);
  }
}

Server::~Server() {
  Kill();
  std::filesystem::remove_all(folder_);
}

pid_t Server::Fork(const std::vector<std::string>& words, bool dies_with_us) const {
  const std::vector<char*> argv = Pointers(words);
  const passwd* owner = geteuid() == 0 ? getpwnam(user_.c_str()) : nullptr;
  const pid_t pid = fork();
  if (pid != 0) return pid;
  setpgid(0, 0);
  if (owner != nullptr &&
      (setgroups(0, nullptr) != 0 || setgid(owner->pw_gid) != 0 || setuid(owner->pw_uid) != 0)) {
    _exit(126);
  }
  if (dies_with_us) prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int log = open((folder_ + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0);
  dup2(log, 1);
  dup2(log, 2);
  for (int fd = 3; fd < 1024; ++fd) close(fd);
  if (chdir(folder_.c_str()) != 0) _exit(126);
  setenv("LC_ALL", "C.UTF-8", 1);
  execv(argv[0], argv.data());
  _exit(127);
}

int Server::Run(const std::vector<std::string>& words) const {
  int status = 0;
  waitpid(Fork(words, true), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void Server::ListenOn(const std::string&) {
  throw std::logic_error("this server listens on its socket only");
}

void Server::Kill() {
  if (pid_ == 0) return;
  kill(-pid_, SIGKILL);  // the group, to which what it forked belongs unless it left
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void Server::Start() {
  // What a killed one left behind may hold its memory for a moment.
  const bool answers = Eventually([this] {
    if (pid_ == 0) pid_ = Fork(Program(), true);
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = 0;
      return false;
    }
    return Answers();
  });
  if (!answers) throw std::runtime_error("no answer from the server: " + Log());
}

std::string Server::Log() const {
  std::stringstream text;
  text << std::ifstream(folder_ + "/log").rdbuf();
  return text.str();
}

pid_t Background(const std::vector<std::string>& words, const std::string& input) {
  const std::vector<char*> argv = Pointers(words);
  const int in = FileWith(input);
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int nothing = open("/dev/null", O_RDWR);
    dup2(in, 0);
    dup2(nothing, 1);
    dup2(nothing, 2);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  close(in);
  return pid;
}

std::string Capture(const std::vector<std::string>& words, const std::string& input) {
  const std::vector<char*> argv = Pointers(words);
  const int in = FileWith(input);
  int out[2];
  if (pipe2(out, O_CLOEXEC) != 0) return "no pipe";
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(in, 0);
    dup2(out[1], 1);
    dup2(out[1], 2);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  close(in);
  close(out[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = read(out[0], buffer, sizeof(buffer))) > 0;)
    text.append(buffer, static_cast<std::size_t>(n));
  close(out[0]);
  waitpid(pid, nullptr, 0);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace lockstep::tests
