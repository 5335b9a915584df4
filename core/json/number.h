// Which JSON numbers a 64-bit type can hold. simdjson refuses the others without telling where;
// this tells the scanner, exactly and without floating-point arithmetic.
#pragma once

#include <string_view>

namespace lockstep::json {

/// Whole numbers: [-2^63, 2^64). Others: what rounds to a finite double.
/// REQUIRES: `number` is a number of JSON's grammar.
bool FitsIn64Bits(std::string_view number);

}  // namespace lockstep::json
