// What a verb makes, into a file or to standard output.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "native/cli/verb.h"

namespace lockstep::cli {

/// -o, --output
Argument OutputArgument(std::optional<std::string>& target);
/// To standard output without a path or with "-". Answers the exit code.
int WriteFile(const std::optional<std::string>& path, std::string_view text);

}  // namespace lockstep::cli
