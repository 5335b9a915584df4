#include "core/base/calendar.h"

#include <gtest/gtest.h>

#include "core/base/prng.h"

namespace lockstep::base {
namespace {

// Central Europe in 2026: summer from 29 March 01:00Z to 25 October 01:00Z.
std::optional<Duration> TestZones(std::string_view zone, Instant at) {
  if (zone == "UTC") return Duration{0};
  if (zone != "Europe/Berlin") return std::nullopt;
  const bool summer = at >= ToInstant(*ParseTimestamp("2026-03-29T01:00:00Z")) &&
                      at < ToInstant(*ParseTimestamp("2026-10-25T01:00:00Z"));
  return Seconds(summer ? 7200 : 3600);
}

Instant At(std::string_view text) {
  return ToInstant(*ParseTimestamp(text));
}

Calendar Of(std::initializer_list<std::string_view> windows, std::vector<Freeze> freezes = {}) {
  std::vector<Window> parsed;
  for (const std::string_view window : windows) parsed.push_back(*ParseWindow(window));
  return {std::move(parsed), std::move(freezes), &TestZones};
}

std::string Open(const Calendar& calendar, std::string_view at) {
  const Calendar::Interval open = calendar.NextOpen(At(at));
  if (open.from == kNever) return "never";
  return FormatInstant(open.from) + " " + (open.to == kNever ? "on" : FormatInstant(open.to));
}

TEST(Window, DaysHoursAndZone) {
  const auto window = ParseWindow("Sat 01:00-05:00 Europe/Berlin");
  ASSERT_TRUE(window.ok());
  EXPECT_EQ(*window, (Window{1 << 5, 60, 300, "Europe/Berlin"}));
  EXPECT_EQ(ParseWindow("Mon-Wed,Sunday 22:00-04:00")->days, 0b1000111);
  EXPECT_EQ(ParseWindow("Sat-Mon 00:00-24:00")->days, 0b1100001);
  EXPECT_EQ(*ParseWindow(" 00:30-24:00  UTC "), (Window{0x7f, 30, 1440, "UTC"}));
}

TEST(Window, WhatIsNone) {
  for (const char* text : {"", "Sat", "Samstag 01:00-02:00", "Sat 01:00", "Sat 1:00-2:00",
                           "Sat 01:00-25:00", "Sat 24:00-01:00", "01:00-01:00", "01:60-02:00",
                           "Sat 01:00-02:00 UTC please", "Sat- 01:00-02:00", "Sat 01:00-02:00 CET",
                           "Mon-Wed-Fri 01:00-02:00", "Sat 01:00-02:00-03:00"}) {
    const auto window = ParseWindow(text);
    ASSERT_FALSE(window.ok()) << text;
    EXPECT_NE(window.error().message.find("write it like"), std::string::npos);
  }
}

TEST(Calendar, WithoutWindowsIsAlways) {
  const Calendar calendar;
  EXPECT_TRUE(calendar.always());
  EXPECT_EQ(calendar.NextStart(At("2026-11-28T12:00:00Z"), Seconds(1)), At("2026-11-28T12:00:00Z"));
}

TEST(Calendar, ByTheClocksOfItsZone) {
  const Calendar calendar = Of({"Sat 01:00-05:00 Europe/Berlin"});
  EXPECT_EQ(Open(calendar, "2026-11-27T12:00:00Z"), "2026-11-28T00:00:00Z 2026-11-28T04:00:00Z");
  EXPECT_EQ(Open(calendar, "2026-11-28T03:59:59Z"), "2026-11-28T00:00:00Z 2026-11-28T04:00:00Z");
  EXPECT_EQ(Open(calendar, "2026-11-28T04:00:00Z"), "2026-12-05T00:00:00Z 2026-12-05T04:00:00Z");
  EXPECT_EQ(Open(calendar, "2026-07-01T12:00:00Z"), "2026-07-03T23:00:00Z 2026-07-04T03:00:00Z");
}

TEST(Calendar, OverMidnightAndRoundTheClock) {
  EXPECT_EQ(Open(Of({"Mon-Fri 22:00-04:00"}), "2026-11-28T03:00:00Z"),
            "2026-11-27T22:00:00Z 2026-11-28T04:00:00Z");
  EXPECT_EQ(Open(Of({"Sat 00:00-24:00", "Sun 00:00-24:00"}), "2026-11-27T00:00:00Z"),
            "2026-11-28T00:00:00Z 2026-11-30T00:00:00Z");
}

// Where the clock shows an hour twice, or not at all, the window is the shorter one of its
// readings.
TEST(Calendar, ClocksThatAreSet) {
  EXPECT_EQ(Open(Of({"Sun 02:30-05:00 Europe/Berlin"}), "2026-10-24T12:00:00Z"),
            "2026-10-25T01:30:00Z 2026-10-25T04:00:00Z");
  EXPECT_EQ(Open(Of({"Sun 01:00-02:30 Europe/Berlin"}), "2026-10-24T12:00:00Z"),
            "2026-10-24T23:00:00Z 2026-10-25T00:30:00Z");
  EXPECT_EQ(Open(Of({"Sun 02:30-05:00 Europe/Berlin"}), "2026-03-28T12:00:00Z"),
            "2026-03-29T01:30:00Z 2026-03-29T03:00:00Z");
  EXPECT_EQ(Open(Of({"Sun 01:00-02:30 Europe/Berlin"}), "2026-03-28T12:00:00Z"),
            "2026-03-29T00:00:00Z 2026-03-29T00:30:00Z");
  EXPECT_EQ(Open(Of({"Sun 01:00-05:00 Europe/Berlin"}), "2026-03-28T12:00:00Z"),
            "2026-03-29T00:00:00Z 2026-03-29T03:00:00Z")
      << "an hour shorter";
}

TEST(Calendar, FreezesTakeAway) {
  const Freeze freeze{At("2026-11-28T02:00:00Z"), At("2026-11-28T03:00:00Z"), ""};
  const Calendar calendar = Of({"Sat 01:00-05:00"}, {freeze});
  EXPECT_EQ(Open(calendar, "2026-11-28T00:00:00Z"), "2026-11-28T01:00:00Z 2026-11-28T02:00:00Z");
  EXPECT_EQ(Open(calendar, "2026-11-28T02:00:00Z"), "2026-11-28T03:00:00Z 2026-11-28T05:00:00Z");
  EXPECT_EQ(calendar.NextStart(At("2026-11-28T00:00:00Z"), Seconds(3601)),
            At("2026-11-28T03:00:00Z"));
  const Calendar only = Of({}, {freeze});
  EXPECT_EQ(only.NextStart(At("2026-11-28T02:30:00Z"), Seconds(1)), At("2026-11-28T03:00:00Z"));
  EXPECT_EQ(Open(only, "2026-11-28T03:00:00Z"), "2026-11-28T03:00:00Z on");
}

TEST(Calendar, AFreezeOfYearsEnds) {
  const Freeze freeze{At("2026-12-01T00:00:00Z"), At("2030-01-01T00:00:00Z"), ""};
  const Freeze next{At("2029-12-20T00:00:00Z"), At("2033-01-01T00:00:00Z"), ""};
  EXPECT_EQ(Open(Of({}, {freeze}), "2026-12-02T00:00:00Z"), "2030-01-01T00:00:00Z on");
  EXPECT_EQ(Open(Of({"Sat 01:00-05:00"}, {freeze}), "2026-11-29T00:00:00Z"),
            "2030-01-05T01:00:00Z 2030-01-05T05:00:00Z");
  EXPECT_EQ(Of({}, {freeze, next}).NextStart(At("2026-12-02T00:00:00Z"), Seconds(1)),
            At("2033-01-01T00:00:00Z"));
  EXPECT_EQ(Of({}, {{At("2026-12-01T00:00:00Z"), kNever, ""}})
                .NextStart(At("2026-12-02T00:00:00Z"), Seconds(1)),
            kNever);
}

TEST(Calendar, WhatFitsNowhere) {
  EXPECT_EQ(Of({"Sat 01:00-05:00"}).NextStart(At("2026-11-28T00:00:00Z"), Seconds(4 * 3600 + 1)),
            kNever);
  EXPECT_EQ(Open(Of({"Sat 01:00-05:00 Mars/Olympus"}), "2026-11-28T00:00:00Z"), "never");
}

// Each minute of two years, against the obvious way to ask: what does the clock show?
TEST(Calendar, AgreesWithTheClock) {
  const Calendar calendar = Of({"Sat,Sun 23:15-03:45 Europe/Berlin"});
  int differences = 0;
  for (Instant at = At("2026-01-01T00:00:00Z"); at < At("2027-12-31T00:00:00Z");
       at = at + Seconds(15 * 60)) {
    const std::int64_t local = at.ms + TestZones("Europe/Berlin", at)->ms;
    const std::int64_t day = local / 86'400'000, minute = local / 60'000 % 1440;
    const auto weekday = [](std::int64_t d) { return (d + 3) % 7; };
    const bool expected = (minute >= 23 * 60 + 15 && weekday(day) >= 5) ||
                          (minute < 3 * 60 + 45 && weekday(day - 1) >= 5);
    differences += calendar.NextOpen(at).holds(at) != expected;
  }
  EXPECT_EQ(differences, 0);
}

TEST(Calendar, WhatWasAskedBeforeDoesNotMatter) {
  const Freeze freeze{At("2026-12-20T00:00:00Z"), At("2027-01-02T06:00:00Z"), ""};
  const auto make = [&] {
    return Of({"Sat 01:00-05:00 Europe/Berlin", "Tue 22:00-22:30"}, {freeze});
  };
  const Calendar used = make();
  Prng prng(1);
  for (int i = 0; i < 300; ++i) {
    const Instant at =
        At("2026-01-01T00:00:00Z") + Seconds(static_cast<std::int64_t>(prng.Below(100'000'000)));
    const Duration length = Seconds(static_cast<std::int64_t>(prng.Below(5 * 3600)));
    const Calendar fresh = make();
    EXPECT_EQ(fresh.NextStart(at, length), used.NextStart(at, length)) << FormatInstant(at);
    EXPECT_EQ(Open(make(), FormatInstant(at)), Open(used, FormatInstant(at)));
  }
}

}  // namespace
}  // namespace lockstep::base
