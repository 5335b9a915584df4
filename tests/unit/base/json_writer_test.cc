#include "core/base/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace lockstep::base {
namespace {

std::string Written(std::string_view text) {
  return JsonWriter().String(text).Take();
}

TEST(JsonWriter, WritesCompactDocuments) {
  JsonWriter writer;
  writer.BeginObject().Member("id", "a").Key("list").BeginArray();
  writer.Int(1).Null().Bool(true).BeginObject().EndObject().BeginArray().EndArray().EndArray();
  writer.Key("raw").Raw("{\"x\":1}").MemberBool("last", false).EndObject();
  EXPECT_EQ(writer.Take(), R"({"id":"a","list":[1,null,true,{},[]],"raw":{"x":1},"last":false})");
}

TEST(JsonWriter, IndentsOneMemberALine) {
  JsonWriter writer(2);
  writer.BeginObject().Member("a", std::int64_t{1}).Key("b").BeginArray().Int(2).Int(3).EndArray();
  writer.Key("c").BeginObject().EndObject().EndObject();
  EXPECT_EQ(writer.Take(), "{\n  \"a\": 1,\n  \"b\": [\n    2,\n    3\n  ],\n  \"c\": {}\n}");
}

TEST(JsonWriter, WritesTheWholeRangeOfIntegers) {
  EXPECT_EQ(JsonWriter().Int(std::numeric_limits<std::int64_t>::min()).Take(),
            "-9223372036854775808");
  EXPECT_EQ(JsonWriter().Int(std::numeric_limits<std::int64_t>::max()).Take(),
            "9223372036854775807");
}

TEST(JsonWriter, EscapesWhatMustBe) {
  EXPECT_EQ(Written("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(Written("\n\r\t\b\x1f"), R"("\n\r\t\u0008\u001f")");
  EXPECT_EQ(Written(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(Written("\x7f"), R"("\u007f")");
  EXPECT_EQ(Written("é€😀"), "\"é€😀\"");
  EXPECT_EQ(Written("\xe2\x80\xa8"), R"("\u2028")");
}

TEST(JsonWriter, ReplacesIllFormedUtf8) {
  EXPECT_EQ(Written("a\xff"
                    "b"),
            "\"a\xef\xbf\xbd"
            "b\"");
  EXPECT_EQ(Written("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(Written("\xe2\x82"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(JsonWriter, IsReadyForTheNextDocument) {
  JsonWriter writer;
  EXPECT_EQ(writer.BeginArray().EndArray().Take(), "[]");
  EXPECT_EQ(writer.Int(1).Take(), "1");
}

TEST(JsonWriterDeath, RefusesWhatIsNoDocument) {
  EXPECT_DEATH(JsonWriter().BeginObject().Int(1), "without a key");
  EXPECT_DEATH(JsonWriter().BeginArray().Key("a"), "outside an object");
  EXPECT_DEATH(JsonWriter().BeginArray().EndObject(), "without its beginning");
  EXPECT_DEATH(JsonWriter().BeginObject().Key("a").EndObject(), "without its beginning");
  EXPECT_DEATH(JsonWriter().Int(1).Int(2), "second value");
  EXPECT_DEATH(JsonWriter().BeginObject().Take(), "not complete");
}

}  // namespace
}  // namespace lockstep::base
