#include "native/event_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <utility>

#include "core/base/text.h"

namespace lockstep::native {

base::Result<EventSink> EventSink::Open(const std::string& path) {
  if (path.empty()) return EventSink(-1, "");
  const int fd = path == "-" ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                             : open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd >= 0) return EventSink(fd, path);
  return base::Error{base::ErrorCode::kIo,
                     "cannot write events to " + base::Quote(path) + ": " + strerror(errno)};
}

EventSink::EventSink(EventSink&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)) {}

EventSink::~EventSink() {
  if (fd_ >= 0) close(fd_);
}

base::Status EventSink::Write(std::string_view lines) {
  while (fd_ >= 0 && !lines.empty()) {
    const ssize_t n = write(fd_, lines.data(), lines.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      close(std::exchange(fd_, -1));
      if (error == EPIPE) return {};  // whoever followed has seen enough
      return base::Error{base::ErrorCode::kIo, "events are no longer written to " +
                                                   base::Quote(name_) + ": " + strerror(error) +
                                                   "; the ledger has them all"};
    }
    lines.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace lockstep::native
