// Format: all that a rollout can be drawn as, by the names that every shell takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/view/draw_text.h"
#include "core/view/drawing.h"

namespace lockstep::view {

enum class Format {
  kSvg,
  kHtml,
  kLanes,    ///< lanes as text, for a terminal
  kMermaid,  ///< a gantt diagram, for Markdown
  kTrace,    ///< for ui.perfetto.dev
};
std::optional<Format> FindFormat(std::string_view name);
/// "svg", "html", "lanes", "mermaid", "trace"
std::vector<std::string_view> FormatNames();
/// By what `path` ends with: .svg, .html, .txt, .mmd, .trace.json.
std::optional<Format> FormatOfFile(std::string_view path);

struct FormatOptions {
  Format format = Format::kSvg;
  View view = View::kLanes;            ///< of svg and html alone
  std::optional<std::uint32_t> width;  ///< pixels, or columns of text; not of mermaid and trace
  std::optional<std::uint32_t> rows;   ///< lines of lanes or tasks of mermaid, at most
  TextStyle style = {};                ///< of lanes as text
};

/// What is wrong with the options, for a person: a width out of bounds, a view that the format does
/// not have.
std::optional<std::string> Problem(const FormatOptions& options);

/// REQUIRES: options without a problem.
std::string DrawAs(const rollout::Rollout& rollout, const sim::Timeline& timeline,
                   const FormatOptions& options);

}  // namespace lockstep::view
