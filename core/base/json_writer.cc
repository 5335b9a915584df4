#include "core/base/json_writer.h"

#include <utility>

#include "core/base/check.h"
#include "core/base/utf8.h"

namespace lockstep::base {

JsonWriter& JsonWriter::BeginObject() {
  return Open('{');
}

JsonWriter& JsonWriter::EndObject() {
  return Close('{');
}

JsonWriter& JsonWriter::BeginArray() {
  return Open('[');
}

JsonWriter& JsonWriter::EndArray() {
  return Close('[');
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  LOCKSTEP_CHECK(!open_.empty() && open_.back() == '{' && !after_key_, "a key outside an object");
  if (!first_) out_ += ',';
  BreakLine();
  AppendString(key);
  out_ += indent_ > 0 ? ": " : ":";
  first_ = false;
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  Separate();
  AppendString(value);
  return *this;
}

JsonWriter& JsonWriter::Int(std::int64_t value) {
  return Raw(std::to_string(value));
}

JsonWriter& JsonWriter::Bool(bool value) {
  return Raw(value ? "true" : "false");
}

JsonWriter& JsonWriter::Null() {
  return Raw("null");
}

JsonWriter& JsonWriter::Raw(std::string_view value) {
  Separate();
  out_ += value;
  return *this;
}

std::string JsonWriter::Take() {
  LOCKSTEP_CHECK(open_.empty() && !after_key_ && !out_.empty(), "the document is not complete");
  first_ = true;
  return std::exchange(out_, {});
}

// What stands between the item before and the value that comes now.
void JsonWriter::Separate() {
  if (std::exchange(after_key_, false)) return;
  LOCKSTEP_CHECK(open_.empty() || open_.back() == '[', "a value without a key in an object");
  LOCKSTEP_CHECK(!open_.empty() || out_.empty(), "a second value after the first");
  if (!open_.empty()) {
    if (!first_) out_ += ',';
    BreakLine();
  }
  first_ = false;
}

void JsonWriter::BreakLine() {
  if (indent_ <= 0) return;
  out_ += '\n';
  out_.append(open_.size() * static_cast<std::size_t>(indent_), ' ');
}

JsonWriter& JsonWriter::Open(char bracket) {
  Separate();
  out_ += bracket;
  open_.push_back(bracket);
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
  LOCKSTEP_CHECK(!open_.empty() && open_.back() == bracket && !after_key_,
                 "an end without its beginning");
  open_.pop_back();
  if (!first_) BreakLine();
  out_ += bracket == '{' ? '}' : ']';
  first_ = false;
  return *this;
}

void JsonWriter::AppendString(std::string_view value) {
  static constexpr char kHex[] = "0123456789abcdef";
  out_ += '"';
  std::size_t plain = 0;  // start of the run that is copied as it stands
  for (std::size_t at = 0; at < value.size();) {
    const auto byte = static_cast<unsigned char>(value[at]);
    if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
      ++at;
      continue;
    }
    const CodePoint code_point = DecodeUtf8(value, at);
    if (code_point.length > 1 && code_point.value != 0x2028 && code_point.value != 0x2029) {
      at += code_point.length;
      continue;
    }
    out_.append(value, plain, at - plain);
    switch (byte) {
      case '"':
        out_ += "\\\"";
        break;
      case '\\':
        out_ += "\\\\";
        break;
      case '\n':
        out_ += "\\n";
        break;
      case '\r':
        out_ += "\\r";
        break;
      case '\t':
        out_ += "\\t";
        break;
      default:
        if (code_point.length == 0) {
          out_ += "\xef\xbf\xbd";
        } else if (code_point.length == 1) {
          (((out_ += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15]);
        } else {  // line separators, which scripts and logs would take for line ends
          out_ += code_point.value == 0x2028 ? "\\u2028" : "\\u2029";
        }
    }
    at += code_point.length == 0 ? 1 : code_point.length;
    plain = at;
  }
  out_.append(value, plain);
  out_ += '"';
}

}  // namespace lockstep::base
