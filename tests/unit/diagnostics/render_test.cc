#include "core/diagnostics/render.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <string_view>

#include "core/diagnostics/excerpt.h"
#include "core/diagnostics/remark.h"

namespace lockstep::diagnostics {
namespace {

struct Case {
  explicit Case(std::string text, std::string name = "plan.json") {
    id = sources.Add(Source(std::move(name), std::move(text)));
  }
  Span SpanOf(std::string_view part) const {
    const std::size_t at = sources[id].text().find(part);
    EXPECT_NE(at, std::string_view::npos) << part;
    return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + part.size())};
  }
  Diagnostic& Add(Span span, std::string message, Severity severity = Severity::kError) {
    diagnostics.push_back(
        {Rule::kInvalidJson, severity, {id, span}, std::move(message), {}, {}, {}});
    return diagnostics.back();
  }
  Sources sources;
  SourceId id;
  std::vector<Diagnostic> diagnostics;
};

TEST(RenderText, ShowsLineAndCaret) {
  Case c("{\n\t\"id\": \"日本\", \"x\": 1\n}\n");
  Diagnostic& diagnostic = c.Add(c.SpanOf("\"x\""), "unknown name \"x\"");
  diagnostic.related.push_back({{c.id, c.SpanOf("\"日本\"")}, "the value before", ""});
  diagnostic.fixes.push_back({"remove it", {}});
  c.Add({24, 24}, "the end", Severity::kWarning);
  EXPECT_EQ(RenderText(c.sources, c.diagnostics, false),
            "plan.json:2:14: error[LS001 invalid-json]: unknown name \"x\"\n"
            "   2 |     \"id\": \"日本\", \"x\": 1\n"
            "     |                   ^~~\n"
            "  note: plan.json:2:8: the value before\n"
            "  fix: remove it\n"
            "plan.json:2:19: warning[LS001 invalid-json]: the end\n"
            "   2 |     \"id\": \"日本\", \"x\": 1\n"
            "     |                        ^\n"
            "1 error, 1 warning\n");
}

TEST(RenderText, SaysNothingAboutNothing) {
  EXPECT_EQ(RenderText(Sources(), {}, true), "");
}

TEST(RenderText, ShowsNoLineWhereThereIsNone) {
  Case c("[\n");
  c.Add({2, 2}, "m", Severity::kInfo);
  EXPECT_EQ(RenderText(c.sources, c.diagnostics, false),
            "plan.json:2:1: info[LS001 invalid-json]: m\n1 info\n");
}

TEST(RenderText, ColoursOnlyWhenAsked) {
  Case c("[1,]");
  c.Add({3, 4}, "m");
  EXPECT_EQ(RenderText(c.sources, c.diagnostics, false).find('\x1b'), std::string::npos);
  EXPECT_NE(RenderText(c.sources, c.diagnostics, true).find("\x1b[1;31merror\x1b[0m[LS001"),
            std::string::npos);
}

TEST(Excerpt, UnderlinesTheFirstLineOfALongSpan) {
  const Source source("s", "{\r\n  \"a\": 1\r\n}");
  const Excerpt excerpt = ExcerptOf(source, {5, 14});
  EXPECT_EQ(excerpt.line, 1u);
  EXPECT_EQ(excerpt.text, "  \"a\": 1");
  EXPECT_EQ(excerpt.caret, 2u);
  EXPECT_EQ(excerpt.width, 6u);
}

TEST(Excerpt, MarksEmptySpansAndLineEnds) {
  const Source source("s", "ab\n\ncd");
  EXPECT_EQ(ExcerptOf(source, {1, 1}).caret, 1u);
  EXPECT_EQ(ExcerptOf(source, {1, 1}).width, 1u);
  EXPECT_EQ(ExcerptOf(source, {2, 2}).caret, 2u);
  EXPECT_EQ(ExcerptOf(source, {2, 4}).caret, 2u);
  EXPECT_EQ(ExcerptOf(source, {2, 4}).width, 1u);
  EXPECT_EQ(ExcerptOf(source, {3, 3}).text, "");
  EXPECT_EQ(ExcerptOf(source, {6, 6}).caret, 2u);
}

