// Scanner: finds the first mistake of a text that is not JSON, and says what is wrong in words. It
// is slow beside simdjson, which decides validity; it only runs on texts that simdjson refused.
// Both agree on what is JSON (tests/unit/json/agreement_test.cc, tests/fuzz/json_fuzz.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/diagnostics/rule.h"
#include "core/diagnostics/source.h"

namespace lockstep::json {

struct SyntaxError {
  diagnostics::Rule rule = diagnostics::Rule::kInvalidJson;
  diagnostics::Span span;
  std::string message;
  /// The bracket that is not closed, or closed by the other one.
  std::optional<diagnostics::Span> opener;
  /// What certainly repairs this mistake: to be put in front of the place.
  struct Insertion {
    std::uint32_t offset;
    std::string_view text;
  };
  std::optional<Insertion> insertion;
};

/// The first mistake in text[begin, end), or nothing when that is JSON (RFC 8259, with numbers that
/// fit into 64 bits and at most `max_depth` nested arrays and objects).
std::optional<SyntaxError> FindSyntaxError(std::string_view text, std::uint32_t begin,
                                           std::uint32_t max_depth);

}  // namespace lockstep::json
