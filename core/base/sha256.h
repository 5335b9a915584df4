// SHA-256 (FIPS 180-4): sheet digests, rollout digests. Core cannot link a crypto library in a
// browser.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lockstep::base {

class Sha256 {
 public:
  Sha256();
  Sha256& Update(std::string_view bytes);
  /// A length-prefixed field, so that ("ab","c") and ("a","bc") differ.
  Sha256& Field(std::string_view bytes);
  /// Lower-case hex, 64 characters. The object must not be used afterwards.
  std::string HexDigest();

 private:
  void Block(const std::uint8_t* data);
  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> buffer_{};
  std::uint64_t length_ = 0;
};

std::string Sha256Hex(std::string_view bytes);

}  // namespace lockstep::base
