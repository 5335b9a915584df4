#include "core/view/lines.h"

#include <algorithm>

namespace lockstep::view {
namespace {

constexpr std::size_t kColumn = 11;

std::string Line(std::string_view heading, std::string_view text) {
  std::string line(heading);
  line.resize(std::max(kColumn, heading.size() + 1), ' ');
  return line.append(text) + "\n";
}

}  // namespace

void Lines::Add(std::string_view line) {
  if (++count_ > kMost) return;
  text_ += Line(count_ == 1 ? std::string_view(heading_) : std::string_view(), line);
}

std::string Lines::Text() const {
  if (count_ <= kMost) return text_;
  return text_ + Line("", "and " + std::to_string(count_ - kMost) + " more");
}

}  // namespace lockstep::view
