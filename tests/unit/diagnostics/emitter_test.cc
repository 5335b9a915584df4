#include "core/diagnostics/emitter.h"

#include <gtest/gtest.h>

namespace lockstep::diagnostics {
namespace {

constexpr SourceId kFirst(0), kSecond(1);

TEST(Emitter, HandsOverInOrderOfPlace) {
  Emitter emitter;
  emitter.Report(Rule::kInvalidUtf8, {kSecond, {0, 1}}, "d");
  emitter.Report(Rule::kInvalidUtf8, {kFirst, {5, 6}}, "c");
  emitter.Report(Rule::kInvalidUtf8, {kFirst, {1, 2}}, "b");
  emitter.Report(Rule::kInvalidJson, {kFirst, {1, 2}}, "z");
  emitter.Report(Rule::kInvalidUtf8, {kFirst, {1, 2}}, "a");
  std::string messages;
  for (const Diagnostic& diagnostic : emitter.Take()) messages += diagnostic.message;
  EXPECT_EQ(messages, "zabcd");
  EXPECT_TRUE(emitter.diagnostics().empty());
}

TEST(Emitter, DropsRepetitionsOnly) {
  Emitter emitter;
  emitter.Report(Rule::kInvalidJson, {kFirst, {1, 2}}, "a").related.push_back({});
  emitter.Report(Rule::kInvalidJson, {kFirst, {1, 2}}, "a");
  emitter.Report(Rule::kInvalidJson, {kFirst, {1, 3}}, "a");
  const std::vector<Diagnostic> taken = emitter.Take();
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0].related.size(), 1u);  // the first one reported stays
}

TEST(Emitter, FollowsTheUsersSeverities) {
  Emitter emitter({{Rule::kInvalidJson, std::nullopt}, {Rule::kInvalidUtf8, Severity::kInfo}});
  EXPECT_FALSE(emitter.Enabled(Rule::kInvalidJson));
  EXPECT_TRUE(emitter.Enabled(Rule::kInvalidUtf8));
  EXPECT_TRUE(emitter.Enabled(Rule::kPlaceholder));
  emitter.Report(Rule::kInvalidJson, {kFirst, {}}, "a").fixes.push_back({"x", {}});
  emitter.ReportAs(Rule::kInvalidUtf8, Severity::kError, {kFirst, {}}, "b");
  EXPECT_FALSE(emitter.has_errors());
  ASSERT_EQ(emitter.diagnostics().size(), 1u);
  EXPECT_EQ(emitter.diagnostics()[0].severity, Severity::kInfo);
  emitter.ReportAs(Rule::kPlaceholder, Severity::kWarning, {kFirst, {}}, "c");
  EXPECT_EQ(emitter.error_count(), 0u);
  emitter.Report(Rule::kPlaceholder, {kFirst, {}}, "d");
  EXPECT_EQ(emitter.error_count(), 1u);
}

TEST(Emitter, AReportIntoTheVoidStartsEmpty) {
  Emitter emitter({{Rule::kInvalidJson, std::nullopt}});
  emitter.Report(Rule::kInvalidJson, {kFirst, {}}, "a").related.push_back({});
  EXPECT_TRUE(emitter.Report(Rule::kInvalidJson, {kFirst, {}}, "b").related.empty());
}

TEST(Emitter, KeepsABoundedNumberAndCountsTheRest) {
  Emitter emitter;
  const std::size_t count = Emitter::kMaxFindings + 7;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::uint32_t>(i);
    emitter.Report(Rule::kUnknownField, {SourceId(0), {at, at}}, "x");
  }
  EXPECT_EQ(emitter.error_count(), count);
  const std::vector<Diagnostic> taken = emitter.Take();
  ASSERT_EQ(taken.size(), Emitter::kMaxFindings + 1);
  EXPECT_EQ(taken.back().rule, Rule::kTooManyFindings);
  EXPECT_EQ(taken.back().message, "there are 7 more findings that are not shown");
}

}  // namespace
}  // namespace lockstep::diagnostics
