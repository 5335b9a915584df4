#include "native/process/loop.h"

#include <utility>  // before Boost 1.81's headers, which forget it

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <optional>
#include <unordered_map>

#include "native/process/child.h"
#include "native/process/descriptor.h"
#include "native/process/input_file.h"

namespace lockstep::process {
namespace {

using Executor = asio::io_context::executor_type;

std::vector<const char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<const char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const std::string& s : strings) pointers.push_back(s.c_str());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

struct Loop::Impl {
  explicit Impl(const Options& o)
      : options(o), work(asio::make_work_guard(io)), signals(io), sigchld(io) {
    // A closed standard stream would give its number to a pipe, which dup2 in a child then
    // overwrites.
    for (int fd = 0; fd < 3; ++fd) {
      if (fcntl(fd, F_GETFD) < 0) open("/dev/null", O_RDWR);
    }
    // A child costs four descriptors. Children keep the limit that was: some clients use select().
    getrlimit(RLIMIT_NOFILE, &files);
    const rlimit most{files.rlim_max, files.rlim_max};
    setrlimit(RLIMIT_NOFILE, &most);
  }

  base::Result<ChildId> Spawn(const Command& command, Listener listener);
  Child* Find(ChildId id) {
    const auto it = children.find(id);
    return it == children.end() ? nullptr : it->second.get();
  }
  void AwaitOutput(ChildId id, std::size_t stream);
  void ReadOutput(ChildId id, std::size_t stream, bool awaited);
  void WriteInput(ChildId id);
  void AwaitExit(ChildId id);
  void AwaitSigchld();
  bool TryReap(ChildId id);
  void FinishIfDone(ChildId id);
  void Climb(ChildId id, int signal);
  void AwaitSignal();
  void AwaitReadable();

  Options options;
  rlimit files{};
  asio::io_context io{1};  // one thread: no locks inside
  asio::executor_work_guard<Executor> work;
  asio::signal_set signals, sigchld;
  bool sigchld_armed = false;
  std::function<void(int)> on_signal;
  std::optional<stream_descriptor> readable;  // somebody else's
  std::function<void()> on_readable;
  bool awaits_readable = false;
  std::unordered_map<ChildId, std::unique_ptr<Child>> children;
  std::unordered_map<TimerId, std::unique_ptr<asio::steady_timer>> timers;
  std::uint64_t next_id = 1;
  std::array<char, 64 << 10> buffer;
};

base::Result<ChildId> Loop::Impl::Spawn(const Command& command, Listener listener) {
  Descriptor file{command.input_goes_on ? -1 : MakeInputFile(command.input)};
  Pipe in, out, err;
  const bool has_input = command.input_goes_on ? in.Open(false) : file.fd >= 0;
  if (!has_input || !out.Open(true) || !err.Open(true)) return StartError(command.program, errno);
  std::vector<Descriptor> held;
  std::vector<int> own_files;
  for (const std::string& content : command.files) {
    const Descriptor own{MakeInputFile(content)};
    held.emplace_back(fcntl(own.fd, F_DUPFD_CLOEXEC, kFirstOwnDescriptor));
    if (held.back().fd < 0) return StartError(command.program, errno);
    own_files.push_back(held.back().fd);
  }

  const std::vector<const char*> env = Pointers(command.env);
  Launcher launcher;
  launcher.env = env.data();
  launcher.want_pidfd = options.use_pidfd;
  launcher.setup.limit = &files;
  launcher.setup.files = own_files.data();
  launcher.setup.file_count = static_cast<int>(own_files.size());
  launcher.setup.folder = command.folder.empty() ? nullptr : command.folder.c_str();
  launcher.setup.streams[0] = command.input_goes_on ? in.read : file.fd;
  launcher.setup.streams[1] = out.write;
  launcher.setup.streams[2] = err.write;
  ErrorCode ec;
  Process process = launcher(io.get_executor(), ec, command.program, command.args);
  if (ec) return StartError(command.program, ec.value());

  const ChildId id = next_id++;
  auto& child = *(children[id] = std::make_unique<Child>(io, std::move(process)));
  child.listener = std::make_shared<const Listener>(std::move(listener));
  child.streams[0].assign(std::exchange(out.read, -1));
  child.streams[1].assign(std::exchange(err.read, -1));
  AwaitOutput(id, 0);
  AwaitOutput(id, 1);
  if (command.input_goes_on) {
    child.input.assign(std::exchange(in.write, -1));
    child.unwritten = command.input;
    WriteInput(id);
  }
  if (launcher.pidfd >= 0) {
    child.pidfd.assign(launcher.pidfd);
    AwaitExit(id);
  } else {
    AwaitSigchld();
    // It may have ended before anybody listened.
    asio::post(io, [this, id] { TryReap(id); });
  }
  return id;
}

void Loop::Impl::AwaitOutput(ChildId id, std::size_t stream) {
  Find(id)->streams[stream].async_wait(stream_descriptor::wait_read,
                                       [this, id, stream](const ErrorCode& ec) {
                                         if (!ec) ReadOutput(id, stream, false);
                                       });
}

/// Reads what is there, but at most four buffers (more than a pipe holds), so that nobody who
/// writes without end starves the others. `awaited`: a wait for more is under way already.
void Loop::Impl::ReadOutput(ChildId id, std::size_t stream, bool awaited) {
  for (int round = 0;; ++round) {
    Child* child = Find(id);
    if (child == nullptr || !child->streams[stream].is_open()) return;
    const int fd = child->streams[stream].native_handle();
    const ssize_t n = round < 4 ? read(fd, buffer.data(), buffer.size()) : -1;
    if (n < 0 && (round == 4 || errno == EAGAIN)) {
      if (!awaited) AwaitOutput(id, stream);
      return;
    }
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      ErrorCode ignored;
      child->streams[stream].close(ignored);
      return FinishIfDone(id);
    }
    // Held: it may be replaced from inside.
    const std::shared_ptr<const Listener> listener = child->listener;
    listener->on_output(static_cast<Stream>(stream), {buffer.data(), static_cast<std::size_t>(n)});
  }
}

