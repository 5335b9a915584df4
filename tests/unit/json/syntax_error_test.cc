// Each mistake: its rule, its exact place and its words. The place is marked in the text by ‹ and
// ›, which are taken out before parsing; ‹› alone is an empty place.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "core/json/document.h"

namespace lockstep::json {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Rule;
using diagnostics::Source;
using diagnostics::SourceId;
using diagnostics::Span;

std::vector<Diagnostic> Findings(std::string text, const Limits& limits = {}) {
  const Source source("text", std::move(text));
  diagnostics::Emitter emitter;
  EXPECT_FALSE(Document::Parse(SourceId(0), source, limits, emitter).has_value());
  return emitter.Take();
}

struct Mistake {
  std::string_view marked;
  Rule rule;
  std::string_view words;  // part of the message
};

void Expect(const Mistake& mistake) {
  constexpr std::string_view kOpen = "‹", kClose = "›";
  std::string text(mistake.marked);
  const std::size_t begin = text.find(kOpen);
  ASSERT_NE(begin, std::string::npos) << text;
  text.erase(begin, kOpen.size());
  const std::size_t end = text.find(kClose);
  ASSERT_NE(end, std::string::npos) << text;
  text.erase(end, kClose.size());
  SCOPED_TRACE(text);
  const std::vector<Diagnostic> findings = Findings(text);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].place.span,
            (Span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}));
  EXPECT_EQ(findings[0].rule, mistake.rule) << Info(findings[0].rule).slug;
  EXPECT_NE(findings[0].message.find(mistake.words), std::string::npos) << findings[0].message;
}

TEST(SyntaxError, OfStructure) {
  const Mistake mistakes[] = {
      {"{\"a\": 1 ‹\"b\"›: 2}", Rule::kInvalidJson, "a comma is missing before this"},
      {"[1\r\n‹2›]", Rule::kInvalidJson, "a comma is missing"},
      {"[[]‹[›]]", Rule::kInvalidJson, "a comma is missing"},
      {"{\"a\" ‹1›}", Rule::kInvalidJson, "\":\" is missing after the name \"a\""},
      {"{\"a\"‹}›", Rule::kInvalidJson, "\":\" is missing"},
      {"{\"a\" ‹=› 1}", Rule::kInvalidJson, "write \":\""},
      {"{\"a\":‹}›", Rule::kInvalidJson, "a value is missing before \"}\""},
      {"[1,‹,›2]", Rule::kInvalidJson, "a value is missing before \",\""},
      {"[‹,›]", Rule::kInvalidJson, "a value is missing before \",\""},
      {"{‹,›}", Rule::kInvalidJson, "a name in double quotes is missing before \",\""},
      {"{\"a\":1,‹,›}", Rule::kInvalidJson, "a name in double quotes is missing"},
      {"{‹a›: 1}", Rule::kInvalidJson, "\"a\" is not one; names of fields are written \"name\""},
      {"{‹1›: 1}", Rule::kInvalidJson, "a name in double quotes is missing"},
      {"[1‹}›", Rule::kInvalidJson, "\"}\" closes an array"},
      {"{\"a\":1‹]›", Rule::kInvalidJson, "\"]\" closes an object"},
      {"[\"a\"‹:›1]", Rule::kInvalidJson, "where a comma or the end should be"},
      {"[1, [2‹›", Rule::kInvalidJson, "ends inside an array; \"]\" is missing"},
      {"{\"a\": ‹›", Rule::kInvalidJson, "ends inside an object; \"}\" is missing"},
      {"{} ‹{›}", Rule::kInvalidJson, "text after the document's end"},
      {"1 ‹two› 3", Rule::kInvalidJson, "text after the document's end"},
      {"‹]›", Rule::kInvalidJson, "a value is missing"},
      {"[1‹\"a\"›]", Rule::kInvalidJson, "a comma is missing"},
      {"[true‹\"a\"›]", Rule::kInvalidJson, "a comma is missing"},
      {"[1 ‹x› 2]", Rule::kInvalidJson, "unexpected \"x\" after a value"},
      {"{\"a\": \"he said \"‹hi›\" twice\"}", Rule::kInvalidJson, "unexpected \"hi\""},
  };
  for (const Mistake& mistake : mistakes) Expect(mistake);
}

