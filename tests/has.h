// Whether a text contains another, as tests ask it all the time.
#pragma once

#include <string_view>

namespace lockstep {

inline bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace lockstep
