// Relax: what Lockstep accepts beyond JSON, made JSON without moving a byte. Comments and trailing
// commas become blanks; holes of documentation samples ({...}, ...) too, and are told of. It never
// makes a value out of something else, and what it does not understand stays for the scanner to
// refuse.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics/source.h"

namespace lockstep::json {

struct Relaxed {
  std::string buffer;  ///< as long as the text, then Source::kPadding zero bytes
  bool changed = false;
  std::vector<diagnostics::Span> holes;  ///< in order; with the brackets that hold nothing else
};

/// Looks at what follows `begin` (a byte-order mark's length).
Relaxed Relax(std::string_view text, std::size_t begin);

}  // namespace lockstep::json
