#include "core/json/proto_json.h"

#include "core/json/proto_scalar.h"
#include "tests/unit/document_fixture.h"

namespace lockstep::json {
namespace {

TEST(ProtoScalar, IntegersInEveryNotation) {
  EXPECT_EQ(ParseInteger("0"), 0);
  EXPECT_EQ(ParseInteger("-0"), 0);
  EXPECT_EQ(ParseInteger("1.0"), 1);
  EXPECT_EQ(ParseInteger("1e2"), 100);
  EXPECT_EQ(ParseInteger("-1.25E+2"), -125);
  EXPECT_EQ(ParseInteger("1200e-2"), 12);
  EXPECT_EQ(ParseInteger("0e999999999999999999999999"), 0);
  EXPECT_EQ(ParseInteger("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(ParseInteger("-9223372036854775808"), INT64_MIN);
  for (const char* bad :
       {"", "-", "+1", "01", "1.", ".5", "1.5", "1e", "1e-1", " 1", "1 ", "0x1", "1e19",
        "9223372036854775808", "1e999999999999999999999999", "Infinity"}) {
    EXPECT_FALSE(ParseInteger(bad)) << bad;
  }
}

TEST(ProtoScalar, Base64OfBothAlphabets) {
  EXPECT_EQ(DecodeBase64(""), "");
  EXPECT_EQ(DecodeBase64("U0VMRUNUIDE7"), "SELECT 1;");
  EXPECT_EQ(DecodeBase64("YQ=="), "a");
  EXPECT_EQ(DecodeBase64("YQ"), "a");
  EXPECT_EQ(DecodeBase64("YWI="), "ab");
  EXPECT_EQ(DecodeBase64("YWI"), "ab");
  EXPECT_EQ(DecodeBase64("+/+/"), "\xfb\xff\xbf");
  EXPECT_EQ(DecodeBase64("-_-_"), "\xfb\xff\xbf");
  EXPECT_EQ(DecodeBase64("U0VM\r\nRUNUIDE7\n"), "SELECT 1;");
  for (const char* bad : {"A", "YQ=", "YQ===", "====", "+_aa", "Y Q=", "YQ==YQ==", "é"}) {
    EXPECT_FALSE(DecodeBase64(bad)) << bad;
  }
}

struct Frame {
  Strings seen;
};

void See(Reader&, Frame& frame, const Member& member) {
  frame.seen.push_back(std::string(member.key));
}

constexpr Field<Frame> kFields[] = {
    {"someText", "some_text", Shape::kText, &See},
    {"flag", "flag", Shape::kBool, &See},
    {"list", "list", Shape::kList, &See},
    {"createTime", "create_time", Shape::kAny},
};
constexpr Message<Frame> kMessage{"a thing", kFields};

struct Outcome {
  Strings seen;
  Strings findings;
  std::vector<diagnostics::Diagnostic> diagnostics;
};

Outcome Read(std::string text, bool lenient = false) {
  ParsedText parsed(std::move(text));
  Reader reader(*parsed.document, lenient, parsed.emitter);
  Frame frame;
  reader.ReadObject(parsed.document->root(), kMessage, frame);
  Strings findings = parsed.Findings();
  return {frame.seen, findings, parsed.taken};
}

TEST(ProtoJson, BothSpellingsInAnyOrder) {
  EXPECT_EQ(Read(R"({"list": [], "some_text": "a", "flag": true})").seen,
            (Strings{"list", "some_text", "flag"}));
  EXPECT_EQ(Read(R"({"someText": "a"})").seen, Strings{"someText"});
}

TEST(ProtoJson, NullIsUnsetAndOutputFieldsAreReadPast) {
  const Outcome outcome = Read(R"({"someText": null, "createTime": {"x": 1}, "$schema": "s"})");
  EXPECT_TRUE(outcome.seen.empty());
  EXPECT_TRUE(outcome.findings.empty());
}

TEST(ProtoJson, OneFieldTwice) {
  const Outcome outcome = Read(R"({"someText": "a", "flag": true, "some_text": "b"})");
  EXPECT_EQ(outcome.seen, (Strings{"someText", "flag"}));
  ASSERT_EQ(outcome.findings, Strings{"duplicate-field at \"some_text\""});
  ASSERT_EQ(outcome.diagnostics[0].related.size(), 1u);
  EXPECT_EQ(outcome.diagnostics[0].related[0].place.span, (Span{1, 11}));
  // Also when the first one is null, as protobuf-go has it.
  EXPECT_EQ(Read(R"({"flag": null, "flag": true})").findings.size(), 1u);
}

TEST(ProtoJson, UnknownFields) {
  const Outcome near = Read(R"({"someTetx": "a"})");
  ASSERT_EQ(near.findings, Strings{"unknown-field at \"someTetx\""});
  EXPECT_EQ(near.diagnostics[0].message,
            "unknown field \"someTetx\" in a thing; did you mean \"someText\"?");
  EXPECT_TRUE(near.diagnostics[0].fixes.empty()) << "a guess is no fix";

  const Outcome certain = Read(R"({"SOME-text": "a"})");
  ASSERT_EQ(certain.diagnostics[0].fixes.size(), 1u);
  EXPECT_EQ(certain.diagnostics[0].fixes[0].edits[0].replacement, "\"someText\"");

  const Outcome far = Read(R"({"zzz": "a"})");
  EXPECT_EQ(far.diagnostics[0].message,
            "unknown field \"zzz\" in a thing; expected someText, flag or list");
  EXPECT_EQ(far.diagnostics[0].severity, diagnostics::Severity::kError);
  EXPECT_EQ(Read(R"({"zzz": "a"})", true).diagnostics[0].severity, diagnostics::Severity::kWarning);
}

TEST(ProtoJson, WrongTypes) {
  const Outcome outcome = Read(R"({"someText": 20240101, "flag": "true", "list": {"a": 1}})");
  EXPECT_TRUE(outcome.seen.empty());
  EXPECT_EQ(outcome.findings, (Strings{"wrong-type at 20240101", "wrong-type at \"true\"",
                                       "wrong-type at {\"a\": 1}"}));
  EXPECT_EQ(outcome.diagnostics[0].message, "expected a string for \"someText\", found a number");
  EXPECT_EQ(outcome.diagnostics[0].fixes[0].edits[0].replacement, "\"20240101\"");
  EXPECT_EQ(outcome.diagnostics[1].fixes[0].edits[0].replacement, "true");
  EXPECT_TRUE(outcome.diagnostics[2].fixes.empty());
}

TEST(ProtoJson, Enums) {
  constexpr EnumName kNames[] = {{"TYPE_UNSPECIFIED", 0}, {"MIGRATE", 2}, {"DATA", 6}};
  ParsedText parsed(R"(["MIGRATE", 6, "1e1", 99, 7.5, "migrate", "MIGRAT", "X"])");
  Reader reader(*parsed.document, false, parsed.emitter);
  std::vector<std::optional<int>> numbers;
  for (Value value : parsed.document->root().elements())
    numbers.push_back(reader.Enum(value, kNames));
  using N = std::optional<int>;
  EXPECT_EQ(numbers, (std::vector<N>{2, 6, N(), 99, N(), N(), N(), N()}));
  EXPECT_EQ(parsed.Findings(),
            (Strings{"unknown-enum-value at \"1e1\"", "invalid-number at 7.5",
                     "unknown-enum-value at \"migrate\"", "unknown-enum-value at \"MIGRAT\"",
                     "unknown-enum-value at \"X\""}));
  EXPECT_EQ(parsed.taken[2].fixes[0].edits[0].replacement, "\"MIGRATE\"");
  EXPECT_EQ(parsed.taken[3].message, "unknown name \"MIGRAT\"; did you mean \"MIGRATE\"?");
  EXPECT_TRUE(parsed.taken[3].fixes.empty());
  EXPECT_EQ(parsed.taken[4].message, "unknown name \"X\"; expected MIGRATE or DATA");
}

TEST(ProtoJson, IntegersTimesAndBytes) {
  ParsedText parsed(
      R"([7, "7", " 7", 11, "2026-11-22T03:37:00+01:00", "2026-11-22", "YQ==", "Y"])");
  Reader reader(*parsed.document, false, parsed.emitter);
  std::vector<Value> values;
  for (Value value : parsed.document->root().elements()) values.push_back(value);
  EXPECT_EQ(reader.Integer(values[0], 0, 10), 7);
  EXPECT_EQ(reader.Integer(values[1], 0, 10), 7);
  EXPECT_FALSE(reader.Integer(values[2], 0, 10));
  EXPECT_FALSE(reader.Integer(values[3], 0, 10));
  EXPECT_EQ(reader.Timestamp(values[4])->seconds, 1795315020);
  EXPECT_FALSE(reader.Timestamp(values[5]));
  EXPECT_EQ(reader.Bytes(values[6]), "a");
  EXPECT_FALSE(reader.Bytes(values[7]));
  EXPECT_EQ(parsed.Findings(),
            (Strings{"invalid-number at \" 7\"", "invalid-number at 11",
                     "invalid-timestamp at \"2026-11-22\"", "invalid-base64 at \"Y\""}));
  EXPECT_EQ(parsed.taken[1].message, "11 is not a whole number from 0 to 10");
}

TEST(ProtoJson, ListsAndMaps) {
  ParsedText parsed(
      R"([["a", null, 1, "b"], {"k": "v", "l": null, "m": "x", "k": "w", "k": "y"}])");
  Reader reader(*parsed.document, false, parsed.emitter);
  std::vector<Value> values;
  for (Value value : parsed.document->root().elements()) values.push_back(value);
  std::vector<SpannedText> texts;
  reader.ReadTextList(values[0], texts);
  ASSERT_EQ(texts.size(), 2u);
  EXPECT_EQ(texts[1].value, "b");
  Strings entries;
  reader.ReadMap(values[1], Shape::kText, [&](const Member& entry) {
    entries.push_back(std::string(entry.key) + "=" + std::string(entry.value.AsString()));
  });
  EXPECT_EQ(entries, (Strings{"k=v", "m=x", "k=w", "k=y"}));
  EXPECT_EQ(parsed.Findings(),
            (Strings{"null-element at null", "wrong-type at 1", "null-element at null",
                     "duplicate-map-key at \"k\"", "duplicate-map-key at \"k\""}));
  EXPECT_EQ(parsed.taken[4].related[0].place.span, parsed.taken[3].related[0].place.span)
      << "both point at the first one";
}

TEST(ProtoJson, ManyEqualMapKeysTakeNoQuadraticTime) {
  std::string text = "{\"a\": \"v\"";
  for (int i = 0; i < 50'000; ++i) text += ", \"k" + std::to_string(i % 25'000) + "\": \"v\"";
  ParsedText parsed(text + "}");
  Reader reader(*parsed.document, false, parsed.emitter);
  reader.ReadMap(parsed.document->root(), Shape::kText, [](const Member&) {});
  EXPECT_EQ(parsed.emitter.error_count(), 25'000u);
}

}  // namespace
}  // namespace lockstep::json
