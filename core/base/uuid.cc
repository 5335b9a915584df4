#include "core/base/uuid.h"

namespace lockstep::base {

std::string UuidOf(Sha256& digest) {
  const std::string hex = digest.HexDigest();
  std::string uuid = hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-8" + hex.substr(13, 3) + "-";
  // The variant's two bits are 10: one of 8, 9, a, b.
  const char digit = hex[16];
  const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
  uuid += "89ab"[value & 3];
  return uuid + hex.substr(17, 3) + "-" + hex.substr(20, 12);
}

}  // namespace lockstep::base
