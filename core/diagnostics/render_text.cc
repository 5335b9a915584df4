#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/diagnostics/excerpt.h"
#include "core/diagnostics/render.h"

namespace lockstep::diagnostics {
namespace {

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kGreen = "\x1b[32m";

std::string_view ColorOf(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "\x1b[1;31m";
    case Severity::kWarning:
      return "\x1b[1;33m";
    case Severity::kInfo:
      return "\x1b[1;36m";
  }
  return {};
}

class TextRenderer {
 public:
  TextRenderer(const Sources& sources, bool color) : sources_(sources), color_(color) {}

  void Add(const Diagnostic& diagnostic);
  void AddCounts(std::span<const Diagnostic> diagnostics);
  std::string Take() { return std::move(out_); }

 private:
  void Paint(std::string_view style, std::string_view text);
  void AddLocation(const Place& place);
  void AddExcerpt(const Place& place, Severity severity);

  const Sources& sources_;
  bool color_;
  std::string out_;
};

void TextRenderer::Add(const Diagnostic& diagnostic) {
  const RuleInfo& info = Info(diagnostic.rule);
  AddLocation(diagnostic.place);
  Paint(ColorOf(diagnostic.severity), ToString(diagnostic.severity));
  out_.append("[").append(info.code).append(" ").append(info.slug).append("]: ");
  Paint(kBold, diagnostic.message);
  out_ += '\n';
  AddExcerpt(diagnostic.place, diagnostic.severity);
  for (const Related& related : diagnostic.related) {
    out_ += "  note: ";
    AddLocation(related.place);
    out_.append(related.message).append("\n");
  }
  for (const Fix& fix : diagnostic.fixes) {
    Paint(kGreen, "  fix: ");
    out_.append(fix.title).append("\n");
  }
}

void TextRenderer::AddCounts(std::span<const Diagnostic> diagnostics) {
  if (diagnostics.empty()) return;
  std::size_t counts[3] = {};
  for (const Diagnostic& diagnostic : diagnostics) ++counts[static_cast<int>(diagnostic.severity)];
  std::vector<std::string> parts;
  if (counts[0] > 0) parts.push_back(base::Plural(counts[0], "error"));
  if (counts[1] > 0) parts.push_back(base::Plural(counts[1], "warning"));
  if (counts[2] > 0) parts.push_back(base::Plural(counts[2], "info", "infos"));
  out_.append(base::Join(parts, ", ")).append("\n");
}

void TextRenderer::Paint(std::string_view style, std::string_view text) {
  if (color_) out_ += style;
  out_ += text;
  if (color_) out_ += kReset;
}

void TextRenderer::AddLocation(const Place& place) {
  Paint(kBold, RenderPlace(sources_[place.source], place.span) + ":");
  out_ += ' ';
}

void TextRenderer::AddExcerpt(const Place& place, Severity severity) {
  const Excerpt excerpt = ExcerptOf(sources_[place.source], place.span);
  if (excerpt.text.empty()) return;  // nothing to point at
  const std::string number = std::to_string(excerpt.line + 1);
  const std::string margin(std::max<std::size_t>(number.size(), 4), ' ');
  Paint(kDim, margin.substr(number.size()) + number + " | ");
  out_.append(excerpt.text).append("\n");
  Paint(kDim, margin + " | ");
  out_.append(excerpt.caret, ' ');
  Paint(ColorOf(severity), "^" + std::string(excerpt.width - 1, '~'));
  out_ += '\n';
}

}  // namespace

std::string RenderPlace(const Source& source, Span span) {
  return source.name() + ":" + std::to_string(source.PositionOf(span.begin).line + 1) + ":" +
         std::to_string(source.CodePointColumnOf(span.begin) + 1);
}

std::string RenderText(const Sources& sources, std::span<const Diagnostic> diagnostics,
                       bool color) {
  TextRenderer renderer(sources, color);
  for (const Diagnostic& diagnostic : diagnostics) renderer.Add(diagnostic);
  renderer.AddCounts(diagnostics);
  return renderer.Take();
}

}  // namespace lockstep::diagnostics