/// As much as it takes now, and the rest when it takes more.
void Loop::Impl::WriteInput(ChildId id) {
  Child* child = Find(id);
  if (child == nullptr || child->writing || !child->input.is_open()) return;
  std::size_t written = 0;
  ssize_t n = 0;
  while (written < child->unwritten.size()) {
    n = write(child->input.native_handle(), child->unwritten.data() + written,
              child->unwritten.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    written += static_cast<std::size_t>(n);
  }
  child->unwritten.erase(0, written);
  ErrorCode ignored;
  if (n < 0 && errno != EAGAIN) child->unwritten.clear();  // it reads no more
  if (child->unwritten.empty()) {
    if (child->input_ends || (n < 0 && errno != EAGAIN)) child->input.close(ignored);
    return;
  }
  child->writing = true;
  child->input.async_wait(stream_descriptor::wait_write, [this, id](const ErrorCode& ec) {
    if (ec) return;
    if (Child* waiting = Find(id)) waiting->writing = false;
    WriteInput(id);
  });
}

/// Not Boost's async_wait: in 1.81 that ends in a blocking waitpid.
void Loop::Impl::AwaitExit(ChildId id) {
  Find(id)->pidfd.async_wait(stream_descriptor::wait_read, [this, id](const ErrorCode& ec) {
    if (!ec && !TryReap(id) && Find(id) != nullptr) AwaitExit(id);
  });
}

void Loop::Impl::AwaitSigchld() {
  if (std::exchange(sigchld_armed, true)) return;
  ErrorCode ignored;
  sigchld.add(SIGCHLD, ignored);
  sigchld.async_wait([this](const ErrorCode& ec, int) {
    if (ec) return;
    sigchld_armed = false;
    AwaitSigchld();
    std::vector<ChildId> ids;
    for (const auto& [id, child] : children) ids.push_back(id);
    for (const ChildId id : ids) TryReap(id);
  });
}

bool Loop::Impl::TryReap(ChildId id) {
  Child* child = Find(id);
  if (child == nullptr || child->reaped) return true;
  siginfo_t info{};
  if (waitid(P_PID, static_cast<id_t>(child->pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
      info.si_pid == 0) {
    return false;
  }
  // While the zombie still pins the group's id: nothing of a task outlives its client.
  kill(-child->pid, SIGKILL);
  ErrorCode ignored;
  child->process.running(ignored);  // reaps; does not block
  const int status = child->process.native_exit_code();
  child->process.detach();
  child->reaped = true;
  if (WIFSIGNALED(status))
    child->status.signal = WTERMSIG(status);
  else
    child->status.code = WEXITSTATUS(status);
  child->ladder.cancel();
  child->pidfd.close(ignored);
  ReadOutput(id, 0, true);
  ReadOutput(id, 1, true);
  FinishIfDone(id);
  child = Find(id);
  if (child == nullptr) return true;
  child->drain.expires_after(std::chrono::milliseconds(options.drain_limit.ms));
  child->drain.async_wait([this, id](const ErrorCode& ec) {
    Child* late = Find(id);
    if (ec || late == nullptr) return;
    late->status.output_cut = true;
    ErrorCode unused;
    for (stream_descriptor& stream : late->streams) stream.close(unused);
    FinishIfDone(id);
  });
  return true;
}

void Loop::Impl::FinishIfDone(ChildId id) {
  const auto it = children.find(id);
  if (it == children.end()) return;
  Child& child = *it->second;
  if (!child.reaped || child.streams[0].is_open() || child.streams[1].is_open()) return;
  const std::unique_ptr<Child> done = std::move(it->second);
  children.erase(it);
  done->listener->on_exit(done->status);
}

void Loop::Impl::Climb(ChildId id, int signal) {
  Child* child = Find(id);
  if (child == nullptr || child->reaped) return;
  kill(-child->pid, signal);
  if (signal == SIGKILL) return;
  child->ladder.expires_after(std::chrono::milliseconds(options.ladder_step.ms));
  child->ladder.async_wait([this, id, signal](const ErrorCode& ec) {
    if (!ec) Climb(id, signal == SIGINT ? SIGTERM : SIGKILL);
  });
}

void Loop::Impl::AwaitSignal() {
  signals.async_wait([this](const ErrorCode& ec, int signal) {
    if (ec) return;
    AwaitSignal();
    on_signal(signal);
  });
}

/// Once for each Run: what is not read there and then would call back for ever.
void Loop::Impl::AwaitReadable() {
  if (!readable || std::exchange(awaits_readable, true)) return;
  readable->async_wait(stream_descriptor::wait_read, [this](const ErrorCode& ec) {
    awaits_readable = false;
    if (!ec) on_readable();
  });
}

Loop::Loop() : Loop(Options()) {}
Loop::Loop(const Options& options) : impl_(std::make_unique<Impl>(options)) {}

Loop::~Loop() {
  if (impl_->readable) impl_->readable->release();
  for (auto& [id, child] : impl_->children) {
    if (child->reaped) continue;
    kill(-child->pid, SIGKILL);
    ErrorCode ignored;
    child->process.wait(ignored);
    child->process.detach();
  }
}

base::Result<ChildId> Loop::Spawn(const Command& command, Listener listener) {
  return impl_->Spawn(command, std::move(listener));
}

void Loop::Listen(ChildId id, Listener listener) {
  if (Child* child = impl_->Find(id))
    child->listener = std::make_shared<const Listener>(std::move(listener));
}

void Loop::Write(ChildId id, std::string text) {
  Child* child = impl_->Find(id);
  if (child == nullptr) return;
  child->unwritten += text;
  impl_->WriteInput(id);
}

void Loop::CloseInput(ChildId id) {
  Child* child = impl_->Find(id);
  if (child == nullptr) return;
  child->input_ends = true;
  impl_->WriteInput(id);
}

void Loop::Stop(ChildId id) {
  Child* child = impl_->Find(id);
  if (child == nullptr || std::exchange(child->stopping, true)) return;
  impl_->Climb(id, SIGINT);
}

void Loop::Kill(ChildId id) {
  Child* child = impl_->Find(id);
  if (child == nullptr) return;
  child->stopping = true;
  child->ladder.cancel();
  impl_->Climb(id, SIGKILL);
}

std::size_t Loop::running() const {
  return impl_->children.size();
}

TimerId Loop::After(base::Duration delay, std::function<void()> callback) {
  const TimerId id = impl_->next_id++;
  auto& timer = *(impl_->timers[id] = std::make_unique<asio::steady_timer>(impl_->io));
  timer.expires_after(std::chrono::milliseconds(delay.ms));
  timer.async_wait([impl = impl_.get(), id, callback = std::move(callback)](const ErrorCode& ec) {
    if (ec || impl->timers.erase(id) == 0) return;
    callback();
  });
  return id;
}

void Loop::CancelTimer(TimerId timer) {
  impl_->timers.erase(timer);
}

void Loop::OnSignals(std::span<const int> signals, std::function<void(int)> callback) {
  for (const int signal : signals) impl_->signals.add(signal);
  if (impl_->on_signal == nullptr) impl_->AwaitSignal();
  impl_->on_signal = std::move(callback);
}

void Loop::OnReadable(int descriptor, std::function<void()> callback) {
  impl_->on_readable = std::move(callback);
  impl_->readable.emplace(impl_->io, descriptor);
}

void Loop::Run(base::Duration limit) {
  impl_->io.restart();
  impl_->AwaitReadable();
  if (limit.ms < 0) {
    impl_->io.run_one();
  } else {
    impl_->io.run_one_for(std::chrono::milliseconds(limit.ms));
  }
  impl_->io.poll();
}

}  // namespace lockstep::process
