#include "core/diagnostics/render.h"

namespace lockstep::diagnostics {
namespace {

std::string_view CommandOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kInfo:
      return "notice";
  }
  return {};
}

// The escapes of GitHub's runner: in properties also the two characters that part them.
void AppendEscaped(std::string& out, std::string_view text, bool property) {
  for (const char c : text) {
    switch (c) {
      case '%':
        out += "%25";
        break;
      case '\r':
        out += "%0D";
        break;
      case '\n':
        out += "%0A";
        break;
      case ':':
        out += property ? "%3A" : ":";
        break;
      case ',':
        out += property ? "%2C" : ",";
        break;
      default:
        out += c;
    }
  }
}

void AppendNumber(std::string& out, std::string_view property, std::uint32_t number) {
  out.append(",").append(property).append("=").append(std::to_string(number));
}

}  // namespace

std::string RenderGithub(const Sources& sources, std::span<const Diagnostic> diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    const Source& source = sources[diagnostic.place.source];
    const Span span = diagnostic.place.span;
    const RuleInfo& info = Info(diagnostic.rule);
    const std::uint32_t line = source.PositionOf(span.begin).line + 1;
    const std::uint32_t end_line = source.PositionOf(span.end).line + 1;
    out.append("::").append(CommandOf(diagnostic.severity)).append(" file=");
    AppendEscaped(out, source.name(), true);
    AppendNumber(out, "line", line);
    // The runner drops columns, with a complaint, when the two lines differ.
    if (line == end_line) AppendNumber(out, "col", source.CodePointColumnOf(span.begin) + 1);
    AppendNumber(out, "endLine", end_line);
    if (line == end_line) AppendNumber(out, "endColumn", source.CodePointColumnOf(span.end) + 1);
    out.append(",title=").append(info.code).append(" ").append(info.slug).append("::");
    AppendEscaped(out, diagnostic.message, false);
    out += '\n';
  }
  return out;
}

}  // namespace lockstep::diagnostics
