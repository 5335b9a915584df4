#include "native/event_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <utility>

#include "core/base/text.h"

namespace lockstep::native {
namespace {

/// How long a rollout that has ended waits for whoever follows its events.
constexpr base::Duration kLongestFlush = base::Seconds(5);

}  // namespace

base::Result<EventSink> EventSink::Open(const std::string& path) {
  if (path.empty()) return EventSink(-1, "");
  const int fd = path == "-" ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                             : open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd >= 0) return EventSink(fd, path);
  return base::Error{base::ErrorCode::kIo,
                     "cannot write events to " + base::Quote(path) + ": " + strerror(errno)};
}

EventSink::EventSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {
  if (fd < 0) return;
  outlet_ = std::make_unique<process::Outlet>(fd);
  outlet_->Hurry(true);
}

EventSink::EventSink(EventSink&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      name_(std::move(other.name_)),
      outlet_(std::move(other.outlet_)) {}

EventSink::~EventSink() {
  if (fd_ >= 0) close(fd_);
}

base::Status EventSink::Write(std::string_view lines) {
  if (fd_ < 0 || lines.empty()) return {};
  outlet_->Write(lines);
  if (outlet_->closed()) return Broken("");  // whoever followed has seen enough
  if (outlet_->error() != 0) return Broken(strerror(outlet_->error()));
  return outlet_->dropped() == 0 ? base::Status() : Broken("nobody reads them");
}

base::Status EventSink::Flush() {
  if (fd_ < 0) return {};
  if (!outlet_->Flush(kLongestFlush)) return Broken("nobody reads them");
  if (outlet_->error() != 0) return Broken(strerror(outlet_->error()));
  return {};
}

base::Status EventSink::Broken(const std::string& why) {
  outlet_.reset();
  close(std::exchange(fd_, -1));
  if (why.empty()) return {};
  return base::Error{base::ErrorCode::kIo, "events are no longer written to " + base::Quote(name_) +
                                               ": " + why + "; the ledger has them all"};
}

}  // namespace lockstep::native
