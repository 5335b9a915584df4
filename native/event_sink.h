// EventSink: the events of a run as NDJSON, for whoever follows it. Second to the ledger: a sink
// that breaks is told once and left alone.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "native/process/outlet.h"

namespace lockstep::native {

class EventSink {
 public:
  /// "-": standard output; "": nowhere; else a file, which is appended to.
  static base::Result<EventSink> Open(const std::string& path);
  EventSink(EventSink&& other) noexcept;
  ~EventSink();
  EventSink& operator=(EventSink&&) = delete;

  bool active() const { return fd_ >= 0; }
  /// The first failure's reason; afterwards the sink is closed. A reader that no longer reads is
  /// one: a gap would be worse than an end.
  base::Status Write(std::string_view lines);
  /// The same for what the reader has not taken yet. Gives it a few seconds.
  base::Status Flush();

 private:
  EventSink(int fd, std::string name);
  base::Status Broken(const std::string& why);
  int fd_ = -1;
  std::string name_;
  std::unique_ptr<process::Outlet> outlet_;
};

}  // namespace lockstep::native