TEST(Excerpt, CutsLongLines) {
  const std::string line = std::string(5000, 'a') + "HERE" + std::string(5000, 'b');
  const Excerpt excerpt = ExcerptOf(Source("s", line), {5000, 5004});
  EXPECT_TRUE(excerpt.text.starts_with("…a"));
  EXPECT_TRUE(excerpt.text.ends_with("b…"));
  EXPECT_LT(excerpt.text.size(), 200u);
  EXPECT_EQ(excerpt.text.substr(excerpt.caret + 2, 4), "HERE");  // … has three bytes, one column
  EXPECT_EQ(excerpt.width, 4u);
  // A span longer than the window is marked up to the window's end.
  const Excerpt wide = ExcerptOf(Source("s", line), {10, 9000});
  EXPECT_EQ(wide.caret, 10u);
  EXPECT_EQ(wide.caret + wide.width, 160u);
}

TEST(Excerpt, CutsBetweenCharacters) {
  std::string line;
  for (int i = 0; i < 1000; ++i) line += "日";
  for (std::uint32_t at : {1500u, 1503u, 1506u}) {
    const Excerpt excerpt = ExcerptOf(Source("s", line), {at, at + 3});
    EXPECT_EQ(excerpt.text.find("\xef\xbf\xbd"), std::string::npos);
    EXPECT_EQ(excerpt.width, 2u);
  }
}

TEST(Excerpt, DisarmsTerminals) {
  const Excerpt excerpt = ExcerptOf(Source("s", "a\x1b[2J\xff\xe2\x80\xae|"), {9, 10});
  EXPECT_EQ(excerpt.text, "a�[2J��|");
  EXPECT_EQ(excerpt.caret, 7u);
}

TEST(RenderJson, HasWhatProductPromises) {
  Case c("{\n \"😀\": 1}");
  Diagnostic& diagnostic = c.Add({11, 12}, "say \"no\"");
  diagnostic.pointer = "/😀";
  diagnostic.related.push_back({{c.id, {0, 1}}, "opened here", ""});
  diagnostic.fixes.push_back({"two", {{{c.id, {11, 12}}, "2"}}});
  EXPECT_EQ(RenderJson(c.sources, c.diagnostics),
            R"({"diagnostics":[{"code":"LS001","slug":"invalid-json","severity":"error",)"
            R"("message":"say \"no\"","pointer":"/😀","file":"plan.json",)"
            R"("range":{"start":{"line":1,"character":7},"end":{"line":1,"character":8}},)"
            R"("byteRange":{"start":{"line":1,"character":9},"end":{"line":1,"character":10}},)"
            R"("span":{"begin":11,"end":12},)"
            R"("related":[{"message":"opened here","pointer":"","file":"plan.json",)"
            R"("range":{"start":{"line":0,"character":0},"end":{"line":0,"character":1}},)"
            R"("byteRange":{"start":{"line":0,"character":0},"end":{"line":0,"character":1}},)"
            R"("span":{"begin":0,"end":1}}],)"
            R"("fixes":[{"title":"two","edits":[{"file":"plan.json",)"
            R"("range":{"start":{"line":1,"character":7},"end":{"line":1,"character":8}},)"
            R"("byteRange":{"start":{"line":1,"character":9},"end":{"line":1,"character":10}},)"
            R"("span":{"begin":11,"end":12},"newText":"2"}]}]}]})");
  EXPECT_EQ(RenderJson(c.sources, {}), R"({"diagnostics":[]})");
}

TEST(RenderGithub, EscapesAsTheRunnerReads) {
  Case c("{\n \"x\": [1,\n2]}", "a,b:c%.json");
  c.Add(c.SpanOf("\"x\""), "100% wrong\nreally: yes, no");
  c.Add(c.SpanOf("[1,\n2]"), "two lines", Severity::kWarning);
  c.Add({0, 0}, "i", Severity::kInfo);
  EXPECT_EQ(
      RenderGithub(c.sources, c.diagnostics),
      "::error file=a%2Cb%3Ac%25.json,line=2,col=2,endLine=2,endColumn=5,title=LS001 "
      "invalid-json::100%25 wrong%0Areally: yes, no\n"
      "::warning file=a%2Cb%3Ac%25.json,line=2,endLine=3,title=LS001 invalid-json::two lines\n"
      "::notice file=a%2Cb%3Ac%25.json,line=1,col=1,endLine=1,endColumn=1,title=LS001 "
      "invalid-json::i\n");
}

