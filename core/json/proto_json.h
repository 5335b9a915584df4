// proto_json: the rules of proto3 JSON, written once. A message is a constexpr table of its fields;
// Reader walks an object's members once and hands each to its field. Rules (protobuf-go,
// encoding/protojson): both spellings of a field are one field, null is unset, enums by exact name
// or number, integers also as strings, no null inside lists and maps. Beyond them: "did you mean"
// for what is not known.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/diagnostics/emitter.h"
#include "core/json/document.h"

namespace lockstep::json {

using diagnostics::Span;
using diagnostics::Spanned;
using diagnostics::SpannedText;

/// What a field holds, and so which JSON types it may be written with.
enum class Shape : std::uint8_t {
  kAny,
  kText,
  kBool,
  kInteger,    ///< number, or string of one
  kEnum,       ///< name or number
  kTimestamp,  ///< string
  kBytes,      ///< string
  kList,
  kObject,  ///< message or map
};

class Reader;

/// One field of a message. `Frame` is what the message is decoded into.
template <class Frame>
struct Field {
  std::string_view json_name;   ///< lowerCamel
  std::string_view proto_name;  ///< snake_case
  Shape shape;
  /// Called at most once per object, with a value of a fitting JSON type, never with null. A field
  /// without one is known and read past: what a server adds to its answers.
  void (*read)(Reader& reader, Frame& frame, const Member& member) = nullptr;
};

template <class Frame>
struct Message {
  std::string_view title;  ///< for findings: "a spec"
  std::span<const Field<Frame>> fields;
};

/// A field as tests compare it with the JSON Schemas.
struct FieldName {
  std::string_view json_name, proto_name;
  Shape shape;
  bool has_effect;
};

struct MessageFields {
  std::string_view title;
  std::vector<FieldName> fields;
};

template <class Frame>
MessageFields Describe(const Message<Frame>& message) {
  MessageFields described{message.title, {}};
  for (const Field<Frame>& field : message.fields) {
    described.fields.push_back(
        {field.json_name, field.proto_name, field.shape, field.read != nullptr});
  }
  return described;
}

struct EnumName {
  std::string_view name;
  int number;
};

/// Decodes one document. Reports shape problems; whoever calls goes on with the rest.
class Reader {
 public:
  Reader(const Document& document, bool lenient, diagnostics::Emitter& emitter)
      : source_(document.source_id()), lenient_(lenient), emitter_(emitter) {}

  diagnostics::Diagnostic& Report(diagnostics::Rule rule, Span span, std::string message) {
    if (diagnostics::Info(rule).severity == diagnostics::Severity::kError) emitter_.NoteLostValue();
    return emitter_.Report(rule, {source_, span}, std::move(message));
  }
  diagnostics::Related RelatedAt(Span span, std::string message) const {
    return {{source_, span}, std::move(message), {}};
  }
  diagnostics::SourceId source() const { return source_; }

  /// REQUIRES an object of a message with at most kMaxFields fields.
  template <class Frame>
  void ReadObject(Value object, const Message<Frame>& message, Frame& frame);

  // Scalars. REQUIRE a JSON type that the shape allows. Nothing is returned after a finding.
  static SpannedText Text(Value value) { return {value.AsString(), value.span(), true}; }
  static Spanned<bool> Bool(Value value) { return {value.AsBool(), value.span(), true}; }
  std::optional<std::int64_t> Integer(Value value, std::int64_t least, std::int64_t most);
  std::optional<int> Enum(Value value, std::span<const EnumName> names);
  std::optional<base::Timestamp> Timestamp(Value value);
  std::optional<std::string> Bytes(Value value);

