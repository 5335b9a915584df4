#include "core/diagnostics/source.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "core/base/prng.h"

namespace lockstep::diagnostics {
namespace {

Position At(std::string text, std::uint32_t offset) {
  return Source("text", std::move(text)).PositionOf(offset);
}

TEST(Source, CountsLinesOfAllThreeKinds) {
  const Source source("text", "a\nbc\r\nd\re\n\r\n\n");
  ASSERT_EQ(source.line_count(), 7u);
  const Span expected[] = {{0, 1}, {2, 4}, {6, 7}, {8, 9}, {10, 10}, {12, 12}, {13, 13}};
  for (std::uint32_t line = 0; line < 7; ++line)
    EXPECT_EQ(source.LineSpan(line), expected[line]) << line;
  EXPECT_EQ(source.PositionOf(3), (Position{1, 1, 1}));
  EXPECT_EQ(source.PositionOf(4), (Position{1, 2, 2}));  // the \r of \r\n is still on its line
  EXPECT_EQ(source.PositionOf(6), (Position{2, 0, 0}));
  EXPECT_EQ(source.PositionOf(8), (Position{3, 0, 0}));
  EXPECT_EQ(source.PositionOf(13), (Position{6, 0, 0}));
}

TEST(Source, AnEmptyTextHasOneLine) {
  for (const Source& source : {Source("text", ""), Source()}) {
    EXPECT_EQ(source.line_count(), 1u);
    EXPECT_EQ(source.LineSpan(0), (Span{0, 0}));
    EXPECT_EQ(source.PositionOf(0), (Position{0, 0, 0}));
    EXPECT_EQ(source.text(), "");
  }
}

TEST(Source, CountsColumnsInBytesCodePointsAndUtf16) {
  const Source source("text", "x\té€😀|\n😀|");
  EXPECT_EQ(source.PositionOf(2), (Position{0, 2, 2}));
  EXPECT_EQ(source.PositionOf(4), (Position{0, 4, 3}));    // behind é
  EXPECT_EQ(source.PositionOf(7), (Position{0, 7, 4}));    // behind €
  EXPECT_EQ(source.PositionOf(11), (Position{0, 11, 6}));  // behind 😀
  EXPECT_EQ(source.CodePointColumnOf(11), 5u);
  EXPECT_EQ(source.PositionOf(9), (Position{0, 9, 4}));  // inside 😀: the column it starts in
  EXPECT_EQ(source.PositionOf(17), (Position{1, 4, 2}));
  EXPECT_EQ(source.CodePointColumnOf(17), 1u);
  EXPECT_EQ(source.Utf16OffsetOf(17), 10u);
}

TEST(Source, AByteOrderMarkHasNoColumn) {
  const Source source("text", "\xEF\xBB\xBFé|\n|");
  EXPECT_EQ(source.LineSpan(0), (Span{3, 6}));
  EXPECT_EQ(source.PositionOf(0), (Position{0, 0, 0}));
  EXPECT_EQ(source.PositionOf(5), (Position{0, 2, 1}));
  EXPECT_EQ(source.CodePointColumnOf(1), 0u);
  EXPECT_EQ(source.CodePointColumnOf(5), 1u);
  EXPECT_EQ(source.PositionOf(7), (Position{1, 0, 0}));
  EXPECT_EQ(source.OffsetOf(0, 2), 5u);
  EXPECT_EQ(Source("text", "\xEF\xBB\xBF").LineSpan(0), (Span{3, 3}));
}

TEST(Source, CountsIllFormedBytesSingly) {
  EXPECT_EQ(At("\xff\xed\xa0\x80|", 4), (Position{0, 4, 4}));
  EXPECT_EQ(At("\xf0\x9f\x98|", 3), (Position{0, 3, 3}));
  EXPECT_EQ(At("\xf0\x9f\x98\n|", 4), (Position{1, 0, 0}));
}

TEST(Source, ClampsOffsetsBehindTheEnd) {
  EXPECT_EQ(At("ab", 7), (Position{0, 2, 2}));
  EXPECT_EQ(At("é", 7), (Position{0, 2, 1}));
}

TEST(Source, OffsetOfIsTheInverse) {
  const Source source("text", "ab\r\ncdé\n");
  for (std::uint32_t offset : {0u, 1u, 2u, 4u, 6u, 8u, 9u}) {
    const Position position = source.PositionOf(offset);
    EXPECT_EQ(source.OffsetOf(position.line, position.column_utf8), offset);
  }
  EXPECT_EQ(source.OffsetOf(0, 99), 2u);
  EXPECT_EQ(source.OffsetOf(99, 0), 9u);
}

TEST(Source, KeepsItsPaddingWhenCopied) {
  const Source original("text", "{}");
  const Source copy = original;
  EXPECT_EQ(copy.text(), "{}");
  for (std::size_t i = 0; i < Source::kPadding; ++i) EXPECT_EQ(copy.text().data()[2 + i], '\0');
}

// Against counting from the start, on a text that has everything and lines longer than a mark.
TEST(Source, AgreesWithCountingFromTheStart) {
  static constexpr std::string_view kPieces[] = {"a",        "bcd", "é",  "€",    "😀", "\xff",
                                                 "\xed\xa0", "\t",  "\n", "\r\n", "\r"};
  base::Prng prng(3);
  std::string text;
  while (text.size() < 20'000) {
    // Line ends are rare, so that lines become long.
    text += kPieces[prng.Chance(1, 400) ? 8 + prng.Below(3) : prng.Below(8)];
  }
  const Source source("text", text);
  Position expected;
  for (std::uint32_t at = 0; at < text.size();) {
    ASSERT_EQ(source.PositionOf(at), expected) << at;
    const unsigned char c = static_cast<unsigned char>(text[at]);
    std::uint32_t length = 1;
    const auto follows = [&](std::uint32_t n) {
      if (at + n > text.size()) return false;
      for (std::uint32_t i = 1; i < n; ++i) {
        if ((static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80) return false;
      }
      return true;
    };
    if (c == 0xc3 && follows(2)) length = 2;
    if (c == 0xe2 && follows(3)) length = 3;
    if (c == 0xf0 && follows(4)) length = 4;
    at += length;
    const bool ends_line = c == '\n' || (c == '\r' && (at == text.size() || text[at] != '\n'));
    expected = ends_line ? Position{expected.line + 1, 0, 0}
                         : Position{expected.line, expected.column_utf8 + length,
                                    expected.column_utf16 + (length == 4 ? 2 : 1)};
  }
}

TEST(Source, LooksUpPlacesInOneLongLineQuickly) {
  std::string text;
  while (text.size() < 10'000'000) text += "é-😀-";
  const Source source("text", std::move(text));
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i) sum += source.PositionOf(i * 100).column_utf16;
  EXPECT_GT(sum, 0u);
  // Counting from the line's start would take minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Sources, KeepTheirAddresses) {
  Sources sources;
  const SourceId first = sources.Add(Source("a", "1"));
  const Source* address = &sources[first];
  for (int i = 0; i < 100; ++i) sources.Add(Source("b", "2"));
  EXPECT_EQ(address, &sources[first]);
  EXPECT_EQ(sources.size(), 101u);
}

}  // namespace
}  // namespace lockstep::diagnostics
