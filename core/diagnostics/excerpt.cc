#include "core/diagnostics/excerpt.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/base/utf8.h"

namespace lockstep::diagnostics {
namespace {

constexpr std::size_t kMaxColumns = 160;
constexpr std::uint32_t kBytesBefore = 60;   // of a long line's window, before the span
constexpr std::uint32_t kMostJudged = 4096;  // bytes: longer lines are written by programs
constexpr std::string_view kTab = "    ";
constexpr std::string_view kCut = "…";
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// One character as the terminal gets it.
struct Cell {
  std::string_view text;
  std::size_t columns;
  std::uint32_t bytes;  // in the source
};

Cell CellAt(std::string_view line, std::uint32_t at) {
  const char c = line[at];
  if (c == '\t') return {kTab, kTab.size(), 1};
  if (c >= 0x20 && c < 0x7f) return {line.substr(at, 1), 1, 1};
  const base::CodePoint code_point = base::DecodeUtf8(line, at);
  if (code_point.length == 0) return {kReplacement, 1, 1};
  const auto bytes = static_cast<std::uint32_t>(code_point.length);
  if (base::IsHarmful(code_point.value)) return {kReplacement, 1, bytes};
  const std::string_view text = line.substr(at, bytes);
  return {text, base::DisplayWidth(text), bytes};
}

bool Fits(std::string_view line) {
  if (line.size() > 4 * kMaxColumns) return false;
  std::size_t columns = 0;
  for (std::uint32_t at = 0; at < line.size();) {
    const Cell cell = CellAt(line, at);
    columns += cell.columns;
    at += cell.bytes;
  }
  return columns <= kMaxColumns;
}

// The first byte of a character at or after `at`, for windows that start in the middle of a line.
std::uint32_t CharacterAtOrAfter(std::string_view line, std::uint32_t at) {
  for (int i = 0; i < 3 && at < line.size(); ++i) {
    if ((static_cast<unsigned char>(line[at]) & 0xc0) != 0x80) break;
    ++at;
  }
  return at;
}

/// Judged by the names on the line and on the one before, from which a value may have been broken
/// off. Logs of CI servers are read by many.
bool MayShowSecret(const Source& source, std::uint32_t line) {
  if (!source.may_hold_secrets()) return false;
  const Span span{source.LineSpan(line == 0 ? 0 : line - 1).begin, source.LineSpan(line).end};
  if (span.end - span.begin > kMostJudged) return true;
  const std::string text = base::ToLowerAscii(source.Slice(span));
  for (const char* name : {"pass", "pasw", "pwd", "secret", "key", "token", "credential"}) {
    if (text.find(name) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

Excerpt ExcerptOf(const Source& source, Span span) {
  Excerpt excerpt;
  excerpt.line = source.PositionOf(span.begin).line;
  if (MayShowSecret(source, excerpt.line)) return excerpt;
  const Span line_span = source.LineSpan(excerpt.line);
  const std::string_view line = source.Slice(line_span);
  const auto size = static_cast<std::uint32_t>(line.size());
  const std::uint32_t begin = std::min(span.begin - line_span.begin, size);
  const std::uint32_t end =
      std::clamp(std::max(span.end, line_span.begin) - line_span.begin, begin, size);

  std::uint32_t at = 0;
  if (!Fits(line) && begin > kBytesBefore) {
    at = std::min(CharacterAtOrAfter(line, begin - kBytesBefore), begin);
    excerpt.text = kCut;
  }
  std::size_t columns = excerpt.text.empty() ? 0 : 1;
  std::size_t caret_end = columns;
  excerpt.caret = columns;
  while (at < size && columns < kMaxColumns) {
    const Cell cell = CellAt(line, at);
    excerpt.text += cell.text;
    columns += cell.columns;
    at += cell.bytes;
    if (at <= begin) excerpt.caret = columns;
    if (at <= end) caret_end = columns;
  }
  if (at < size) excerpt.text += kCut;
  if (end > at) caret_end = columns;
  excerpt.width = std::max<std::size_t>(caret_end, excerpt.caret + 1) - excerpt.caret;
  return excerpt;
}

}  // namespace lockstep::diagnostics
