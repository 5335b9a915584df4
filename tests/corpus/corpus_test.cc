#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "core/api/rules.h"
#include "core/base/text.h"
#include "core/diagnostics/render.h"
#include "core/diagnostics/rule.h"
#include "tests/corpus/corpus.h"

namespace lockstep::corpus {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Rule;
using diagnostics::RuleInfo;
using diagnostics::Severity;

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = LoadCases();
  return cases;
}

bool IsBad(const Case& of) {
  return of.name.rfind("bad-", 0) == 0;
}

TEST(Corpus, EveryCaseSaysWhatIsExpected) {
  const bool update = std::getenv("LOCKSTEP_UPDATE") != nullptr;
  ASSERT_GT(Cases().size(), 100u);
  for (const Case& of : Cases()) {
    const std::string path = Folder() + of.name + ".expected";
    const std::string actual = Render(*Read(of));
    if (update) std::ofstream(path, std::ios::binary) << actual;
    EXPECT_EQ(actual, ReadFile(path)) << of.name;
  }
}

// A plan that is fine may draw an info; nothing that wants a change.
TEST(Corpus, OkCasesAreOk) {
  for (const Case& of : Cases()) {
    if (IsBad(of)) continue;
    const auto workspace = Read(of);
    EXPECT_NE(workspace->checked(), nullptr) << of.name;
    for (const Diagnostic& found : workspace->diagnostics()) {
      EXPECT_EQ(found.severity, Severity::kInfo) << of.name << ": " << found.message;
    }
  }
}

// The case of a rule is found by its name, and shows the rule.
TEST(Corpus, EveryRuleHasACase) {
  const std::map<Rule, std::string_view> exempt = {
      {Rule::kTooManyFindings, "needs 100,000 findings: tests/unit/diagnostics"},
      {Rule::kTooManyTasks, "needs ten million tasks: tests/unit/check"},
      {Rule::kSheetTooLarge, "needs 100 MB of text: tests/unit/check"},
      {Rule::kSheetTooLargeForBackup, "needs 2 MiB of text: tests/unit/check"},
  };
  std::map<Rule, std::set<std::string>> cases_of;
  for (const Case& of : Cases()) {
    if (!IsBad(of)) continue;
    const auto workspace = Read(of);
    for (const Diagnostic& found : workspace->diagnostics()) cases_of[found.rule].insert(of.name);
  }
  for (const RuleInfo& info : diagnostics::AllRules()) {
    const bool has_case = cases_of[info.rule].count("bad-" + std::string(info.slug)) > 0;
    EXPECT_NE(has_case, exempt.count(info.rule) > 0) << info.code << " " << info.slug;
  }
}

TEST(Corpus, EveryPlaceLiesInItsSource) {
  for (const Case& of : Cases()) {
    const auto workspace = Read(of);
    const auto check = [&](const diagnostics::Place& place) {
      ASSERT_TRUE(place.source.valid()) << of.name;
      EXPECT_LE(place.span.begin, place.span.end) << of.name;
      EXPECT_LE(place.span.end, workspace->sources()[place.source].text().size()) << of.name;
    };
    for (const Diagnostic& found : workspace->diagnostics()) {
      check(found.place);
      for (const auto& related : found.related) check(related.place);
      EXPECT_FALSE(found.message.empty()) << of.name;
      EXPECT_NE(found.message.back(), '.') << of.name << ": " << found.message;
    }
  }
}

std::size_t Count(const api::Workspace& workspace, Rule rule) {
  const auto& found = workspace.diagnostics();
  return static_cast<std::size_t>(std::count_if(
      found.begin(), found.end(), [&](const Diagnostic& d) { return d.rule == rule; }));
}

std::size_t Errors(const api::Workspace& workspace) {
  const auto& found = workspace.diagnostics();
  return static_cast<std::size_t>(
      std::count_if(found.begin(), found.end(),
                    [](const Diagnostic& d) { return d.severity == Severity::kError; }));
}

TEST(Corpus, EveryFixRemovesItsFindingAndAddsNoError) {
  std::size_t fixes = 0;
  for (const Case& of : Cases()) {
    const auto before = Read(of);
    for (const Diagnostic& found : before->diagnostics()) {
      for (const diagnostics::Fix& fix : found.fixes) {
        ++fixes;
        const auto after = Read(of, Apply(fix, before->sources()));
        EXPECT_LT(Count(*after, found.rule), Count(*before, found.rule))
            << of.name << ": " << fix.title << "\n"
            << Render(*after);
        EXPECT_LE(Errors(*after), Errors(*before)) << of.name << ": " << fix.title << "\n"
                                                   << Render(*after);
      }
    }
  }
  EXPECT_GE(fixes, 10u);
}

api::RuleExamples Examples() {
  api::RuleExamples examples;
  for (const Case& of : Cases()) {
    const auto workspace = Read(of);
    for (const Diagnostic& found : workspace->diagnostics()) {
      if (of.name != "bad-" + std::string(diagnostics::Info(found.rule).slug)) continue;
      if (examples.count(found.rule) > 0) continue;
      std::string output = diagnostics::RenderText(workspace->sources(), {&found, 1}, false);
      output.erase(output.rfind('\n', output.size() - 2) + 1);  // the count
      examples[found.rule] = {EssentialLines(*workspace, found), std::move(output)};
    }
  }
  return examples;
}

TEST(Catalogue, CheckedInDocumentsAreFresh) {
  const bool update = std::getenv("LOCKSTEP_UPDATE") != nullptr;
  const api::RuleExamples examples = Examples();
  const auto check = [&](const std::string& file, const std::string& actual) {
    const std::string path = LOCKSTEP_SOURCE_DIR "/schemas/" + file;
    if (update) std::ofstream(path, std::ios::binary) << actual;
    EXPECT_TRUE(actual == ReadFile(path)) << file << " is stale: run with LOCKSTEP_UPDATE=1";
  };
  check("rules.json", api::RulesJson(examples));
  check("rules.md", api::RulesMarkdown(examples));
}

TEST(Catalogue, ExplanationsFitATerminal) {
  for (const RuleInfo& info : diagnostics::AllRules()) {
    std::istringstream lines(api::ExplainText(info.rule));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(base::DisplayWidth(line), 80u) << info.code << ": " << line;
    }
  }
}

TEST(Catalogue, CodesAscendAndNothingIsTwice) {
  std::set<std::string_view> slugs, summaries;
  std::string_view last;
  for (const RuleInfo& info : diagnostics::AllRules()) {
    EXPECT_LT(last, info.code);
    last = info.code;
    EXPECT_TRUE(slugs.insert(info.slug).second) << info.slug;
    const std::string_view summary = diagnostics::Prose(info.rule).summary;
    EXPECT_TRUE(summaries.insert(summary).second) << summary;
  }
  EXPECT_GE(diagnostics::AllRules().size(), 60u);
}

TEST(Catalogue, EveryValidationOfTheServerIsARule) {
  std::set<std::string> covered;
  for (const RuleInfo& info : diagnostics::AllRules()) {
    std::istringstream references{std::string(info.reference)};
    for (std::string one; references >> one;) covered.insert(one);
  }
  for (int i = 1; i <= 10; ++i) EXPECT_EQ(covered.count("V" + std::to_string(i)), 1u) << i;
  for (int i = 1; i <= 22; ++i) EXPECT_EQ(covered.count("G" + std::to_string(i)), 1u) << i;
}

}  // namespace
}  // namespace lockstep::corpus
