// The version of Lockstep, as CMakeLists.txt has it.
#pragma once

#include <string_view>

namespace lockstep::base {

std::string_view Version();  ///< "0.1.0"

}  // namespace lockstep::base
