// Message: bodies of requests and stored resources, read by the rules of proto3 JSON into structs.
// As Bytebase's REST server does, fields that nobody knows are read past (DiscardUnknown).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_writer.h"
#include "core/base/result.h"
#include "core/json/proto_json.h"

namespace lockstep::service {

/// A body as JSON, and what was wrong with it.
class Body {
 public:
  /// An empty text is an empty message. kInvalidArgument names the place of the first mistake.
  static base::Result<std::unique_ptr<Body>> Parse(std::string_view text);

  const json::Document& document() const { return *document_; }
  json::Value root() const { return document_->root(); }
  /// Where a decoder puts what it finds wrong.
  diagnostics::Emitter& emitter() { return emitter_; }
  json::Reader MakeReader() { return json::Reader(*document_, /*lenient=*/true, emitter_); }
  base::Status Problem() const;  ///< the first that was found in reading
  /// Also that a field would have no effect: a client must not believe that it had one.
  base::Status StrictProblem() const;

 private:
  Body() = default;
  template <class Matches>
  base::Status FirstOf(Matches matches) const;

  diagnostics::Sources sources_;
  diagnostics::Emitter emitter_;
  std::optional<json::Document> document_;
};

template <class Frame>
base::Result<Frame> ReadMessage(std::string_view text, const json::Message<Frame>& message,
                                base::Status (Body::*problem)() const = &Body::Problem) {
  auto body = Body::Parse(text);
  if (!body.ok()) return body.error();
  Frame frame;
  json::Reader reader = (*body)->MakeReader();
  reader.ReadObject((*body)->root(), message, frame);
  if (auto found = ((**body).*problem)(); !found.ok()) return found.error();
  return frame;
}
template <class Frame>
base::Result<Frame> ReadMessageStrictly(std::string_view text,
                                        const json::Message<Frame>& message) {
  return ReadMessage(text, message, &Body::StrictProblem);
}

// Readers of fields, for tables: {"title", "title", Shape::kText, &ReadString<&Issue::title>}.
template <class>
struct OwnerOf;
template <class Frame, class T>
struct OwnerOf<T Frame::*> {
  using Type = Frame;
};
template <auto kField>
using FrameOf = typename OwnerOf<decltype(kField)>::Type;

template <auto kField>
void ReadString(json::Reader&, FrameOf<kField>& frame, const json::Member& member) {
  frame.*kField = std::string(member.value.AsString());
}
template <auto kField>
void ReadStrings(json::Reader& reader, FrameOf<kField>& frame, const json::Member& member) {
  reader.ReadList(member.value, json::Shape::kText,
                  [&](json::Value e) { (frame.*kField).emplace_back(e.AsString()); });
}
template <auto kField>
void ReadBool(json::Reader&, FrameOf<kField>& frame, const json::Member& member) {
  frame.*kField = member.value.AsBool();
}
template <auto kField>
void ReadTime(json::Reader& reader, FrameOf<kField>& frame, const json::Member& member) {
  if (const auto time = reader.Timestamp(member.value)) frame.*kField = base::ToInstant(*time);
}
/// The value as JSON text, to be read by whoever knows it.
template <auto kField>
void ReadRaw(json::Reader&, FrameOf<kField>& frame, const json::Member& member);

/// Writes a value of any kind again, without comments and blanks.
void WriteValue(base::JsonWriter& writer, json::Value value);

/// The same of a message that nobody here reads, or of null: its fields by the names that answers
/// have, however the request spelt them.
void WriteFields(base::JsonWriter& writer, json::Value message);

template <auto kField>
void ReadRaw(json::Reader&, FrameOf<kField>& frame, const json::Member& member) {
  base::JsonWriter writer;
  WriteValue(writer, member.value);
  frame.*kField = writer.Take();
}

void WriteStrings(base::JsonWriter& writer, std::string_view key,
                  const std::vector<std::string>& values);
/// null for the epoch, which is how nothing is stored.
void WriteTime(base::JsonWriter& writer, std::string_view key, base::Instant time);

/// Standard alphabet, padded: how proto3 JSON writes bytes.
std::string EncodeBase64(std::string_view bytes);

}  // namespace lockstep::service
