#include "core/json/number.h"

#include <algorithm>
#include <cstdint>

#include "core/base/ascii.h"

namespace lockstep::json {
namespace {

// 2^1024 - 2^970, half an ulp above the largest double: from here on numbers round to infinity.
constexpr std::string_view kFirstInfinite =
    "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775"
    "872"
    "0709633028641669288791094655554785194040263065748867150582068190890200070838367627385484581771"
    "153"
    "1764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093"
    "042"
    "880177904174497792";

// Digits without leading zeros, compared as numbers.
bool Less(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// The exponent as written, kept within what no document's digits can make up for.
std::int64_t Exponent(std::string_view digits) {
  constexpr std::int64_t kLarge = std::int64_t{1} << 40;
  const bool negative = digits.starts_with('-');
  std::int64_t value = 0;
  for (const char c : digits) {
    if (base::IsDigit(c)) value = std::min(value * 10 + (c - '0'), kLarge);
  }
  return negative ? -value : value;
}

// The digits of whole and fraction as one row, compared with kFirstInfinite.
bool RoundsToFinite(std::string_view whole, std::string_view fraction, std::int64_t exponent) {
  const std::size_t size = whole.size() + fraction.size();
  const auto digit = [&](std::size_t i) {
    return i < whole.size() ? whole[i] : fraction[i - whole.size()];
  };
  std::size_t first = 0;
  while (first < size && digit(first) == '0') ++first;
  if (first == size) return true;
  const std::int64_t whole_digits =
      static_cast<std::int64_t>(whole.size()) - static_cast<std::int64_t>(first) + exponent;
  const auto limit_digits = static_cast<std::int64_t>(kFirstInfinite.size());
  if (whole_digits != limit_digits) return whole_digits < limit_digits;
  for (std::size_t i = 0; i < kFirstInfinite.size(); ++i) {
    const char d = first + i < size ? digit(first + i) : '0';
    if (d != kFirstInfinite[i]) return d < kFirstInfinite[i];
  }
  return false;
}

}  // namespace

bool FitsIn64Bits(std::string_view number) {
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  const std::size_t exponent_at = std::min(number.find_first_of("eE"), number.size());
  const std::string_view mantissa = number.substr(0, exponent_at);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  if (mantissa.size() == number.size() && point == mantissa.size()) {
    return Less(number, negative ? "9223372036854775809" : "18446744073709551616");
  }
  std::string_view exponent = number.substr(exponent_at);
  if (!exponent.empty()) exponent.remove_prefix(1);
  const std::string_view fraction = point < mantissa.size() ? mantissa.substr(point + 1) : "";
  return RoundsToFinite(mantissa.substr(0, point), fraction, Exponent(exponent));
}

}  // namespace lockstep::json
