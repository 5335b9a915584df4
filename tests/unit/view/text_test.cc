// Lanes as text: every line fits, nothing that happened is invisible, letters tell what went wrong.
#include <gtest/gtest.h>

#include <sstream>

#include "core/base/prng.h"
#include "core/base/text.h"
#include "core/view/draw_text.h"
#include "core/view/lanes.h"
#include "core/view/text_bars.h"
#include "tests/has.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::view {
namespace {

using rollout::Rollout;
using rollout::TaskIndex;
using rollout::TaskStatus;

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(TextLine, WideAndCombiningCharactersKeepTheirColumns) {
  TextLine line(10);
  line.Put(0, "東e\u0301x");
  line.Put(8, "京");  // its second half is the last column
  EXPECT_EQ(line.Text(false), "東e\u0301x    京\n");
  TextLine narrow(3);
  narrow.Put(0, "ab東");  // no half of it
  EXPECT_EQ(narrow.Text(false), "ab\n");
  TextLine combining(2);
  combining.Put(0, "\u0301a");
  EXPECT_EQ(combining.Text(false), "a\n");
}

TEST(TextLine, ColoursChangeOnlyWhereTheyMust) {
  TextLine line(8);
  line.Put(0, "ab", Ink::kRed);
  line.Put(3, "cd", Ink::kRed);
  line.Put(5, "e");
  EXPECT_EQ(line.Text(true), "\x1b[31mab cd\x1b[0me\n");
  EXPECT_EQ(line.Text(false), "ab cde\n");
}

TEST(TextLine, TidyTextHasNothingThatMovesTheCursor) {
  EXPECT_EQ(Tidy("a\x1b[2Jb\n\u202ec\xff", false), "a?[2Jb ?c?");
  EXPECT_EQ(Tidy("größe 東", false), "größe 東");
  EXPECT_EQ(Tidy("größe 東", true), "gr??e ?");
  EXPECT_EQ(FitColumns("abcdef", 4, true), "abc~");
  EXPECT_EQ(FitColumns("東京都", 4, false), "東…");
  EXPECT_EQ(WrapColumns("one two three", 7, false), "one two\nthree\n");
  EXPECT_EQ(WrapColumns("incomprehensible", 5, true), "inco~\n");
}

class Text : public testing::Test {
 protected:
  Text() {
    instance_ = builder_.AddInstance(1000);
    a_ = builder_.AddDatabase(instance_);
    b_ = builder_.AddDatabase(instance_);
    builder_.AddStage();
  }
  std::string Draw(const sim::Scenario& scenario, const TextOptions& options) {
    rollout_ = builder_.Build();
    return DrawText(rollout_, sim::Simulate(rollout_, scenario, {}), options);
  }

