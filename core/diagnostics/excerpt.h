// Excerpt: the line of a source that a finding is in, made fit for a terminal, with the place of
// the caret under it. Only the text renderer uses it.
#pragma once

#include <cstddef>
#include <string>

#include "core/diagnostics/source.h"

namespace lockstep::diagnostics {

/// `text` is the line, cut to a window of about 160 columns around the span when it is longer. Tabs
/// are spaces; what could move or fool a terminal (control and invisible characters) is U+FFFD.
/// `caret` and `width` are display columns in it; a span of several lines is marked on its first
/// line, an empty span has width 1.
struct Excerpt {
  std::uint32_t line = 0;
  std::string text;
  std::size_t caret = 0;
  std::size_t width = 1;
};

Excerpt ExcerptOf(const Source& source, Span span);

}  // namespace lockstep::diagnostics
