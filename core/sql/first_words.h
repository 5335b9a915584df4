// The words of one statement, for questions that its class does not answer. Every dialect's
// comments and quotes are known at once, since a statement's text is known to be whole.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::sql {

/// Of a name that stands without quotes, in any engine.
bool IsNameByte(char c);

/// The first words of a statement in lower case, without comments; at most `count`. A quoted name
/// keeps its case.
std::vector<std::string> FirstWords(std::string_view text, std::size_t count);

}  // namespace lockstep::sql