  RolloutBuilder builder_;
  rollout::InstanceIndex instance_;
  rollout::DatabaseIndex a_, b_;
  Rollout rollout_;
};

TEST_F(Text, BarsAxisStagesAndWaits) {
  const TaskIndex first = builder_.AddTask(a_);
  builder_.Depend(builder_.AddTask(b_), first);
  builder_.AddStage();
  builder_.AddTask(b_);
  EXPECT_EQ(Draw({}, {60}), R"(      0 ms              1 s               2 s            3 s
      ┬─────────────────┬─────────────────┬────────────────┬
      │stage 1 (stage 1)                  │stage 2 (stage 2)
i0/d0 ▐ *1 spec-0 ██████                  │
i0/d1 │·················▐ *2 spec-1 ██████▐ *3 spec-2 ██████

· held back
3 tasks in 2 stages on 2 databases, ends DONE after 3 s,
starting 1970-01-01T00:00:00Z
critical path (*): 1 > 2 > 3
)");
}

TEST_F(Text, LettersTellWhatWentWrong) {
  const TaskIndex failed = builder_.AddTask(a_);
  builder_.Depend(builder_.AddTask(b_), failed);
  builder_.AddTask(b_);
  sim::Scenario scenario;
  scenario.failures.push_back({{"spec-0", ""}, 1, "", {-1}});
  const std::string text = Draw(scenario, {80});
  EXPECT_TRUE(Has(text, "▐F *1 spec-0 ▒▒")) << text;
  EXPECT_TRUE(Has(text, "never ran")) << text;
  EXPECT_TRUE(Has(text, " B2\n")) << text;
  EXPECT_TRUE(Has(text, "B BLOCKED, F FAILED")) << text;
  EXPECT_FALSE(Has(text, "SKIPPED")) << "only what there is:\n" << text;
  EXPECT_FALSE(Has(text, "\x1b"));
  const sim::Timeline timeline = sim::Simulate(rollout_, scenario, {});
  EXPECT_TRUE(Has(DrawText(rollout_, timeline, {80, 40, {true, false}}), "\x1b[31m▐F"));
}

TEST_F(Text, AsciiIsAscii) {
  builder_.AddTask(a_);
  const std::string text = Draw({}, {40, 40, {false, true}});
  for (const char c : text) ASSERT_LT(static_cast<unsigned char>(c), 0x80) << text;
  EXPECT_TRUE(Has(text, "| *1 spec-0 ###")) << text;
}

TEST_F(Text, WhatLastsNoTimeIsThere) {
  for (int i = 0; i < 5; ++i) builder_.AddTask(a_);
  sim::Scenario scenario;
  scenario.default_duration = base::Duration{0};
  EXPECT_TRUE(Has(Draw(scenario, {40}), "\ni0/d0 ▐▐▐▐▐\n"));
  // Between two that fill the line, it has a column too.
  scenario.default_duration = base::Seconds(100);
  scenario.durations.push_back({{"spec-1", ""}, base::Duration{0}});
  const std::string text = DrawText(rollout_, sim::Simulate(rollout_, scenario, {}), {40});
  EXPECT_TRUE(Has(text, "█▐▐ *3 ██")) << text;
}

TEST_F(Text, RowsThatDoNotFitAreCountedAndTroubleComesFirst) {
  for (int i = 0; i < 99; ++i) builder_.AddTask(builder_.AddDatabase(instance_));
  sim::Scenario scenario;
  scenario.failures.push_back({{"spec-70", ""}, 1, "", {-1}});
  const std::string text = Draw(scenario, {60, 3, {}});
  EXPECT_TRUE(Has(text, "\ni0/d72")) << text;
  EXPECT_TRUE(Has(text, "\nand 96 databases more\n")) << text;
}

TEST_F(Text, MoreTasksThanColumns) {
  for (int i = 0; i < 300; ++i) builder_.AddTask(a_);
  sim::Scenario scenario;
  scenario.failures.push_back({{"spec-150", ""}, 1, "", {-1}});
  const std::string text = Draw(scenario, {40});
  EXPECT_TRUE(Has(text, "█F█")) << text;
  EXPECT_TRUE(Has(text, "more tasks than")) << text;
}

TEST_F(Text, AnEmptyRolloutIsTextToo) {
  EXPECT_TRUE(Has(Draw({}, {40}), "0 tasks in 1 stage on 2 databases"));
}

/// Any statuses at any times, names of any letters: what a real run can be, and worse.
struct AnyRollout {
  explicit AnyRollout(std::uint64_t seed) : prng(seed) {
    constexpr const char* kNames[] = {"東京データベース",
                                      "e\u0301e\u0301e\u0301",
                                      "a\x1b[31m",
                                      "\u202ex",
                                      "b\xff\xfe",
                                      "plain",
                                      "a very long name of a database that nobody can read"};
    RolloutBuilder builder;
    const auto name = [&] { return std::string(kNames[prng.Below(std::size(kNames))]); };
    std::vector<rollout::DatabaseIndex> databases;
    const auto instance = builder.AddInstance();
    for (std::uint64_t i = 0, n = 1 + prng.Below(6); i < n; ++i) {
      databases.push_back(builder.AddDatabase(instance));
    }
    for (std::uint64_t stage = 0, n = 1 + prng.Below(4); stage < n; ++stage) {
      builder.AddStage();
      for (std::uint64_t i = 0, m = prng.Below(prng.Below(5) == 0 ? 200 : 8); i < m; ++i) {
        builder.AddTask(databases[prng.Below(databases.size())]);
      }
    }
    plan = builder.Build();
    plan.title = prng.Below(2) == 0 ? name() : "";
    for (auto& id : plan.spec_ids) id = name();
    for (auto& database : plan.databases) database.name += name();
    for (auto& stage : plan.stages) stage.title = name();
    MakeTimeline();
  }

