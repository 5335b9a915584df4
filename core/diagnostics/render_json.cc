#include "core/diagnostics/render.h"

namespace lockstep::diagnostics {
namespace {

using base::JsonWriter;

void WritePosition(JsonWriter& writer, std::string_view key, std::uint32_t line,
                   std::uint32_t character) {
  writer.Key(key).BeginObject();
  writer.Member("line", std::int64_t{line}).Member("character", std::int64_t{character});
  writer.EndObject();
}

void WriteRange(JsonWriter& writer, const Position& begin, const Position& end) {
  writer.Key("range").BeginObject();
  WritePosition(writer, "start", begin.line, begin.column_utf16);
  WritePosition(writer, "end", end.line, end.column_utf16);
  writer.EndObject();
}

// "file", "range", "byteRange" and "span" of one place.
void WritePlace(JsonWriter& writer, const Sources& sources, const Place& place) {
  const Source& source = sources[place.source];
  const Position begin = source.PositionOf(place.span.begin);
  const Position end = source.PositionOf(place.span.end);
  writer.Member("file", source.name());
  WriteRange(writer, begin, end);
  writer.Key("byteRange").BeginObject();
  WritePosition(writer, "start", begin.line, begin.column_utf8);
  WritePosition(writer, "end", end.line, end.column_utf8);
  writer.EndObject();
  writer.Key("span").BeginObject();
  writer.Member("begin", std::int64_t{place.span.begin});
  writer.Member("end", std::int64_t{place.span.end});
  writer.EndObject();
}

void WriteFix(JsonWriter& writer, const Sources& sources, const Fix& fix) {
  writer.BeginObject().Member("title", fix.title).Key("edits").BeginArray();
  for (const Edit& edit : fix.edits) {
    writer.BeginObject();
    WritePlace(writer, sources, edit.place);
    writer.Member("newText", edit.replacement).EndObject();
  }
  writer.EndArray().EndObject();
}

void WriteDiagnostic(JsonWriter& writer, const Sources& sources, const Diagnostic& diagnostic) {
  const RuleInfo& info = Info(diagnostic.rule);
  writer.BeginObject();
  writer.Member("code", info.code).Member("slug", info.slug);
  writer.Member("severity", ToString(diagnostic.severity));
  writer.Member("message", diagnostic.message).Member("pointer", diagnostic.pointer);
  WritePlace(writer, sources, diagnostic.place);
  writer.Key("related").BeginArray();
  for (const Related& related : diagnostic.related) {
    writer.BeginObject();
    writer.Member("message", related.message).Member("pointer", related.pointer);
    WritePlace(writer, sources, related.place);
    writer.EndObject();
  }
  writer.EndArray().Key("fixes").BeginArray();
  for (const Fix& fix : diagnostic.fixes) WriteFix(writer, sources, fix);
  writer.EndArray().EndObject();
}

}  // namespace

std::string RenderJson(const Sources& sources, std::span<const Diagnostic> diagnostics) {
  JsonWriter writer;
  writer.BeginObject().Key("diagnostics");
  WriteJson(writer, sources, diagnostics);
  return writer.EndObject().Take();
}

void WriteRange(JsonWriter& writer, const Source& source, Span span) {
  WriteRange(writer, source.PositionOf(span.begin), source.PositionOf(span.end));
}

void WriteJson(JsonWriter& writer, const Sources& sources,
               std::span<const Diagnostic> diagnostics) {
  writer.BeginArray();
  for (const Diagnostic& diagnostic : diagnostics) WriteDiagnostic(writer, sources, diagnostic);
  writer.EndArray();
}

}  // namespace lockstep::diagnostics
