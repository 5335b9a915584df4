#include "core/sim/learn.h"

#include <gtest/gtest.h>

#include "core/sim/assumptions.h"
#include "tests/unit/document_fixture.h"
#include "tests/unit/rollout_builder.h"

namespace lockstep::sim {
namespace {

using rollout::TaskIndex;

class Learn : public testing::Test {
 protected:
  Learn() {
    const auto instance = builder_.AddInstance();
    for (int i = 0; i < 2; ++i) databases_.push_back(builder_.AddDatabase(instance));
    builder_.AddStage();
    const auto group = builder_.AddGroup();
    for (const auto database : databases_) builder_.AddTask(group, database);
    builder_.AddTask(databases_[0]);
    builder_.AddTask(databases_[1]);
    rollout_ = builder_.Build();
    rollout_.sheets.push_back({"aaa", 100, "DDL"});
    rollout_.sheets.push_back({"bbb", 100'000, "DML"});
    rollout_.spec_sheets = {rollout::SheetIndex(0), rollout::SheetIndex(1), {}};
  }

  void See(std::string spec, std::string sheet, std::string target, std::string of_class,
           std::optional<SheetSize> size, std::int64_t seconds) {
    seen_.push_back({std::move(spec), std::move(sheet), std::move(target), std::move(of_class),
                     size, base::Seconds(seconds)});
  }
  std::int64_t Typical(std::uint32_t task, Scenario said = {}) {
    const Scenario scenario = WithLearnt(std::move(said), LearnDurations(rollout_, seen_));
    return Assumptions(rollout_, scenario).Typical(TaskIndex(task)).ms / 1000;
  }

  RolloutBuilder builder_;
  std::vector<rollout::DatabaseIndex> databases_;
  rollout::Rollout rollout_;
  std::vector<Observation> seen_;
  const std::string d0_ = "instances/i0/databases/d0", d1_ = "instances/i0/databases/d1";
};

TEST_F(Learn, TheSameSheetOnTheSameTargetSaysMost) {
  See("other", "aaa", d0_, "DDL", SheetSize::kSmall, 10);
  See("other", "aaa", d0_, "DDL", SheetSize::kSmall, 12);
  See("other", "aaa", d0_, "DDL", SheetSize::kSmall, 99);
  See("other", "aaa", "instances/x/databases/y", "DDL", SheetSize::kSmall, 1);
  EXPECT_EQ(Typical(0), 12);
  EXPECT_EQ(Typical(1), 12) << "of all four the upper median";
}

TEST_F(Learn, ClassAndSizeWhereTheSheetIsNew) {
  See("s", "ccc", d0_, "DML", SheetSize::kMedium, 40);
  See("s", "ddd", d0_, "DML", SheetSize::kSmall, 2);
  See("s", "ddd", d0_, "DML", SheetSize::kSmall, 4);
  EXPECT_EQ(Typical(2), 40);
  EXPECT_EQ(Typical(3), 4) << "no sheet: the median of all";
}

TEST_F(Learn, WithoutASheetTheSpecCounts) {
  See("spec-2", "", "", "", {}, 33);
  See("", "", d0_, "", {}, 5);
  EXPECT_EQ(Typical(3), 33);
  EXPECT_EQ(Typical(2), 5) << "of its target";
}

TEST_F(Learn, WhatIsSaidOutweighs) {
  See("spec-0", "aaa", d0_, "DDL", SheetSize::kSmall, 10);
  See("spec-0", "aaa", d1_, "DDL", SheetSize::kSmall, 20);
  Scenario said;
  said.durations.push_back({{"spec-0", ""}, base::Seconds(3)});
  EXPECT_EQ(Typical(0, said), 3);
  EXPECT_EQ(Typical(3, said), 20);
  said.default_duration = base::Seconds(1);
  said.says_default = true;
  EXPECT_EQ(Typical(3, said), 1);
}

TEST_F(Learn, NothingSeenChangesNothing) {
  EXPECT_EQ(Typical(0), 1);
}

TEST_F(Learn, TheNewestCount) {
  for (std::size_t i = 0; i < kMostSamples; ++i) See("", "", "", "", {}, 1);
  for (std::size_t i = 0; i < kMostSamples; ++i) See("", "", "", "", {}, 60);
  EXPECT_EQ(LearnDurations(rollout_, seen_).default_duration.At(0), base::Seconds(60));
}

TEST_F(Learn, TheDocumentSaysTheSame) {
  See("o", "aaa", d0_, "DDL", SheetSize::kSmall, 10);
  See("o", "aaa", d1_, "DDL", SheetSize::kSmall, 30);
  See("", "", d1_, "DML", {}, 4);
  for (int i = 1; i <= 50; ++i) See("spec-2", "", "", "", {}, i);
  const Scenario learnt = LearnDurations(rollout_, seen_);
  base::JsonWriter writer;
  WriteDurations(writer, learnt);
  ParsedText text(writer.Take());
  ASSERT_TRUE(text.document);
  diagnostics::Emitter emitter;
  const auto read = DecodeScenario(*text.document, &rollout_, emitter);
  ASSERT_TRUE(read && !emitter.has_errors());
  const Assumptions before(rollout_, learnt), after(rollout_, *read);
  for (const TaskIndex task : rollout_.tasks.indices())
    EXPECT_EQ(after.Typical(task), before.Typical(task)) << task.value();
}

}  // namespace
}  // namespace lockstep::sim
