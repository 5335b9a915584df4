#include "core/check/ghost_flags.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "core/base/ascii.h"
#include "core/base/text.h"

namespace lockstep::check {
namespace {

using enum GhostFlagType;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

constexpr GhostFlag kFlags[] = {
    {"max-load", kLoad},
    {"chunk-size", kInteger, 10, 100'000},
    {"dml-batch-size", kInteger, 1, 1000},
    {"default-retries", kInteger, 1, kMost},
    {"cut-over-lock-timeout-seconds", kInteger, 1, 10, true},
    {"exponential-backoff-max-interval", kInteger, 2, kMost, true},
    {"max-lag-millis", kInteger, 100, kMost},
    {"allow-on-master", kBoolean},
    {"switch-to-rbr", kBoolean},
    {"assume-rbr", kBoolean},
    {"heartbeat-interval-millis", kInteger, 100, 1000},
    {"nice-ratio", kNumber, 0, 100},
};

/// strconv.ParseInt(value, 10, 64): from_chars, and a plus sign too.
std::optional<std::int64_t> ParseInteger(std::string_view value) {
  if (!value.empty() && value.front() == '+') {
    value.remove_prefix(1);
    if (!value.empty() && value.front() == '-') return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) return std::nullopt;
  return number;
}

std::string_view TakeDigits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), base::IsDigit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

bool TakeOne(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == characters.npos) return false;
  text.remove_prefix(1);
  return true;
}

struct Decimal {
  bool negative = false;
  bool has_exponent = false;
  std::string_view whole, fraction;
};

/// The decimal forms of strconv.ParseFloat.
std::optional<Decimal> ParseDecimal(std::string_view text) {
  Decimal decimal;
  if (!text.empty()) decimal.negative = text.front() == '-';
  TakeOne(text, "+-");
  decimal.whole = TakeDigits(text);
  if (TakeOne(text, ".")) decimal.fraction = TakeDigits(text);
  if (decimal.whole.empty() && decimal.fraction.empty()) return std::nullopt;
  if (TakeOne(text, "eE")) {
    decimal.has_exponent = true;
    TakeOne(text, "+-");
    if (TakeDigits(text).empty()) return std::nullopt;
  }
  return text.empty() ? std::optional(decimal) : std::nullopt;
}

bool IsZero(std::string_view digits) {
  return digits.find_first_not_of('0') == digits.npos;
}

bool IsNumberInRange(const GhostFlag& flag, const Decimal& decimal) {
  if (IsZero(decimal.whole) && IsZero(decimal.fraction)) return true;
  if (decimal.negative) return false;
  if (decimal.has_exponent) return true;  // nobody writes a ratio so; the server decides
  const auto whole =
      decimal.whole.empty() ? std::optional<std::int64_t>(0) : ParseInteger(decimal.whole);
  if (!whole) return false;
  return *whole < flag.greatest || (*whole == flag.greatest && IsZero(decimal.fraction));
}

/// name=integer, separated by commas; nothing at all is an empty map.
bool IsLoadMap(std::string_view value) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view entry = value.substr(0, comma);
    value.remove_prefix(std::min(comma + 1, value.size()));
    const std::size_t equals = entry.find('=');
    if (equals == entry.npos || equals == 0 || !ParseInteger(entry.substr(equals + 1)))
      return false;
  }
  return true;
}

}  // namespace

std::span<const GhostFlag> AllGhostFlags() {
  return kFlags;
}

const GhostFlag* FindGhostFlag(std::string_view name) {
  for (const GhostFlag& flag : kFlags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

std::string_view Describe(GhostFlagType type) {
  switch (type) {
    case kInteger:
      return "a whole number such as 1000";
    case kBoolean:
      return "true or false";
    case kNumber:
      return "a number such as 0.5";
    case kLoad:
      return "a list such as Threads_running=25,Threads_connected=100";
  }
  return {};
}

bool IsValid(GhostFlagType type, std::string_view value) {
  switch (type) {
    case kInteger:
      return ParseInteger(value).has_value();
    case kBoolean:
      return base::ParseBool(value).has_value();
    case kNumber:
      return ParseDecimal(value).has_value();
    case kLoad:
      return IsLoadMap(value);
  }
  return false;
}

bool IsInRange(const GhostFlag& flag, std::string_view value) {
  if (flag.type == kNumber) return IsNumberInRange(flag, *ParseDecimal(value));
  if (flag.type != kInteger) return true;
  const std::int64_t number = *ParseInteger(value);
  return number >= flag.least && number <= flag.greatest;
}

}  // namespace lockstep::check