TEST(SyntaxError, OfStrings) {
  const Mistake mistakes[] = {
      {"{\"a\": ‹\"b›\n}", Rule::kInvalidJson, "not closed before the end of its line"},
      {"[‹\"b, 2]›", Rule::kInvalidJson, "not closed before the document's end"},
      {"[‹\"b\\\"]›", Rule::kInvalidJson, "not closed"},
      {"[‹\"b\\›\n\"]", Rule::kInvalidJson, "not closed before the end of its line"},
      {"[\"a‹\t›b\"]", Rule::kInvalidJson,
       "control character (U+0009) in a string; write it as \\t"},
      {"[\"a‹\x01›b\"]", Rule::kInvalidJson, "write it as \\u0001"},
      {"[\"a‹\\x›41\"]", Rule::kInvalidEscape, "is not an escape of JSON"},
      {"[\"C:‹\\D›ata\"]", Rule::kInvalidEscape, "a backslash is written"},
      {"[\"‹\\é›\"]", Rule::kInvalidEscape, "is not an escape"},
      {"[\"‹\\u›12g4\"]", Rule::kInvalidEscape, "four hexadecimal digits"},
      {"[\"ab‹\\ud800›\"]", Rule::kInvalidEscape, "\\ud800 is half of a surrogate pair"},
      {"[\"‹\\uDC00›\"]", Rule::kInvalidEscape, "half of a surrogate pair"},
      {"[\"‹\\ud83d›\\u0041\"]", Rule::kInvalidEscape, "half of a surrogate pair"},
      {"{\"‹\\ud83d›\": 1}", Rule::kInvalidEscape, "half of a surrogate pair"},
      {"[‹'›a']", Rule::kInvalidJson,
       "a single quote; strings and names are written in double quotes"},
      {"{‹'›a': 'http://x'}", Rule::kInvalidJson, "a single quote"},
      {"{‹“›a”: 1}", Rule::kInvalidJson, "a typographic quote"},
  };
  for (const Mistake& mistake : mistakes) Expect(mistake);
}

TEST(SyntaxError, OfNumbersAndWords) {
  const Mistake mistakes[] = {
      {"[‹01›]", Rule::kInvalidJson, "leading zeros"},
      {"[‹-007›]", Rule::kInvalidJson, "leading zeros"},
      {"[‹1.›]", Rule::kInvalidJson, "lacks digits after the point"},
      {"[‹1e+›]", Rule::kInvalidJson, "lacks digits in its exponent"},
      {"[‹-›]", Rule::kInvalidJson, "a digit has to follow"},
      {"[‹+1›]", Rule::kInvalidJson, "starts with a digit"},
      {"[‹.5›]", Rule::kInvalidJson, "starts with a digit"},
      {"[‹0x1F›]", Rule::kInvalidJson, "is not a number of JSON"},
      {"[‹1_000›]", Rule::kInvalidJson, "is not a number of JSON"},
      {"[‹NaN›]", Rule::kInvalidJson, "\"NaN\" is not a number of JSON"},
      {"[‹-Infinity›]", Rule::kInvalidJson, "is not a number of JSON"},
      {"[‹True›]", Rule::kInvalidJson, "write it in lower case: true"},
      {"[‹None›]", Rule::kInvalidJson, "write null"},
      {"{\"type\": ‹MIGRATE›}", Rule::kInvalidJson, "text is written in double quotes"},
      {"[‹1e999›]", Rule::kNumberOutOfRange, "does not fit into 64 bits"},
      {"{\"a\": ‹123456789012345678901234567890›}", Rule::kNumberOutOfRange, "does not fit"},
      {"[-9223372036854775808, ‹-9223372036854775809›]", Rule::kNumberOutOfRange, "does not fit"},
  };
  for (const Mistake& mistake : mistakes) Expect(mistake);
}

