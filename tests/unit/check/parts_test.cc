#include <gtest/gtest.h>

#include <string>
#include <unordered_map>

#include "core/base/prng.h"
#include "core/check/ghost_flags.h"
#include "core/check/interner.h"
#include "core/check/version_order.h"

namespace lockstep::check {
namespace {

TEST(Interner, NumbersInTheOrderOfFirstSight) {
  Interner interner;
  EXPECT_EQ(interner.Add("b"), 0u);
  EXPECT_EQ(interner.Add("a"), 1u);
  EXPECT_EQ(interner.Add("b"), 0u);
  EXPECT_EQ(interner.Add(""), 2u);
  EXPECT_EQ(interner.Find("a"), 1u);
  EXPECT_EQ(interner.Find("c"), Interner::kNone);
  EXPECT_EQ(interner.texts(), (std::vector<std::string_view>{"b", "a", ""}));
}

TEST(Interner, AgreesWithAMapWhileItGrows) {
  std::vector<std::string> texts;
  base::Prng prng(7);
  for (int i = 0; i < 20'000; ++i) texts.push_back("spec-" + std::to_string(prng.Below(9'000)));
  Interner interner;
  std::unordered_map<std::string_view, std::uint32_t> expected;
  for (const std::string& text : texts) {
    const auto number = expected.try_emplace(text, expected.size()).first->second;
    ASSERT_EQ(interner.Add(text), number);
  }
  for (const auto& [text, number] : expected) ASSERT_EQ(interner.Find(text), number);
  EXPECT_EQ(interner.size(), expected.size());
}

TEST(VersionOrder, NumbersCompareAsNumbers) {
  const auto less = [](std::string_view a, std::string_view b) {
    return CompareVersions(plan::VersionOrder::kNumericParts, a, b) < 0 &&
           CompareVersions(plan::VersionOrder::kNumericParts, b, a) > 0;
  };
  EXPECT_TRUE(less("9", "10"));
  EXPECT_TRUE(less("1.9", "1.10"));
  EXPECT_TRUE(less("v2.0", "v10.0"));
  EXPECT_TRUE(less("1", "1.0"));
  EXPECT_TRUE(less("1.0-alpha", "1.0-beta"));
  EXPECT_TRUE(less("99999999999999999999998", "99999999999999999999999"));
  EXPECT_TRUE(less("", "0"));
  EXPECT_EQ(CompareVersions(plan::VersionOrder::kNumericParts, "007", "7"), 0);
  EXPECT_EQ(CompareVersions(plan::VersionOrder::kNumericParts, "1.00", "1.0"), 0);
}

TEST(VersionOrder, OrText) {
  EXPECT_GT(CompareVersions(plan::VersionOrder::kText, "9", "10"), 0);
  EXPECT_NE(CompareVersions(plan::VersionOrder::kText, "007", "7"), 0);
}

TEST(GhostFlags, ValuesAsGoReadsThem) {
  using enum GhostFlagType;
  struct Row {
    GhostFlagType type;
    const char* value;
    bool valid;
  };
  const Row rows[] = {
      {kInteger, "1000", true},
      {kInteger, "+5", true},
      {kInteger, "-5", true},
      {kInteger, "", false},
      {kInteger, " 5", false},
      {kInteger, "5 ", false},
      {kInteger, "1k", false},
      {kInteger, "1.0", false},
      {kInteger, "+-5", false},
      {kInteger, "9223372036854775808", false},
      {kBoolean, "true", true},
      {kBoolean, "T", true},
      {kBoolean, "0", true},
      {kBoolean, "False", true},
      {kBoolean, "yes", false},
      {kBoolean, "tRUE", false},
      {kNumber, "0.5", true},
      {kNumber, ".5", true},
      {kNumber, "1e-3", true},
      {kNumber, "-1", true},
      {kNumber, ".", false},
      {kNumber, "1e", false},
      {kNumber, "half", false},
      {kLoad, "", true},
      {kLoad, "Threads_running=25", true},
      {kLoad, "a=1,b=2", true},
      {kLoad, "a", false},
      {kLoad, "a=x", false},
      {kLoad, "=1", false},
  };
  for (const Row& row : rows) EXPECT_EQ(IsValid(row.type, row.value), row.valid) << row.value;
}

TEST(GhostFlags, RangesOfEffect) {
  const auto in_range = [](std::string_view flag, std::string_view value) {
    return IsInRange(*FindGhostFlag(flag), value);
  };
  EXPECT_TRUE(in_range("chunk-size", "10"));
  EXPECT_FALSE(in_range("chunk-size", "9"));
  EXPECT_FALSE(in_range("chunk-size", "100001"));
  EXPECT_FALSE(in_range("cut-over-lock-timeout-seconds", "11"));
  EXPECT_TRUE(in_range("nice-ratio", "100"));
  EXPECT_TRUE(in_range("nice-ratio", "-0.0"));
  EXPECT_FALSE(in_range("nice-ratio", "100.5"));
  EXPECT_FALSE(in_range("nice-ratio", "-0.1"));
  EXPECT_TRUE(in_range("max-load", "a=1"));
  EXPECT_EQ(FindGhostFlag("max-lag"), nullptr);
}

}  // namespace
}  // namespace lockstep::check
