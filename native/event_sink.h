// EventSink: the events of a run as NDJSON, for whoever follows it. Second to the ledger: a sink
// that breaks is told once and left alone.
#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"

namespace lockstep::native {

class EventSink {
 public:
  /// "-": standard output; "": nowhere; else a file, which is appended to.
  static base::Result<EventSink> Open(const std::string& path);
  EventSink(EventSink&& other) noexcept;
  ~EventSink();
  EventSink& operator=(EventSink&&) = delete;

  bool active() const { return fd_ >= 0; }
  /// The first failure's reason; afterwards the sink is closed.
  base::Status Write(std::string_view lines);

 private:
  EventSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  int fd_ = -1;
  std::string name_;
};

}  // namespace lockstep::native
