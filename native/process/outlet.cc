#include "native/process/outlet.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace lockstep::process {
namespace {

constexpr base::Duration kGrace = base::Seconds(1);

}  // namespace

Outlet::Outlet(int descriptor, std::size_t max_queued)
    : descriptor_(descriptor), max_queued_(max_queued) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) return;
  is_file_ = S_ISREG(status.st_mode);
  // O_NONBLOCK belongs to the open file, which a shell and others share: hence one of our own.
  if (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)) {
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
    unblocked_ = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  }
}

Outlet::~Outlet() {
  if (unblocked_ >= 0) close(unblocked_);
}

bool Outlet::Wait(base::Duration patience) const {
  pollfd ready{descriptor_, POLLOUT, 0};
  const int limit = patience.ms < 0 ? -1 : static_cast<int>(patience.ms);
  for (;;) {
    const int count = poll(&ready, 1, limit);
    if (count >= 0 || errno != EINTR) return count > 0;
  }
}

std::size_t Outlet::WriteSome(std::string_view text) {
  int descriptor = descriptor_;
  if (hurried_ && !is_file_) {
    if (unblocked_ >= 0) {
      descriptor = unblocked_;
    } else {
      // So much a pipe takes at once when it says that it takes anything (pipe(7)).
      if (!Wait({0})) return 0;
      text = text.substr(0, PIPE_BUF);
    }
  }
  for (;;) {
    const ssize_t count = write(descriptor, text.data(), text.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return 0;
    if (errno == EPIPE || errno == EIO) {
      closed_ = true;
    } else {
      error_ = errno;
    }
    return 0;
  }
}

bool Outlet::Flush(base::Duration patience) {
  std::size_t taken = 0;
  while (taken < queue_.size() && !broken()) {
    const std::size_t count = WriteSome(std::string_view(queue_).substr(taken));
    taken += count;
    if (count == 0 && !broken() && !Wait(patience)) break;
  }
  queue_.erase(0, taken);
  if (broken()) queue_.clear();
  if (queue_.size() < max_queued_ / 2) stuck_ = false;
  return queue_.empty();
}

void Outlet::Write(std::string_view text) {
  if (broken()) return;
  if (hurried_ && queue_.size() + text.size() > max_queued_ && !queue_.empty()) {
    Flush(stuck_ ? base::Duration{0} : kGrace);
    stuck_ |= queue_.size() + text.size() > max_queued_;
    if (stuck_) {
      dropped_ += text.size();
      return;
    }
  }
  queue_ += text;
  Flush(base::Duration{hurried_ ? 0 : -1});
}

}  // namespace lockstep::process
