// What clients print, line by line.
#pragma once

#include <string_view>
#include <vector>

namespace lockstep::client {

/// Without their '\n'; none after the last one.
std::vector<std::string_view> Lines(std::string_view text);

}  // namespace lockstep::client
