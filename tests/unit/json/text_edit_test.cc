// Small changes of texts that people wrote: what was asked is there, all else is as it was.
#include "core/json/text_edit.h"

#include "core/base/json_writer.h"
#include "core/base/prng.h"
#include "tests/unit/document_fixture.h"

namespace lockstep::json {
namespace {

/// The text after `edit` (a function of TextEdit& and the root).
template <class Do>
std::string After(const std::string& text, Do edit) {
  const ParsedText parsed(text);
  TextEdit change(*parsed.document, text);
  edit(change, parsed.document->root());
  return change.Apply();
}

Value At(Value root, std::string_view key) {
  return *root.Find(key);
}

constexpr const char* kWritten = R"({
    // who we are
    "title": "a",   // a comment
    "list": [
        {"name": "x"},  /* the first */
        {"name": "y", "labels": {}}  // the last
    ],
    "empty": [],
    "inline": [1, 2, 3]
}
)";

TEST(TextEdit, ReplacesAValueAlone) {
  const std::string text =
      After(kWritten, [](TextEdit& edit, Value root) { edit.Replace(At(root, "title"), "\"b\""); });
  std::string wanted = kWritten;
  wanted.replace(wanted.find("\"a\""), 3, "\"b\"");
  EXPECT_EQ(text, wanted);
}

TEST(TextEdit, AppendsAsTheNeighboursAre) {
  const std::string text = After(kWritten, [](TextEdit& edit, Value root) {
    edit.Append(At(root, "list"), R"({"name":"z","n":[1,2]})");
    edit.Append(At(root, "empty"), "true");
    edit.Append(At(root, "inline"), "4");
    edit.AddMember(root, "more", R"({"a":{"b":null}})");
  });
  EXPECT_EQ(text, R"({
    // who we are
    "title": "a",   // a comment
    "list": [
        {"name": "x"},  /* the first */
        {"name": "y", "labels": {}},  // the last
        {"name": "z", "n": [1, 2]}
    ],
    "empty": [
        true
    ],
    "inline": [1, 2, 3, 4],
    "more": {"a": {"b": null}}
}
)");
}

TEST(TextEdit, WhatIsTooLongHasLinesOfItsOwn) {
  const std::string word(60, 'w');
  const std::string text = After("{\n  \"a\": []\n}", [&](TextEdit& edit, Value root) {
    edit.Append(At(root, "a"), "{\"x\":\"" + word + "\",\"y\":[\"" + word + "\"],\"z\":{}}");
  });
  EXPECT_EQ(text, "{\n  \"a\": [\n    {\n      \"x\": \"" + word + "\",\n      \"y\": [\"" + word +
                      "\"],\n      \"z\": {}\n    }\n  ]\n}");
}

TEST(TextEdit, WhatHasNoRoomOnALineStandsUnderTheFirst) {
  const std::string word(60, 'w');
  EXPECT_EQ(After("{\"a\": [\"" + word + "\"]}",
                  [&](TextEdit& edit, Value root) {
                    edit.Append(At(root, "a"), "1");
                    edit.Append(At(root, "a"), "\"" + word + "\"");
                    edit.Append(At(root, "a"), "2");
                  }),
            "{\"a\": [\"" + word + "\", 1,\n       \"" + word + "\",\n       2]}");
}

TEST(TextEdit, AnEmptyTextKeepsItsComments) {
  const auto filled = [](const std::string& text) {
    return After(text, [](TextEdit& edit, Value root) {
      edit.AddList(root, "a", "{\"b\":1}");
      edit.AddMember(root, "c", "[]");
    });
  };
  constexpr const char* kFilled = "  \"a\": [\n    {\"b\": 1}\n  ],\n  \"c\": []\n}";
  EXPECT_EQ(filled("{}"), std::string("{\n") + kFilled);
  EXPECT_EQ(filled("{\n}"), std::string("{\n") + kFilled);
  EXPECT_EQ(filled("{\n  // mine\n}"), std::string("{\n  // mine\n") + kFilled);
  EXPECT_EQ(filled("{ /* mine */ }"), std::string("{ /* mine */\n") + kFilled);
}

TEST(TextEdit, RemovesWithItsCommaAndLine) {
  const auto without = [](std::vector<std::size_t> list, std::vector<std::size_t> in_line) {
    return After(kWritten, [&](TextEdit& edit, Value root) {
      edit.Remove(At(root, "list"), list);
      edit.Remove(At(root, "inline"), in_line);
    });
  };
  EXPECT_EQ(without({0}, {0}), R"({
    // who we are
    "title": "a",   // a comment
    "list": [
        /* the first */
        {"name": "y", "labels": {}}  // the last
    ],
    "empty": [],
    "inline": [2, 3]
}
)");
  EXPECT_EQ(without({1}, {1, 2}), R"({
    // who we are
    "title": "a",   // a comment
    "list": [
        {"name": "x"}  /* the first */
          // the last
    ],
    "empty": [],
    "inline": [1]
}
)");
  EXPECT_EQ(After("[\n  1,\n  2\n]", [](TextEdit& edit, Value root) { edit.Remove(root, {1}); }),
            "[\n  1\n]");
  EXPECT_EQ(
      After("{\"a\": 1, \"b\": 2}", [](TextEdit& edit, Value root) { edit.Remove(root, {0}); }),
      "{\"b\": 2}");
}

TEST(TextEdit, KeepsTrailingCommasAndLineEnds) {
  EXPECT_EQ(After("[\r\n\t1, // one\r\n\t2,\r\n]",
                  [](TextEdit& edit, Value root) { edit.Append(root, "3"); }),
            "[\r\n\t1, // one\r\n\t2,\r\n\t3,\r\n]");
  EXPECT_EQ(After("[1, 2,]", [](TextEdit& edit, Value root) { edit.Remove(root, {1}); }), "[1, ]");
}

