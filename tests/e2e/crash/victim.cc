#include "tests/e2e/crash/victim.h"

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace lockstep::e2e {

Victim::Victim(const Folder& folder, std::vector<std::string> words,
               const std::vector<std::string>& through) {
  words.insert(words.begin(), LOCKSTEP_PROGRAM);
  words.insert(words.begin(), through.begin(), through.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ != 0) return;
  const int output = open((folder / "output").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  // A sanitizer's leak check at exit runs in a child; killed as a client is, the runner would wait
  // for it for ever. The other tests look for leaks.
  setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
  if (chdir(folder.path().c_str()) != 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) _exit(126);
  execvp(argv[0], argv.data());
  _exit(127);
}

Victim::~Victim() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  Wait();
}

int Victim::Wait() {
  constexpr int kHungMs = 120'000;
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  pollfd ended{pidfd, POLLIN, 0};
  if (pidfd >= 0 && poll(&ended, 1, kHungMs) == 0) {
    ADD_FAILURE() << "process " << pid_ << " hangs";
    kill(pid_, SIGKILL);
  }
  close(pidfd);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::vector<pid_t> Victim::Clients() const {
  std::vector<pid_t> clients;
  DIR* folder = opendir("/proc");
  while (const dirent* entry = readdir(folder)) {
    const pid_t pid = std::atoi(entry->d_name);
    if (pid <= 0) continue;
    FILE* file = std::fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "r");
    if (file == nullptr) continue;
    int parent = 0;
    if (std::fscanf(file, "%*d (%*[^)]) %*c %d", &parent) == 1 && parent == pid_)
      clients.push_back(pid);
    std::fclose(file);
  }
  closedir(folder);
  return clients;
}

}  // namespace lockstep::e2e
