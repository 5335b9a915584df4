#include "core/json/proto_json.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/json/proto_scalar.h"

namespace lockstep::json {
namespace {

using base::Quote;
using diagnostics::Diagnostic;
using diagnostics::Edit;
using diagnostics::Fix;
using diagnostics::Rule;
using diagnostics::Severity;

std::string_view DescribeShape(Shape shape) {
  switch (shape) {
    case Shape::kAny:
      return "a value";
    case Shape::kText:
      return "a string";
    case Shape::kBool:
      return "true or false";
    case Shape::kInteger:
      return "a whole number";
    case Shape::kEnum:
      return "a name";
    case Shape::kTimestamp:
      return "a time such as \"2026-11-22T03:37:00Z\"";
    case Shape::kBytes:
      return "a string of base64";
    case Shape::kList:
      return "an array";
    case Shape::kObject:
      return "an object";
  }
  return "a value";
}

/// "id, title and specs" for a message.
std::string List(std::span<const std::string_view> names, std::string_view last_separator) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text.append(i + 1 == names.size() ? last_separator : ", ");
    text.append(names[i]);
  }
  return text;
}

/// Letters and digits only, in lower case: "depends-on_specs" and "dependsOnSpecs" are then the
/// same.
std::string Skeleton(std::string_view name) {
  std::string skeleton;
  for (const char c : base::ToLowerAscii(name)) {
    if (c != '_' && c != '-' && c != ' ') skeleton.push_back(c);
  }
  return skeleton;
}

/// `text` without control characters needs no escapes between quotes but these two.
std::string QuoteForJson(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  quoted.push_back('"');
  return quoted;
}

/// The rewriting that certainly means the same, where there is one.
std::optional<std::string> Rewritten(Value value, Shape shape) {
  const Kind kind = value.kind();
  if (shape == Shape::kText && kind == Kind::kNumber) return QuoteForJson(value.NumberText());
  if (shape == Shape::kBool && kind == Kind::kString &&
      (value.AsString() == "true" || value.AsString() == "false")) {
    return std::string(value.AsString());
  }
  return std::nullopt;
}

/// True when another member of the object may mean the same field.
bool HasOther(Value object, const Member& member, std::string_view skeleton) {
  std::size_t looked_at = 0;
  for (const Member& other : object.members()) {
    if (++looked_at > 2 * Reader::kMaxFields) return true;
    if (other.key_span != member.key_span && Skeleton(other.key) == skeleton) return true;
  }
  return false;
}

}  // namespace

void Reader::ReportWrongType(Value value, Shape shape, std::string_view field) {
  std::string message = "expected " + std::string(DescribeShape(shape));
  if (!field.empty()) message += " for " + Quote(field);
  message += ", found " + std::string(ToString(value.kind()));
  Diagnostic& diagnostic = Report(Rule::kWrongType, value.span(), std::move(message));
  if (std::optional<std::string> replacement = Rewritten(value, shape)) {
    diagnostic.fixes.push_back(
        {"write it as " + *replacement, {Edit{diagnostic.place, *replacement}}});
  }
}

void Reader::ReportUnknownField(Value object, const Member& member, std::string_view title,
                                std::span<const std::string_view> expected) {
  std::string message = "unknown field " + Quote(member.key) + " in " + std::string(title);
  const std::string skeleton = Skeleton(member.key);
  const auto same = std::find_if(expected.begin(), expected.end(),
                                 [&](std::string_view name) { return Skeleton(name) == skeleton; });
  const std::string_view nearest =
      same != expected.end() ? *same : base::Nearest(member.key, expected);
  if (!nearest.empty()) {
    message += "; did you mean " + Quote(nearest) + "?";
  } else if (!expected.empty()) {
    message += "; expected " + List(expected, " or ");
  }
  Diagnostic& diagnostic =
      emitter_.ReportAs(Rule::kUnknownField, lenient_ ? Severity::kWarning : Severity::kError,
                        {source_, member.key_span}, std::move(message));
  // Only a difference in case and separators is certain, and only where the field is missing.
  if (same != expected.end() && !HasOther(object, member, skeleton)) {
    diagnostic.fixes.push_back(
        {"rename it to " + Quote(nearest), {Edit{diagnostic.place, QuoteForJson(nearest)}}});
  }
}

