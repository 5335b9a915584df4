#include <map>

#include "core/base/sha256.h"
#include "core/diagnostics/render.h"

namespace lockstep::diagnostics {
namespace {

std::string_view SeverityOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "critical";
    case Severity::kWarning:
      return "minor";
    case Severity::kInfo:
      return "info";
  }
  return {};
}

}  // namespace

std::string RenderGitlab(const Sources& sources, std::span<const Diagnostic> diagnostics) {
  // A finding is the same one as long as nothing but its line changes: so GitLab tells what is new.
  std::map<std::string, int> seen;
  base::JsonWriter writer;
  writer.BeginArray();
  for (const Diagnostic& diagnostic : diagnostics) {
    const Source& source = sources[diagnostic.place.source];
    const RuleInfo& info = Info(diagnostic.rule);
    std::string identity =
        source.name() + '\n' + std::string(info.code) + '\n' + diagnostic.message;
    identity += '\n' + std::to_string(seen[identity]++);
    writer.BeginObject().Member("description", diagnostic.message);
    writer.Member("check_name", std::string(info.code) + " " + std::string(info.slug));
    writer.Member("fingerprint", base::Sha256Hex(identity));
    writer.Member("severity", SeverityOf(diagnostic.severity));
    writer.Key("location").BeginObject().Member("path", source.name());
    writer.Key("lines").BeginObject().Member(
        "begin", source.PositionOf(diagnostic.place.span.begin).line + 1);
    writer.EndObject().EndObject().EndObject();
  }
  return writer.EndArray().Take();
}

}  // namespace lockstep::diagnostics
