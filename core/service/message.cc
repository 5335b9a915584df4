#include "core/service/message.h"

#include "core/service/spelling.h"

namespace lockstep::service {

base::Result<std::unique_ptr<Body>> Body::Parse(std::string_view text) {
  std::unique_ptr<Body> body(new Body());
  const auto id = body->sources_.Add(
      diagnostics::Source("the request's body", text.empty() ? "{}" : std::string(text)));
  body->document_ = json::Document::Parse(id, body->sources_[id], {}, body->emitter_);
  if (auto problem = body->Problem(); !problem.ok()) return problem.error();
  if (body->root().kind() != json::Kind::kObject) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "the request's body is " + std::string(ToString(body->root().kind())) +
                           " where an object is expected"};
  }
  return body;
}

template <class Matches>
base::Status Body::FirstOf(Matches matches) const {
  for (const diagnostics::Diagnostic& finding : emitter_.diagnostics()) {
    if (!matches(finding)) continue;
    const diagnostics::Source& source = sources_[finding.place.source];
    const std::uint32_t begin = finding.place.span.begin;
    return base::Error{base::ErrorCode::kInvalidArgument,
                       source.name() + ", line " +
                           std::to_string(source.PositionOf(begin).line + 1) + ", column " +
                           std::to_string(source.CodePointColumnOf(begin) + 1) + ": " +
                           finding.message};
  }
  return {};
}

base::Status Body::Problem() const {
  return FirstOf([](const diagnostics::Diagnostic& finding) {
    return finding.severity == diagnostics::Severity::kError;
  });
}

base::Status Body::StrictProblem() const {
  return FirstOf([](const diagnostics::Diagnostic& finding) {
    return finding.severity == diagnostics::Severity::kError ||
           finding.rule == diagnostics::Rule::kFieldWithoutEffect;
  });
}

void WriteValue(base::JsonWriter& writer, json::Value value) {
  switch (value.kind()) {
    case json::Kind::kNull:
      writer.Null();
      break;
    case json::Kind::kBool:
      writer.Bool(value.AsBool());
      break;
    case json::Kind::kNumber:
      writer.Raw(value.NumberText());
      break;
    case json::Kind::kString:
      writer.String(value.AsString());
      break;
    case json::Kind::kArray:
      writer.BeginArray();
      for (const json::Value element : value.elements()) WriteValue(writer, element);
      writer.EndArray();
      break;
    case json::Kind::kObject:
      writer.BeginObject();
      for (const json::Member& member : value.members()) {
        writer.Key(member.key);
        WriteValue(writer, member.value);
      }
      writer.EndObject();
      break;
  }
}

void WriteFields(base::JsonWriter& writer, json::Value message) {
  if (message.is_null()) {
    writer.Null();
    return;
  }
  writer.BeginObject();
  for (const json::Member& member : message.members()) {
    writer.Key(CamelCase(member.key));
    WriteValue(writer, member.value);
  }
  writer.EndObject();
}

void WriteStrings(base::JsonWriter& writer, std::string_view key,
                  const std::vector<std::string>& values) {
  writer.Key(key).BeginArray();
  for (const std::string& value : values) writer.String(value);
  writer.EndArray();
}

void WriteTime(base::JsonWriter& writer, std::string_view key, base::Instant time) {
  writer.Key(key);
  if (time == base::Instant{0})
    writer.Null();
  else
    writer.String(base::FormatInstant(time));
}

std::string EncodeBase64(std::string_view bytes) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t left = bytes.size() - at;
    const auto byte = [&](std::size_t i) {
      return i < left ? static_cast<unsigned char>(bytes[at + i]) : 0U;
    };
    const std::uint32_t group = byte(0) << 16 | byte(1) << 8 | byte(2);
    text += kAlphabet[group >> 18];
    text += kAlphabet[group >> 12 & 63];
    text += left > 1 ? kAlphabet[group >> 6 & 63] : '=';
    text += left > 2 ? kAlphabet[group & 63] : '=';
  }
  return text;
}

}  // namespace lockstep::service