  void MakeTimeline() {
    constexpr std::int64_t kSpans[] = {0, 1, 7, 1000, 86'400'000, 250'000'000'000'000};
    const std::int64_t span = kSpans[prng.Below(std::size(kSpans))];
    const auto moment = [&] { return static_cast<std::int64_t>(prng.Below(span + 1)); };
    timeline.start = {1'795'309'200'000};
    timeline.end = timeline.start + base::Duration{span};
    for (TaskIndex task : plan.tasks.indices()) {
      sim::TaskTimeline line;
      line.status = static_cast<TaskStatus>(prng.Below(8));
      line.waiting.blocked = prng.Below(9) == 0;
      if (prng.Below(4) != 0) {
        line.start = timeline.start + base::Duration{moment()};
        if (prng.Below(9) != 0)
          line.end = std::max(line.start, timeline.start + base::Duration{moment()});
        if (prng.Below(5) == 0) line.end = line.start;
      }
      timeline.tasks.push_back(line);
      if (prng.Below(3) == 0) {
        const base::Instant from = timeline.start + base::Duration{moment()};
        timeline.waits.push_back({task,
                                  {rollout::WaitingCause::kDependency, TaskIndex(0), from,
                                   std::max(from, timeline.start + base::Duration{moment()})}});
      }
      if (prng.Below(5) == 0) timeline.critical_path.push_back(task);
    }
  }

  base::Prng prng;
  Rollout plan;
  sim::Timeline timeline;
};

TEST(TextProperty, NoLineIsWiderThanAsked) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    AnyRollout any(seed);
    const int columns = kFewestColumns + static_cast<int>(any.prng.Below(120));
    const bool ascii = seed % 2 == 1;
    const std::string text =
        DrawText(any.plan, any.timeline,
                 {columns, 1 + static_cast<std::uint32_t>(any.prng.Below(9)), {false, ascii}});
    for (const std::string& line : Lines(text)) {
      ASSERT_LE(base::DisplayWidth(line), static_cast<std::size_t>(columns)) << seed << "\n"
                                                                             << text;
      ASSERT_EQ(Tidy(line, ascii), line) << seed;
    }
  }
}

TEST(TextProperty, EveryBarHasAColumnOfItsOwn) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    AnyRollout any(seed);
    const std::size_t columns = 1 + any.prng.Below(60);
    const Lanes lanes = AssignLanes(any.plan, any.timeline);
    const Times times(any.timeline, static_cast<std::int64_t>(columns));
    std::vector<TaskIndex> row;
    for (TaskIndex task : any.plan.tasks.indices()) {
      if (times.Ran(task) && lanes.lane[task].value() == 0 && lanes.row[task] == 0)
        row.push_back(task);
    }
    const std::vector<Bar> bars = PlaceBars(row, any.timeline, times, columns);
    ASSERT_EQ(bars.size(), row.size() <= columns ? row.size() : 0);
    std::size_t free = 0;
    for (const Bar& bar : bars) {
      ASSERT_GE(bar.from, free) << seed;
      ASSERT_GT(bar.to, bar.from) << seed;
      free = bar.to;
    }
    ASSERT_LE(free, columns) << seed;
  }
}

}  // namespace
}  // namespace lockstep::view
