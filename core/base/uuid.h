// Uuid: an id that is the same whenever it is made of the same thing.
#pragma once

#include <string>

#include "core/base/sha256.h"

namespace lockstep::base {

/// Version 8 of RFC 9562, lower case: the digest's first bits around version and variant. Like
/// HexDigest, ends `digest`.
std::string UuidOf(Sha256& digest);

}  // namespace lockstep::base
