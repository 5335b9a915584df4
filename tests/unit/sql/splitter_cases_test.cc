// The cases of splitter-cases.json: text of each statement, or the place and kind of what is wrong.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/emitter.h"
#include "core/diagnostics/source.h"
#include "core/json/document.h"
#include "core/sql/splitter.h"

namespace lockstep::sql {
namespace {

struct Case {
  std::string engine, name, input, error;
  std::vector<std::string> statements;
  std::pair<int, int> at{0, 0};
};

std::vector<Case> ReadCases() {
  std::ifstream file(LOCKSTEP_SOURCE_DIR "/tests/unit/sql/splitter-cases.json");
  std::stringstream text;
  text << file.rdbuf();
  diagnostics::Sources sources;
  const diagnostics::SourceId id = sources.Add(diagnostics::Source("cases", text.str()));
  diagnostics::Emitter emitter;
  const auto document = json::Document::Parse(id, sources[id], {}, emitter);
  std::vector<Case> cases;
  if (!document) return cases;
  for (const json::Value item : document->root().elements()) {
    Case c;
    for (const json::Member member : item.members()) {
      if (member.key == "engine") c.engine = member.value.AsString();
      if (member.key == "name") c.name = member.value.AsString();
      if (member.key == "input") c.input = member.value.AsString();
      if (member.key == "error") c.error = member.value.AsString();
      if (member.key == "statements") {
        for (const json::Value text_value : member.value.elements()) {
          c.statements.emplace_back(text_value.AsString());
        }
      }
      if (member.key == "at") {
        std::vector<int> numbers;
        for (const json::Value n : member.value.elements())
          numbers.push_back(std::stoi(std::string(n.NumberText())));
        c.at = {numbers.at(0), numbers.at(1)};
      }
    }
    cases.push_back(c);
  }
  return cases;
}

class SplitterCase : public testing::TestWithParam<Case> {};

TEST_P(SplitterCase, Splits) {
  const Case& c = GetParam();
  const auto engine = FindEngineLoosely(c.engine);
  ASSERT_TRUE(engine) << c.engine;
  const diagnostics::Source source("sheet", c.input);
  const SplitResult result = Split(Facts(*engine).dialect, c.input);
  if (c.error.empty()) {
    std::vector<std::string> texts;
    for (const Statement& statement : result.statements)
      texts.emplace_back(source.Slice(statement.span));
    EXPECT_EQ(texts, c.statements);
    if (c.name.find("client command") == std::string::npos) {
      EXPECT_TRUE(result.problems.empty()) << result.problems[0].message;
    } else {
      ASSERT_FALSE(result.problems.empty());
      EXPECT_EQ(result.problems[0].kind, SplitProblemKind::kClientCommand);
    }
    return;
  }
  static const std::map<std::string, SplitProblemKind> kKinds = {
      {"unterminated dollar quote", SplitProblemKind::kUnterminatedQuote},
      {"unterminated string", SplitProblemKind::kUnterminatedQuote},
      {"shell terminator line", SplitProblemKind::kClientCommand},
      {"unexpected #", SplitProblemKind::kClientCommand},
      {"client command", SplitProblemKind::kClientCommand}};
  ASSERT_TRUE(kKinds.contains(c.error)) << c.error;
  ASSERT_FALSE(result.problems.empty());
  EXPECT_EQ(result.problems[0].kind, kKinds.at(c.error)) << result.problems[0].message;
  const diagnostics::Position position = source.PositionOf(result.problems[0].span.begin);
  EXPECT_EQ(
      std::pair(static_cast<int>(position.line) + 1, static_cast<int>(position.column_utf8) + 1),
      c.at);
}

INSTANTIATE_TEST_SUITE_P(File, SplitterCase, testing::ValuesIn(ReadCases()), [](const auto& test) {
  std::string name = test.param.engine + "_" + std::to_string(test.index);
  return name;
});

TEST(SplitterCases, TheFileIsRead) {
  EXPECT_GE(ReadCases().size(), 60u);
}

}  // namespace
}  // namespace lockstep::sql
