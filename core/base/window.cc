#include "core/base/window.h"

#include <array>
#include <vector>

#include "core/base/text.h"

namespace lockstep::base {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

Error Wrong(std::string_view text, std::string_view why) {
  return {ErrorCode::kInvalidArgument,
          Quote(text) + " is not a window: " + std::string(why) +
              "; write it like \"Sat 01:00-05:00 Europe/Berlin\" or \"Mon-Fri 22:00-04:00\""};
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

/// "Sat", "Saturday"; -1: no day.
int DayOf(std::string_view text) {
  constexpr std::array<std::string_view, 7> kWhole = {"monday", "tuesday",  "wednesday", "thursday",
                                                      "friday", "saturday", "sunday"};
  const std::string lower = ToLowerAscii(text);
  for (std::size_t day = 0; day < 7; ++day) {
    if (lower == kDays[day] || lower == kWhole[day]) return static_cast<int>(day);
  }
  return -1;
}

/// 0 when it names no days.
std::uint8_t DaysOf(std::string_view text) {
  std::uint8_t days = 0;
  for (const std::string_view part : Split(text, ',')) {
    const std::vector<std::string_view> ends = Split(part, '-');
    const int first = DayOf(ends.front()), last = DayOf(ends.back());
    if (first < 0 || last < 0 || ends.size() > 2) return 0;
    for (int day = first;; day = (day + 1) % 7) {
      days = static_cast<std::uint8_t>(days | 1 << day);
      if (day == last) break;
    }
  }
  return days;
}

/// Minutes of "01:00", up to "24:00"; -1: no time.
int MinutesOf(std::string_view text) {
  const auto digit = [&](std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
  };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
    return -1;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = hours * 60 + (text[3] - '0') * 10 + (text[4] - '0');
  return text[3] > '5' || minutes > 24 * 60 ? -1 : minutes;
}

}  // namespace

std::optional<Duration> UtcAlone(std::string_view zone, Instant) {
  if (zone == "UTC" || zone == "Etc/UTC") return Duration{0};
  return std::nullopt;
}

Result<Window> ParseWindow(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : Split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  Window window;
  std::size_t at = 0;
  if (at < words.size() && words[at].find(':') == std::string_view::npos) {
    window.days = DaysOf(words[at++]);
    if (window.days == 0) return Wrong(text, "it does not begin with days");
  }
  const std::vector<std::string_view> hours =
      at < words.size() ? Split(words[at++], '-') : std::vector<std::string_view>();
  if (hours.size() != 2) return Wrong(text, "it has no hours from one time to another");
  window.from = MinutesOf(hours[0]);
  window.to = MinutesOf(hours[1]);
  if (window.from < 0 || window.to < 0 || window.from == 24 * 60)
    return Wrong(text, "hours go from 00:00 to 24:00");
  if (window.from == window.to) return Wrong(text, "it ends when it begins");
  if (at < words.size()) window.zone = words[at++];
  // Abbreviations (IST, PST) are other zones on other machines, or none.
  if (window.zone != "UTC" && window.zone.find('/') == std::string::npos)
    return Wrong(text, "its time zone is neither UTC nor a name with an area and a place");
  if (at < words.size()) return Wrong(text, "there is something behind the time zone");
  return window;
}

}  // namespace lockstep::base
