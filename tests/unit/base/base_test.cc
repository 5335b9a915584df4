#include <gtest/gtest.h>

#include "core/base/index.h"
#include "core/base/result.h"
#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "core/base/uuid.h"

namespace lockstep::base {
namespace {

TEST(Sha256, KnownVectors) {  // FIPS 180-4 examples
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesEqualTheWhole) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>('a' + i % 26);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(Sha256().Update(text.substr(0, cut)).Update(text.substr(cut)).HexDigest(),
              Sha256Hex(text));
  }
}

TEST(Uuid, IsVersion8OfItsDigest) {
  Sha256 digest;
  digest.Update("abc");
  EXPECT_EQ(UuidOf(digest), "ba7816bf-8f01-8fea-8141-40de5dae2223");
}

TEST(Sha256, FieldsDoNotRunIntoEachOther) {
  EXPECT_NE(Sha256().Field("ab").Field("c").HexDigest(),
            Sha256().Field("a").Field("bc").HexDigest());
}

TEST(Timestamp, ReadsWhatProtojsonReads) {
  EXPECT_EQ(ParseTimestamp("1970-01-01T00:00:00Z"), (Timestamp{0, 0}));
  EXPECT_EQ(ParseTimestamp("2026-11-22T03:37:00.5Z"), (Timestamp{1795318620, 500000000}));
  EXPECT_EQ(ParseTimestamp("2026-11-22T04:37:00+01:00"), (Timestamp{1795318620, 0}));
  EXPECT_EQ(ParseTimestamp("1969-12-31T23:59:59.999999999Z"), (Timestamp{-1, 999999999}));
  EXPECT_EQ(ParseTimestamp("2024-02-29T00:00:00Z")->seconds, 1709164800);
  EXPECT_TRUE(ParseTimestamp("0001-01-01T00:00:00Z"));
  EXPECT_TRUE(ParseTimestamp("9999-12-31T23:59:59Z"));
}

TEST(Timestamp, RefusesTheRest) {
  for (const char* text :
       {"", "2026-11-22", "2026-11-22 03:37:00Z", "2026-11-22T03:37:00", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T03:37:60Z",
        "2026-11-22T03:37:00.Z", "2026-11-22T03:37:00.1234567890Z", "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00", "2026-11-22T03:37:00+0100", "2026-11-22T03:37:00Zx",
        "2026-11-22t03:37:00Z"}) {
    EXPECT_FALSE(ParseTimestamp(text)) << text;
  }
}

TEST(Instant, RoundsUpAndPrints) {
  EXPECT_EQ(ToInstant({1, 1}).ms, 1001);
  EXPECT_EQ(ToInstant({-1, 999999999}).ms, 0);
  EXPECT_EQ(FormatInstant({1795318620000}), "2026-11-22T03:37:00Z");
  EXPECT_EQ(FormatInstant({1795318620007}), "2026-11-22T03:37:00.007Z");
  EXPECT_EQ(FormatInstant({-1}), "1969-12-31T23:59:59.999Z");
}

TEST(Duration, PrintsForPeople) {
  EXPECT_EQ(FormatDuration({0}), "0 ms");
  EXPECT_EQ(FormatDuration({999}), "999 ms");
  EXPECT_EQ(FormatDuration({1250}), "1.2 s");
  EXPECT_EQ(FormatDuration({2000}), "2 s");
  EXPECT_EQ(FormatDuration({245000}), "4 min 05 s");
  EXPECT_EQ(FormatDuration({2 * 3600000 + 3 * 60000}), "2 h 03 min");
  EXPECT_EQ(FormatDuration({-500}), "-500 ms");
}

TEST(Duration, ReadsUnits) {
  EXPECT_EQ(ParseDuration("90")->ms, 90000);
  EXPECT_EQ(ParseDuration("1.5s")->ms, 1500);
  EXPECT_EQ(ParseDuration("500ms")->ms, 500);
  EXPECT_EQ(ParseDuration("5m")->ms, 300000);
  EXPECT_EQ(ParseDuration("0.25h")->ms, 900000);
  for (const char* text : {"", "s", "-1s", "1.s", "1 s", "1d", ".5s", "99999999999999999999s"}) {
    EXPECT_FALSE(ParseDuration(text)) << text;
  }
}

TEST(Text, QuoteShowsWhatIsThere) {
  EXPECT_EQ(Quote("a\"b\\\n\t\x01"), R"("a\"b\\\n\t\x01")");
  EXPECT_EQ(Quote("gr\xc3\xbc\xc3\x9f \xff"), "\"gr\xc3\xbc\xc3\x9f \\xff\"");
  EXPECT_EQ(Quote("a\xe2\x80\xae\xc2\x9b"), R"("a\u202e\u009b")") << "would turn or start commands";
  const std::string cut = Quote(std::string(1000, 'x'));
  EXPECT_LT(cut.size(), 140u);
  EXPECT_NE(cut.find("…"), std::string::npos);
}

TEST(Text, NearestFindsTyposOnly) {
  const std::string_view names[] = {"dependsOnSpecs", "earliestAllowedTime", "id", "target",
                                    "sheet"};
  EXPECT_EQ(Nearest("dependOnSpecs", names), "dependsOnSpecs");
  EXPECT_EQ(Nearest("traget", names), "target");
  EXPECT_EQ(Nearest("TARGET", names), "target");
  EXPECT_EQ(Nearest("di", names), "id");
  EXPECT_EQ(Nearest("password", names), "");
  EXPECT_EQ(Nearest("", names), "");
}

TEST(Text, Utf8) {
  EXPECT_EQ(FirstInvalidUtf8("plain"), 5u);
  EXPECT_EQ(FirstInvalidUtf8("\xf0\x9f\x98\x80"), 4u);
  EXPECT_EQ(FirstInvalidUtf8("a\xc0\x80"), 1u);         // overlong
  EXPECT_EQ(FirstInvalidUtf8("\xed\xa0\x80"), 0u);      // surrogate
  EXPECT_EQ(FirstInvalidUtf8("\xf4\x90\x80\x80"), 0u);  // above U+10FFFF
  EXPECT_EQ(FirstInvalidUtf8("ab\xe2\x82"), 2u);        // cut
}

TEST(Text, DisplayWidth) {
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("日本"), 4u);
  EXPECT_EQ(DisplayWidth("e\xcc\x81"), 1u);
  EXPECT_EQ(DisplayWidth("\xf0\x9f\x98\x80"), 2u);
}

TEST(Text, PluralAndJoin) {
  EXPECT_EQ(Plural(1, "task"), "1 task");
  EXPECT_EQ(Plural(0, "task"), "0 tasks");
  EXPECT_EQ(Plural(2, "retry", "retries"), "2 retries");
  const std::string parts[] = {"a", "b"};
  EXPECT_EQ(Join(parts, ", "), "a, b");
}

TEST(IndexDeath, OutOfRangeIsABug) {
  using I = Index<struct TestTag>;
  IndexVector<I, int> items;
  items.push_back(1);
  EXPECT_DEATH((void)items[I(1)], "index out of range");
  EXPECT_DEATH((void)items[I()], "index out of range");
}

TEST(Result, HoldsOneOrTheOther) {
  const Result<int> good = 3;
  const Result<int> bad = Error{ErrorCode::kNotFound, "no such sheet"};
  EXPECT_TRUE(good.ok());
  EXPECT_EQ(*good, 3);
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message, "no such sheet");
  EXPECT_DEATH((void)*bad, "no such sheet");
}

}  // namespace
}  // namespace lockstep::base
