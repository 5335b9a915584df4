// SARIF 2.1.0 (OASIS standard, Errata 01); section numbers below are its.
#include <vector>

#include "core/diagnostics/render.h"

namespace lockstep::diagnostics {
namespace {

using base::JsonWriter;

std::string_view LevelOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kInfo:
      return "note";
  }
  return {};
}

// §3.4.3: a URI reference. Everything but unreserved characters and slashes is escaped, so that a
// colon in a relative path makes no scheme.
std::string UriOf(std::string_view path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  static constexpr std::string_view kPunctuation = "-._~/";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || kPunctuation.find(c) != kPunctuation.npos;
    if (unreserved) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      ((uri += '%') += kHex[byte >> 4]) += kHex[byte & 15];
    }
  }
  return uri;
}

void WriteText(JsonWriter& writer, std::string_view key, std::string_view text) {
  writer.Key(key).BeginObject().Member("text", text).EndObject();
}

class SarifRenderer {
 public:
  SarifRenderer(const Sources& sources, std::span<const Diagnostic> diagnostics)
      : sources_(sources), diagnostics_(diagnostics), rule_indices_(AllRules().size(), kUnused) {}

  std::string Render(std::string_view version);

 private:
  static constexpr std::int64_t kUnused = -1;

  void WriteRules();
  void WriteResult(const Diagnostic& diagnostic);
  void WriteArtifact(SourceId source);
  void WriteRegion(std::string_view key, const Place& place);
  void WritePlace(const Place& place, std::string_view pointer);
  void WriteFix(const Fix& fix);

  const Sources& sources_;
  std::span<const Diagnostic> diagnostics_;
  std::vector<std::int64_t> rule_indices_;  // by Rule: its place in driver.rules
  JsonWriter writer_;
};

std::string SarifRenderer::Render(std::string_view version) {
  writer_.BeginObject();
  writer_.Member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  writer_.Member("version", "2.1.0").Key("runs").BeginArray().BeginObject();
  writer_.Key("tool").BeginObject().Key("driver").BeginObject();
  writer_.Member("name", "lockstep").Member("version", version).Key("rules");
  WriteRules();
  writer_.EndObject().EndObject();
  writer_.Member("columnKind", "utf16CodeUnits").Key("results").BeginArray();
  for (const Diagnostic& diagnostic : diagnostics_) WriteResult(diagnostic);
  writer_.EndArray().EndObject().EndArray().EndObject();
  return writer_.Take();
}

// §3.49, only the rules that occur, in the catalogue's order.
void SarifRenderer::WriteRules() {
  for (const Diagnostic& diagnostic : diagnostics_) {
    rule_indices_[static_cast<std::size_t>(diagnostic.rule)] = 0;
  }
  std::int64_t next = 0;
  writer_.BeginArray();
  for (const RuleInfo& info : AllRules()) {
    std::int64_t& index = rule_indices_[static_cast<std::size_t>(info.rule)];
    if (index == kUnused) continue;
    index = next++;
    writer_.BeginObject().Member("id", info.code).Member("name", info.slug);
    const RuleProse& prose = Prose(info.rule);
    WriteText(writer_, "shortDescription", prose.summary);
    WriteText(writer_, "fullDescription", prose.why);
    WriteText(writer_, "help", prose.fix);
    writer_.Key("defaultConfiguration").BeginObject();
    writer_.Member("level", LevelOf(info.severity)).EndObject();
    writer_.Key("properties").BeginObject();
    writer_.Key("tags").BeginArray().String(ToString(info.family)).EndArray();
    writer_.Member("serverVerdict", ToString(info.verdict)).EndObject();
    writer_.EndObject();
  }
  writer_.EndArray();
}

