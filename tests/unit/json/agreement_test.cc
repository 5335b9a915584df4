// simdjson, the scanner and the Document agree: on documents that are written to be hard, and on
// 20,000 mutations of two real ones.
#include "tests/unit/json/agreement.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>
#include <vector>

#include "core/base/prng.h"

namespace lockstep::json {
namespace {

// The example of the documentation, with a comment and trailing commas.
constexpr std::string_view kOlderForm = R"({
  "steps": [
    {
      "title": "step 1",
      "specs": [
        {
          "earliestAllowedTime": null,
          "id": "083c1c01-a0a6-485d-ae60-d6de2760ca4f",
          "dependsOnSpecs": [],
          "changeDatabaseConfig": {
            "target": "instances/oracle/databases/db1",
            "type": "MIGRATE", "schemaVersion": "", "ghostFlags": {}
          }
        },
        { // Wait for the previous task to finish
          "dependsOnSpecs": ["083c1c01-a0a6-485d-ae60-d6de2760ca4f"],
          /* on purpose */ "n": [1, -2.5e+10, 0.1, 18446744073709551615, true, false,],
        },
      ]
    }, {...}
  ]
}
)";
constexpr std::string_view kStrings =
    "\xef\xbb\xbf{\"a\\\"b\\\\\":[\"\\u00e9\\uD83D\\uDE00 \xc3\xa9 \xf0\x9f\x98\x80\",\"\",{\"\":"
    "[[],{},[null,[0]]]}],\r\n\t\"x\" : -0.0E-5 , \"tab\\t/\\/\": \"\\ud83d\\ude00\\n\"}";

std::string Mutate(std::string_view original, base::Prng& prng) {
  static constexpr std::string_view kBytes =
      "{}[]:,\"\\/*' \n\r\t.0123456789+-eEutfn\x01\x7f\x80\xc3\xed\xa0\xff…";
  static constexpr std::string_view kPieces[] = {
      "...",  "\\ud800", "\\udc00", "//",           "/*",
      "*/",   "1e999",   "{...}",   "null",         ",,",
      "\"\"", "-",       "00",      "\xef\xbb\xbf", "99999999999999999999"};
  std::string text(original);
  for (std::uint64_t i = 0, count = 1 + prng.Below(3); i < count && !text.empty(); ++i) {
    const std::size_t at = prng.Below(text.size());
    switch (prng.Below(6)) {
      case 0:
        text.erase(at, 1 + prng.Below(4));
        break;
      case 1:
        text[at] = kBytes[prng.Below(kBytes.size())];
        break;
      case 2:
        text.insert(at, 1, kBytes[prng.Below(kBytes.size())]);
        break;
      case 3:
        text.insert(at, kPieces[prng.Below(std::size(kPieces))]);
        break;
      case 4:
        text.resize(at);
        break;
      default:
        text.insert(at, original.substr(prng.Below(original.size()), 1 + prng.Below(20)));
    }
  }
  return text;
}

void ExpectAgreement(std::string_view text) {
  const std::string problem = FindDisagreement(text);
  ASSERT_EQ(problem, "") << "in " << text;
}