void Reader::ReportDuplicateField(const Member& member, std::string_view title,
                                  std::string_view json_name, Span first) {
  Report(Rule::kDuplicateField, member.key_span,
         Quote(member.key) + " repeats the field " + Quote(json_name) + " of " +
             std::string(title) + "; keep one of the two")
      .related.push_back(RelatedAt(first, "it is written first here"));
}

bool Reader::CheckElement(Value element, Shape shape) {
  const Kind kind = element.kind();
  if (kind != Kind::kNull && Fits(kind, shape)) [[likely]] {
    return true;
  }
  if (kind == Kind::kNull) {
    Report(Rule::kNullElement, element.span(),
           "null inside a list or a map, where " + std::string(DescribeShape(shape)) +
               " is expected; remove it or write its value");
  } else {
    ReportWrongType(element, shape, {});
  }
  return false;
}

void Reader::CheckMapKeys(Value object) {
  struct Key {
    std::string_view text;
    Span span;
  };
  std::vector<Key> keys;
  keys.reserve(object.size());
  for (const Member& entry : object.members()) keys.push_back({entry.key, entry.key_span});
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
    return a.text != b.text ? a.text < b.text : a.span < b.span;
  });
  std::size_t first = 0;  // of the keys that equal keys[i]
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (keys[i].text != keys[first].text) {
      first = i;
      continue;
    }
    Report(Rule::kDuplicateMapKey, keys[i].span,
           "the key " + Quote(keys[i].text) + " is in this map already; keep one of the two")
        .related.push_back(RelatedAt(keys[first].span, "it is written first here"));
  }
}

std::optional<std::int64_t> Reader::Integer(Value value, std::int64_t least, std::int64_t most) {
  const bool is_number = value.kind() == Kind::kNumber;
  const std::string_view text = is_number ? value.NumberText() : value.AsString();
  const std::optional<std::int64_t> number = ParseInteger(text);
  if (number && *number >= least && *number <= most) return number;
  Report(Rule::kInvalidNumber, value.span(),
         (is_number ? std::string(text.substr(0, 80)) : Quote(text)) +
             " is not a whole number from " + std::to_string(least) + " to " +
             std::to_string(most));
  return std::nullopt;
}

std::optional<int> Reader::Enum(Value value, std::span<const EnumName> names) {
  if (value.kind() == Kind::kNumber) {
    const auto number = Integer(value, INT32_MIN, INT32_MAX);
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
  }
  const std::string_view text = value.AsString();
  for (const EnumName& entry : names) {
    if (entry.name == text) return entry.number;
  }
  std::vector<std::string_view> expected;
  for (const EnumName& entry : names) {
    if (entry.number != 0) expected.push_back(entry.name);  // 0 says "not set"
  }
  const auto same = std::find_if(expected.begin(), expected.end(), [&](std::string_view name) {
    return base::EqualsIgnoreCaseAscii(name, text);
  });
  const std::string_view nearest = same != expected.end() ? *same : base::Nearest(text, expected);
  std::string message = "unknown name " + Quote(text);
  message += nearest.empty() ? "; expected " + List(expected, " or ")
                             : "; did you mean " + Quote(nearest) + "?";
  Diagnostic& diagnostic =
      emitter_.ReportAs(Rule::kUnknownEnumValue, lenient_ ? Severity::kWarning : Severity::kError,
                        {source_, value.span()}, std::move(message));
  if (same != expected.end()) {
    diagnostic.fixes.push_back(
        {"write it as " + Quote(nearest), {Edit{diagnostic.place, QuoteForJson(nearest)}}});
  }
  return std::nullopt;
}

std::optional<base::Timestamp> Reader::Timestamp(Value value) {
  std::optional<base::Timestamp> timestamp = base::ParseTimestamp(value.AsString());
  if (!timestamp) {
    Report(Rule::kInvalidTimestamp, value.span(),
           Quote(value.AsString()) +
               " is not an RFC 3339 time; write it like \"2026-11-22T03:37:00Z\"");
  }
  return timestamp;
}

std::optional<std::string> Reader::Bytes(Value value) {
  std::optional<std::string> bytes = DecodeBase64(value.AsString());
  if (!bytes) {
    Report(Rule::kInvalidBase64, value.span(), "this is not base64, which bytes are written in");
  }
  return bytes;
}

}  // namespace lockstep::json
