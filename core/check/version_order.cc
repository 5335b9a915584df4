#include "core/check/version_order.h"

#include <algorithm>

#include "core/base/ascii.h"

namespace lockstep::check {
namespace {

/// Takes a run of digits off the front, without leading zeros (one zero stays).
std::string_view TakeNumber(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), base::IsDigit);
  std::string_view number = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(number.size());
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size() - 1));
  return number;
}

int CompareNumbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

}  // namespace

int CompareVersions(plan::VersionOrder order, std::string_view a, std::string_view b) {
  if (order == plan::VersionOrder::kText) return a.compare(b);
  while (!a.empty() && !b.empty()) {
    if (base::IsDigit(a.front()) && base::IsDigit(b.front())) {
      const int result = CompareNumbers(TakeNumber(a), TakeNumber(b));
      if (result != 0) return result;
      continue;
    }
    if (a.front() != b.front()) {
      return static_cast<unsigned char>(a.front()) < static_cast<unsigned char>(b.front()) ? -1 : 1;
    }
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return static_cast<int>(!a.empty()) - static_cast<int>(!b.empty());
}

}  // namespace lockstep::check
