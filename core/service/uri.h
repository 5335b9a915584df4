// Uri: percent-encoding of RFC 3986, for parts of paths and of queries.
#pragma once

#include <string>
#include <string_view>

namespace lockstep::service {

/// What is no valid escape stays as it is.
std::string PercentDecoded(std::string_view text);
/// All but letters, digits and "-._~" are escaped: fit for one part of a path, or a query's value.
std::string PercentEncoded(std::string_view text);

}  // namespace lockstep::service
