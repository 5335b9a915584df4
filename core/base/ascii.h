// Characters of ASCII, whatever the locale says.
#pragma once

namespace lockstep::base {

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace lockstep::base
