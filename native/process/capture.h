// Capture: the first and the last bytes of a stream, and how many were between. Bounded, however
// much comes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lockstep::process {

class Capture {
 public:
  static constexpr std::size_t kHead = 64 << 10;
  static constexpr std::size_t kTail = 64 << 10;

  void Append(std::string_view bytes);

  const std::string& head() const { return head_; }
  std::string tail() const;  ///< what came last and is not in the head
  std::uint64_t dropped() const;
  std::uint64_t total() const { return total_; }
  /// Head and tail, with a line between them that says how much is missing.
  std::string Text() const;

 private:
  std::string head_;
  std::string ring_;       // at most kTail bytes
  std::size_t start_ = 0;  // of the oldest byte in a full ring
  std::uint64_t total_ = 0;
};

}  // namespace lockstep::process