void SarifRenderer::WriteResult(const Diagnostic& diagnostic) {
  writer_.BeginObject().Member("ruleId", Info(diagnostic.rule).code);
  writer_.Member("ruleIndex", rule_indices_[static_cast<std::size_t>(diagnostic.rule)]);
  writer_.Member("level", LevelOf(diagnostic.severity));
  WriteText(writer_, "message", diagnostic.message);
  writer_.Key("locations").BeginArray().BeginObject();
  WritePlace(diagnostic.place, diagnostic.pointer);
  writer_.EndObject().EndArray();
  if (!diagnostic.related.empty()) {
    writer_.Key("relatedLocations").BeginArray();
    std::int64_t id = 0;
    for (const Related& related : diagnostic.related) {
      writer_.BeginObject().Member("id", id++);
      WriteText(writer_, "message", related.message);
      WritePlace(related.place, related.pointer);
      writer_.EndObject();
    }
    writer_.EndArray();
  }
  if (!diagnostic.fixes.empty()) {
    writer_.Key("fixes").BeginArray();
    for (const Fix& fix : diagnostic.fixes) WriteFix(fix);
    writer_.EndArray();
  }
  writer_.EndObject();
}

void SarifRenderer::WriteArtifact(SourceId source) {
  writer_.Key("artifactLocation").BeginObject();
  writer_.Member("uri", UriOf(sources_[source].name())).EndObject();
}

// §3.30: lines and columns from 1, offsets from 0, ends exclusive; characters are UTF-16 code
// units, as columnKind says.
void SarifRenderer::WriteRegion(std::string_view key, const Place& place) {
  const Source& source = sources_[place.source];
  const Span span = place.span;
  const Position begin = source.PositionOf(span.begin);
  const Position end = source.PositionOf(span.end);
  const std::int64_t char_offset = source.Utf16OffsetOf(span.begin);
  writer_.Key(key).BeginObject();
  writer_.Member("startLine", std::int64_t{begin.line} + 1);
  writer_.Member("startColumn", std::int64_t{begin.column_utf16} + 1);
  writer_.Member("endLine", std::int64_t{end.line} + 1);
  writer_.Member("endColumn", std::int64_t{end.column_utf16} + 1);
  writer_.Member("charOffset", char_offset);
  writer_.Member("charLength", source.Utf16OffsetOf(span.end) - char_offset);
  writer_.Member("byteOffset", std::int64_t{span.begin});
  writer_.Member("byteLength", std::int64_t{span.end} - span.begin);
  writer_.EndObject();
}

void SarifRenderer::WritePlace(const Place& place, std::string_view pointer) {
  writer_.Key("physicalLocation").BeginObject();
  WriteArtifact(place.source);
  WriteRegion("region", place);
  writer_.EndObject();
  if (pointer.empty()) return;
  writer_.Key("logicalLocations").BeginArray().BeginObject();
  writer_.Member("fullyQualifiedName", pointer).EndObject().EndArray();
}

// §3.55. One artifactChange for each run of edits in one artifact.
void SarifRenderer::WriteFix(const Fix& fix) {
  writer_.BeginObject();
  WriteText(writer_, "description", fix.title);
  writer_.Key("artifactChanges").BeginArray();
  for (std::size_t at = 0; at < fix.edits.size();) {
    const SourceId source = fix.edits[at].place.source;
    writer_.BeginObject();
    WriteArtifact(source);
    writer_.Key("replacements").BeginArray();
    for (; at < fix.edits.size() && fix.edits[at].place.source == source; ++at) {
      writer_.BeginObject();
      WriteRegion("deletedRegion", fix.edits[at].place);
      WriteText(writer_, "insertedContent", fix.edits[at].replacement);
      writer_.EndObject();
    }
    writer_.EndArray().EndObject();
  }
  writer_.EndArray().EndObject();
}

}  // namespace

std::string RenderSarif(const Sources& sources, std::span<const Diagnostic> diagnostics,
                        std::string_view version) {
  return SarifRenderer(sources, diagnostics).Render(version);
}

}  // namespace lockstep::diagnostics
