// Drawings: what lies where, and that no text of a plan becomes markup.
#include <gtest/gtest.h>

#include "core/view/drawing.h"
#include "core/view/html.h"
#include "core/view/labels.h"
#include "core/view/lanes.h"
#include "core/view/layers.h"
#include "core/view/svg.h"
#include "core/view/task_look.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::view {
namespace {

using rollout::DatabaseIndex;
using rollout::GroupIndex;
using rollout::InstanceIndex;
using rollout::Rollout;
using rollout::TaskIndex;
using Numbers = std::vector<std::uint32_t>;

TEST(Svg, EscapesWhatEndsMarkup) {
  EXPECT_EQ(Escape("</script> & \"onload=\""), "&lt;/script&gt; &amp; &quot;onload=&quot;");
  EXPECT_EQ(Escape("a\nb\tc\rd"), "a b c d");
  EXPECT_EQ(Escape("größe 東京"), "größe 東京");
}

TEST(Svg, ReplacesWhatXmlCannotWriteAndWhatTurnsText) {
  const std::string replacement = "\xef\xbf\xbd";
  EXPECT_EQ(Escape(std::string("a\0b", 3)), "a" + replacement + "b");
  EXPECT_EQ(Escape("\x1b[0m"), replacement + "[0m");
  EXPECT_EQ(Escape("\xff"), replacement);
  EXPECT_EQ(Escape("\u202egnp"), replacement + "gnp");
}

TEST(Svg, NumbersAreTenths) {
  EXPECT_EQ(Number(0), "0");
  EXPECT_EQ(Number(125), "12.5");
  EXPECT_EQ(Number(-5), "-0.5");
  EXPECT_EQ(Number(Px(7)), "7");
}

TEST(Svg, ElementsCloseInTurn) {
  Svg svg;
  svg.Open("g", " class=\"a\"").Title("x<y").Rect("box", 5, 10, Px(3), Px(4), Px(1)).Close();
  EXPECT_EQ(svg.Take(),
            "<g class=\"a\"><title>x&lt;y</title>"
            "<rect class=\"box\" x=\"0.5\" y=\"1\" width=\"3\" height=\"4\" rx=\"1\"/></g>\n");
}

class View : public testing::Test {
 protected:
  View() {
    instance_ = builder_.AddInstance();
    a_ = builder_.AddDatabase(instance_);
    b_ = builder_.AddDatabase(instance_);
    builder_.AddStage();
  }

  sim::Timeline Run(sim::Scenario scenario = {}) {
    rollout_ = builder_.Build();
    return sim::Simulate(rollout_, scenario, {});
  }
  Numbers ColumnsOf(const Layers& layers) {
    Numbers columns;
    for (const Layers::Place& place : layers.places) columns.push_back(place.column);
    return columns;
  }

