#include "core/diagnostics/rule.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>

namespace lockstep::diagnostics {
namespace {

TEST(Rules, CodesAndSlugsAreUnique) {
  std::set<std::string_view> codes, slugs;
  for (const RuleInfo& info : AllRules()) {
    EXPECT_TRUE(codes.insert(info.code).second) << info.code;
    EXPECT_TRUE(slugs.insert(info.slug).second) << info.slug;
    EXPECT_EQ(&Info(info.rule), &info);
  }
}

TEST(Rules, AreWrittenInTheHouseStyle) {
  for (const RuleInfo& info : AllRules()) {
    SCOPED_TRACE(info.code);
    ASSERT_EQ(info.code.size(), 5u);
    EXPECT_TRUE(info.code.starts_with("LS"));
    for (const char c : info.code.substr(2))
      EXPECT_TRUE(std::isdigit(static_cast<unsigned char>(c)));
    for (const char c : info.slug)
      EXPECT_TRUE(std::islower(static_cast<unsigned char>(c)) || c == '-' ||
                  std::isdigit(static_cast<unsigned char>(c)));
    const RuleProse& prose = Prose(info.rule);
    EXPECT_FALSE(prose.summary.empty());
    EXPECT_FALSE(prose.summary.ends_with('.'));
    EXPECT_EQ(prose.summary.find('\n'), prose.summary.npos);
    EXPECT_TRUE(prose.why.ends_with('.') || prose.why.ends_with(".)"));
    EXPECT_TRUE(prose.fix.ends_with('.'));
  }
}

TEST(Rules, AreFoundByCodeOrSlug) {
  EXPECT_EQ(FindRule("LS001"), Rule::kInvalidJson);
  EXPECT_EQ(FindRule("ls001"), Rule::kInvalidJson);
  EXPECT_EQ(FindRule("invalid-json"), Rule::kInvalidJson);
  EXPECT_EQ(FindRule("LS1"), std::nullopt);
  EXPECT_EQ(FindRule(""), std::nullopt);
}

TEST(Rules, SettingsAreSeveritiesOrOff) {
  using Setting = std::optional<Severity>;
  EXPECT_EQ(ParseSeveritySetting("error"), Setting(Severity::kError));
  EXPECT_EQ(ParseSeveritySetting("warning"), Setting(Severity::kWarning));
  EXPECT_EQ(ParseSeveritySetting("info"), Setting(Severity::kInfo));
  ASSERT_TRUE(ParseSeveritySetting("off").has_value());
  EXPECT_FALSE(ParseSeveritySetting("off")->has_value());
  EXPECT_FALSE(ParseSeveritySetting("fatal").has_value());
}

}  // namespace
}  // namespace lockstep::diagnostics
