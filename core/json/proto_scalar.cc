#include "core/json/proto_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "core/base/ascii.h"

namespace lockstep::json {
namespace {

std::string_view TakeDigits(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && base::IsDigit(text[size])) ++size;
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// digits x 10^shift; nothing where that is not a whole number of 64 bits.
std::optional<std::int64_t> Scale(bool negative, std::string digits, long long shift) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  while (shift < 0 && !digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++shift;
  }
  if (digits.empty()) return 0;
  constexpr long long kMostDigits = std::numeric_limits<std::int64_t>::digits10 + 1;
  if (shift < 0 || shift > kMostDigits) return std::nullopt;
  digits.append(static_cast<std::size_t>(shift), '0');
  if (negative) digits.insert(0, 1, '-');
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> Base64Digits(char digit62, char digit63) {
  std::array<std::uint8_t, 256> digits{};
  for (auto& digit : digits) digit = kNoDigit;
  for (int i = 0; i < 26; ++i) digits['A' + i] = static_cast<std::uint8_t>(i);
  for (int i = 0; i < 26; ++i) digits['a' + i] = static_cast<std::uint8_t>(26 + i);
  for (int i = 0; i < 10; ++i) digits['0' + i] = static_cast<std::uint8_t>(52 + i);
  digits[static_cast<std::uint8_t>(digit62)] = 62;
  digits[static_cast<std::uint8_t>(digit63)] = 63;
  return digits;
}

constexpr auto kStandardDigits = Base64Digits('+', '/');
constexpr auto kUrlDigits = Base64Digits('-', '_');

}  // namespace

std::optional<std::int64_t> ParseInteger(std::string_view number) {
  std::string_view rest = number;
  const bool negative = TakeChar(rest, '-');
  const std::string_view whole = TakeDigits(rest);
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
  std::string_view fraction;
  if (TakeChar(rest, '.')) {
    fraction = TakeDigits(rest);
    if (fraction.empty()) return std::nullopt;
  }
  long long exponent = 0;
  if (TakeChar(rest, 'e') || TakeChar(rest, 'E')) {
    const bool minus = TakeChar(rest, '-');
    if (!minus) TakeChar(rest, '+');
    const std::string_view digits = TakeDigits(rest);
    if (digits.empty()) return std::nullopt;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    // An exponent beyond long long only leaves zero integral; the cap keeps the sums below in
    // range.
    constexpr long long kCap = 1'000'000'000'000;
    if (parsed.ec != std::errc() || exponent > kCap) exponent = kCap;
    if (minus) exponent = -exponent;
  }
  if (!rest.empty()) return std::nullopt;
  std::string digits(whole);
  digits.append(fraction);
  return Scale(negative, std::move(digits), exponent - static_cast<long long>(fraction.size()));
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  const bool url_safe = text.find_first_of("-_") != std::string_view::npos;
  const auto& digits = url_safe ? kUrlDigits : kStandardDigits;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int count = 0;  // digits in `bits`
  int padding = 0;
  for (const char c : text) {
    if (c == '\r' || c == '\n') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const std::uint8_t digit = digits[static_cast<std::uint8_t>(c)];
    if (digit == kNoDigit || padding > 0) return std::nullopt;
    bits = bits << 6 | digit;
    if (++count < 4) continue;
    bytes.push_back(static_cast<char>(bits >> 16));
    bytes.push_back(static_cast<char>(bits >> 8));
    bytes.push_back(static_cast<char>(bits));
    bits = 0;
    count = 0;
  }
  // 1 digit is never enough for a byte; padding, where there is any, fills up to 4.
  if (count == 1 || (padding > 0 && (count == 0 || count + padding != 4))) return std::nullopt;
  if (count >= 2) bytes.push_back(static_cast<char>(bits >> (count == 2 ? 4 : 10)));
  if (count == 3) bytes.push_back(static_cast<char>(bits >> 2));
  return bytes;
}

}  // namespace lockstep::json