  RolloutBuilder builder_;
  InstanceIndex instance_;
  DatabaseIndex a_, b_;
  Rollout rollout_;
};

TEST_F(View, ALaneForEachDatabase) {
  builder_.AddTask(b_);
  builder_.AddTask(a_);
  builder_.AddTask(b_);
  const sim::Timeline timeline = Run();
  const Lanes lanes = AssignLanes(rollout_, timeline);
  ASSERT_EQ(lanes.lanes.size(), 2u);
  EXPECT_EQ(lanes.lanes[LaneIndex(0)].label, "i0/d1");
  EXPECT_EQ(lanes.lane[TaskIndex(2)], LaneIndex(0));
  EXPECT_EQ(lanes.lanes[LaneIndex(0)].rows, 1u);
}

TEST_F(View, RunsThatOverlapHaveRows) {
  for (int i = 0; i < 3; ++i) builder_.task(builder_.AddTask(a_)).serial = false;
  const sim::Timeline timeline = Run();
  const Lanes lanes = AssignLanes(rollout_, timeline);
  EXPECT_EQ(lanes.lanes[LaneIndex(0)].rows, 3u);
  EXPECT_EQ(lanes.row[TaskIndex(2)], 2u);
}

TEST_F(View, ColumnsAreTheLongestChainBefore) {
  const TaskIndex first = builder_.AddTask(a_);
  const TaskIndex second = builder_.AddTask(a_);
  const TaskIndex alone = builder_.AddTask(b_);
  const TaskIndex last = builder_.AddTask(b_);
  builder_.Depend(second, first);
  builder_.Depend(last, second);
  builder_.Depend(last, alone);
  builder_.AddStage();
  const TaskIndex later = builder_.AddTask(a_);
  builder_.Depend(later, first);  // across stages: no column more
  Run();
  const Layers layers = AssignLayers(rollout_);
  EXPECT_EQ(ColumnsOf(layers), (Numbers{0, 1, 0, 2, 3}));
  EXPECT_EQ(layers.column_count, 4u);
  EXPECT_EQ(layers.row_count, 2u);
}

TEST_F(View, ALongColumnGoesOnInTheNext) {
  for (std::uint32_t i = 0; i < kMostRows + 1; ++i) builder_.AddTask(a_);
  Run();
  const Layers layers = AssignLayers(rollout_);
  EXPECT_EQ(layers.column_count, 2u);
  EXPECT_EQ(layers.row_count, kMostRows);
  EXPECT_EQ(layers.places[GroupIndex(kMostRows)].column, 1u);
}

TEST_F(View, WhatNeverRunsStandsBesideTheTimes) {
  const TaskIndex first = builder_.AddTask(a_);
  const TaskIndex second = builder_.AddTask(b_);
  builder_.Depend(second, first);
  sim::Scenario scenario;
  scenario.failures.push_back({{"spec-0", ""}, 1, "", {-1}});
  const sim::Timeline timeline = Run(scenario);
  EXPECT_EQ(StatusText(rollout_, timeline, first), "FAILED, 0 ms to 1 s");
  EXPECT_EQ(StatusText(rollout_, timeline, second), "BLOCKED by task 1");
  EXPECT_EQ(Mark(timeline.tasks[second]), "!");
  const std::string svg = Draw(rollout_, timeline, {});
  EXPECT_NE(svg.find("not run"), std::string::npos);
  EXPECT_NE(svg.find("class=\"task failed critical\" data-task=\"0\""), std::string::npos);
  EXPECT_NE(svg.find("class=\"task pending blocked\" data-task=\"1\""), std::string::npos);
}

TEST_F(View, ASpecThatHasComeHalfOfItsWaySaysHowFar) {
  const GroupIndex group = builder_.AddGroup();
  builder_.AddTask(group, a_);
  builder_.AddTask(group, b_);
  sim::Scenario scenario;
  const auto graph = [&](const sim::Timeline& timeline) {
    return Draw(rollout_, timeline, {view::View::kGraph, 960});
  };
  EXPECT_NE(graph(Run()).find(">2 databases<"), std::string::npos);
  scenario.failures.push_back({{"", rollout_.databases[b_].name}, 1, "", {-1}});
  const sim::Timeline half = sim::Simulate(rollout_, scenario, {});
  EXPECT_NE(graph(half).find(">1 of 2 databases done<"), std::string::npos);
}

TEST_F(View, AnEmptyRolloutIsADrawingToo) {
  const sim::Timeline timeline = Run();
  EXPECT_NE(Draw(rollout_, timeline, {}).find("</svg>"), std::string::npos);
  EXPECT_NE(Draw(rollout_, timeline, {view::View::kGraph, 960}).find("</svg>"), std::string::npos);
  EXPECT_NE(HtmlPage(rollout_, timeline, {}).find("0 tasks"), std::string::npos);
}

TEST_F(View, TimesOfThousandsOfYearsFit) {
  builder_.task(builder_.AddTask(a_)).earliest = base::Instant{253'000'000'000'000};
  const sim::Timeline timeline = Run();
  const std::string svg = Draw(rollout_, timeline, {view::View::kLanes, kLargestWidth});
  EXPECT_NE(svg.find("data-right=\"999992\""), std::string::npos);
  EXPECT_EQ(svg.find("x=\"-"), std::string::npos);
}

TEST_F(View, TextsOfWaitsAreFilledIn) {
  const TaskIndex first = builder_.AddTask(a_);
  Run();
  const auto text = [&](rollout::WaitingCause cause, TaskIndex by, bool blocked) {
    return WaitingLabel(rollout_, {cause, by, base::Instant{0}, blocked});
  };
  using rollout::WaitingCause;
  EXPECT_EQ(text(WaitingCause::kNone, {}, false), "");
  EXPECT_EQ(text(WaitingCause::kStage, first, false), "for task 1 (stage 1)");
  EXPECT_EQ(text(WaitingCause::kStage, {}, false), "for an earlier stage");
  EXPECT_EQ(text(WaitingCause::kEarliestTime, {}, false), "until 1970-01-01T00:00:00Z");
  EXPECT_EQ(text(WaitingCause::kDependency, first, true), "blocked by task 1");
  EXPECT_EQ(text(WaitingCause::kNotRequested, {}, false), "until somebody asks for it");
}

}  // namespace
}  // namespace lockstep::view
