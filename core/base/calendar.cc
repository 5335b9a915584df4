#include "core/base/calendar.h"

#include <algorithm>
#include <limits>

namespace lockstep::base {
namespace {

constexpr std::int64_t kMinute = 60'000, kDay = 24 * 60 * kMinute;
constexpr std::int64_t kFarthest = 400 * kDay;

std::int64_t FloorDiv(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0);
}

/// 1970-01-01 was a Thursday.
int WeekdayOf(std::int64_t day) {
  return static_cast<int>(((day + 3) % 7 + 7) % 7);
}

/// The moment at which the clocks of a zone show `local` (as if it were UTC). Where clocks are set
/// back it is shown twice, where they are set forward never: then the later of the two readings, or
/// the earlier one. So a window never is longer than the clock says.
std::optional<Instant> Moment(const TimeZones& zones, std::string_view zone, std::int64_t local,
                              bool later) {
  // No zone changes its clocks twice within a day.
  const auto before = zones(zone, {local - kDay}), after = zones(zone, {local + kDay});
  if (!before || !after) return std::nullopt;
  const Instant a{local - before->ms}, b{local - after->ms};
  const bool a_shows = zones(zone, a) == before, b_shows = zones(zone, b) == after;
  if (a_shows != b_shows) return a_shows ? a : b;
  return later ? std::max(a, b) : std::min(a, b);
}

}  // namespace

void Calendar::AddWindow(const Window& window, Instant from, Instant to,
                         std::vector<Interval>& intervals) const {
  const int length = window.to > window.from ? 0 : 1;  // days until it ends
  for (std::int64_t day = FloorDiv(from.ms, kDay) - 3; day * kDay < to.ms + 2 * kDay; ++day) {
    if ((window.days >> WeekdayOf(day) & 1) == 0) continue;
    const auto opens =
        Moment(zones_, window.zone, day * kDay + window.from * kMinute, /*later=*/true);
    const auto closes = Moment(zones_, window.zone, (day + length) * kDay + window.to * kMinute,
                               /*later=*/false);
    if (!opens || !closes) return;  // no such zone
    if (*opens < *closes) intervals.push_back({*opens, *closes});
  }
}

/// In order and apart from each other; the first and the last may reach beyond.
std::vector<Calendar::Interval> Calendar::OpenBetween(Instant from, Instant to) const {
  std::vector<Interval> windows;
  if (windows_.empty()) windows.push_back({{std::numeric_limits<std::int64_t>::min()}, kNever});
  for (const Window& window : windows_) AddWindow(window, from, to, windows);
  std::sort(windows.begin(), windows.end(),
            [](const Interval& a, const Interval& b) { return a.from < b.from; });
  std::vector<Interval> open;
  for (const Interval& window : windows) {
    if (!open.empty() && window.from <= open.back().to) {
      open.back().to = std::max(open.back().to, window.to);
    } else {
      open.push_back(window);
    }
  }
  for (const Freeze& freeze : freezes_) {
    std::vector<Interval> left;
    for (const Interval& interval : open) {
      const Interval before{interval.from, std::min(interval.to, freeze.from)};
      const Interval after{std::max(interval.from, freeze.to), interval.to};
      if (before.from < before.to) left.push_back(before);
      if (after.from < after.to) left.push_back(after);
    }
    open = std::move(left);
  }
  return open;
}

/// Makes `at` known, and more of what follows it than was.
void Calendar::Know(Instant at) const {
  const bool anew = at < known_.from || at.ms - known_.to.ms > kFarthest;
  const Instant from = anew ? at : known_.from;
  const std::int64_t length = anew ? 8 * kDay : (known_.to - known_.from).ms * 4;
  known_ = {from, std::max(Instant{from.ms + length}, Instant{at.ms + 8 * kDay})};
  open_ = OpenBetween(known_.from, known_.to);
}

/// The first interval that is `length` long from `at` on.
Calendar::Interval Calendar::FirstThatFits(Instant at, Duration length) const {
  for (;;) {
    const Interval found = FirstWithinAYear(at, length);
    if (found.from != kNever) return found;
    // A freeze may last for longer than anybody looks ahead.
    const auto frozen = std::find_if(freezes_.begin(), freezes_.end(), [&](const Freeze& freeze) {
      return freeze.from.ms <= at.ms + kFarthest && freeze.to.ms > at.ms + kFarthest;
    });
    if (frozen == freezes_.end() || frozen->to == kNever) return {};
    at = frozen->to;
  }
}

/// From kNever: there is none.
Calendar::Interval Calendar::FirstWithinAYear(Instant at, Duration length) const {
  const Instant give_up{at.ms + kFarthest};
  if (!known_.holds(at)) Know(at);
  while (true) {
    auto next = std::partition_point(open_.begin(), open_.end(),
                                     [&](const Interval& open) { return open.to <= at; });
    for (; next != open_.end(); ++next) {
      if (next->from >= give_up) return {};
      if (next->to >= known_.to && known_.to < give_up) break;  // it may be longer
      if (std::max(at, next->from) + length <= next->to) return *next;
    }
    if (known_.to >= give_up) return {};
    Know(at);
  }
}

Calendar::Interval Calendar::NextOpen(Instant at) const {
  if (always()) return {at, kNever};
  return FirstThatFits(at, Milliseconds(1));
}

Instant Calendar::NextStart(Instant at, Duration length) const {
  if (always()) return at;
  const Interval open = FirstThatFits(at, std::max(length, Milliseconds(1)));
  return open.from == kNever ? kNever : std::max(at, open.from);
}

}  // namespace lockstep::base
