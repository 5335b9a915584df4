#include "core/base/time.h"

#include "core/base/text.h"

namespace lockstep::base {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;
// protobuf's Timestamp: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
constexpr std::int64_t kMinSeconds = -62135596800;
constexpr std::int64_t kMaxSeconds = 253402300799;

// Days since the epoch of a proleptic Gregorian date, and back. Years are counted from March, so
// that the leap day is the last of its year.
constexpr std::int64_t DaysFromCivil(std::int64_t year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

struct Civil {
  std::int64_t year;
  int month, day;
};

constexpr Civil CivilFromDays(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted = static_cast<int>((5 * day_of_year + 2) / 153);
  const int day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  const int month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year_of_era + era * 400 + (month <= 2), month, day};
}

constexpr int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// Reads fixed-width pieces of a timestamp; a failed read sticks.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int Digits(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
      if (rest_.empty() || rest_[0] < '0' || rest_[0] > '9') return ok_ = false, 0;
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  char OneOf(std::string_view expected) {
    if (rest_.empty() || expected.find(rest_[0]) == std::string_view::npos)
      return ok_ = false, '\0';
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }
  bool At(char c) const { return !rest_.empty() && rest_[0] == c; }
  bool AtDigit() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

void AppendPadded(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

}  // namespace

std::optional<Timestamp> ParseTimestamp(std::string_view text) {
  Reader reader(text);
  const int year = reader.Digits(4);
  reader.OneOf("-");
  const int month = reader.Digits(2);
  reader.OneOf("-");
  const int day = reader.Digits(2);
  reader.OneOf("T");
  const int hour = reader.Digits(2);
  reader.OneOf(":");
  const int minute = reader.Digits(2);
  reader.OneOf(":");
  const int second = reader.Digits(2);
  if (!reader.ok() || year < 1 || month < 1 || month > 12 || day < 1 ||
      day > DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  std::int32_t nanos = 0;
  if (reader.At('.')) {
    reader.OneOf(".");
    int digits = 0;
    for (; reader.AtDigit() && digits < 10; ++digits) {
      const int digit = reader.Digits(1);
      if (digits < 9) nanos = nanos * 10 + digit;
    }
    if (digits == 0 || digits > 9) return std::nullopt;
    for (; digits < 9; ++digits) nanos *= 10;
  }
  std::int64_t offset = 0;
  const char zone = reader.OneOf("Z+-");
  if (zone == '+' || zone == '-') {
    const int hours = reader.Digits(2);
    reader.OneOf(":");
    const int minutes = reader.Digits(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = (hours * 60 + minutes) * 60 * (zone == '+' ? 1 : -1);
  }
  if (!reader.done()) return std::nullopt;
  const std::int64_t seconds = DaysFromCivil(year, month, day) * kSecondsPerDay + hour * 3600 +
                               minute * 60 + second - offset;
  if (seconds < kMinSeconds || seconds > kMaxSeconds) return std::nullopt;
  return Timestamp{seconds, nanos};
}

Instant ToInstant(Timestamp timestamp) {
  return {timestamp.seconds * 1000 + (timestamp.nanos + 999999) / 1000000};
}

std::string FormatInstant(Instant instant) {
  std::int64_t days = instant.ms / (kSecondsPerDay * 1000);
  std::int64_t rest = instant.ms % (kSecondsPerDay * 1000);
  if (rest < 0) rest += kSecondsPerDay * 1000, --days;
  const Civil date = CivilFromDays(days);
  std::string out;
  AppendPadded(out, date.year, 4);
  out += '-';
  AppendPadded(out, date.month, 2);
  out += '-';
  AppendPadded(out, date.day, 2);
  out += 'T';
  AppendPadded(out, rest / 3600000, 2);
  out += ':';
  AppendPadded(out, rest / 60000 % 60, 2);
  out += ':';
  AppendPadded(out, rest / 1000 % 60, 2);
  if (rest % 1000 != 0) {
    out += '.';
    AppendPadded(out, rest % 1000, 3);
  }
  out += 'Z';
  return out;
}

std::string FormatDuration(Duration duration) {
  const std::int64_t ms = duration.ms;
  if (ms < 0) return "-" + FormatDuration({-ms});
  if (ms < 1000) return std::to_string(ms) + " ms";
  std::string out;
  if (ms < 60000) {
    out = std::to_string(ms / 1000);
    if (ms % 1000 >= 100) out += "." + std::to_string(ms % 1000 / 100);
    return out + " s";
  }
  const bool hours = ms >= 3600000;
  out = std::to_string(hours ? ms / 3600000 : ms / 60000) + (hours ? " h " : " min ");
  AppendPadded(out, hours ? ms / 60000 % 60 : ms / 1000 % 60, 2);
  return out + (hours ? " min" : " s");
}

std::optional<Duration> ParseDuration(std::string_view text) {
  std::size_t at = 0;
  std::int64_t whole = 0;
  std::int64_t fraction = 0;
  std::int64_t scale = 1;
  constexpr std::int64_t kLimit =
      1000ll * 3600 * 24 * 365 * 100;  // a hundred years of milliseconds
  const auto digit = [&] { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  if (!digit()) return std::nullopt;
  for (; digit(); ++at) {
    whole = whole * 10 + (text[at] - '0');
    if (whole > kLimit) return std::nullopt;
  }
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digit()) return std::nullopt;
    for (; digit(); ++at) {
      if (scale < 1000000) fraction = fraction * 10 + (text[at] - '0'), scale *= 10;
    }
  }
  const std::string_view unit = text.substr(at);
  std::int64_t factor = 0;
  if (unit.empty() || unit == "s") factor = 1000;
  if (unit == "ms") factor = 1;
  if (unit == "m" || unit == "min") factor = 60000;
  if (unit == "h") factor = 3600000;
  if (factor == 0 || whole > kLimit / factor) return std::nullopt;
  return Duration{whole * factor + fraction * factor / scale};
}

}  // namespace lockstep::base
