// The grammar of a filter: text to terms, which say nothing yet about what fields there are.
//   filter = [ term { ("&&" | "AND") term } ]
//   term   = "!" term | "(" term ")" | field test
//   test   = ("==" | "=" | "!=" | "<" | "<=" | ">" | ">=") value
//          | "in" "[" value { "," value } "]" | ".matches(" value ")" | ".contains(" value ")"
//   value  = "…" | '…' with \ before what is meant as it stands, or a word without blanks
#pragma once

#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/service/filter.h"

namespace lockstep::service {

/// kInvalidArgument with what was expected at which byte: "at offset 12: …".
base::Result<std::vector<Filter::Term>> ParseTerms(std::string_view text);

}  // namespace lockstep::service
