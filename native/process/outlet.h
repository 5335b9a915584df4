// Outlet: a descriptor that somebody else reads: standard output, standard error, a pipe of events.
// A reader that stops reading (a pager, a terminal under Ctrl-S, a log collector that hangs) must
// not stop a rollout, whose clients hold locks meanwhile.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/time.h"

namespace lockstep::process {

class Outlet {
 public:
  /// Does not own the descriptor. `max_queued` is in bytes.
  explicit Outlet(int descriptor, std::size_t max_queued = std::size_t{16} << 20);
  ~Outlet();
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  /// Waits for the reader as long as it takes, unless it is hurried: then what the reader does not
  /// take at once is queued. A full queue gives the reader a second; if that takes nothing, `text`
  /// is dropped whole, and so is all that follows until the queue has room again.
  void Write(std::string_view text);
  /// While a rollout is under way. Back to false: the next Write or Flush waits again.
  void Hurry(bool on) { hurried_ = on; }
  /// Writes what is queued. Gives up once the reader has taken nothing for `patience` (negative:
  /// never). False when something is left.
  bool Flush(base::Duration patience);

  std::size_t dropped() const { return dropped_; }  ///< bytes
  bool behind() const { return !queue_.empty(); }
  bool closed() const { return closed_; }  ///< the reader went away; no error
  int error() const { return error_; }     ///< errno of the failed write, else 0
  int descriptor() const { return descriptor_; }

 private:
  bool broken() const { return closed_ || error_ != 0; }
  bool Wait(base::Duration patience) const;
  std::size_t WriteSome(std::string_view text);  ///< does not block when hurried

  const int descriptor_;
  const std::size_t max_queued_;
  int unblocked_ = -1;  ///< the same file, opened so that it never blocks; -1: not possible
  bool is_file_ = false, hurried_ = false, stuck_ = false, closed_ = false;
  int error_ = 0;
  std::string queue_;
  std::size_t dropped_ = 0;
};

}  // namespace lockstep::process
