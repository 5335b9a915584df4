#include "core/json/document.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/unit/document_fixture.h"

namespace lockstep::json {
namespace {

using diagnostics::Span;

TEST(Document, GivesEveryKindItsValueAndPlace) {
  const ParsedText text(R"( {"a": [1, -2.50e1, true, false, null], "b\n": "x", "": {}} )");
  const Value root = text.document->root();
  EXPECT_EQ(root.kind(), Kind::kObject);
  EXPECT_EQ(root.span(), (Span{1, 59}));
  EXPECT_EQ(root.size(), 3u);

  const Value list = *root.Find("a");
  EXPECT_EQ(text.Slice(list.span()), "[1, -2.50e1, true, false, null]");
  ASSERT_EQ(list.size(), 5u);
  std::vector<Value> items;
  for (const Value& item : list.elements()) items.push_back(item);
  EXPECT_EQ(items[0].NumberText(), "1");
  EXPECT_EQ(items[1].NumberText(), "-2.50e1");
  EXPECT_TRUE(items[2].AsBool());
  EXPECT_FALSE(items[3].AsBool());
  EXPECT_TRUE(items[4].is_null());
  EXPECT_EQ(text.Slice(items[4].span()), "null");

  const Value escaped = *root.Find("b\n");
  EXPECT_EQ(escaped.AsString(), "x");
  EXPECT_EQ(text.Slice(escaped.span()), "\"x\"");
  EXPECT_EQ(root.Find("")->size(), 0u);
  EXPECT_FALSE(root.Find("c").has_value());
}

TEST(Document, VisitsRepeatedKeysInOrder) {
  const ParsedText text(R"({"a":1,"a":2,"\u0061":3})");
  std::string seen;
  for (const Member& member : text.document->root().members()) {
    seen += std::string(text.Slice(member.key_span)) + "=" + std::string(member.key) +
            std::string(member.value.NumberText()) + " ";
  }
  EXPECT_EQ(seen, "\"a\"=a1 \"a\"=a2 \"\\u0061\"=a3 ");
}

TEST(Document, UnescapesStrings) {
  const ParsedText text(
      R"(["plain", "\"\\\/\b\f\n\r\t", "\u00e9\u20AC\ud83d\uDE00", "\u0000", "é😀", "a\\"])");
  std::vector<std::string> strings;
  for (const Value& item : text.document->root().elements()) strings.emplace_back(item.AsString());
  EXPECT_EQ(strings,
            (Strings{"plain", "\"\\/\b\f\n\r\t", "é€😀", std::string("\0", 1), "é😀", "a\\"}));
}

TEST(Document, TakesAnyRoot) {
  EXPECT_TRUE(ParsedText("null").document->root().is_null());
  EXPECT_EQ(ParsedText("\"a\"").document->root().AsString(), "a");
  EXPECT_EQ(ParsedText(" 12 \n").document->root().span(), (Span{1, 3}));
  EXPECT_EQ(ParsedText("[]").document->root().size(), 0u);
}

TEST(Document, SkipsAByteOrderMark) {
  const ParsedText text("\xef\xbb\xbf{\"a\":1}");
  EXPECT_EQ(text.document->root().span(), (Span{3, 10}));
  EXPECT_EQ(text.Slice(text.document->root().Find("a")->span()), "1");
}

TEST(Document, ReadsCommentsAndTrailingCommas) {
  ParsedText text(R"(// first
{
  "a": [1, /* two */ 2, // three
  ],
  /* "b": 0, */ "url": "http://x/*y*/", // "c": 1
  "last": {"d": 1, /**/ },
} // end)");
  const Value root = text.document->root();
  EXPECT_EQ(root.size(), 3u);
  EXPECT_EQ(root.Find("a")->size(), 2u);
  EXPECT_EQ(root.Find("url")->AsString(), "http://x/*y*/");
  EXPECT_EQ(text.Slice(root.Find("last")->span()), "{\"d\": 1, /**/ }");
  EXPECT_TRUE(text.Findings().empty());
}

TEST(Document, SurvivesBeingMoved) {
  ParsedText text(R"(["\u0041", "b"])");
  Document moved = std::move(*text.document);
  text.document.reset();
  std::string all;
  for (const Value& item : moved.root().elements()) all += item.AsString();
  EXPECT_EQ(all, "Ab");
}

TEST(Document, ManySizesAndShapes) {
  for (std::size_t size = 0; size < 300; ++size) {
    const std::string blanks(size, ' ');
    const std::string letters(size, 'x');
    const ParsedText text("{" + blanks + "\"" + letters + "\":[\"" + letters + "\\n\"," + blanks +
                          "1]}" + blanks);
    const Value list = *text.document->root().Find(letters);
    const Value first = *list.elements().begin();
    ASSERT_EQ(first.AsString(), letters + "\n");
    ASSERT_EQ(first.span().end - first.span().begin, size + 4);
    ASSERT_EQ(text.document->root().span().end, text.sources[text.id].text().size() - size);
  }
}

TEST(DocumentDeath, AskingForAnotherKindIsABug) {
  const ParsedText text("[1]");
  EXPECT_DEATH(text.document->root().AsString(), "not a string");
  EXPECT_DEATH(text.document->root().members(), "not an object");
  EXPECT_DEATH((*text.document->root().elements().begin()).size(), "neither array nor object");
}

std::string ReadSeed(const std::string& name) {
  std::ifstream in(std::string(LOCKSTEP_SOURCE_DIR) + "/tests/fuzz/seeds/json/" + name);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

// The example of the documentation this product was asked for: a comment and two holes.
TEST(Document, TellsEveryHoleOfTheDocumentationsExample) {
  const std::string example = ReadSeed("documentation-example.json");
  diagnostics::Emitter emitter;
  const diagnostics::Source source("example.json", example);
  EXPECT_FALSE(Document::Parse(diagnostics::SourceId(0), source, Limits(), emitter).has_value());
  const std::vector<diagnostics::Diagnostic> findings = emitter.Take();
  ASSERT_EQ(findings.size(), 2u);
  std::uint32_t at = 0;
  for (const diagnostics::Diagnostic& finding : findings) {
    EXPECT_EQ(finding.rule, diagnostics::Rule::kPlaceholder);
    EXPECT_EQ(source.Slice(finding.place.span), "{...}");
    at = static_cast<std::uint32_t>(example.find("{...}", at));
    EXPECT_EQ(finding.place.span.begin, at++);
  }

  std::string filled = example;
  for (std::size_t hole; (hole = filled.find("{...}")) != std::string::npos;)
    filled.replace(hole, 5, "{}");
  const ParsedText text(filled);
  std::size_t specs = 0;
  for (const Value& step : text.document->root().Find("steps")->elements()) {
    specs += step.Find("specs")->size();
  }
  EXPECT_EQ(specs, 4u);
}

}  // namespace
}  // namespace lockstep::json
