// Drawing: the settings of the verbs that draw, and who reads what they draw.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/view/format.h"
#include "native/cli/verb.h"

namespace lockstep::cli {

struct DrawingSettings {
  std::string format, view = "lanes";
  std::optional<std::uint32_t> width, rows;
};

/// --width, --rows
void AddDrawingArguments(std::vector<Argument>& arguments, DrawingSettings& settings);

/// The format as named, else what the file's name ends with, else SVG. Text lanes for standard
/// output (no `output`) are as wide as the terminal, with its colours and letters.
base::Result<view::FormatOptions> MakeFormatOptions(const DrawingSettings& settings,
                                                    const std::optional<std::string>& output);

}  // namespace lockstep::cli
