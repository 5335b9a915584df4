// What must hold for every text, JSON or not: simdjson, the scanner and the Document agree. Called
// with mutated documents by agreement_test.cc and with fuzzed bytes by tests/fuzz/json_fuzz.cc.
#pragma once

#include <string>
#include <string_view>

namespace lockstep::json {

/// Empty, or what is contradictory about `text`.
std::string FindDisagreement(std::string_view text);

}  // namespace lockstep::json