TEST(TextEdit, MovesAnElementAsItIsWritten) {
  constexpr const char* kText = "[\n  {\"a\":1}, // one\n  {\"b\" : 2},\n  3\n]";
  const auto moved = [&](std::size_t from, std::size_t to) {
    return After(kText, [&](TextEdit& edit, Value root) { edit.Move(root, from, to); });
  };
  EXPECT_EQ(moved(1, 0), "[\n  {\"b\" : 2},\n  {\"a\":1}, // one\n  3\n]");
  EXPECT_EQ(moved(2, 0), "[\n  3,\n  {\"a\":1}, // one\n  {\"b\" : 2}\n]");
  EXPECT_EQ(moved(1, 9), "[\n  {\"a\":1}, // one\n  3,\n  {\"b\" : 2}\n]");
  EXPECT_EQ(moved(1, 1), kText);
}

// ---- any text, any change ----

/// A document in some style, and what it means.
class Scribe {
 public:
  explicit Scribe(std::uint64_t seed) : random_(seed) {}

  std::size_t Below(std::size_t most) { return random_.Next() % most; }

  /// An array of objects as somebody might write it; `items` as compact JSON.
  std::string Write(const std::vector<std::string>& items) {
    std::string text = Gap() + "[" + Gap();
    for (std::size_t i = 0; i < items.size(); ++i) {
      text += LayOut(items[i], "  ", Below(2) == 0 ? 0 : 95, {}) + Gap();
      if (i + 1 < items.size() || Below(4) == 0) text += "," + Gap();
    }
    return text + "]" + Gap();
  }
  std::string Item() {
    base::JsonWriter writer;
    writer.BeginObject();
    for (std::size_t i = Below(4); i > 0; --i)
      writer.Member("k" + std::to_string(i), std::string(Below(9), '"') + "{[,//");
    return writer.EndObject().Take();
  }

 private:
  std::string Gap() {
    constexpr const char* kGaps[] = {
        "",          "",           " ",           "\n", "\n    ", "\r\n\t", " // a, \"b\" ]\n",
        "/* { , */", " /* \n */ ", "\n  // [\n  "};
    return kGaps[Below(std::size(kGaps))];
  }
  base::Prng random_;
};

std::vector<std::string> Meaning(const std::string& text) {
  const ParsedText parsed(text);
  std::vector<std::string> items;
  if (!parsed.document) return {"no JSON: " + text};
  for (const Value element : parsed.document->root().elements()) {
    base::JsonWriter writer;
    writer.BeginObject();
    for (const Member& member : element.members())
      writer.Member(member.key, member.value.AsString());
    items.push_back(writer.EndObject().Take());
  }
  return items;
}

/// What is between the items: comments, in their order.
std::string Comments(std::string_view text) {
  std::string comments;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') {
      for (++at; text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
    } else if (text.substr(at, 2) == "//") {
      const std::size_t end = text.find_first_of("\r\n", at);
      comments += text.substr(at, end - at);
      at = end;
    } else if (text.substr(at, 2) == "/*") {
      const std::size_t end = text.find("*/", at) + 1;
      comments += text.substr(at, end - at);
      at = end;
    }
  }
  return comments;
}

TEST(TextEdit, DoesWhatWasAskedAndNothingElse) {
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    Scribe scribe(seed);
    std::vector<std::string> items(scribe.Below(5));
    for (std::string& item : items) item = scribe.Item();
    const std::string text = scribe.Write(items);
    ASSERT_EQ(Meaning(text), items) << text;
    const std::string fresh = scribe.Item();
    const std::size_t at = items.empty() ? 0 : scribe.Below(items.size());
    const std::size_t kind = items.empty() ? 0 : scribe.Below(5);
    const std::size_t to = items.empty() ? 0 : scribe.Below(items.size());
    const std::string after = After(text, [&](TextEdit& edit, Value root) {
      std::vector<Value> values;
      for (const Value value : root.elements()) values.push_back(value);
      if (kind == 0) edit.Append(root, fresh);
      if (kind == 1) edit.Insert(root, at, fresh);
      if (kind == 2) edit.Replace(values[at], fresh);
      if (kind == 3) edit.Move(root, at, to);
      if (kind == 4) edit.Remove(root, {at});
    });
    if (kind == 0) items.push_back(fresh);
    if (kind == 1) items.insert(items.begin() + at, fresh);
    if (kind == 2) items[at] = fresh;
    if (kind == 3) {
      const std::string moved = items[at];
      items.erase(items.begin() + at);
      items.insert(items.begin() + to, moved);
    }
    if (kind == 4) items.erase(items.begin() + at);
    ASSERT_EQ(Meaning(after), items) << "seed " << seed << ", change " << kind << ":\n"
                                     << text << "\n-->\n"
                                     << after;
    ASSERT_EQ(Comments(after), Comments(text)) << "seed " << seed << ":\n"
                                               << text << "\n-->\n"
                                               << after;
  }
}

TEST(TextEdit, RemovesAnySetOfElements) {
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    Scribe scribe(seed);
    std::vector<std::string> items(1 + scribe.Below(6)), kept;
    for (std::string& item : items) item = scribe.Item();
    const std::string text = scribe.Write(items);
    std::vector<std::size_t> removed;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (scribe.Below(2) == 0)
        removed.push_back(i);
      else
        kept.push_back(items[i]);
    }
    const std::string after =
        After(text, [&](TextEdit& edit, Value root) { edit.Remove(root, removed); });
    ASSERT_EQ(Meaning(after), kept) << "seed " << seed << ":\n" << text << "\n-->\n" << after;
    ASSERT_EQ(Comments(after), Comments(text)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace lockstep::json
