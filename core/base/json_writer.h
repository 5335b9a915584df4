// JSON text into a string, one token at a time: deterministic bytes, integers only, no doubles by
// accident.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::base {

/// REQUIRES: calls that make a well-formed document (checked). Compact by default; `indent` > 0
/// gives one member a line.
///   JsonWriter w; w.BeginObject().Key("id").String("a").EndObject(); w.Take()
class JsonWriter {
 public:
  explicit JsonWriter(int indent = 0) : indent_(indent) {}

  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);
  JsonWriter& String(std::string_view value);  ///< ill-formed UTF-8 becomes U+FFFD
  JsonWriter& Int(std::int64_t value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  /// Already JSON: `value` is copied as it stands.
  JsonWriter& Raw(std::string_view value);

  /// Key and value in one, for the common case.
  JsonWriter& Member(std::string_view key, std::string_view value) {
    return Key(key).String(value);
  }
  JsonWriter& Member(std::string_view key, const char* value) { return Key(key).String(value); }
  JsonWriter& Member(std::string_view key, std::int64_t value) { return Key(key).Int(value); }
  JsonWriter& MemberBool(std::string_view key, bool value) { return Key(key).Bool(value); }

  std::string Take();

 private:
  void Separate();
  void BreakLine();
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);
  void AppendString(std::string_view value);

  int indent_;
  std::string out_;
  std::vector<char> open_;  // '{' or '['
  bool first_ = true;       // no item yet in the innermost container
  bool after_key_ = false;
};

}  // namespace lockstep::base