TEST(SyntaxError, OfBytes) {
  const Mistake mistakes[] = {
      {"‹›", Rule::kEmptyDocument, "the document is empty"},
      {" \r\n\t‹›", Rule::kEmptyDocument, "the document is empty"},
      {"// only a comment\n‹›", Rule::kEmptyDocument, "the document is empty"},
      {"\xef\xbb\xbf‹›", Rule::kEmptyDocument, "the document is empty"},
      {"{\"a\": \"caf‹\xe9›\"}", Rule::kInvalidUtf8, "byte 0xE9 is not UTF-8"},
      {"[\"‹\xed›\xa0\x80\"]", Rule::kInvalidUtf8, "byte 0xED"},
      {"[\"‹\xc0›\xaf\"]", Rule::kInvalidUtf8, "byte 0xC0"},
      {"[1, ‹\xff›]", Rule::kInvalidUtf8, "byte 0xFF"},
      {"[1, // caf‹\xe9›\n 2]", Rule::kInvalidUtf8, "byte 0xE9"},
      {"‹\xff\xfe›{}", Rule::kInvalidUtf8, "UTF-16"},
      {"‹\xfe\xff›{}", Rule::kInvalidUtf8, "UTF-16"},
      {"[1,‹\xc2\xa0›2]", Rule::kInvalidJson, "an invisible character (U+00A0)"},
      {"{}‹\xef\xbb\xbf›", Rule::kInvalidJson, "an invisible character (U+FEFF)"},
      {"[1‹\f›]", Rule::kInvalidJson, "a control character (U+000C) between tokens"},
      {"[1, ‹/*› 2]", Rule::kUnterminatedJsonComment, "\"*/\" is missing"},
      {"[1, ‹/› 2]", Rule::kInvalidJson, "a stray \"/\""},
      {"[1, ‹#› 2\n]", Rule::kInvalidJson, "comments are // and /* */"},
      {"‹PK›\x03\x04", Rule::kInvalidJson, "is not a value of JSON"},
  };
  for (const Mistake& mistake : mistakes) Expect(mistake);
}

TEST(SyntaxError, OfNulBytesAndWideEncodings) {
  const auto first = [](std::string text) { return Findings(std::move(text)).at(0); };
  EXPECT_NE(first(std::string("{\0\"\0}\0", 6)).message.find("UTF-16"), std::string::npos);
  EXPECT_EQ(first(std::string("{\0\"\0}\0", 6)).place.span, (Span{1, 2}));
  EXPECT_EQ(first(std::string("\xff\xfe{\0}\0", 6)).rule, Rule::kInvalidUtf8);
  EXPECT_NE(first(std::string("\xff\xfe\0\0{\0\0\0", 8)).message.find("UTF-32"), std::string::npos);
  EXPECT_NE(first(std::string("\0\0\xfe\xff\0\0\0{", 8)).message.find("UTF-32"), std::string::npos);
  EXPECT_EQ(first(std::string("{}\0", 3)).place.span, (Span{2, 3}));
}

TEST(SyntaxError, TellsWhereTheBracketWasOpened) {
  const Diagnostic finding = Findings("{\"a\": [1, 2}").at(0);
  ASSERT_EQ(finding.related.size(), 1u);
  EXPECT_EQ(finding.related[0].place.span, (Span{6, 7}));
  EXPECT_EQ(Findings("[{").at(0).related.at(0).place.span, (Span{1, 2}));
}

TEST(SyntaxError, FixesWhatIsCertain) {
  const Diagnostic comma = Findings("{\"a\": 1 // one\n \"b\": 2}").at(0);
  ASSERT_EQ(comma.fixes.size(), 1u);
  EXPECT_EQ(comma.fixes[0].edits.at(0).place.span, (Span{7, 7}));
  EXPECT_EQ(comma.fixes[0].edits.at(0).replacement, ",");
  const Diagnostic colon = Findings("{\"a\" 1}").at(0);
  ASSERT_EQ(colon.fixes.size(), 1u);
  EXPECT_EQ(colon.fixes[0].edits.at(0).place.span, (Span{4, 4}));
  // Here a comma would only make room for the next mistake.
  EXPECT_TRUE(Findings("{\"a\": \"x\" \"y\"}").at(0).fixes.empty());
  EXPECT_TRUE(Findings("{\"a\"}").at(0).fixes.empty());
}

