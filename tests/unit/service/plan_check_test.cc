#include "core/service/plan_check.h"

#include <gtest/gtest.h>

#include "core/diagnostics/rule.h"
#include "core/service/plan.h"

namespace lockstep::service {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Rule;
using diagnostics::Severity;

TEST(PlanCheck, RunsAreStoredAndReadAgain) {
  CheckRun run{.type = CheckRun::Type::kSummary,
               .target = "instances/a/databases/hr",
               .sheet = "projects/p/sheets/101",
               .detail = "s1",
               .created = base::Instant{1'700'000'000'000}};
  CheckRun done = run, failed = run;
  done.Finish({SummaryResult(sql::Split(sql::Dialect::kSqlite,
                                        "CREATE TABLE t(i); INSERT INTO t VALUES (1), (2);"
                                        "DELETE FROM t"))});
  failed.Fail("why");
  const auto again = ReadCheckRuns(StoredCheckRuns({run, done, failed}));
  ASSERT_TRUE(again.ok()) << again.error().message;
  ASSERT_EQ(again->size(), 3u);
  EXPECT_EQ((*again)[0].status, CheckRun::Status::kRunning);
  EXPECT_EQ((*again)[0].type, CheckRun::Type::kSummary);
  EXPECT_EQ((*again)[0].created, run.created);
  EXPECT_EQ((*again)[0].detail, "s1");
  EXPECT_EQ((*again)[1].results[0].content, "3 statements: 1 DDL, 2 DML");
  EXPECT_NE((*again)[1].results[0].summary_report.find(R"("statementTypes":["DDL","DML"])"),
            std::string::npos);
  EXPECT_EQ((*again)[2].status, CheckRun::Status::kFailed);
  EXPECT_EQ((*again)[2].error, "why");
  EXPECT_EQ(StoredCheckRuns(*again), StoredCheckRuns({run, done, failed}));
}

TEST(PlanCheck, NothingFoundIsOneSuccess) {
  const std::vector<CheckResult> results = AdviseResults({});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].status, "SUCCESS");
  EXPECT_EQ(results[0].title, "OK");
}

TEST(PlanCheck, CountsEachResult) {
  CheckRun one, two;
  one.Finish({{.status = "ERROR"}, {.status = "WARNING"}});
  two.Finish({{.status = "ERROR"}});
  EXPECT_EQ(CountResults({&one, &two}),
            (std::map<std::string, std::int64_t>{{"ERROR", 2}, {"WARNING", 1}}));
}

/// Two specs, a and b, with the same sheet.
class FindingsTest : public testing::Test {
 protected:
  FindingsTest() : text_(std::move(*PlanText::Read(kPlan))) {
    // The body's own source is the first; the same here.
    plan_ = sources_.Add(diagnostics::Source("plan", std::string(kPlan)));
    sheet_ = sources_.Add(diagnostics::Source("sheet", "SELECT 1;\n\xC3\xA4 oops"));
  }
  static constexpr std::string_view kPlan = R"({"steps": [{"specs": [
    {"id": "a", "changeDatabaseConfig": {"sheet": "projects/p/sheets/1", "target": "x"}},
    {"id": "b", "changeDatabaseConfig": {"sheet": "projects/p/sheets/1", "target": "y"}}]}]})";
  std::uint32_t At(std::string_view part) const {
    return static_cast<std::uint32_t>(kPlan.find(part));
  }
  static Diagnostic Say(Rule rule, Severity severity, diagnostics::SourceId source,
                        diagnostics::Span span) {
    return {rule, severity, {source, span}, "m", "", {}, {}};
  }
  auto Find(Diagnostic diagnostic) {
    return FindingsOf(text_.plan(), sources_, {std::move(diagnostic)});
  }

  PlanText text_;
  diagnostics::Sources sources_;
  diagnostics::SourceId plan_, sheet_;
};

TEST_F(FindingsTest, BelongToTheSpecInWhichTheyLie) {
  const std::uint32_t at = At("\"y\"");
  const auto findings = Find(Say(Rule::kUnknownInstance, Severity::kError, plan_, {at, at + 3}));
  EXPECT_TRUE(findings[plan::SpecIndex(0)].empty());
  ASSERT_EQ(findings[plan::SpecIndex(1)].size(), 1u);
  const Finding& found = findings[plan::SpecIndex(1)][0];
  EXPECT_EQ(found.status, "ERROR");
  EXPECT_EQ(found.content, "m");
  EXPECT_EQ(found.line, 0);
  EXPECT_EQ("LS" + std::to_string(found.code) + " unknown-instance", found.title);
}

TEST_F(FindingsTest, OfASheetBelongToAllThatRunIt) {
  Diagnostic diagnostic = Say(Rule::kClientCommand, Severity::kWarning, sheet_, {13, 17});
  const std::uint32_t at = At("\"projects/p/sheets/1\"");
  diagnostic.related.push_back({{plan_, {at, at + 1}}, "runs it", ""});
  const auto findings = Find(diagnostic);
  for (const auto& of_spec : findings) {
    ASSERT_EQ(of_spec.size(), 1u);
    EXPECT_EQ(of_spec[0].status, "WARNING");
    EXPECT_EQ(of_spec[0].line, 2);
    EXPECT_EQ(of_spec[0].column, 3);  // an ä is one column
  }
}

TEST_F(FindingsTest, RemarksAndWhatIsInNoSpecAreLeftOut) {
  const std::uint32_t at = At("\"x\"");
  for (const auto& of_spec : Find(Say(Rule::kNoSheets, Severity::kInfo, plan_, {at, at + 1})))
    EXPECT_TRUE(of_spec.empty());
  for (const auto& of_spec : Find(Say(Rule::kNoSheets, Severity::kError, plan_, {0, 1})))
    EXPECT_TRUE(of_spec.empty());
}

}  // namespace
}  // namespace lockstep::service