  /// `read(Value)` for each element that is of the shape; the others are findings.
  template <class Read>
  void ReadList(Value array, Shape shape, Read read) {
    for (Value element : array.elements()) {
      if (CheckElement(element, shape)) read(element);
    }
  }
  /// `read(const Member&)` for each entry whose value is of the shape; the others are findings.
  template <class Read>
  void ReadMap(Value object, Shape shape, Read read) {
    if (object.size() > 1) CheckMapKeys(object);
    for (const Member& entry : object.members()) {
      if (CheckElement(entry.value, shape)) read(entry);
    }
  }
  void ReadTextList(Value array, std::vector<SpannedText>& texts) {
    ReadList(array, Shape::kText, [&](Value element) { texts.push_back(Text(element)); });
  }

  static constexpr std::size_t kMaxFields = 64;

 private:
  bool CheckElement(Value element, Shape shape);
  void CheckMapKeys(Value object);
  void ReportWrongType(Value value, Shape shape, std::string_view field);
  void ReportUnknownField(Value object, const Member& member, std::string_view title,
                          std::span<const std::string_view> expected);
  void ReportDuplicateField(const Member& member, std::string_view title,
                            std::string_view json_name, Span first);

  diagnostics::SourceId source_;
  bool lenient_;
  diagnostics::Emitter& emitter_;
};

/// Whether a value of this JSON type may stand where `shape` is wanted.
constexpr bool Fits(Kind kind, Shape shape) {
  switch (shape) {
    case Shape::kAny:
      return true;
    case Shape::kText:
    case Shape::kTimestamp:
    case Shape::kBytes:
      return kind == Kind::kString;
    case Shape::kBool:
      return kind == Kind::kBool;
    case Shape::kInteger:
    case Shape::kEnum:
      return kind == Kind::kNumber || kind == Kind::kString;
    case Shape::kList:
      return kind == Kind::kArray;
    case Shape::kObject:
      return kind == Kind::kObject;
  }
  return false;
}

/// The field that `key` names, or fields.size(). Documents are written in a stable order, so the
/// field after the last one is looked at first, and the rarer spelling last.
template <class Frame>
std::size_t FindField(std::span<const Field<Frame>> fields, std::string_view key,
                      std::size_t guess) {
  for (std::size_t i = guess; i < fields.size(); ++i) {
    if (fields[i].json_name == key) return i;
  }
  for (std::size_t i = 0; i < guess; ++i) {
    if (fields[i].json_name == key) return i;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].proto_name == key) return i;
  }
  return fields.size();
}

template <class Frame>
void Reader::ReadObject(Value object, const Message<Frame>& message, Frame& frame) {
  const std::span<const Field<Frame>> fields = message.fields;
  LOCKSTEP_CHECK(fields.size() <= kMaxFields, "a message with too many fields");
  std::uint64_t seen = 0;
  // Not initialised: an entry is read only after its bit in `seen` was set.
  struct Range {
    std::uint32_t begin, end;
  } first[kMaxFields];
  std::size_t guess = 0;
  for (const Member& member : object.members()) {
    const std::size_t index = FindField(fields, member.key, guess);
    if (index == fields.size()) {
      if (member.key == "$schema") continue;  // how editors are told the schema of a document
      std::vector<std::string_view> expected;
      for (const Field<Frame>& field : fields) {
        if (field.read != nullptr) expected.push_back(field.json_name);
      }
      ReportUnknownField(object, member, message.title, expected);
      continue;
    }
    guess = index + 1;
    const Field<Frame>& field = fields[index];
    const std::uint64_t bit = std::uint64_t{1} << index;
    if ((seen & bit) != 0) {
      ReportDuplicateField(member, message.title, field.json_name,
                           {first[index].begin, first[index].end});
      continue;
    }
    seen |= bit;
    first[index] = {member.key_span.begin, member.key_span.end};
    const Kind kind = member.value.kind();
    if (kind == Kind::kNull || field.read == nullptr) continue;
    if (!Fits(kind, field.shape)) {
      ReportWrongType(member.value, field.shape, field.json_name);
      continue;
    }
    field.read(*this, frame, member);
  }
}

}  // namespace lockstep::json
