#include "core/view/format.h"

#include "core/base/check.h"
#include "core/view/html.h"
#include "core/view/mermaid.h"
#include "core/view/trace.h"

namespace lockstep::view {
namespace {

struct Known {
  Format format;
  std::string_view name, extension;
};
constexpr Known kKnown[] = {{Format::kSvg, "svg", ".svg"},
                            {Format::kHtml, "html", ".html"},
                            {Format::kLanes, "lanes", ".txt"},
                            {Format::kMermaid, "mermaid", ".mmd"},
                            {Format::kTrace, "trace", ".trace.json"}};

constexpr std::uint32_t kMostTextRows = 1'000'000;
/// As many as Mermaid takes without being configured.
constexpr std::uint32_t kTasksOfMermaid = 300;

bool IsSvg(Format format) {
  return format == Format::kSvg || format == Format::kHtml;
}

std::string OutOfBounds(std::string_view what, std::int64_t least, std::int64_t most) {
  return std::string(what) + " from " + std::to_string(least) + " to " + std::to_string(most);
}

}  // namespace

std::optional<Format> FindFormat(std::string_view name) {
  for (const Known& known : kKnown) {
    if (known.name == name) return known.format;
  }
  return std::nullopt;
}

std::vector<std::string_view> FormatNames() {
  std::vector<std::string_view> names;
  for (const Known& known : kKnown) names.push_back(known.name);
  return names;
}

std::optional<Format> FormatOfFile(std::string_view path) {
  for (const Known& known : kKnown) {
    if (path.ends_with(known.extension)) return known.format;
  }
  return std::nullopt;
}

std::optional<std::string> Problem(const FormatOptions& options) {
  if (options.view == View::kGraph && !IsSvg(options.format)) {
    return "the graph is drawn as svg or html";
  }
  if (options.rows && (*options.rows == 0 || *options.rows > kMostTextRows)) {
    return OutOfBounds("rows are a number", 1, kMostTextRows);
  }
  if (!options.width) return std::nullopt;
  const bool svg = IsSvg(options.format);
  const std::int64_t least = svg ? kSmallestWidth : kFewestColumns;
  const std::int64_t most = svg ? kLargestWidth : kMostColumns;
  if (*options.width >= least && *options.width <= most) return std::nullopt;
  return OutOfBounds(svg ? "the width is a number of pixels" : "the width is a number of columns",
                     least, most);
}

std::string DrawAs(const rollout::Rollout& rollout, const sim::Timeline& timeline,
                   const FormatOptions& options) {
  LOCKSTEP_CHECK(!Problem(options), "the options of a format are checked before");
  const auto width = [&](int otherwise) {
    return options.width ? static_cast<int>(*options.width) : otherwise;
  };
  const DrawingOptions drawing{options.view, width(DrawingOptions().width)};
  switch (options.format) {
    case Format::kSvg:
      return Draw(rollout, timeline, drawing);
    case Format::kHtml:
      return HtmlPage(rollout, timeline, drawing);
    case Format::kLanes:
      return DrawText(
          rollout, timeline,
          {width(TextOptions().columns), options.rows.value_or(TextOptions().rows), options.style});
    case Format::kMermaid:
      return Mermaid(rollout, timeline, options.rows.value_or(kTasksOfMermaid));
    case Format::kTrace:
      return Trace(rollout, timeline);
  }
  return "";
}

}  // namespace lockstep::view
