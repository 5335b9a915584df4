#include "native/cli/drawing.h"

#include <algorithm>
#include <cstdlib>

#include "core/base/text.h"
#include "native/report/output.h"

namespace lockstep::cli {

using base::Error;
using base::ErrorCode;
using report::Stdout;
namespace {

/// As the C library decides: the first of these that is set, by its encoding.
bool TerminalTakesUtf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string locale = base::ToLowerAscii(value);
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

}  // namespace

void AddDrawingArguments(std::vector<Argument>& arguments, DrawingSettings& settings) {
  arguments.push_back({.name = "--width",
                       .target = &settings.width,
                       .help = "how wide lanes are: pixels (default: 960), or columns of text "
                               "(default: those of the terminal, else 80)",
                       .value = "N"});
  arguments.push_back({.name = "--rows",
                       .target = &settings.rows,
                       .help = "lines of text lanes (default: 40) or tasks of mermaid (default: "
                               "300), at most; what did not end well comes first",
                       .value = "N"});
}

base::Result<view::FormatOptions> MakeFormatOptions(const DrawingSettings& settings,
                                                    const std::optional<std::string>& output) {
  const bool to_stdout = !output || *output == "-";
  view::FormatOptions options;
  if (!settings.format.empty()) {
    options.format = *view::FindFormat(settings.format);
  } else if (!to_stdout) {
    options.format = view::FormatOfFile(*output).value_or(view::Format::kSvg);
  }
  options.view = settings.view == "graph" ? view::View::kGraph : view::View::kLanes;
  options.width = settings.width;
  options.rows = settings.rows;
  if (options.format == view::Format::kLanes && to_stdout) {
    const int width = std::clamp(Stdout().width(), view::kFewestColumns, view::kMostColumns);
    if (!options.width) options.width = static_cast<std::uint32_t>(width);
    options.style = {Stdout().color(), Stdout().terminal() && !TerminalTakesUtf8()};
  }
  if (auto problem = view::Problem(options)) return Error{ErrorCode::kInvalidArgument, *problem};
  return options;
}

}  // namespace lockstep::cli
