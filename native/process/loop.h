// Loop: child processes, timers and signals on one thread. Beside native/http the only folder that
// includes Boost (Boost.Process v2 and Asio); this header does not.
//
// A child: its own process group; nothing open but its streams and files; default signal handling;
// told SIGINT when the thread that started it dies, however that happens. Never forked
// (launcher.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace lockstep::process {

struct Command {
  std::string program;            ///< a path, not looked up
  std::vector<std::string> args;  ///< without argv[0]
  std::vector<std::string> env;   ///< exactly these
  /// Stdin: a file in memory, which cannot break in the middle; or the beginning of a pipe.
  std::string input;
  bool input_goes_on = false;  ///< a pipe, until CloseInput: for what may break anywhere
  std::string folder;          ///< working folder; "" = the parent's
  /// Contents of files in memory that only this child has, open as descriptors 3, 4, …
  std::vector<std::string> files;
};

enum class Stream : std::uint8_t { kOut, kErr };

struct ExitStatus {
  int code = 0;  ///< exit code when `signal` is 0
  int signal = 0;
  bool output_cut =
      false;  ///< somebody outside its process group still held its output after drain_limit
};

using ChildId = std::uint64_t;
using TimerId = std::uint64_t;

class Loop {
 public:
  struct Options {
    bool use_pidfd = true;  ///< false, or a kernel without them: SIGCHLD
    base::Duration ladder_step =
        base::Seconds(2);  ///< how long Stop waits before the next stronger signal
    base::Duration drain_limit =
        base::Milliseconds(500);  ///< how long an ended child's output is waited for
  };
  Loop();
  explicit Loop(const Options& options);
  /// Kills what still runs (whole groups) and reaps it.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Without more: one that nothing is told.
  struct Listener {
    /// Everything that comes, in chunks. What is not kept here is gone.
    std::function<void(Stream, std::string_view)> on_output = [](Stream, std::string_view) {};
    /// Once, last, after all output.
    std::function<void(const ExitStatus&)> on_exit = [](const ExitStatus&) {};
  };
  /// Callbacks come from Run only. kNotFound, kPermissionDenied or kIo when the program cannot be
  /// started, kResourceExhausted when it can be later.
  base::Result<ChildId> Spawn(const Command& command, Listener listener);
  /// From now on its news go there. Also from inside of a callback.
  void Listen(ChildId child, Listener listener);
  /// REQUIRES Command::input_goes_on. What a child that has gone does not read is lost.
  void Write(ChildId child, std::string text);
  /// When all that was written is through.
  void CloseInput(ChildId child);
  /// SIGINT to its group, after ladder_step SIGTERM, after another SIGKILL. Unknown ids are
  /// ignored.
  void Stop(ChildId child);
  /// SIGKILL to its group at once.
  void Kill(ChildId child);
  std::size_t running() const;

  TimerId After(base::Duration delay, std::function<void()> callback);
  void CancelTimer(TimerId timer);

  /// From now on these signals come here instead of doing what they did, or instead of where they
  /// came before.
  void OnSignals(std::span<const int> signals, std::function<void(int)> callback);

  /// Calls back, once in each Run at most, while this descriptor, which stays its owner's, can be
  /// read. There is one such descriptor.
  void OnReadable(int descriptor, std::function<void()> callback);

  /// Blocks until at least one callback ran or `limit` has passed (negative: no limit), then runs
  /// all that are due without blocking.
  void Run(base::Duration limit);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lockstep::process