// GitLab takes findings of one fingerprint for one.
TEST(RenderGitlab, AFindingIsTheSameWhereverItsLineIs) {
  const auto fingerprints = [](std::string text) {
    Case c(std::move(text), "a.json");
    const std::uint32_t at = static_cast<std::uint32_t>(c.sources[c.id].text().find('x'));
    c.Add({at, at + 1}, "m");
    c.Add({at, at + 1}, "m");
    c.Add({at, at + 1}, "n", Severity::kWarning);
    const std::string report = RenderGitlab(c.sources, c.diagnostics);
    std::vector<std::string> found;
    for (std::size_t i = 0; (i = report.find("\"fingerprint\":\"", i)) != report.npos; ++i)
      found.push_back(report.substr(i + 15, 64));
    return found;
  };
  const auto before = fingerprints("x"), after = fingerprints("\n\nx");
  ASSERT_EQ(before.size(), 3u);
  EXPECT_EQ(before, after);
  EXPECT_EQ(std::set<std::string>(before.begin(), before.end()).size(), 3u);
  Case c("\n x", "a.json");
  c.Add({2, 3}, "m \"q\"");
  const std::string report = RenderGitlab(c.sources, c.diagnostics);
  EXPECT_EQ(report.substr(0, report.find("\"fingerprint")),
            R"([{"description":"m \"q\"","check_name":"LS001 invalid-json",)");
  EXPECT_EQ(report.substr(report.find("\"severity")),
            R"("severity":"critical","location":{"path":"a.json","lines":{"begin":2}}}])");
}

TEST(RenderSarif, PlacesInUtf16AndBytes) {
  Case c("{\n \"😀\": 1}", "plans/my plan:1.json");
  c.Add({11, 12}, "m").pointer = "/x";
  c.diagnostics.push_back(
      {Rule::kInvalidUtf8, Severity::kWarning, {c.id, {0, 1}}, "n", {}, {}, {}});
  const std::string sarif = RenderSarif(c.sources, c.diagnostics, "1.2.3");
  EXPECT_NE(sarif.find(R"("region":{"startLine":2,"startColumn":8,"endLine":2,"endColumn":9,)"
                       R"("charOffset":9,"charLength":1,"byteOffset":11,"byteLength":1})"),
            std::string::npos);
  EXPECT_NE(sarif.find(R"("artifactLocation":{"uri":"plans/my%20plan%3A1.json"})"),
            std::string::npos);
  EXPECT_NE(sarif.find(R"("ruleId":"LS003","ruleIndex":1,"level":"warning")"), std::string::npos);
  EXPECT_NE(sarif.find(R"("name":"lockstep","version":"1.2.3","rules":[{"id":"LS001")"),
            std::string::npos);
  EXPECT_NE(sarif.find(R"("logicalLocations":[{"fullyQualifiedName":"/x"}])"), std::string::npos);
}

TEST(RenderSarif, AbsolutePathsAreFileUris) {
  Case c("x", "/srv/plan.json");
  c.Add({0, 1}, "m");
  EXPECT_NE(RenderSarif(c.sources, c.diagnostics, "1").find(R"("uri":"file:///srv/plan.json")"),
            std::string::npos);
}

TEST(RenderRemarks, IsOneLineEach) {
  Case c("{\n  \"é\": 1\n}");
  const std::vector<Remark> remarks = {{{c.id, {0, 1}}, "all of it", ""},
                                       {{c.id, c.SpanOf("1")}, "the number", "/é"}};
  EXPECT_EQ(RenderRemarks(c.sources, remarks, "lost"),
            "plan.json:1:1: lost: all of it\nplan.json:2:8: lost: the number\n");
  base::JsonWriter writer;
  WriteRemarks(writer, c.sources, std::span(remarks).last(1));
  EXPECT_EQ(writer.Take(), R"([{"file":"plan.json","message":"the number","pointer":"/é",)"
                           R"("range":{"start":{"line":1,"character":7},)"
                           R"("end":{"line":1,"character":8}}}])");
}

// Every renderer, 20,000 findings in one line of 10 MB that is not ASCII: quadratic work would
// take hours.
TEST(Render, IsLinearInTheFindings) {
  std::string text;
  while (text.size() < 10'000'000) text += "\"é\": 1, ";
  Case c(std::move(text));
  for (std::uint32_t i = 0; i < 20'000; ++i) c.Add({i * 450, i * 450 + 4}, "message");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_GT(RenderText(c.sources, c.diagnostics, false).size(), 20'000u);
  EXPECT_GT(RenderJson(c.sources, c.diagnostics).size(), 20'000u);
  EXPECT_GT(RenderSarif(c.sources, c.diagnostics, "1").size(), 20'000u);
  EXPECT_GT(RenderGithub(c.sources, c.diagnostics).size(), 20'000u);
  EXPECT_GT(RenderGitlab(c.sources, c.diagnostics).size(), 20'000u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace
}  // namespace lockstep::diagnostics
