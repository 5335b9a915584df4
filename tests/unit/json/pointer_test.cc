#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "core/json/document.h"
#include "tests/unit/document_fixture.h"

namespace lockstep::json {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Rule;
using diagnostics::Severity;
using diagnostics::Span;

Diagnostic At(diagnostics::SourceId id, std::uint32_t offset) {
  return {Rule::kInvalidJson, Severity::kError, {id, {offset, offset + 1}}, "m", {}, {}, {}};
}

// The pointer of the place of `part`.
std::string PointerOf(const ParsedText& text, std::string_view part) {
  const std::size_t at = text.sources[text.id].text().find(part);
  EXPECT_NE(at, std::string_view::npos) << part;
  std::vector<Diagnostic> diagnostics = {At(text.id, static_cast<std::uint32_t>(at))};
  AttachPointers(*text.document, diagnostics);
  return diagnostics[0].pointer;
}

TEST(Pointers, NameTheInnermostValue) {
  const ParsedText text(R"( {"steps" : [{"a~/b": 1, "": {"x": [true, "s"]}}, 7 ]} )");
  EXPECT_EQ(PointerOf(text, "{"), "");
  EXPECT_EQ(PointerOf(text, " {"), "");
  EXPECT_EQ(PointerOf(text, "\"steps"), "/steps");
  EXPECT_EQ(PointerOf(text, " : ["), "");  // between key and value: the object
  EXPECT_EQ(PointerOf(text, "[{"), "/steps");
  EXPECT_EQ(PointerOf(text, "{\"a~"), "/steps/0");
  EXPECT_EQ(PointerOf(text, "\"a~"), "/steps/0/a~0~1b");
  EXPECT_EQ(PointerOf(text, "1,"), "/steps/0/a~0~1b");
  EXPECT_EQ(PointerOf(text, ", \"\":"), "/steps/0");
  EXPECT_EQ(PointerOf(text, "\"x\""), "/steps/0//x");
  EXPECT_EQ(PointerOf(text, "true"), "/steps/0//x/0");
  EXPECT_EQ(PointerOf(text, "s\"]"), "/steps/0//x/1");
  EXPECT_EQ(PointerOf(text, "7"), "/steps/1");
  EXPECT_EQ(PointerOf(text, " ]}"), "/steps");
  EXPECT_EQ(PointerOf(text, "}}, 7"), "/steps/0/");
}

TEST(Pointers, UnescapeNames) {
  const ParsedText text(R"({"\u0061\/\n": 1})");
  EXPECT_EQ(PointerOf(text, "1"), "/a~1\n");
}

TEST(Pointers, FillWhatIsEmptyAndInThisDocument) {
  const ParsedText text(R"({"a": [10, 20], "b": 30})");
  const diagnostics::SourceId other(7);
  std::vector<Diagnostic> diagnostics = {At(text.id, 21), At(text.id, 11), At(other, 11),
                                         At(text.id, 7)};
  diagnostics[0].related.push_back({{text.id, {7, 9}}, "m", {}});
  diagnostics[0].related.push_back({{other, {7, 9}}, "m", {}});
  diagnostics[3].pointer = "/kept";
  AttachPointers(*text.document, diagnostics);
  EXPECT_EQ(diagnostics[0].pointer, "/b");
  EXPECT_EQ(diagnostics[0].related[0].pointer, "/a/0");
  EXPECT_EQ(diagnostics[0].related[1].pointer, "");
  EXPECT_EQ(diagnostics[1].pointer, "/a/1");
  EXPECT_EQ(diagnostics[2].pointer, "");
  EXPECT_EQ(diagnostics[3].pointer, "/kept");
}

TEST(Pointers, WorkOnRootsWithoutChildren) {
  for (const char* root : {"1", "[]", "{}", "\"a\""})
    EXPECT_EQ(PointerOf(ParsedText(root), root), "");
}

// Every byte of a document in one call: the same as one call for each.
TEST(Pointers, OfAllPlacesAtOnce) {
  const ParsedText text(R"({"a":[[],{"b":[1,[2,{}]]}, 3 ],"c":{"d":{"e":null}} , "f":0})");
  std::vector<Diagnostic> together;
  const auto size = static_cast<std::uint32_t>(text.sources[text.id].text().size());
  for (std::uint32_t at = 0; at < size; ++at) together.push_back(At(text.id, size - 1 - at));
  AttachPointers(*text.document, together);
  for (const Diagnostic& diagnostic : together) {
    std::vector<Diagnostic> alone = {At(text.id, diagnostic.place.span.begin)};
    AttachPointers(*text.document, alone);
    EXPECT_EQ(diagnostic.pointer, alone[0].pointer) << diagnostic.place.span.begin;
  }
}

TEST(Pointers, OfAHundredThousandPlacesTakeNoTime) {
  std::string plan = "{\"specs\":[";
  for (int i = 0; i < 100'000; ++i) plan += "{\"id\":\"x\",\"target\":{\"database\":\"y\"}},";
  plan.back() = ']';
  const ParsedText text(plan + "}");
  std::vector<Diagnostic> diagnostics;
  for (const Value& spec : text.document->root().Find("specs")->elements()) {
    diagnostics.push_back(At(text.id, spec.Find("target")->Find("database")->span().begin));
  }
  const auto start = std::chrono::steady_clock::now();
  AttachPointers(*text.document, diagnostics);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_EQ(diagnostics[99'999].pointer, "/specs/99999/target/database");
}

}  // namespace
}  // namespace lockstep::json