TEST(Agreement, OnHardTexts) {
  const std::vector<std::string> texts = {"",
                                          " ",
                                          "\n\t\r ",
                                          "null",
                                          " true ",
                                          "0",
                                          "-0",
                                          "-",
                                          "01",
                                          "1.",
                                          ".5",
                                          "1e5",
                                          "1e",
                                          "1E+",
                                          "0e0",
                                          "-1.5E-3",
                                          "1e308",
                                          "1e309",
                                          "-1e309",
                                          "1e999",
                                          "1e-999",
                                          "0e999999999999999999999",
                                          "1e99999999999999999999",
                                          "1e-99999999999999999999",
                                          "0.0e400",
                                          "1.7976931348623157e308",
                                          "1.7976931348623158e308",
                                          "1.7976931348623159e308",
                                          "-1.7976931348623159e308",
                                          "179769313486231570814527423731704356798070e267",
                                          "0.00017976931348623159e312",
                                          "18446744073709551615",
                                          "18446744073709551616",
                                          "9223372036854775808",
                                          "-9223372036854775808",
                                          "-9223372036854775809",
                                          "99999999999999999999999999999999",
                                          "1" + std::string(400, '0'),
                                          "1" + std::string(400, '0') + ".0",
                                          "1" + std::string(308, '0') + ".0",
                                          "2" + std::string(308, '0') + ".0",
                                          "0." + std::string(400, '0') + "1e400",
                                          "0." + std::string(400, '0') + "1e800",
                                          "\"\\ud800\"",
                                          "\"\\udc00\"",
                                          "\"\\ud800\\ud800\"",
                                          "\"\\ud83d\\ude00\"",
                                          "\"\\ud83dx\"",
                                          "\"\\ud83d\\n\"",
                                          "\"\\uD83\"",
                                          "\"\\u12G4\"",
                                          "\"\\u0000\"",
                                          "\"\\x\"",
                                          "\"\\",
                                          "\"\\\"",
                                          "\"",
                                          "\"\t\"",
                                          "\"\x7f\"",
                                          "\"\xed\xa0\x80\"",
                                          "\"\xc0\xaf\"",
                                          "\"\xf4\x90\x80\x80\"",
                                          "\"\xf0\x9f\x98\"",
                                          "\"\xe2\x82\"",
                                          "\xff",
                                          "\xc2\xa0",
                                          "[",
                                          "]",
                                          "{",
                                          "}",
                                          "[]",
                                          "{}",
                                          "[[]]",
                                          "[{}]",
                                          "{\"a\"}",
                                          "{\"a\":}",
                                          "{\"a\":1,}",
                                          "{,}",
                                          "[,]",
                                          "[1,]",
                                          "[1,,]",
                                          "[1 2]",
                                          "{\"a\":1 \"b\":2}",
                                          "{\"a\" 1}",
                                          "{\"a\"=1}",
                                          "{a:1}",
                                          "{'a':1}",
                                          "[1}",
                                          "{\"a\":1]",
                                          "{1:2}",
                                          "[\"a\":1]",
                                          "nul",
                                          "nulll",
                                          "True",
                                          "NaN",
                                          "Infinity",
                                          "-Infinity",
                                          "+1",
                                          "1a",
                                          "1\"a\"",
                                          "true\"a\"",
                                          "\"a\"\"b\"",
                                          "\"a\"1",
                                          "{}{}",
                                          "{} x",
                                          "1 2",
                                          "// c",
                                          "// c\n1",
                                          "/* c */1/* d */",
                                          "/* c",
                                          "/",
                                          "1/",
                                          "[1/**/,/**/]",
                                          "{\"a\":1/*,*/,//}\n}",
                                          "\"// no comment\"",
                                          "// \xff\n1",
                                          "{...}",
                                          "[...]",
                                          "...",
                                          "{\"a\":...}",
                                          "[1,...,2]",
                                          "[...,1]",
                                          "[1,...]",
                                          "[..., ...]",
                                          "[....]",
                                          "[..]",
                                          "[\"...\"]",
                                          "[1...]",
                                          "[…]",
                                          "\xef\xbb\xbf{}",
                                          "\xef\xbb\xbf",
                                          "\xef\xbb\xbf\xef\xbb\xbf{}",
                                          "{}\xef\xbb\xbf",
                                          std::string("{}\0", 3),
                                          std::string("\0", 1),
                                          std::string("[1\0]", 4),
                                          "\f1",
                                          "\v",
                                          "[1\f]",
                                          std::string("\xff\xfe{\0}\0", 6),
                                          std::string("\xfe\xff\0{\0}", 6),
                                          std::string("\0\0\xfe\xff", 4),
                                          std::string(49, '[') + std::string(49, ']'),
                                          std::string(50, '[') + std::string(50, ']'),
                                          std::string(51, '[') + std::string(51, ']'),
                                          std::string(50, '[') + "1" + std::string(50, ']'),
                                          std::string(51, '[') + "1" + std::string(51, ']'),
                                          std::string(100, '['),
                                          std::string(100, '{'),
                                          std::string(63, ' ') + "1",
                                          std::string(64, ' ') + "\"" + std::string(63, 'a') + "\"",
                                          "\"" + std::string(62, 'a') + "\"",
                                          std::string(200, ' '),
                                          "[" + std::string(64, '\\') + "]",
                                          "\"" + std::string(64, '\\') + "\"",
                                          "\"" + std::string(63, '\\') + "\""};
  for (const std::string& text : texts) ExpectAgreement(text);
}

TEST(Agreement, OnEveryPrefix) {
  for (const std::string_view document : {kOlderForm, kStrings}) {
    for (std::size_t size = 0; size <= document.size(); ++size)
      ExpectAgreement(document.substr(0, size));
  }
}

TEST(Agreement, OnMutations) {
  for (const std::string_view document : {kOlderForm, kStrings}) {
    base::Prng prng(20261);
    for (int i = 0; i < 10'000; ++i) {
      const std::string text = Mutate(document, prng);
      SCOPED_TRACE(i);
      ExpectAgreement(text);
      if (HasFatalFailure()) return;
    }
  }
}

// simdjson chooses its kernel by the machine; the answer must not depend on it.
TEST(Agreement, OnEveryKernel) {
  auto& active = simdjson::get_active_implementation();
  const simdjson::implementation* chosen = active;
  for (const simdjson::implementation* kernel : simdjson::get_available_implementations()) {
    if (!kernel->supported_by_runtime_system()) continue;
    SCOPED_TRACE(kernel->name());
    active = kernel;
    base::Prng prng(7);
    for (int i = 0; i < 2'000 && !HasFatalFailure(); ++i) {
      ExpectAgreement(Mutate(i % 2 == 0 ? kOlderForm : kStrings, prng));
    }
  }
  active = chosen;
}

}  // namespace
}  // namespace lockstep::json
