// Launcher: Boost.Process v2's launcher, made safe for a runner with gigabytes of memory and many
// children.
//
// What the launchers of Boost 1.81 do that this one must not:
//   - fork() copies the page tables: 28 ms from a 1 GiB process;
//   - notify_fork(fork_child) between (v)fork and exec touches the parent's epoll;
//   - exit() after a failed exec runs the parent's destructors and flushes its stdio twice;
//   - close_all() leaves descriptors open, and there are no process groups.
// So: clone(CLONE_VM | CLONE_VFORK) on a stack of its own, as glibc's posix_spawn does, with
// signals blocked in between, only system calls in the child, and _exit. (posix_spawn itself cannot
// set PR_SET_PDEATHSIG.)
#pragma once

#include <sys/resource.h>

#include <boost/process/v2/process.hpp>
#include <string>
#include <utility>

#include "core/base/result.h"

namespace lockstep::process {

/// What the parent has for its children lies above all that a child can have.
constexpr int kFirstOwnDescriptor = 16;

/// What the child does between clone and exec; it shares the memory of its parent until then.
struct ChildSetup {
  const char* program = nullptr;
  const char* const* argv = nullptr;
  const char* const* envp = nullptr;
  const char* folder = nullptr;   ///< null: the parent's
  int streams[3] = {-1, -1, -1};  ///< become 0, 1, 2; all above 2
  /// Become 3, 4, …; all of them at or above kFirstOwnDescriptor.
  const int* files = nullptr;
  int file_count = 0;
  const rlimit* limit = nullptr;  ///< RLIMIT_NOFILE of the child; null: the parent's
  pid_t parent = 0;
  int error = 0;  ///< errno of the step that failed, written by the child
};

struct Started {
  pid_t pid = -1;
  int pidfd = -1;  ///< -1 when none was wanted or the kernel has none
  int error = 0;
};
/// What to say of a start that ended with this errno.
base::Error StartError(const std::string& program, int error);

/// Blocks only until the child has called exec. A child that could not is reaped already.
Started StartChild(ChildSetup& setup, bool want_pidfd);

/// The descriptor that a Boost process handle insists on owning. Nobody waits on it (loop.cc says
/// why). Without one the child is killed, and its error is set.
int HandleDescriptor(Started& started);

struct Launcher : boost::process::v2::posix::default_launcher {
  ChildSetup setup;
  bool want_pidfd = true;
  int pidfd = -1;  ///< afterwards; the caller closes it

  template <class Executor, class Args>
  boost::process::v2::basic_process<Executor> operator()(
      Executor executor, boost::process::v2::error_code& ec,
      const boost::process::v2::filesystem::path& executable, Args&& args) {
    setup.program = executable.c_str();
    setup.argv = build_argv_(executable, std::forward<Args>(args));
    setup.envp = env;
    Started started = StartChild(setup, want_pidfd);
    const int handle = started.error == 0 ? HandleDescriptor(started) : -1;
    if (started.error != 0) {
      ec.assign(started.error, boost::process::v2::system_category());
      return boost::process::v2::basic_process<Executor>(executor);
    }
    pid = started.pid;
    pidfd = started.pidfd;
    return boost::process::v2::basic_process<Executor>(executor, pid, handle);
  }
};

}  // namespace lockstep::process
