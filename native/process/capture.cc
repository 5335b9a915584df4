#include "native/process/capture.h"

#include <algorithm>

namespace lockstep::process {

void Capture::Append(std::string_view bytes) {
  total_ += bytes.size();
  if (head_.size() < kHead) {
    const std::size_t n = std::min(kHead - head_.size(), bytes.size());
    head_.append(bytes.substr(0, n));
    bytes.remove_prefix(n);
  }
  if (bytes.size() > kTail) bytes.remove_prefix(bytes.size() - kTail);
  if (ring_.size() < kTail) {
    const std::size_t n = std::min(kTail - ring_.size(), bytes.size());
    ring_.append(bytes.substr(0, n));
    bytes.remove_prefix(n);
  }
  while (!bytes.empty()) {  // at most twice: up to the ring's end, then from its beginning
    const std::size_t n = std::min(kTail - start_, bytes.size());
    ring_.replace(start_, n, bytes.substr(0, n));
    start_ = (start_ + n) % kTail;
    bytes.remove_prefix(n);
  }
}

std::string Capture::tail() const {
  return ring_.substr(start_) + ring_.substr(0, start_);
}

std::uint64_t Capture::dropped() const {
  return total_ - head_.size() - ring_.size();
}

std::string Capture::Text() const {
  if (dropped() == 0) return head_ + tail();
  return head_ + "\n[" + std::to_string(dropped()) + " bytes left out]\n" + tail();
}

}  // namespace lockstep::process