TEST(SyntaxError, HolesOfSamplesAreToldOneByOne) {
  const auto places = [](std::string text) {
    std::string seen;
    for (const Diagnostic& finding : Findings(text)) {
      seen += Info(finding.rule).slug;
      seen += '@' + std::to_string(finding.place.span.begin) + '-' +
              std::to_string(finding.place.span.end) + ' ';
    }
    return seen;
  };
  EXPECT_EQ(places("{...}"), "placeholder@0-5 ");
  EXPECT_EQ(places("[{...}, { … }, [...]]"), "placeholder@1-6 placeholder@8-15 placeholder@17-22 ");
  EXPECT_EQ(places("{\"a\": 1, ...}"), "placeholder@9-12 ");
  EXPECT_EQ(places("{..., \"a\": 1}"), "placeholder@1-4 ");
  EXPECT_EQ(places("[1, ..., 3]"), "placeholder@4-7 ");
  EXPECT_EQ(places("{\"a\": ..., \"b\": ....}"), "placeholder@6-9 placeholder@16-20 ");
  EXPECT_EQ(places("..."), "placeholder@0-3 ");
  EXPECT_EQ(places("[..., ...]"), "placeholder@1-4 placeholder@6-9 ");
  // Dots in strings and comments are no holes.
  EXPECT_EQ(places("[\"...\", /* {...} */ {...}]"), "placeholder@20-25 ");
  // Another mistake ends it, but what stood before is told.
  EXPECT_EQ(places("[{...}, 01, {...}]"), "placeholder@1-6 invalid-json@8-10 ");
  EXPECT_EQ(places("[01, {...}]"), "invalid-json@1-3 ");
  EXPECT_EQ(places("[..]"), "invalid-json@1-3 ");
}

TEST(SyntaxError, AFileOfDotsIsNotAMillionFindings) {
  std::string text = "[";
  for (int i = 0; i < 100'000; ++i) text += "{...},";
  EXPECT_EQ(Findings(text + "0]").size(), 1001u);
}

std::string Nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(SyntaxError, OfDepth) {
  const Limits limits{.max_bytes = 1 << 20, .max_depth = 10};
  diagnostics::Emitter emitter;
  const Source deep("text", Nested(10));
  EXPECT_TRUE(Document::Parse(SourceId(0), deep, limits, emitter).has_value());
  for (const std::string& text :
       {Nested(11), std::string(10, '[') + "{\"a\":1}" + std::string(10, ']'),
        std::string(100'000, '['), Nested(100'000)}) {
    const std::vector<Diagnostic> findings = Findings(text, limits);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].rule, Rule::kNestingTooDeep);
    EXPECT_EQ(findings[0].place.span, (Span{10, 11}));
  }
  EXPECT_EQ(Findings(Nested(100'000)).at(0).place.span, (Span{1000, 1001}));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(Findings(objects).at(0).rule, Rule::kNestingTooDeep);
}

TEST(SyntaxError, OfSize) {
  const Limits limits{.max_bytes = 4, .max_depth = 10};
  diagnostics::Emitter emitter;
  const Source fits("text", "1234");
  EXPECT_TRUE(Document::Parse(SourceId(0), fits, limits, emitter).has_value());
  const std::vector<Diagnostic> findings = Findings("12345", limits);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, Rule::kDocumentTooLarge);
  EXPECT_EQ(findings[0].message, "the document is larger than the limit of 4 bytes");
}

// Texts that make a careless scanner quadratic: minutes.
TEST(SyntaxError, IsFoundInLinearTime) {
  const auto repeat = [](std::string_view part) {
    std::string text;
    while (text.size() < 500'000) text += part;
    return text;
  };
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& text :
       {repeat("/**/"), repeat("// \xff\n"), repeat("...,"), repeat("\"a\","),
        "[" + repeat("/*") + "]", repeat("\\u"), "\"" + repeat("\\ud83d\\ude00"), repeat("[1,"),
        repeat("…"), repeat(" "), "[" + repeat("{...},") + "1]", "1" + repeat("0") + "e-3",
        repeat("\xff"), repeat("{\"a\":[")}) {
    EXPECT_FALSE(Findings(text).empty());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace
}  // namespace lockstep::json
