#include "core/service/filter.h"

#include <gtest/gtest.h>

#include <map>

namespace lockstep::service {
namespace {

constexpr std::string_view kFields[] = {"name", "status", "create_time", "labels.*"};

const std::multimap<std::string, std::string> kObject = {
    {"name", "Payroll of \"HR\""}, {"status", "OPEN"},     {"create_time", "2026-11-22T03:37:00Z"},
    {"labels.tenant", "a"},        {"labels.tenant", "b"},
};

std::vector<std::string> Lookup(std::string_view field) {
  std::vector<std::string> values;
  const auto [begin, end] = kObject.equal_range(std::string(field));
  for (auto value = begin; value != end; ++value) values.push_back(value->second);
  return values;
}

bool Matches(std::string_view text) {
  const auto filter = Filter::Parse(text, kFields);
  if (!filter.ok()) {
    ADD_FAILURE() << text << ": " << filter.error().message;
    return false;
  }
  return filter->Matches(&Lookup);
}

std::string ErrorOf(std::string_view text) {
  const auto filter = Filter::Parse(text, kFields);
  if (filter.ok()) return "";
  EXPECT_EQ(filter.error().code, base::ErrorCode::kInvalidArgument);
  return filter.error().message;
}

TEST(Filter, LetsEverythingThroughWhenItIsEmpty) {
  EXPECT_TRUE(Matches(""));
  EXPECT_TRUE(Matches("  \n"));
}

TEST(Filter, ComparesOneField) {
  EXPECT_TRUE(Matches(R"(status == "OPEN")"));
  EXPECT_TRUE(Matches("status=OPEN"));
  EXPECT_TRUE(Matches("status = 'OPEN'"));
  EXPECT_FALSE(Matches("status == OPE"));
  EXPECT_FALSE(Matches("status == open"));
  EXPECT_TRUE(Matches("status != DONE"));
  EXPECT_FALSE(Matches("status != OPEN"));
  EXPECT_TRUE(Matches(R"(status in ["DONE", "OPEN"])"));
  EXPECT_FALSE(Matches(R"(status in [DONE,CANCELED])"));
  EXPECT_TRUE(Matches(R"(name == "Payroll of \"HR\"")"));
}

TEST(Filter, FindsPartsOfTextsWhateverTheirCase) {
  EXPECT_TRUE(Matches(R"(name.matches("payROLL"))"));
  EXPECT_TRUE(Matches(R"(name.contains( "of" ))"));
  EXPECT_FALSE(Matches(R"(name.matches("pay.*"))"));
}

TEST(Filter, JoinsAndTurnsTerms) {
  EXPECT_TRUE(Matches(R"(status == "OPEN" && name.matches("hr"))"));
  EXPECT_TRUE(Matches("status = OPEN AND labels.tenant = a"));
  EXPECT_FALSE(Matches("status = OPEN && labels.tenant = c"));
  EXPECT_TRUE(Matches("!(status in [DONE]) && (status == OPEN)"));
  EXPECT_FALSE(Matches("!(status in [OPEN])"));
  EXPECT_TRUE(Matches("!!(status == OPEN)"));
}

TEST(Filter, AFieldMayHaveManyValuesOrNone) {
  EXPECT_TRUE(Matches("labels.tenant == b"));
  EXPECT_FALSE(Matches("labels.tenant != b"));
  EXPECT_FALSE(Matches("labels.region == eu"));
  EXPECT_FALSE(Matches(R"(labels.region == "")"));
  EXPECT_TRUE(Matches("labels.region != eu"));
}

TEST(Filter, ComparesTimesAsTimes) {
  EXPECT_TRUE(Matches(R"(create_time >= "2026-11-22T04:37:00+01:00")"));
  EXPECT_TRUE(Matches(R"(createTime <= "2026-11-22T03:37:00.000Z")"));
  EXPECT_TRUE(Matches(R"(create_time == "2026-11-22T04:37:00+01:00")"));
  EXPECT_FALSE(Matches(R"(create_time > "2026-11-22T03:37:00Z")"));
  EXPECT_FALSE(Matches(R"(create_time < "2026-11-22T03:37:00Z")"));
  EXPECT_TRUE(Matches("create_time < 2026-11-22T03:37:00.001Z"));
}

TEST(Filter, TellsItsTerms) {
  const auto filter =
      Filter::Parse("labels.createTime = x && createTime > 2026-11-22T03:37:00Z", kFields);
  ASSERT_TRUE(filter.ok()) << filter.error().message;
  ASSERT_EQ(filter->terms().size(), 2u);
  EXPECT_EQ(filter->terms()[0].field, "labels.createTime") << "a key is as its user wrote it";
  EXPECT_EQ(filter->terms()[1].field, "create_time");
  EXPECT_EQ(filter->terms()[1].op, Filter::Operator::kMore);
}

TEST(Filter, SaysWhatIsWrong) {
  EXPECT_EQ(ErrorOf("creator = x"),
            "invalid filter: there is no field \"creator\"; it may be name, status, create_time, "
            "labels.*");
  EXPECT_EQ(ErrorOf("labels. = x"),
            "invalid filter: there is no field \"labels.\"; it may be name, "
            "status, create_time, labels.*");
  EXPECT_EQ(ErrorOf("status > OPEN"),
            "invalid filter: only times are compared by <, <=, > and >=, and \"status\" is none");
  EXPECT_EQ(ErrorOf("create_time > yesterday"),
            "invalid filter: \"yesterday\" is not a time; write it like \"2026-11-22T03:37:00Z\"");
  EXPECT_EQ(ErrorOf("create_time.matches(2026)"),
            "invalid filter: \"create_time\" is a time; compare it by ==, <, <=, > or >=");
}

TEST(Filter, SaysWhereItCannotBeRead) {
  const std::string tests =
      "==, !=, <, <=, >, >=, \"in\", .matches() or .contains() after the field";
  const std::pair<std::string_view, std::string> cases[] = {
      {"status = OPEN || status = DONE", "14: expected && or AND between two terms"},
      {"status = OPEN ANDstatus = DONE", "14: expected && or AND between two terms"},
      {"status = OPEN &&", "16: expected a field"},
      {"&& status = OPEN", "0: expected a field"},
      {"status", "6: expected " + tests},
      {"status OPEN", "7: expected " + tests},
      {"status =", "8: expected a value, such as \"environments/prod\""},
      {"status = \"OPEN", "14: expected the quote that ends the value"},
      {"status = \"OPEN\\", "15: expected the quote that ends the value"},
      {"status in OPEN", "10: expected \"[\""},
      {"status in [OPEN DONE]", "16: expected \",\" or \"]\""},
      {"status in []", "11: expected a value, such as \"environments/prod\""},
      {"name.startsWith(\"a\")", "16: expected matches() or contains()"},
      {"name.matches(\"a\"", "16: expected \")\""},
      {"!(status = OPEN && name = x)", "16: expected \")\" after one term"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(ErrorOf(text), "invalid filter: at offset " + expected) << text;
  EXPECT_EQ(ErrorOf(std::string(10000, '(')),
            "invalid filter: at offset 32: expected fewer parentheses");
}

}  // namespace
}  // namespace lockstep::service
