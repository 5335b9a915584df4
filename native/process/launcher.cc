#include "native/process/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/check.h"

namespace lockstep::process {
namespace {

/// Nothing that the parent has open reaches the client, whoever forgot O_CLOEXEC.
__attribute__((no_sanitize("address", "undefined"))) void CloseOnExecFrom(int first) {
  const auto begin = static_cast<unsigned>(first);
  if (syscall(SYS_close_range, begin, ~0u, CLOSE_RANGE_CLOEXEC) == 0) return;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const int end = limit.rlim_cur > 65536 ? 65536 : static_cast<int>(limit.rlim_cur);
  for (int fd = first; fd < end; ++fd) fcntl(fd, F_SETFD, FD_CLOEXEC);
}

__attribute__((no_sanitize("address", "undefined"))) void HandleAllSignals(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  for (int signal = 1; signal < _NSIG; ++signal) sigaction(signal, &action, nullptr);
}

/// Runs on the memory of the parent, which stands still meanwhile: system calls only, no
/// allocation, no locks.
__attribute__((no_sanitize("address", "undefined"))) int RunChild(void* argument) {
  ChildSetup& setup = *static_cast<ChildSetup*>(argument);
  const auto fail = [&setup] {
    setup.error = errno;
    _exit(127);
  };
  setpgid(0, 0);
  // What came before was meant for the parent's group, as ^C is. To ignore it is to forget it.
  HandleAllSignals(SIG_IGN);
  // SIGINT is what makes clients cancel on their server. After SIGKILL some servers go on, and
  // commit.
  prctl(PR_SET_PDEATHSIG, SIGINT);
  if (getppid() != setup.parent) _exit(127);
  HandleAllSignals(SIG_DFL);
  for (int fd = 0; fd < 3; ++fd) {
    if (dup2(setup.streams[fd], fd) < 0) fail();
  }
  for (int i = 0; i < setup.file_count; ++i) {
    if (dup2(setup.files[i], 3 + i) < 0) fail();
  }
  CloseOnExecFrom(3 + setup.file_count);
  if (setup.limit != nullptr) setrlimit(RLIMIT_NOFILE, setup.limit);
  if (setup.folder != nullptr && chdir(setup.folder) != 0) fail();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execve(setup.program, const_cast<char* const*>(setup.argv), const_cast<char* const*>(setup.envp));
  fail();
  return 127;
}

void Reap(Started& started) {
  while (waitpid(started.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (started.pidfd >= 0) close(started.pidfd);
  started.pid = started.pidfd = -1;
}

}  // namespace

base::Error StartError(const std::string& program, int error) {
  const bool exhausted = error == EMFILE || error == ENFILE || error == EAGAIN || error == ENOMEM;
  const auto code = exhausted                           ? base::ErrorCode::kResourceExhausted
                    : error == ENOENT                   ? base::ErrorCode::kNotFound
                    : error == EACCES || error == EPERM ? base::ErrorCode::kPermissionDenied
                                                        : base::ErrorCode::kIo;
  return {code, "cannot start " + program + ": " + strerror(error)};
}

Started StartChild(ChildSetup& setup, bool want_pidfd) {
  for (const int fd : setup.streams) LOCKSTEP_CHECK(fd > 2, "a stream that dup2 would overwrite");
  LOCKSTEP_CHECK(3 + setup.file_count <= kFirstOwnDescriptor, "too many files for one child");
  setup.parent = getpid();
  setup.error = 0;
  alignas(16) char stack[64 << 10];

  // A handler that ran in the child would write to the parent's variables.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  Started started;
  const int flags = CLONE_VM | CLONE_VFORK | SIGCHLD;
  if (want_pidfd) {
    started.pid =
        clone(RunChild, stack + sizeof(stack), flags | CLONE_PIDFD, &setup, &started.pidfd);
  }
  if (!want_pidfd || (started.pid < 0 && errno == EINVAL)) {
    started.pid = clone(RunChild, stack + sizeof(stack), flags, &setup);
  }
  const int clone_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);

  if (started.pid < 0) {
    started.error = clone_error;
  } else if (setup.error != 0) {
    started.error = setup.error;
    Reap(started);
  }
  return started;
}

int HandleDescriptor(Started& started) {
  const int fd = started.pidfd >= 0 ? fcntl(started.pidfd, F_DUPFD_CLOEXEC, 3)
                                    : open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (fd >= 0) return fd;
  started.error = errno;
  kill(-started.pid, SIGKILL);
  Reap(started);
  return -1;
}

}  // namespace lockstep::process
