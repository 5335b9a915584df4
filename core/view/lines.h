// Lines: a list of lines under one heading, in a column of its own, and not more of them than
// anybody reads.
#pragma once

#include <string>
#include <string_view>

namespace lockstep::view {

class Lines {
 public:
  static constexpr std::size_t kMost = 10;

  /// "heading    line"; the heading stands before the first line only.
  explicit Lines(std::string_view heading) : heading_(heading) {}
  void Add(std::string_view line);
  /// With "and 7 more" for what was left out; empty without lines.
  std::string Text() const;

 private:
  std::string heading_;
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace lockstep::view
